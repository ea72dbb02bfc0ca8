"""SVG drawings, written anew from what is known to be harmless: nothing that runs, and nothing from elsewhere. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from disclosures.models import FileType
from disclosures.site_files.contents import BadFile, CleanFile

SVG, XLINK, XML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
MOST_ELEMENTS, DEEPEST = 20_000, 100
DEFAULT_SIZE = (300, 150)
LARGEST_SIZE = 10_000
ELEMENTS = {
    "svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline",
    "polygon", "text", "tspan", "textPath", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern",
    "marker", "style",
}  # fmt: skip
# How something looks, as an attribute or in a style.
LOOKS = {
    "alignment-baseline", "baseline-shift", "clip-path", "clip-rule", "color", "direction", "display",
    "dominant-baseline", "fill", "fill-opacity", "fill-rule", "font-family", "font-size", "font-style", "font-variant",
    "font-weight", "isolation", "letter-spacing", "marker-end", "marker-mid", "marker-start", "mask", "mix-blend-mode",
    "opacity", "paint-order", "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor",
    "text-decoration", "text-rendering", "transform", "transform-origin", "unicode-bidi", "vector-effect",
    "visibility", "word-spacing", "writing-mode",
}  # fmt: skip
ATTRIBUTES = LOOKS | {
    "class", "clipPathUnits", "cx", "cy", "d", "dx", "dy", "fr", "fx", "fy", "gradientTransform", "gradientUnits",
    "height", "id", "lang", "lengthAdjust", "markerHeight", "markerUnits", "markerWidth", "maskContentUnits",
    "maskUnits", "method", "offset", "orient", "pathLength", "patternContentUnits", "patternTransform",
    "patternUnits", "points", "preserveAspectRatio", "r", "refX", "refY", "rotate", "rx", "ry", "side", "spacing",
    "spreadMethod", "startOffset", "textLength", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
}  # fmt: skip
# A place in the same drawing, and the only address that a value may name.
LOCAL = re.compile(r"#[\w.:-]+", re.ASCII)
LOCAL_URL = re.compile(r"""url\(\s*(['"]?)#[\w.:-]+\1\s*\)""", re.ASCII)
NAMES_ANOTHER = re.compile(
    r"(?:url|src|image|image-set|cross-fade|paint|expression|attr|var|env|element)\s*\(|:|\\|/\*|<|@", re.IGNORECASE
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
SELECTOR = re.compile(r"[\w\s.,#>*-]+", re.ASCII)
LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)(?:px)?\s*")
# Attributes that nobody misses.
SAYS_NOTHING = {"version", "role", "baseProfile", "enable-background"}
WITH_TEXT = {"title", "desc", "text", "tspan", "textPath"}


def clean_svg(content: bytes) -> CleanFile:
    """Return the drawing, with what was left out of it. Raises BadFile. Cleaned again, it stays the same."""
    cleaner = Cleaner()
    root = cleaner.cleaned(parsed(content), 0)
    if root is None:
        raise BadFile("type")
    refuse_copies_of_copies(root)
    etree.cleanup_namespaces(root)
    width, height = size_of(root)
    content = etree.tostring(root, encoding="utf-8")
    return CleanFile(FileType.SVG, content, width, height, tuple(sorted(cleaner.left_out)))


def parsed(content: bytes) -> Any:
    """Return the root. No entity is resolved, and nothing is fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadFile("damaged") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _one in declared.iterentities()):
        raise BadFile("entities")
    return root


class Cleaner:
    """Copies a drawing, element by element, and notes what it leaves out."""

    def __init__(self) -> None:
        self.left_out: set[str] = set()
        self.count = 0

    def cleaned(self, element: Any, depth: int) -> Any:
        """Return a copy of the element with what is allowed inside it. None if it is not allowed itself."""
        name = name_in_svg(element.tag)
        if name not in ELEMENTS or (depth == 0 and name != "svg"):
            self.left_out.add(etree.QName(element).localname if isinstance(element.tag, str) else "entity")
            return None
        self.count += 1
        if self.count > MOST_ELEMENTS or depth > DEEPEST:
            raise BadFile("large")
        copy = etree.Element(f"{{{SVG}}}{name}", nsmap={None: SVG})
        for key, value in element.attrib.items():
            self.keep_attribute(copy, key, value)
        if name == "style":
            copy.text = self.rules(element.text or "")
            return copy
        copy.text = text_of(name, element.text)
        for child in element:
            inside = self.cleaned(child, depth + 1)
            if inside is not None:
                inside.tail = text_of(name, child.tail)
                copy.append(inside)
        return copy

    def keep_attribute(self, copy: Any, key: str, value: str) -> None:
        qualified = etree.QName(key)
        name = qualified.localname
        if name == "href" and qualified.namespace in (None, XLINK):
            if LOCAL.fullmatch(value.strip()):
                copy.set("href", value.strip())
            else:
                self.left_out.add("href")
        elif qualified.namespace == XML and name == "lang":
            copy.set(key, value)
        elif qualified.namespace is None and name == "style":
            if kept := self.declarations(value):
                copy.set("style", kept)
        elif qualified.namespace is None and name in ATTRIBUTES and (name not in LOOKS or is_harmless(value)):
            copy.set(name, value)
        elif qualified.namespace is None and name not in SAYS_NOTHING and not name.startswith(("data-", "aria-")):
            self.left_out.add(name)

    def rules(self, css: str) -> str:
        """Return the rules that only say how something looks."""
        kept = []
        css = COMMENT.sub("", css)
        if "@" in css or "\\" in css:
            self.left_out.add("style")
        for selector, declared in RULE.findall(re.sub(r"@[^;{}]*(;|(?=\{))", "", css)):
            inside = self.declarations(declared)
            if SELECTOR.fullmatch(selector) and inside:
                kept.append(f"{selector.strip()}{{{inside}}}")
        return "".join(kept)

    def declarations(self, css: str) -> str:
        kept = []
        for declared in COMMENT.sub("", css).split(";"):
            name, _colon, value = (part.strip() for part in declared.partition(":"))
            if name.lower() in LOOKS and is_harmless(value):
                kept.append(f"{name.lower()}:{value}")
            elif name and not name.startswith("-"):
                self.left_out.add(name[:40])
        return ";".join(kept)


def name_in_svg(tag: Any) -> str:
    """Return an element's name in SVG. Empty for another language's, and for what is no element."""
    if not isinstance(tag, str):
        return ""
    qualified = etree.QName(tag)
    return str(qualified.localname) if qualified.namespace == SVG else ""


def text_of(name: str, text: str | None) -> str | None:
    """Return the text where the drawing shows it, otherwise only that there was white space."""
    return text if name in WITH_TEXT or not (text or "").strip() else None


def is_harmless(value: str) -> bool:
    """Return whether a value names nothing but parts of the same drawing."""
    return not NAMES_ANOTHER.search(LOCAL_URL.sub("", value))


def refuse_copies_of_copies(root: Any) -> None:
    """Refuse a drawing in which a copied part has copies in it: a few lines of those draw for ever."""
    by_id = {one.get("id"): one for one in root.iter() if one.get("id")}
    for use in every(root, "use"):
        copied = by_id.get((use.get("href") or "")[1:])
        if copied is not None and (copied.tag == use.tag or next(every(copied, "use"), None) is not None):
            raise BadFile("copies")


def every(root: Any, name: str) -> Iterator[Any]:
    found: Iterator[Any] = root.iter(f"{{{SVG}}}{name}")
    return found


def size_of(root: Any) -> tuple[int, int]:
    """Return width and height in CSS pixels: as said, or by the view box."""
    said = [length(root.get(name)) for name in ("width", "height")]
    box = [length(one) for one in re.split(r"[\s,]+", (root.get("viewBox") or "").strip())[2:4]]
    width, height = said if all(said) else box if len(box) == 2 and all(box) else DEFAULT_SIZE
    return tuple(max(1, min(LARGEST_SIZE, round(one or 0))) for one in (width, height))  # type: ignore[return-value]


def length(text: str | None) -> float:
    match = LENGTH.fullmatch(text or "")
    return float(match[1]) if match else 0.0
