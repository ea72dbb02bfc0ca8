"""Reading pages as a browser does, and sending their forms."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring


@dataclass(frozen=True)
class Element:
    """One element of a page: ``element["href"]``, ``element.text``, ``element.all("a")``."""

    node: HtmlElement

    def __getitem__(self, name: str) -> str | None:
        """The attribute; "" if it stands there without a value, None if it does not."""
        return self.node.get(name)

    @property
    def tag(self) -> str:
        return self.node.tag

    @property
    def attributes(self):
        return self.node.attrib

    @property
    def parent(self) -> "Element | None":
        around = self.node.getparent()
        return None if around is None else Element(around)

    @property
    def is_in(self) -> "list[Element]":
        """The elements around this one, the nearest first."""
        return [Element(node) for node in self.node.iterancestors()]

    @property
    def descendants(self) -> "Iterator[Element]":
        return map(Element, self.node.iterdescendants(etree.Element))

    def all(self, tag="", *, cls=None, **attributes) -> "list[Element]":
        """Elements of this tag with these attributes, in the order of the page. ``cls``: one of its classes."""
        return [
            Element(node)
            for node in self.node.iterdescendants(tag or etree.Element)
            if (not cls or cls in node.get("class", "").split())
            and all(node.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag="", **attributes) -> "Element":
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag or 'of any kind'} with {attributes}"
        return found[0]

    @property
    def text(self) -> str:
        """What stands in it, in elements of its own too, with one space where there are more."""
        return " ".join(self.node.text_content().split())

    @property
    def words(self) -> "Iterator[tuple[str, Element]]":
        """Each piece of text with the element that it stands in."""
        yield from self.words_of(self.node.text)
        for node in self.node:
            if isinstance(node.tag, str):  # not a comment
                yield from Element(node).words
            yield from self.words_of(node.tail)

    def words_of(self, text: str | None) -> "Iterator[tuple[str, Element]]":
        if text and text.strip():
            yield text.strip(), self

    @property
    def language(self) -> str:
        return next((one["lang"] for one in (self, *self.is_in) if one["lang"]), "")


def parse(html: str | bytes) -> Element:
    """A page or a part of one; of an answer without a body, a page without elements.

    Fails if the page is not well formed: an end tag that closes nothing, an element that is not closed or must not
    stand where it does, an id given twice. A browser would mend that in silence.
    """
    parser = HTMLParser(encoding="utf-8")
    page = parser.makeelement("page")
    if html:
        page.append(document_fromstring(html if isinstance(html, bytes) else html.encode(), parser=parser))
    assert [f"line {error.line}: {error.message}" for error in parser.error_log] == []
    return Element(page)


def read(response) -> Element:
    """The page of a response."""
    return parse(response.content)


def filled_in(form: Element) -> dict[str, list[str]]:
    """What a browser would send for this form if nothing were touched, without its buttons."""
    values: dict[str, list[str]] = {}
    for element in form.descendants:
        if element["name"] and element["disabled"] is None:
            values.setdefault(element["name"], []).extend(sent_by(element))
    return {name: found for name, found in values.items() if found}


def sent_by(element: Element) -> list[str]:
    if element.tag == "textarea":
        # A browser drops the line break after <textarea>.
        return [element.node.text_content().removeprefix("\r").removeprefix("\n")]
    if element.tag == "select":
        chosen = [option["value"] for option in element.all("option") if "selected" in option.attributes]
        return chosen or ([] if "multiple" in element.attributes else [o["value"] for o in element.all("option")[:1]])
    if element.tag != "input" or element["type"] in ("submit", "button", "reset", "image", "file"):
        return []
    if element["type"] in ("checkbox", "radio"):
        return [element["value"] or "on"] if "checked" in element.attributes else []
    return [element["value"] or ""]
