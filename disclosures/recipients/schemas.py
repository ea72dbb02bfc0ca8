"""Bodies in which services name recipients."""

from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from disclosures.models.content.recipients import is_web_page
from disclosures.packs.schema import CODE, COUNTRY_CODE
from disclosures.recipients.naming import LARGEST_BATCH, NamedRecipient
from disclosures.reporters.schemas import Body, Json, Problem, Said, Sentence, Sentences, inlined, with_example
from privacycenter.text.addresses import names_user

EXAMPLE: Json = {
    "name": {"ja": "見本の宿", "en": "Example Inn"},
    "country": "JP",
    "address": {"ja": "見本県見本市1-2-3", "en": "1-2-3 Mihon, Mihon City"},
    "representative": "代表取締役 港 一郎",
    "contact": "privacy@inn.example",
    "url": "https://inn.example/",
}
RecipientCode = Annotated[str, StringConstraints(pattern=CODE, max_length=60)]


def to_be_a_web_page(address: str) -> str:
    if names_user(address):
        raise ValueError("must have no user name and no password before an @: everybody would read it")
    if address:
        try:
            is_web_page(address)
        except ValidationError:
            raise ValueError("must be an address that begins with https://") from None
    return address


def to_be_public(contact: str) -> str:
    if names_user(contact):
        raise ValueError("must have no user name and no password before an @ of an address: everybody would read it")
    return contact


# To the reader of the document a text that is empty, and no constant: that would be another type to many generators.
Emptied = Annotated[Literal[""], WithJsonSchema({"type": "string", "maxLength": 0})]
Line = Sentence | Emptied
Address = Annotated[str, StringConstraints(max_length=300), AfterValidator(to_be_a_web_page)]


class RecipientBody(Body):
    """A company, school or office that receives data. What is left out stays as it is, also in one language; an empty
    text says that nothing is known. ``country``: ISO 3166-1, two letters."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    name: Said
    country: Annotated[str, StringConstraints(pattern=COUNTRY_CODE)]
    address: Said | Emptied | None = None
    representative: Said | Emptied | None = None
    contact: Annotated[Line, AfterValidator(to_be_public)] | None = None
    url: Address | None = None

    def named(self, code: str) -> NamedRecipient:
        return NamedRecipient(
            code=code,
            name=self.name.texts(),
            country=self.country,
            address=texts_of(self.address),
            representative=texts_of(self.representative),
            contact=self.contact,
            url=self.url,
        )


def texts_of(said: Sentences | str | None) -> dict[str, str] | None:
    if said is None:
        return None
    return said.texts() if isinstance(said, Sentences) else {}


class RecipientInBatch(RecipientBody):
    """A recipient under its code."""

    code: RecipientCode

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "example-inn", **EXAMPLE}]})


ITEM = inlined(RecipientInBatch.model_json_schema())


class RecipientBatch(Body):
    """``recipients``: each in the form of the single call, with its code."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"recipients": [{"code": "example-inn", **EXAMPLE}]}]}
    )

    # Validated one by one, so that an invalid one does not stop the others; the schema shows the form of each.
    recipients: Annotated[list[Any], Field(min_length=1, max_length=LARGEST_BATCH, json_schema_extra={"items": ITEM})]


State = Literal["proposed", "waiting", "published"]
TAKEN: Json = {"code": "example-inn", "status": "created", "state": "proposed"}


class RecipientTaken(BaseModel):
    """``state``: ``proposed`` until an editor publishes it (permission checks say no), ``waiting`` if it is published
    and what you sent is not yet, ``published`` if people see what you sent."""

    model_config = with_example(TAKEN)

    code: str
    status: Literal["created", "updated", "unchanged"]
    state: State


class RecipientResult(BaseModel):
    """The result of the recipient at ``index``, or the ``problem`` with it."""

    index: int
    code: str
    status: Literal["created", "updated", "unchanged", "invalid"]
    state: State | None = None
    problem: Problem | None = None


class RecipientResults(BaseModel):
    model_config = with_example({"results": [{"index": 0, **TAKEN}]})

    results: list[RecipientResult]
