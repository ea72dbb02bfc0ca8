"""The part of the answers that is environment, as lines NAME=value, and the file that holds them."""

import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from disclosures.adopting.answers import Answers
from privacycenter.operation.new_environment import MADE_NOW, SECRETS, read_lines

LINE = re.compile(r"^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=")
# Settings that another place knows: taken along if they are set here, else named for whoever fills the file in.
ELSEWHERE = {
    "TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgresql://privacy:…@db.internal/privacy",
    "EMAIL_URL": "smtps://user:…@mail.internal:465",
    "OIDC_ISSUER": "https://login.example.com",
    "OIDC_CLIENT_ID": "…",
    "OIDC_CLIENT_SECRET": "…",
}


def settings_of(answers: Answers) -> dict[str, str]:
    """Return name → value of the settings that the answers say."""
    said = {
        "LANGUAGES": ",".join(answers.languages),
        "TIME_ZONE": answers.time_zone,
        "SITE_ADDRESS": answers.address,
        "ALLOWED_HOSTS": answers.host,
        "DEFAULT_FROM_EMAIL": answers.sender,
    }
    return said | ({"THEME": answers.theme.folder} if answers.theme else {})


def secrets_made_now() -> dict[str, str]:
    """Return the secrets that this process made because there were none."""
    names = os.environ.get(MADE_NOW, "").split(",")
    return {name: os.environ[name] for name in names if name in SECRETS}


def block(answers: Answers, environment: Mapping[str, str]) -> str:
    """Return the lines for an environment that has none of them yet."""
    lines = [f"# {answers.operator[answers.languages[0]]}: written by init_site. Let nobody else read it."]
    lines += [line_of(name, value) for name, value in {**settings_of(answers), **secrets_made_now()}.items()]
    known = {name: environment[name] for name in ELSEWHERE if environment.get(name)}
    lines += [line_of(name, value) for name, value in known.items()]
    missing = [name for name in ELSEWHERE if name not in known]
    if missing:
        lines += ["", "# Fill these in, and take the # away:", *(f"#{name}={ELSEWHERE[name]}" for name in missing)]
    return "\n".join(lines) + "\n"


def line_of(name: str, value: str) -> str:
    """Return a line that a shell, systemd and compose read alike."""
    return f"{name}={value if value == shlex.quote(value) else quoted(value)}"


def quoted(value: str) -> str:
    return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'


@dataclass(frozen=True)
class Difference:
    """A setting that a file says otherwise than the answers. ``there`` is None if the file does not say it."""

    name: str
    there: str | None
    wanted: str


def differences(text: str, answers: Answers) -> list[Difference]:
    there = read_lines(text)
    wanted = {**settings_of(answers), **secrets_made_now()}
    return [Difference(name, there.get(name), value) for name, value in wanted.items() if there.get(name) != value]


def changed(text: str, differing: Iterable[Difference]) -> str:
    """Return the file with these settings as wanted, and all other lines as they are."""
    wanted = {one.name: one.wanted for one in differing}
    lines = []
    for line in text.splitlines():
        found = LINE.match(line)
        lines.append(line_of(found[1], wanted.pop(found[1])) if found and found[1] in wanted else line)
    return "\n".join([*lines, *(line_of(name, value) for name, value in wanted.items())]) + "\n"


def write_settings(path: Path, text: str) -> None:
    """Write the file whole or not at all, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
