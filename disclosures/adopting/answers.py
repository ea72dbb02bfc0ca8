"""The answers that begin a site: their shape, and reading them from a file. An unknown key is an error."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError as Refused
from django.core.validators import validate_email
from django.db.models import Model
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from disclosures.models import MenuEntry, Site
from disclosures.models.content.bases import MARKDOWN_FIELDS
from disclosures.packs.files import WHOLE_FILE, key_of
from disclosures.packs.reasons import reason_of, reason_unreadable
from disclosures.packs.schema import Text, longest, reason_not_to_store, to_be_linked
from disclosures.theme.colours import is_colour
from privacycenter.errors import PackError, PackProblem
from privacycenter.operation.environment import fault_in_languages, is_sender
from privacycenter.text.addresses import names_user, parts_of
from privacycenter.text.plain_yaml import UNREADABLE, read_yaml

# Code of a language → text in it.
Texts = dict[str, Text]
# What the law wants said of the operator, in the order in which the page has it.
OF_OPERATOR = (
    "operator_address", "operator_representative", "purposes", "complaint_contact", "fees", "security_measures",
)  # fmt: skip
EMPTY, STARTER = "empty", "starter"


def to_be_languages(codes: list[str]) -> list[str]:
    if fault := fault_in_languages(codes):
        raise ValueError(fault)
    return codes


def to_be_a_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"“{name}” is no time zone. Write it as Asia/Tokyo or Europe/Berlin.")
    return name


def to_be_an_address(address: str) -> str:
    parts = parts_of(address)
    if names_user(address):
        raise ValueError("Leave out the user name and password before the @: everybody would read them.")
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname or parts.path.strip("/"):
        raise ValueError(f"“{address}” is no address of a site. Write it as https://privacy.example.com.")
    return address.rstrip("/")


def to_be_a_sender(sender: str) -> str:
    if not is_sender(sender):
        raise ValueError(f"“{sender}” is no sender. Write an e-mail address, or Name <privacy@example.com>.")
    return sender


def to_be_an_email(address: str) -> str:
    try:
        validate_email(address)
    except Refused as refused:
        raise ValueError(f"“{address}” is no e-mail address.") from refused
    return address


def to_be_a_user_name(name: str) -> str:
    if not re.fullmatch(r"[\w.@+-]{1,150}", name):
        raise ValueError("Use letters, digits and . @ + - _ only.")
    return name


def to_be_a_colour(colour: str) -> str:
    if colour and not is_colour(colour):
        raise ValueError(f"“{colour}” is no colour. Write it as #1a5f4a.")
    return colour.lower()


def to_be_kept(row: type[Model], name: str, text: str) -> str:
    """Return the text. Raises ValueError if the column of the row would not take it."""
    if reason := reason_not_to_store(text, longest(row, name), is_markdown=name in MARKDOWN_FIELDS):
        raise ValueError(reason)
    return text


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MenuAnswer(Answer):
    """One link of the menu or footer. Without a title it has the name of the page that it leads to."""

    address: Annotated[str, AfterValidator(to_be_linked)]
    title: Texts = {}
    note: Texts = {}

    @model_validator(mode="after")
    def another_site_has_a_title(self) -> Self:
        if not self.title and not self.address.startswith("/"):
            raise ValueError("A link to another site needs a title.")
        return self


class StaffAnswer(Answer):
    """The first administrator. Their password is never in a file: they choose it by a link."""

    username: Annotated[str, AfterValidator(to_be_a_user_name)]
    name: Text = ""
    email: Annotated[str, AfterValidator(to_be_an_email)]


class ThemeAnswer(Answer):
    """``folder``: where the theme is written. ``colour``: the operator's own; ``logo``, ``icon``: files to copy."""

    folder: str
    colour: Annotated[str, AfterValidator(to_be_a_colour)] = ""
    logo: str = ""
    icon: str = ""


class Answers(Answer):
    """All answers. Those about the environment come first."""

    languages: Annotated[list[str], AfterValidator(to_be_languages)] = ["ja", "en"]
    time_zone: Annotated[str, AfterValidator(to_be_a_time_zone)] = "Asia/Tokyo"
    address: Annotated[str, AfterValidator(to_be_an_address)]
    sender: Annotated[str, AfterValidator(to_be_a_sender)]
    theme: ThemeAnswer | None = None
    title: Texts
    operator: Texts
    operator_address: Texts = {}
    operator_representative: Texts = {}
    purposes: Texts = {}
    complaint_contact: Texts = {}
    fees: Texts = {}
    security_measures: Texts = {}
    security_contact: Annotated[str, AfterValidator(partial(to_be_kept, Site, "security_contact"))] = ""
    menu: list[MenuAnswer] = Field(default_factory=list)
    footer: list[MenuAnswer] = Field(default_factory=list)
    content: str = EMPTY
    staff: StaffAnswer | None = None

    @model_validator(mode="after")
    def texts_are_in_the_languages(self) -> Self:
        for key, texts in self.texts():
            for language in texts:
                if language not in self.languages:
                    raise ValueError(f"{key}: “{language}” is not one of the languages {', '.join(self.languages)}.")
            if texts and self.languages[0] not in texts:
                raise ValueError(f"{key}: the Japanese text ({self.languages[0]}) is missing.")
        return self

    @model_validator(mode="after")
    def texts_can_be_kept(self) -> Self:
        for key, texts in self.texts():
            row, name = (MenuEntry, key.rpartition(".")[2]) if "." in key else (Site, key)
            for language, text in texts.items():
                try:
                    to_be_kept(row, name, text)
                except ValueError as wrong:
                    raise ValueError(f"{key}.{language}: {wrong}") from wrong
        return self

    def texts(self) -> Iterator[tuple[str, Texts]]:
        for key in ("title", "operator", *OF_OPERATOR):
            yield key, getattr(self, key)
        for place in ("menu", "footer"):
            for number, one in enumerate(getattr(self, place)):
                yield f"{place}[{number}].title", one.title
                yield f"{place}[{number}].note", one.note

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""


def read_answers(path: Path) -> Answers:
    """Read the answers of a file. Paths in it are seen from its folder.

    Raises PackError with all problems found, each with file, key and reason.
    """
    try:
        said = read_yaml(path)
    except OSError as error:
        raise PackError(PackProblem(path.name, "", f"It cannot be read: {error.strerror or error}.")) from error
    except UNREADABLE as error:
        raise PackError(PackProblem(path.name, "", reason_unreadable(error))) from error
    return seen_from(path.parent, checked(said, path.name))


def checked(said: Any, name: str) -> Answers:
    """Return the answers. Raises PackError with all problems found."""
    try:
        return Answers.model_validate(said)
    except ValidationError as error:
        problems = [PackProblem(name, place_of(found), reason_of(found)) for found in error.errors()]
        raise PackError(*problems) from error


def place_of(found: Any) -> str:
    key = key_of(found["loc"])
    return "" if key == WHOLE_FILE else key


def seen_from(folder: Path, answers: Answers) -> Answers:
    """Return the answers with their paths made whole."""

    def whole(path: str) -> str:
        return str((folder / path).resolve()) if path else ""

    content = answers.content if answers.content in (EMPTY, STARTER) else whole(answers.content)
    theme = answers.theme and answers.theme.model_copy(
        update={name: whole(getattr(answers.theme, name)) for name in ("folder", "logo", "icon")}
    )
    return answers.model_copy(update={"content": content, "theme": theme})
