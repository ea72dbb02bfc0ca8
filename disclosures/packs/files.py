"""Content packs on disk: a folder with one file per kind, and one per page."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from disclosures.packs.schema import Pack, PageEntry, SectionEntry
from privacycenter.errors import PackError

ORDER_FILE = "pages/order.yaml"
KINDS = [name for name in Pack.model_fields if name != "pages"]
# A field's own annotation has lost its validators.
SHAPES = get_type_hints(Pack, include_extras=True)


def read_pack(folder: Path) -> Pack:
    """Read a folder of YAML files. Raises PackError with file, key and reason; unknown files are errors too."""
    if not folder.is_dir():
        raise PackError(f"{folder} is not a folder.")
    refuse_unknown_files(folder)
    values: dict[str, Any] = {}
    for kind in KINDS:
        if (folder / f"{kind}.yaml").exists():
            values[kind] = parse(folder, f"{kind}.yaml", SHAPES[kind])
    values["pages"] = list(read_pages(folder))
    refuse_codes_of_two_pages(values["pages"])
    return Pack.model_construct(**{**Pack().__dict__, **values})


def refuse_unknown_files(folder: Path) -> None:
    known = {f"{kind}.yaml" for kind in KINDS}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in known and not (name.startswith("pages/") and name.endswith(".yaml")):
            raise PackError(f"{name}: this is not a file of a content pack.", name)


def read_pages(folder: Path) -> Iterator[PageEntry]:
    files = {path.stem: path for path in folder.glob("pages/*.yaml") if path.name != "order.yaml"}
    order = parse(folder, ORDER_FILE, list[str]) if (folder / ORDER_FILE).exists() else sorted(files)
    for code in order:
        if code not in files:
            raise PackError(f"{ORDER_FILE}: there is no file pages/{code}.yaml.", ORDER_FILE)
    for code in [*order, *sorted(files.keys() - set(order))]:
        page = parse(folder, f"pages/{code}.yaml", PageEntry)
        if page.code != code:
            raise PackError(f"pages/{code}.yaml: code: must be “{code}”, the name of its file.", "code")
        yield page


def refuse_codes_of_two_pages(pages: Sequence[PageEntry]) -> None:
    """Sections and what they hold have one code in the whole pack, whichever page they are on."""
    seen: dict[tuple[str, str], str] = {}
    for page in pages:
        name = f"pages/{page.code}.yaml"
        for kind, code in codes_in(page.sections):
            if (kind, code) in seen:
                raise PackError(f"{name}: {kind}: “{code}” is there twice, first in {seen[kind, code]}.", kind)
            seen[kind, code] = name


def codes_in(sections: Sequence[SectionEntry]) -> Iterator[tuple[str, str]]:
    for section in sections:
        yield "sections", section.code
        for kind in ("definitions", "scenarios", "questions"):
            yield from ((kind, entry.code) for entry in getattr(section, kind))
        yield from codes_in(section.subsections)


def parse(folder: Path, name: str, shape: Any) -> Any:
    try:
        value = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        return TypeAdapter(shape).validate_python(value)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PackError(f"{name}: not readable as YAML: {' '.join(str(error).split())}", name) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = key_of(first["loc"])
        raise PackError(f"{name}: {key}: {first['msg']}", key) from error


def key_of(location: tuple[str | int, ...]) -> str:
    """``("sections", 2, "title")`` → ``sections[2].title``."""
    key = ""
    for part in location:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
    return key or "the whole file"


def write_pack(pack: Pack, folder: Path) -> list[str]:
    """Write the pack into a folder that is new or empty. Returns the names of the files written."""
    if folder.exists() and any(folder.iterdir()):
        raise PackError(f"{folder} is not empty. Choose a new folder; nothing was written.")
    (folder / "pages").mkdir(parents=True)
    files: dict[str, Any] = {f"{kind}.yaml": plain(getattr(pack, kind)) for kind in KINDS if getattr(pack, kind)}
    files |= {f"pages/{page.code}.yaml": plain(page) for page in pack.pages}
    files[ORDER_FILE] = [page.code for page in pack.pages]
    for name, value in files.items():
        text = yaml.dump(value, Dumper=ReadableDumper, allow_unicode=True, sort_keys=False, width=1000)
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(files)


def plain(value: Any) -> Any:
    """Entries → plain mappings without the keys that are left at their default."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    return [plain(entry) for entry in value]


class ReadableDumper(yaml.SafeDumper):
    """Writes text of several lines as a block, the way people write it."""


def represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


ReadableDumper.add_representer(str, represent_text)
