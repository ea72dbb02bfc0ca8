"""The environment of ``init_site``, which runs before there is one: from a file, with secrets that it makes."""

import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

# Name → bytes of randomness.
SECRETS = {"SECRET_KEY": 50, "RECEIPT_SIGNING_KEY": 32, "LOG_SIGNING_KEY": 32}
# What production demands and the answers say. Nothing is served and no mail is sent with these.
UNTIL_ANSWERED = {
    "ALLOWED_HOSTS": "localhost",
    "TRUSTED_PROXIES": "1",
    "DEFAULT_FROM_EMAIL": "init-site@localhost.localdomain",
}
GUARDED = re.compile(r'\\(["\\$`])')
# Names the secrets that were made, for the command to write down.
MADE_NOW = "PRIVACYCENTER_SECRETS_MADE"


def begin_environment(arguments: Sequence[str]) -> None:
    """Complete ``os.environ`` for the command: what is set stays, then the file says, then what is made here."""
    path = option(arguments, "--env")
    if path and Path(path).is_file():
        for name, value in read_lines(Path(path).read_text(encoding="utf-8")).items():
            os.environ.setdefault(name, value)
    if os.environ.get(MADE_NOW) is None:
        missing = [name for name in SECRETS if not os.environ.get(name)]
        os.environ.update({name: secrets.token_urlsafe(SECRETS[name]) for name in missing})
        os.environ[MADE_NOW] = ",".join(missing)
    for name, value in UNTIL_ANSWERED.items():
        os.environ.setdefault(name, value)


def option(arguments: Sequence[str], name: str) -> str:
    """Return what an option says, as ``--env FILE`` or ``--env=FILE``. Empty without it."""
    for number, one in enumerate(arguments):
        if one.startswith(f"{name}="):
            return one.partition("=")[2]
        if one == name and number + 1 < len(arguments):
            return arguments[number + 1]
    return ""


def read_lines(text: str) -> dict[str, str]:
    """Return name → value of the lines NAME=value. Comments, empty lines and what is no such line are left out."""
    found = {}
    for line in text.splitlines():
        name, is_setting, value = line.strip().removeprefix("export ").partition("=")
        if is_setting and name.replace("_", "").isalnum() and name.isupper():
            found[name] = unquoted(value.strip())
    return found


def unquoted(value: str) -> str:
    """Return a value as a shell reads it: without its quotation marks, and in double ones without what guards."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        return GUARDED.sub(r"\1", value[1:-1])
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else value
