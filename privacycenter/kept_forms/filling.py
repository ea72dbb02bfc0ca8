"""Filling a form of a rendered page with what was typed before. Pure: from text to text.

The page is the one that anybody gets who opens it now, with its own form token; only the values of its controls change.
So no view knows of it, and nothing is ever sent in the reader's name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urljoin, urlsplit

from django.utils.html import escape

from privacycenter.kept_forms.actions import Typed
from privacycenter.kept_forms.fields import TOKEN

Attributes = dict[str, str | None]
CHOSEN = {"checkbox", "radio"}
# What has no value that was typed, or must not have one.
LEFT_ALONE = {"password", "file", "submit", "button", "image", "reset"}


@dataclass(frozen=True)
class Control:
    """A control of a form: the text between ``start`` and ``end`` is its tag, of a text area its content."""

    tag: str
    name: str
    attributes: Attributes
    start: int
    end: int


@dataclass
class Form:
    """A form of a page. ``start``: where its content begins. ``buttons``: names that only a button sends."""

    action: str
    is_posted: bool
    start: int
    controls: list[Control] = field(default_factory=list)
    buttons: set[str] = field(default_factory=set)

    @property
    def names(self) -> set[str]:
        return {control.name for control in self.controls}


@dataclass(frozen=True)
class Filled:
    """The page's parts before and after the place for a note, at the top of its form.

    ``homeless``: fields that the form does not have any more.
    """

    before: str
    after: str
    homeless: tuple[tuple[str, str], ...]


def filled(page: str, typed: Typed) -> Filled | None:
    """Return the page with the form that was sent filled in; None if it has no such form."""
    form = form_sent(forms_in(page), typed)
    if form is None:
        return None
    known = form.names | form.buttons
    text, at, parts = page, 0, []
    for start, end, new in edits_of(form, typed):
        parts += [text[at:start], new]
        at = end
    changed = "".join(parts) + text[at:]
    homeless = tuple((name, value) for name, value in typed.fields if name not in known and value.strip())
    # No edit is before the form's start, so that stays where it is.
    return Filled(changed[: form.start], changed[form.start :], homeless)


def form_sent(forms: list[Form], typed: Typed) -> Form | None:
    """Return the form that leads to where this one was sent, and has most of its fields."""
    sent = {name for name, _value in typed.fields}
    fitting = [
        form
        for form in forms
        if form.is_posted and urlsplit(urljoin(typed.page, form.action)).path == typed.address and form.names & sent
    ]
    return max(fitting, key=lambda form: len((form.names | form.buttons) & sent), default=None)


def edits_of(form: Form, typed: Typed) -> Iterator[tuple[int, int, str]]:
    """Yield what replaces which part of the page, in order. Of like names each control takes the next value."""
    rest = {control.name: typed.values(control.name) for control in form.controls}
    for control in form.controls:
        if "disabled" in control.attributes or control.name == TOKEN:
            continue
        if control.tag == "option":
            yield control.start, control.end, with_mark(control, "selected", typed)
        elif control.attributes.get("type") in CHOSEN:
            yield control.start, control.end, with_mark(control, "checked", typed)
        elif values := rest[control.name]:
            yield control.start, control.end, with_text(control, values.pop(0))


def with_mark(control: Control, mark: str, typed: Typed) -> str:
    """Return the tag, with the mark if its value was sent."""
    attributes = {name: value for name, value in control.attributes.items() if name != mark}
    default = "" if control.tag == "option" else "on"
    if (control.attributes.get("value") or default) in typed.values(control.name):
        attributes[mark] = None
    return as_tag(control.tag, attributes)


def with_text(control: Control, value: str) -> str:
    if control.tag == "textarea":
        # The first line break of a text area is not part of its text.
        return "\n" + escape(value)
    return as_tag(control.tag, {**control.attributes, "value": value})


def as_tag(tag: str, attributes: Attributes) -> str:
    parts = [name if value is None else f'{name}="{escape(value)}"' for name, value in attributes.items()]
    return f"<{' '.join([tag, *parts])}>"


def forms_in(page: str) -> list[Form]:
    reader = FormReader(page)
    reader.feed(page)
    reader.close()
    return reader.forms


class FormReader(HTMLParser):
    """Collects the forms of a page, with the places of their controls."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.area: tuple[Attributes, int] | None = None
        self.choice: Attributes = {}
        self.lines = [0, *accumulate(len(line) for line in page.split("\n"))]

    @property
    def position(self) -> int:
        line, column = self.getpos()
        # Each line before ended with a line break, which its length does not count.
        return self.lines[line - 1] + (line - 1) + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes, start = dict(attrs), self.position
        end = start + len(self.get_starttag_text() or "")
        if tag == "form":
            self.form = Form(attributes.get("action") or "", (attributes.get("method") or "").lower() == "post", end)
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "textarea":
            self.area = attributes, end
        elif tag == "select":
            self.choice = attributes
        elif tag == "option" and "value" in attributes and "disabled" not in self.choice:
            self.add(Control(tag, self.choice.get("name") or "", attributes, start, end))
        elif tag == "button" or (tag == "input" and attributes.get("type") in LEFT_ALONE):
            self.form.buttons.add(attributes.get("name") or "")
        elif tag == "input":
            self.add(Control(tag, attributes.get("name") or "", attributes, start, end))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.area:
            attributes, start = self.area
            self.add(Control(tag, attributes.get("name") or "", attributes, start, self.position))
            self.area = None
        elif tag == "select":
            self.choice = {}

    def add(self, control: Control) -> None:
        if self.form is not None and control.name:
            self.form.controls.append(control)
