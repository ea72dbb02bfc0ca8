"""Files for translators as XLIFF 2.1 (OASIS Standard, 13 February 2018), written and read.

Each text is one unit that must not be segmented anew. Its hashes are in the metadata module (section 5.4), which tools
keep; where a tool left them out, that of the Japanese is made from the file's own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.utils.translation import gettext as _

from disclosures.translating.returned import MOST_UNITS, Problem, Returned, ReturnedUnit, UnreadableFile
from disclosures.translating.units import State, Unit

CORE = "urn:oasis:names:tc:xliff:document:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
CONTENT_TYPE = "application/xliff+xml"
CATEGORY, SOURCE_HASH, TARGET_HASH = "privacy-center", "source-sha256", "target-sha256"
# What XML 1.0 cannot hold (section 2.2); XLIFF writes it as <cp hex="001B"/> (section 4.3.1.1).
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Values of <segment state> (section 4.3.1.36).
STATES = {State.MISSING: "initial", State.OLDER: "initial", State.CURRENT: "final"}


def written(found: Iterable[tuple[Unit, str, Sequence[str]]], language: str) -> bytes:
    """Return the file. Of each unit: where it stands in words, and hints for the translator."""
    root = Element("xliff", {
        "xmlns": CORE, "xmlns:mda": METADATA, "version": "2.1", "srcLang": settings.LANGUAGE_CODE, "trgLang": language,
    })  # fmt: skip
    file = SubElement(root, "file", {"id": "content", "canResegment": "no", "xml:space": "preserve"})
    for unit, where, hints in found:
        write_unit(file, unit, where, hints)
    indent_around_texts(root)
    content: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def write_unit(file: Element, unit: Unit, where: str, hints: Sequence[str]) -> None:
    # An identifier is an NMTOKEN, which has no stroke; codes have no full stop.
    made = SubElement(file, "unit", {"id": unit.id.replace("/", "."), "name": unit.id})
    group = SubElement(SubElement(made, "mda:metadata"), "mda:metaGroup", {"category": CATEGORY})
    SubElement(group, "mda:meta", {"type": SOURCE_HASH}).text = unit.text.source_sha256
    SubElement(group, "mda:meta", {"type": TARGET_HASH}).text = unit.target_sha256
    notes = SubElement(made, "notes")
    for category, text in (("where", where), *(("hint", hint) for hint in hints)):
        put(SubElement(notes, "note", {"category": category}), text)
    segment = SubElement(made, "segment", {"state": STATES[unit.state]})
    put(SubElement(segment, "source"), unit.source)
    if unit.target:
        put(SubElement(segment, "target"), unit.target)


def put(element: Element, text: str) -> None:
    """Write a text into an element, and what XML cannot hold as its code point."""
    at, last = 0, None
    for found in UNWRITABLE.finditer(text):
        append(element, last, text[at : found.start()])
        last = SubElement(element, "cp", {"hex": f"{ord(found[0]):04X}"})
        at = found.end()
    append(element, last, text[at:])


def append(element: Element, last: Element | None, text: str) -> None:
    if last is None:
        element.text = text
    else:
        last.tail = text


def indent_around_texts(root: Element) -> None:
    """Put each element on a line of its own, but nothing into texts."""
    kept = [(one, one.text, [(part, part.tail) for part in one]) for one in root.iter() if one.tag in TEXTS]
    indent(root, " ")
    for one, text, parts in kept:
        one.text = text
        for part, tail in parts:
            part.tail = tail


TEXTS = ("source", "target", "note")
# Marks of tools inside each other.
DEEPEST = 20


# --- Reading ---------------------------------------------------------------------------------------------------------


def read(content: bytes) -> Returned:
    """Read a file. Raises UnreadableFile; what is wrong with single units is in the answer.

    Neither a document type nor an entity is let in, so nothing in the file grows when it is read.
    """
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableFile(
            _("The file contains a document type declaration, which XLIFF files never have.")
        ) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise UnreadableFile(_("This is not a well-formed XML file: %(error)s.") % {"error": error}) from error
    if root.tag != f"{{{CORE}}}xliff":
        raise UnreadableFile(_("This is not an XLIFF 2 file. Ask for version 2.0 or 2.1."))
    found = Returned(language=root.get("trgLang", ""))
    if root.get("srcLang", "").lower() != settings.LANGUAGE_CODE:
        raise UnreadableFile(_("The file says that its texts are not translated from Japanese (srcLang)."))
    for number, unit in enumerate(root.iter(f"{{{CORE}}}unit"), 1):
        if number > MOST_UNITS:
            raise UnreadableFile(_("The file has too many texts. Split it."))
        take_unit(found, unit, number)
    return found


def take_unit(found: Returned, unit: Element, number: int) -> None:
    name = unit.get("id", "").replace(".", "/")
    where = _("text %(number)s") % {"number": number}
    try:
        source, target = (in_one(unit, part) for part in ("source", "target"))
    except UnreadableFile as error:
        found.problems.append(Problem(where, name, str(error)))
        return
    hashes = {one.get("type"): (one.text or "").strip() for one in own_hashes(unit)}
    found.units.append(
        ReturnedUnit(name, where, source, target, hashes.get(SOURCE_HASH, ""), hashes.get(TARGET_HASH, ""))
    )


def own_hashes(unit: Element) -> Iterator[Element]:
    for group in unit.iter(f"{{{METADATA}}}metaGroup"):
        if group.get("category") == CATEGORY:
            yield from group.iter(f"{{{METADATA}}}meta")


def in_one(unit: Element, part: str) -> str:
    """Return the unit's text, of all its segments and what is between them."""
    segments = [one for one in unit if one.tag in (f"{{{CORE}}}segment", f"{{{CORE}}}ignorable")]
    texts: list[str] = []
    for segment in segments:
        element = segment.find(f"{{{CORE}}}{part}")
        if element is None and part == "target" and segment.tag.endswith("ignorable"):
            # What is between sentences is the same in both languages where the file says nothing else.
            element = segment.find(f"{{{CORE}}}source") if texts else None
        texts.append(text_of(element) if element is not None else "")
    return "".join(texts)


def text_of(element: Element, depth: int = 0) -> str:
    """Return the text of an element. Raises UnreadableFile for codes, which no text of this site has."""
    if depth > DEEPEST:
        raise UnreadableFile(_("Its marks are nested too deeply."))
    parts = [element.text or ""]
    for one in element:
        match one.tag.rpartition("}")[2]:
            case "cp":
                parts.append(character(one.get("hex", "")))
            case "mrk":
                parts.append(text_of(one, depth + 1))
            case "sm" | "em":
                pass
            case name:
                told = _("It contains an inline code (<%(name)s>). Write it as Markdown, as the Japanese does.")
                raise UnreadableFile(told % {"name": name})
        parts.append(one.tail or "")
    return "".join(parts)


def character(code_point: str) -> str:
    try:
        found = chr(int(code_point, 16))
        # Half of a pair is no character.
        found.encode()
    except (ValueError, OverflowError) as error:
        raise UnreadableFile(_("It has a character that cannot be read (<cp>).")) from error
    return found
