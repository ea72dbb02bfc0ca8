"""Reads a theme's folder: what it says, and what is wrong with it. Writes nothing, and raises nothing for bad input."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from disclosures.models import FileType
from disclosures.site_files.cleaning import clean_file
from disclosures.site_files.contents import BadFile, CleanFile
from disclosures.theme.colours import is_colour
from disclosures.theme.tokens import (
    REMOVED,
    SCHEMES,
    STYLESHEET,
    TOKENS,
    Colours,
    standard_colours,
    unreadable_pairs,
)
from privacycenter.text.languages import speaking_english
from privacycenter.text.plain_yaml import UNREADABLE, read_yaml

THEME_FILE = "theme.yaml"
KEYS = (*SCHEMES, "logo_has_name")
DRAWN = (FileType.SVG, FileType.PNG)
# Name of a picture → the types it may have, and the pixels it must have (None: any).
PICTURES: dict[str, tuple[tuple[FileType, ...], tuple[int, int] | None]] = {
    "logo": (DRAWN, None),
    "logo-dark": (DRAWN, None),
    "icon": (DRAWN, None),
    "touch": ((FileType.PNG,), (180, 180)),
    "share": ((FileType.PNG, FileType.JPEG), (1200, 630)),
}
LARGEST_BYTES = 200 * 1024
LARGEST_YAML = 64 * 1024
LEFT_ALONE = ("README.md", "README.txt")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. ``key`` is empty for the whole file. What is not an error is left out and said."""

    file: str
    key: str
    told: str
    is_error: bool = True

    @classmethod
    def left_out(cls, file: str, key: str, told: str) -> "Fault":
        """What is not taken from a theme, but keeps nobody from serving it: a theme may be older than the program."""
        return cls(file, key, told, is_error=False)

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.file, self.key, self.told)))


@dataclass(frozen=True)
class Theme:
    """A theme as it is served. ``pictures``: name → cleaned picture. ``logo_has_name``: the logo shows the operator's
    name, so that the header does not write it once more."""

    colours: Colours
    pictures: dict[str, CleanFile] = field(default_factory=dict)
    logo_has_name: bool = False
    stylesheet: bytes = b""
    desk_stylesheet: bytes = b""

    @property
    def stylesheet_sha256(self) -> str:
        return sha256(self.stylesheet).hexdigest()

    @property
    def desk_stylesheet_sha256(self) -> str:
        return sha256(self.desk_stylesheet).hexdigest()


def read_theme(folder: Path) -> tuple[Theme, list[Fault]]:
    """Return the theme, as far as it can be read, and everything that is wrong with it."""
    faults: list[Fault] = []
    said = read_file(folder / THEME_FILE, faults)
    own = {scheme: read_colours(scheme, said.get(scheme, {}), faults) for scheme in SCHEMES}
    colours = {scheme: {**standard_colours()[scheme], **own[scheme]} for scheme in SCHEMES}
    faults += [
        Fault(
            THEME_FILE,
            f"{one.scheme}.{one.above}",
            f"{colours[one.scheme][one.above]} on {one.below} {one.ground} has a contrast of "
            f"{one.ratio:.2f}:1; {one.least}:1 is needed (WCAG 2.2 AA).",
        )
        for one in unreadable_pairs(colours)
    ]
    faults += one_sided(own)
    has_name = said.get("logo_has_name", False)
    if not isinstance(has_name, bool):
        faults.append(Fault(THEME_FILE, "logo_has_name", "This must be true or false."))
    pictures = read_pictures(folder, faults)
    shows_name = has_name is True and "logo" in pictures
    theme = Theme(colours, pictures, shows_name, stylesheet_with(own), desk_stylesheet_with(own))
    return theme, faults


def read_file(path: Path, faults: list[Fault]) -> dict[str, Any]:
    if not path.exists():
        faults.append(
            Fault(THEME_FILE, "", "There is no such file in the folder: the colours stay the standard ones.", False)
        )
        return {}
    try:
        # As all that is said of a theme.
        with speaking_english():
            said = read_yaml(path, most_bytes=LARGEST_YAML)
    except (*UNREADABLE, OSError) as error:
        faults.append(Fault(THEME_FILE, "", f"It cannot be read: {' '.join(str(error).split())}"))
        return {}
    if said is None:
        return {}
    if not isinstance(said, dict):
        faults.append(Fault(THEME_FILE, "", "It must be a mapping, with light and dark."))
        return {}
    for key in said:
        if key not in KEYS:
            faults.append(
                Fault(THEME_FILE, str(key), f"Nothing has this name; it is left out. Known: {', '.join(KEYS)}.", False)
            )
    return said


