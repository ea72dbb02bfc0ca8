"""Writing a theme's folder from the answers."""

import shutil
from pathlib import Path

from disclosures.adopting.answers import ThemeAnswer
from disclosures.theme.deriving import colours_from
from disclosures.theme.reading import THEME_FILE
from disclosures.theme.tokens import SCHEMES

HEAD = """\
# The look of the site: docs/adopt.md#theme names every colour. `manage.py check` says what cannot be read.
"""


def write_theme(answer: ThemeAnswer) -> list[str]:
    """Write what is not there yet, and return what was done, one line each. Nothing there is overwritten."""
    folder = Path(answer.folder)
    folder.mkdir(parents=True, exist_ok=True)
    said = []
    if not (folder / THEME_FILE).exists():
        (folder / THEME_FILE).write_text(HEAD + colours_text(answer.colour), encoding="utf-8")
        said.append(f"{THEME_FILE} written{darkened(answer.colour)}")
    for key in ("logo", "icon"):
        source = Path(getattr(answer, key) or ".")
        target = folder / f"{key}{source.suffix.lower()}"
        if source.is_file() and not any(folder.glob(f"{key}.*")):
            shutil.copyfile(source, target)
            said.append(f"{target.name} copied")
    return said or ["kept as it is"]


def colours_text(colour: str) -> str:
    if not colour:
        return "".join(f"{scheme}: {{}}\n" for scheme in SCHEMES)
    made = colours_from(colour)
    return "".join(
        f"{scheme}:\n" + "".join(f'  {name}: "{value}"\n' for name, value in made[scheme].items()) for scheme in SCHEMES
    )


def darkened(colour: str) -> str:
    """Return what is said of a colour that is too light to be read as text."""
    if not colour or (used := colours_from(colour)["light"]["accent"]) == colour:
        return ""
    return f" ({colour} is too light to be read on the page's colours, so links are {used})"
