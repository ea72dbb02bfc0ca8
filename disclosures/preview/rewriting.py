"""Turns a public page into its preview: links stay in the preview, and entries get a link to their form.

Works on the finished HTML, so that the public templates and pages contain nothing of the desk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

# The link to the form follows the first of these in an element with an anchor. In ``dt`` it goes inside, because only
# ``dd`` may follow.
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "summary", "dt"}
# Elements without an end tag.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True)
class PreviewLinks:
    """What to add to a page. All URLs are of forms unless stated.

    - ``targets``: anchor → its form.
    - ``heading``: form of the page's own heading, or empty.
    - ``notes``: anchor of a scenario → form of its notes.
    - ``in_preview``: returns the preview URL of an address, None to leave the address as it is.
    """

    targets: dict[str, str]
    heading: str
    notes: dict[str, str]
    disclaimer: str
    disclaimer_titles: set[str]
    in_preview: Callable[[str], str | None]
    label: str
    head: str
    bar: str


def preview_of(html: str, previewed: PreviewLinks) -> str:
    """Return the page with its links rewritten and links to the forms added. All else stays the same, byte for byte."""
    writer = PreviewWriter(previewed)
    writer.feed(html)
    writer.close()
    return "".join(writer.out)


class PreviewWriter(HTMLParser):
    """Copies a page while parsing it. Expects the site's own HTML: well-formed, attributes in double quotes."""

    def __init__(self, previewed: PreviewLinks) -> None:
        super().__init__(convert_charrefs=False)
        self.previewed = previewed
        self.out: list[str] = []
        # Open elements, each with the URL of its form until a link to it is written; empty for most.
        self.open: list[tuple[str, str]] = []
        self.scenario = ""  # the current scenario
        self.open_heading = ""
        self.heading_text = ""
        self.used: set[str] = set()

    # Parsing ---------------------------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append((tag, ""))
        self.announce(tag, given)
        # After the skip link, which has to come first.
        if tag == "header" and "site-head" in given.get("class", "").split():
            self.out.append(self.previewed.bar)
        self.out.append(self.rewritten(tag, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            self.out.append(self.previewed.head)
        if tag == self.open_heading == "dt":
            self.end_heading(tag)
        self.out.append(self.left_over(tag))
        self.out.append(f"</{tag}>")
        if tag == self.open_heading and tag != "dt":
            self.end_heading(tag)
        if tag == self.open_heading:
            self.open_heading = ""

    def handle_data(self, data: str) -> None:
        self.out.append(data)
        self.heading_text += data if self.open_heading else ""

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    # Links to forms --------------------------------------------------------------------------------------------------

    def announce(self, tag: str, given: dict[str, str]) -> None:
        """Note which entry the next heading belongs to."""
        anchor = given.get("id", "")
        if anchor in self.previewed.targets and anchor not in self.used:
            self.used.add(anchor)
            self.open[-1] = (tag, self.previewed.targets[anchor])
            self.scenario = anchor if anchor in self.previewed.notes else ""
        if tag == "ul" and "notes" in given.get("class", "").split() and self.scenario:
            self.out.append(self.link(self.previewed.notes[self.scenario]))
            self.scenario = ""
        # A summary must not contain a link: if a heading is inside one, the link comes after the summary.
        if tag in HEADINGS and self.open_heading != "summary":
            self.open_heading, self.heading_text = tag, ""

    def end_heading(self, tag: str) -> None:
        if tag == "h1":
            if self.previewed.heading:
                self.out.append(self.link(self.previewed.heading))
        elif address := self.waiting():
            self.out.append(self.link(address))
        elif self.heading_text.strip() in self.previewed.disclaimer_titles:
            self.out.append(self.link(self.previewed.disclaimer))

    def waiting(self) -> str:
        """Return the form of the innermost element that has no link yet, and count it as linked.

        Empty if there is none.
        """
        for place in range(len(self.open) - 1, -1, -1):
            tag, address = self.open[place]
            if address:
                self.open[place] = (tag, "")
                return address
        return ""

    def left_over(self, tag: str) -> str:
        """Close an element. Return the link to its form if it had no heading to put the link after."""
        opened, address = self.open.pop() if self.open else ("", "")
        return self.link(address) if address and opened == tag else ""

    def link(self, address: str) -> str:
        # Leaves the frame, if any: the form needs the whole window.
        return f'<a class="edit-this" target="_top" href="{escape(address)}">{escape(self.previewed.label)}</a>'

    def rewritten(self, tag: str, given: dict[str, str]) -> str:
        text = self.get_starttag_text() or ""
        name = {"a": "href", "form": "action", "img": "src"}.get(tag)
        if name is None or not given.get(name, "").startswith("/"):
            return text
        old = given[name]
        new = self.previewed.in_preview(old)
        if new is None:
            # A page that no frame may show, such as the person's own.
            return text if "target" in given or tag == "img" else text[:-1] + ' target="_top">'
        return text.replace(f'{name}="{escape(old)}"', f'{name}="{escape(new)}"')