def read_colours(scheme: str, said: Any, faults: list[Fault]) -> dict[str, str]:
    if said is None:
        return {}
    if not isinstance(said, dict):
        faults.append(Fault(THEME_FILE, scheme, "It must be a mapping from names to colours."))
        return {}
    found = {}
    for name, colour in said.items():
        key = f"{scheme}.{name}"
        if name in REMOVED:
            faults.append(
                Fault(THEME_FILE, key, f"This colour is no longer used; it is left out. {REMOVED[name]}", False)
            )
        elif name not in TOKENS:
            told = f"No colour has this name; it is left out. Known: {', '.join(TOKENS)}."
            faults.append(Fault.left_out(THEME_FILE, key, told))
        elif not is_colour(colour):
            faults.append(
                Fault(THEME_FILE, key, f'“{colour}” is no colour. Write it as "#1a5f4a", with quotation marks.')
            )
        else:
            found[name] = colour.lower()
    return found


def one_sided(own: Colours) -> list[Fault]:
    """Name the colours that a theme sets for one scheme alone: the other would show the standard one."""
    return [
        Fault.left_out(THEME_FILE, f"{scheme}.{name}", f"This colour is set for {scheme} alone.")
        for scheme, other in (SCHEMES, SCHEMES[::-1])
        for name in own[scheme]
        if name not in own[other]
    ]


def read_pictures(folder: Path, faults: list[Fault]) -> dict[str, CleanFile]:
    found: dict[str, CleanFile] = {}
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        faults.append(Fault(str(folder), "", f"The folder cannot be read: {error.strerror or error}"))
        return {}
    for path in paths:
        if path.name == THEME_FILE or path.name in LEFT_ALONE:
            continue
        if path.stem not in PICTURES or not path.is_file():
            told = (
                f"A theme has no such file; it is left out. Known: {THEME_FILE}, {', '.join(PICTURES)} as svg or png."
            )
            faults.append(Fault(path.name, "", told, False))
        elif path.stem in found:
            faults.append(Fault(path.name, "", f"There are two pictures named {path.stem}. Keep one."))
        elif picture := read_picture(path, faults, name=path.stem):
            found[path.stem] = picture
    if "logo-dark" in found and "logo" not in found:
        faults.append(Fault("logo-dark", "", "There is no logo beside it."))
    return found


def read_picture(path: Path, faults: list[Fault], *, name: str) -> CleanFile | None:
    """Return the picture as it is served under a name of ``PICTURES``. None, and a fault more, if it cannot be."""
    types, pixels = PICTURES[name]
    wrong = ""
    try:
        content = path.read_bytes()
        picture = clean_file(content)
    except BadFile as bad:
        faults.append(Fault(path.name, "", f"It cannot be used: {bad.why} {bad.what}".rstrip() + "."))
        return None
    except OSError as error:
        faults.append(Fault(path.name, "", f"It cannot be read: {error.strerror or error}"))
        return None
    if picture.type not in types:
        wrong = f"It must be {' or '.join(kind.name for kind in types)}, not {picture.type.name}."
    elif pixels and (picture.width, picture.height) != pixels:
        wrong = f"It must have {pixels[0]} × {pixels[1]} pixels, not {picture.width} × {picture.height}."
    elif picture.size_bytes > LARGEST_BYTES:
        wrong = f"It has {picture.size_bytes} bytes; every visitor loads it, so at most {LARGEST_BYTES} are taken."
    if wrong:
        faults.append(Fault(path.name, "", wrong))
        return None
    return picture


def stylesheet_with(own: Colours) -> bytes:
    """Return the site's stylesheet with these colours over its own. In one file: no request more."""
    lines = declarations(own, "    ")
    over = f"\n@layer tokens {{\n  :root {{\n{lines}  }}\n}}\n" if lines else ""
    return (STYLESHEET.read_text(encoding="utf-8") + over).encode()


def desk_stylesheet_with(own: Colours) -> bytes:
    """Return what stands after the desk's stylesheet: these colours over its own. Empty without any."""
    lines = declarations(own, "  ")
    return f":root {{\n{lines}}}\n".encode() if lines else b""


def declarations(own: Colours, indent: str) -> str:
    standard = standard_colours()
    names = [name for name in TOKENS if name in own["light"] or name in own["dark"]]
    return "".join(
        f"{indent}{TOKENS[name]}: "
        f"light-dark({', '.join(own[one].get(name, standard[one][name]) for one in SCHEMES)});\n"
        for name in names
    )
