"""Reading and writing content packs as folders, with one file per kind and one per page."""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from django.utils.translation import gettext as _
from pydantic import BaseModel, TypeAdapter, ValidationError

from disclosures.packs.reasons import reason_of, reason_unreadable
from disclosures.packs.schema import FILE_NAME, FileEntry, Pack, PageEntry, SectionEntry
from disclosures.site_files.queries import content_of
from privacycenter.errors import PackError, PackProblem
from privacycenter.text.languages import SOURCE_LANGUAGE, site_languages
from privacycenter.text.plain_yaml import UNREADABLE, read_yaml

ORDER_FILE = "pages/order.yaml"
KINDS = [name for name in Pack.model_fields if name != "pages"]
# The annotations in ``model_fields`` lack their validators.
SHAPES = {name: shape for name, shape in get_type_hints(Pack, include_extras=True).items() if name in Pack.model_fields}
# A page's code is in its file's name. Whether it is a code is said with the page.
CONTENTS = "files"
CONTENT_FILE = rf"{CONTENTS}/{FILE_NAME.strip('^$')}"
PAGE_FILE = r"pages/[^/\\\x00]{1,60}\.yaml"
WHOLE_FILE = "the whole file"


def read_pack(folder: Path, *, leaving_out: Collection[str] = ()) -> Pack:
    """Read a folder of YAML files, without the texts in the languages ``leaving_out``.

    Raises PackError with all problems found, each with file, key and reason; an unknown file is a problem, too.
    """
    if not folder.is_dir():
        raise PackError(PackProblem("", "", _("%(folder)s is not a folder.") % {"folder": folder}))
    reading = Reading(folder, leaving_out)
    pack = reading.pack()
    if reading.problems:
        raise PackError(*reading.problems)
    return pack


def read_shipped_pack(folder: Path) -> Pack:
    """A pack that comes with the product. It is in Japanese and English; a site without English leaves that out."""
    return read_pack(folder, leaving_out={SOURCE_LANGUAGE} - set(site_languages()))


class Reading:
    """Reads one pack. Continues after a problem, so that all problems are found at once."""

    def __init__(self, folder: Path, leaving_out: Collection[str]) -> None:
        self.folder = folder
        self.leaving_out = leaving_out
        self.problems: list[PackProblem] = []

    def wrong(self, file: str, key: str, reason: str, entry: str = "") -> None:
        self.problems.append(PackProblem(file, key, reason, entry))

    def pack(self) -> Pack:
        self.refuse_unknown_files()
        values: dict[str, Any] = {}
        for kind in KINDS:
            if (self.folder / f"{kind}.yaml").exists():
                values[kind] = self.parse(f"{kind}.yaml", SHAPES[kind])
        values["pages"] = list(self.pages())
        self.refuse_codes_of_two_pages(values["pages"])
        pack = Pack.model_construct(**{**Pack().__dict__, **values})
        self.read_contents(pack)
        return pack

    def read_contents(self, pack: Pack) -> None:
        """Read the pictures and documents that the entries name, and report those that are missing or left over."""
        for position, entry in enumerate(pack.files or ()):
            try:
                pack.contents[entry.file] = (self.folder / CONTENTS / entry.file).read_bytes()
            except FileNotFoundError:
                told = _("There is no file files/%(name)s.") % {"name": entry.file}
                self.wrong("files.yaml", f"[{position}].file", told, entry.code)
        if pack.files is not None:
            for path in sorted(self.folder.glob(f"{CONTENTS}/*")):
                if path.name not in pack.contents and re.fullmatch(FILE_NAME, path.name):
                    self.wrong(f"{CONTENTS}/{path.name}", "", _("No entry of files.yaml names this file."))

    def refuse_unknown_files(self) -> None:
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and not is_of_a_pack(name):
                self.problems.append(unknown_file(name))

    def pages(self) -> Iterator[PageEntry]:
        files = {path.stem: path for path in self.folder.glob("pages/*.yaml") if path.name != "order.yaml"}
        has_order = (self.folder / ORDER_FILE).exists()
        order: list[str] = (self.parse(ORDER_FILE, list[str]) or []) if has_order else sorted(files)
        for position, code in enumerate(order):
            if code not in files:
                self.wrong(ORDER_FILE, f"[{position}]", _("There is no file pages/%(code)s.yaml.") % {"code": code})
        known = [code for code in order if code in files]
        for code in [*known, *sorted(files.keys() - set(known))]:
            page = self.parse(f"pages/{code}.yaml", PageEntry)
            if page is not None and page.code != code:
                told = _("This must be “%(code)s”, the name of its file.")
                self.wrong(f"pages/{code}.yaml", "code", told % {"code": code})
            elif page is not None:
                yield page

    def refuse_codes_of_two_pages(self, pages: Sequence[PageEntry]) -> None:
        """Report codes used twice: sections and their entries have codes unique in the pack, not only on their page."""
        seen: dict[tuple[str, str], str] = {}
        for page in pages:
            name = f"pages/{page.code}.yaml"
            for kind, code in codes_in(page.sections):
                if (kind, code) in seen:
                    told = _("“%(code)s” is there twice, first in %(file)s.")
                    self.wrong(name, kind, told % {"code": code, "file": seen[kind, code]})
                seen.setdefault((kind, code), name)

    def parse(self, name: str, shape: Any) -> Any:
        """Return the values of one file, or None after a problem."""
        try:
            value = read_yaml(self.folder / name)
        except UNREADABLE as error:
            self.wrong(name, "", reason_unreadable(error))
            return None
        try:
            return TypeAdapter(shape).validate_python(without(self.leaving_out, value))
        except ValidationError as error:
            for found in error.errors():
                self.wrong(name, key_of(found["loc"]), reason_of(found), entry_at(found["loc"], value))
        return None


