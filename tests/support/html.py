"""Reading pages as a browser does, and sending their forms."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Element:
    """One element of a page: ``element["href"]``, ``element.text``, ``element.all("a")``."""

    def __init__(self, tag="", attributes=(), parent=None):
        self.tag, self.attributes, self.parent, self.inside = tag, dict(attributes), parent, []

    def __getitem__(self, name):
        return self.attributes.get(name)

    @property
    def descendants(self):
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part.descendants

    def all(self, tag="", **attributes):
        """Elements of this tag with these attributes, in the order of the page. ``cls``: one of its classes."""
        cls = attributes.pop("cls", None)
        return [
            element
            for element in self.descendants
            if (not tag or element.tag == tag)
            and (not cls or cls in (element["class"] or "").split())
            and all(element[name] == value for name, value in attributes.items())
        ]

    def one(self, tag="", **attributes):
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag or 'of any kind'} with {attributes}"
        return found[0]

    @property
    def words(self):
        """Each piece of text with the element that it stands in."""
        for part in self.inside:
            if isinstance(part, Element):
                yield from part.words
            elif part.strip():
                yield part.strip(), self

    @property
    def text(self):
        return " ".join("".join(self.pieces).split())

    @property
    def pieces(self):
        for part in self.inside:
            yield from part.pieces if isinstance(part, Element) else (part,)

    @property
    def language(self):
        return self["lang"] or (self.parent.language if self.parent else "")

    @property
    def is_in(self):
        """The elements around this one, the nearest first."""
        return [self.parent, *self.parent.is_in] if self.parent else []


class Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.current = Element()

    def handle_starttag(self, tag, attributes):
        element = Element(tag, attributes, self.current)
        self.current.inside.append(element)
        if tag not in VOID:
            self.current = element

    def handle_startendtag(self, tag, attributes):
        self.current.inside.append(Element(tag, attributes, self.current))

    def handle_endtag(self, tag):
        around = [self.current, *self.current.is_in]
        opened = next((element for element in around if element.tag == tag), None)
        assert opened, f"</{tag}> closes nothing"
        self.current = opened.parent

    def handle_data(self, text):
        self.current.inside.append(text)


def read(response) -> Element:
    """The page of a response, parsed."""
    parser = Parser()
    parser.feed(response.content.decode())
    return parser.root


def filled_in(form: Element) -> dict:
    """What a browser would send for this form if nothing were touched, without its buttons."""
    values: dict[str, list[str]] = {}
    for element in form.descendants:
        if element["name"] and (element["disabled"] is None):
            values.setdefault(element["name"], []).extend(sent_by(element))
    return {name: found for name, found in values.items() if found}


def sent_by(element: Element) -> list[str]:
    if element.tag == "textarea":
        # A browser drops the line break after <textarea>.
        return ["".join(element.pieces).removeprefix("\r").removeprefix("\n")]
    if element.tag == "select":
        chosen = [option["value"] for option in element.all("option") if "selected" in option.attributes]
        return chosen or ([] if "multiple" in element.attributes else [o["value"] for o in element.all("option")[:1]])
    if element.tag != "input" or element["type"] in ("submit", "button", "reset", "image", "file"):
        return []
    if element["type"] in ("checkbox", "radio"):
        return [element["value"] or "on"] if "checked" in element.attributes else []
    return [element["value"] or ""]
