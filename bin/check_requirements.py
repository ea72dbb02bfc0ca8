"""Check that requirements/*.txt match pyproject.toml. Reads the files alone, not the network.

Every dependency is pinned to a version it allows, every pin has a hash, all files pin the same, nothing is left over,
and no file names a download address.
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[.*\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)


def pins_of(text: str) -> dict[str, str]:
    """Return name → version. A package pinned twice, for two platforms, is not used here and counts as an error."""
    return {canonicalize_name(match["name"]): match["version"] for match in PIN.finditer(text)}


def errors_in(file: str, wanted: list[str]) -> list[str]:
    text = (ROOT / "requirements" / file).read_text()
    pins = pins_of(text)
    direct = {canonicalize_name(Requirement(requirement).name) for requirement in wanted}
    errors = []
    for requirement in map(Requirement, wanted):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            errors.append(f"{file}: {requirement.name} is not pinned")
        elif not requirement.specifier.contains(version, prereleases=True):
            errors.append(f"{file}: {requirement.name} {version} does not fit {requirement.specifier}")
    for block in re.split(r"\n(?=\S)", text.strip()):
        name = block.split("==")[0].strip()
        if not PIN.match(block):
            errors.append(f"{file}: not a pin: {block.splitlines()[0]}")
        elif "--hash=sha256:" not in block:
            errors.append(f"{file}: {name} has no hash")
        elif "# via" not in block:
            errors.append(f"{file}: nothing needs {name}")
        elif "privacycenter (" in block and canonicalize_name(name.split("[")[0]) not in direct:
            errors.append(f"{file}: {name} is no longer in pyproject.toml")
    if re.search(r"://|^\s*-(i|f)\b|--(extra-)?index-url|--find-links", text, re.MULTILINE):
        errors.append(f"{file}: names a download address")
    return errors


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = project["project"]["dependencies"]
    consume = run + [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    dev = consume + [requirement for group in project["dependency-groups"].values() for requirement in group]
    errors = errors_in("run.txt", run) + errors_in("consume.txt", consume) + errors_in("dev.txt", dev)
    pins = {name: pins_of((ROOT / "requirements" / f"{name}.txt").read_text()) for name in ("run", "consume", "dev")}
    errors += [
        f"{larger}.txt: {name} is {pins[larger].get(name)}, but {version} in {smaller}.txt"
        for smaller, larger in (("run", "consume"), ("consume", "dev"))
        for name, version in pins[smaller].items()
        if pins[larger].get(name) != version
    ]
    for error in errors:
        print(error)
    if errors:
        print("`make lock` writes the files anew.")
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main())