def is_of_a_pack(name: str) -> bool:
    """Return whether a content pack may have a file of this name."""
    is_known = name in {f"{kind}.yaml" for kind in KINDS}
    return is_known or any(re.fullmatch(pattern, name) for pattern in (PAGE_FILE, CONTENT_FILE))


def unknown_file(name: str) -> PackProblem:
    return PackProblem(name[:200], "", _("This is not a file of a content pack."))


def without(keys: Collection[str], value: Any) -> Any:
    """The value, wherever a mapping is in it, without these keys."""
    if not keys:
        return value
    if isinstance(value, dict):
        return {key: without(keys, inside) for key, inside in value.items() if key not in keys}
    return [without(keys, inside) for inside in value] if isinstance(value, list) else value


def codes_in(sections: Sequence[SectionEntry]) -> Iterator[tuple[str, str]]:
    for section in sections:
        yield "sections", section.code
        for kind in ("definitions", "scenarios", "questions"):
            yield from ((kind, entry.code) for entry in getattr(section, kind))
        yield from codes_in(section.subsections)


def key_of(location: tuple[str | int, ...]) -> str:
    """Return a location as a key: ``("sections", 2, "title")`` → ``sections[2].title``."""
    key = ""
    for part in location:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
    return key or WHOLE_FILE


def entry_at(location: tuple[str | int, ...], value: Any) -> str:
    """Return the code of the innermost entry on the path to a location. Empty if it has none."""
    entry = ""
    for part in location:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(part, int) and isinstance(value, dict):
            code = value.get("code")
            entry = code[:60] if isinstance(code, str) else ""
    return entry


def write_pack(pack: Pack, folder: Path) -> list[str]:
    """Write the pack into a new or empty folder, and return the names of the files.

    Raises PackError if the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        told = _("%(folder)s is not empty. Choose a new folder; nothing was written.") % {"folder": folder}
        raise PackError(PackProblem("", "", told))
    (folder / "pages").mkdir(parents=True)
    files = files_of(pack)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    contents = []
    for name, content in contents_of(pack):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        contents.append(name)
    return sorted([*files, *contents])


def contents_of(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the pack's pictures and documents, as this site keeps them, one at a time and each once.

    Raises PackError if one is not kept.
    """
    names: dict[str, FileEntry] = {f"{CONTENTS}/{entry.file}": entry for entry in pack.files}
    for name, entry in sorted(names.items()):
        try:
            yield name, content_of(entry.sha256)
        except FileNotFoundError as error:
            told = _("The content of this file is not kept here. Choose the file again on its page.")
            raise PackError(PackProblem("files.yaml", "file", told, entry.code)) from error


def files_of(pack: Pack) -> dict[str, str]:
    """Return the pack's files: name → YAML."""
    values: dict[str, Any] = {f"{kind}.yaml": plain(getattr(pack, kind)) for kind in KINDS if getattr(pack, kind)}
    values |= {f"pages/{page.code}.yaml": plain(page) for page in pack.pages}
    values[ORDER_FILE] = [page.code for page in pack.pages]
    return {
        name: yaml.dump(value, Dumper=ReadableDumper, allow_unicode=True, sort_keys=False, width=1000)
        for name, value in values.items()
    }


def plain(value: Any) -> Any:
    """Return entries as plain mappings, without keys that have their default value."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    return [plain(entry) for entry in value]


class ReadableDumper(yaml.SafeDumper):
    """YAML dumper that writes text of several lines as a block and never uses aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


ReadableDumper.add_representer(str, represent_text)
