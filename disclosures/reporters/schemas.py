"""Schemas shared by several calls. Plain pydantic: in a large batch, ``ninja.Schema`` costs five times as much."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar

from django.conf import settings
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)

from privacycenter.text.languages import other_languages
from privacycenter.text.legible import legible

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

# Control characters cannot be stored (PostgreSQL refuses NUL) and never belong in an identifier.
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=60)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=255)]
ItemCodes = Annotated[list[Code], Field(min_length=1, max_length=100)]
GroundCode = Literal["person_act", "policy", "approval", "contract", "legal", "none"]


SECONDS = slice(17, 19)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def as_text(value: object) -> object:
    """Refuse anything but text that begins with a date (RFC 3339): a number, bare or quoted, is not a time.

    A leap second (RFC 3339, section 5.7) has no number of its own in a database: it counts as the second before it.
    """
    if not isinstance(value, str) or value[4:5] != "-":
        raise ValueError("must be a text in the form of RFC 3339")
    return without_leap_second(value) if value[SECONDS] == "60" else value


def without_leap_second(text: str) -> str:
    """Return the time a second earlier. Raises ValueError unless it is the end of a month in UTC."""
    before = f"{text[: SECONDS.start]}59{text[SECONDS.stop :]}"
    try:
        moment = datetime.fromisoformat(before).astimezone(UTC)
        is_end_of_month = (moment + timedelta(seconds=1)).timetuple()[2:5] == (1, 0, 0)
    except (ValueError, OverflowError):
        is_end_of_month = False
    if not is_end_of_month:
        raise ValueError("has a second 60, which only a leap second at the end of a month in UTC has")
    return before


def as_day(value: object) -> object:
    """Refuse a text in any form but ``2026-11-20`` (RFC 3339): pydantic would take times and numbers, too."""
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise ValueError("must be a day in the form YYYY-MM-DD")
    return value


CalendarDay = Annotated[date, BeforeValidator(as_day)]


def in_range(moment: datetime) -> datetime:
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the years that can be stored") from None
    if moment < EARLIEST:
        raise ValueError("must not be before the year 2000")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(as_text), AfterValidator(in_range)]


class Body(BaseModel):
    """A request body. An unknown key is an error, so that a misspelt one is never ignored."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """RFC 9457 problem details. ``field`` is the path of the offending value, if there is one."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None


class CheckProblem(Problem):
    """A problem during a permission check. It counts as a no."""

    allowed: Literal[False] = False


# In answers: text that was made from a time or an id, and is not read again. The document says what it is.
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Titles = dict[str, str]
Json = dict[str, Any]


def with_example(example: Json) -> ConfigDict:
    """Return the ``model_config`` of a response with an example for the API description."""
    return ConfigDict(json_schema_extra={"examples": [example]})


def inlined(schema: Any, parts: dict[str, Any] | None = None) -> Any:
    """Return the schema with references inlined.

    For a body that is parsed outside the framework: the OpenAPI document does not contain the referenced schemas.
    """
    if isinstance(schema, list):
        return [inlined(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    parts = schema.get("$defs", {}) if parts is None else parts
    if "$ref" in schema:
        return inlined(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {name: inlined(value, parts) for name, value in schema.items() if name != "$defs"}


def as_texts(value: object) -> object:
    """Wrap a plain text, which is in the default language."""
    return {settings.LANGUAGE_CODE: value} if isinstance(value, str) else value


Sentence = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=500, strip_whitespace=True),
    AfterValidator(legible),
]


class Texts(Body):
    """One text in the site's languages; see ``in_site_languages``."""

    def texts(self) -> dict[str, str]:
        """Return language → text."""
        return self.model_dump(exclude_none=True, by_alias=True)


Made = TypeVar("Made", bound=Texts)


def in_site_languages(text: Any) -> Callable[[type[Made]], type[Made]]:
    """Give a body one key of this type for each language of the site. That of the default language is required."""

    def decorate(body: type[Made]) -> type[Made]:
        # A key such as zh-hans is no name in Python.
        fields: dict[str, Any] = {
            language.replace("-", "_"): (text | None, Field(None, alias=language)) for language in other_languages()
        }
        fields = {settings.LANGUAGE_CODE: (text, Field()), **fields}
        return create_model(body.__name__, __base__=body, __doc__=body.__doc__, __module__=body.__module__, **fields)

    return decorate


@in_site_languages(Sentence)
class Sentences(Texts):
    """One text in the site's languages. Japanese is required; readers of another language see it, marked, where
    theirs is missing."""


# Sent as one Japanese text, or as one text per language.
Said = Annotated[Sentences, BeforeValidator(as_texts, json_schema_input_type=Sentence | Sentences)]
