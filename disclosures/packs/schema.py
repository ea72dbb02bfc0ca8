"""Schema of a content pack. One class is one kind of entry; an unknown key is an error.

Text for visitors is a mapping from the site's language codes to text: ``{ja: …, en: …}``. Japanese is required; a
missing translation is left out (never an empty string), and the page shows the Japanese text instead. A code names one
entry of its kind in the whole pack (for a note: in its scenario). The order of a list is the order on the page.
"""

import datetime
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, ClassVar, Literal, Self

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    model_validator,
)

from disclosures.models import (
    Country,
    DataItem,
    Definition,
    EvidenceNeeded,
    Exclusion,
    FileType,
    ItemList,
    Link,
    MenuEntry,
    MenuPlace,
    Note,
    Page,
    Question,
    Recipient,
    Route,
    RouteAbroad,
    Scenario,
    SearchTask,
    Section,
    Service,
    ServiceList,
    Site,
    SiteFile,
    Synonyms,
    Term,
)
from disclosures.models.content.bases import MARKDOWN_FIELDS
from disclosures.models.content.recipients import is_web_page
from disclosures.models.content.synonyms import validate_line
from privacycenter.text.addresses import fault_of_addresses, is_linked
from privacycenter.text.languages import site_languages
from privacycenter.text.legible import fault_of
from privacycenter.text.richtext import hidden_host_told, hidden_hosts

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
COUNTRY_CODE = r"^[A-Z]{2}$"
FILE_NAME = r"^[0-9a-f]{64}\.(png|jpg|svg|pdf)$"
GROUND_CODE = r"^(person_act|policy|approval|contract|legal|none)$"

# Neither letters nor white space: what PostgreSQL refuses (NUL), what UTF-8 cannot hold, and what no page can show.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Code = Annotated[str, StringConstraints(pattern=CODE, max_length=60)]
CountryCode = Annotated[str, StringConstraints(pattern=COUNTRY_CODE)]


def legible(text: str) -> str:
    if fault := fault_of(text):
        raise ValueError(fault)
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(legible)]


def of_the_site(language: str) -> str:
    languages = site_languages()
    if language not in languages:
        told = _("“%(language)s” is not a language of this site: %(languages)s.")
        raise ValueError(told % {"language": language, "languages": ", ".join(languages)})
    return language


def to_be_linked(address: str) -> str:
    if fault := fault_of_addresses(address):
        raise ValueError(fault)
    if not is_linked(address):
        told = _("“%(input)s” is not an address: it begins with / or with https://.")
        raise ValueError(told % {"input": address[:60]})
    return address


Language = Annotated[str, AfterValidator(of_the_site)]


def to_be_a_web_page(address: str) -> str:
    try:
        if address:
            is_web_page(address)
    except ValidationError as error:
        told = _("“%(input)s” is not an address of a web page: it begins with https://.")
        raise ValueError(told % {"input": address[:60]}) from error
    return address


Translated = dict[Language, Text]


def as_moment(value: Any) -> Any:
    """Read a day, or a time without an offset, in the site's time zone."""
    if isinstance(value, str):
        with suppress(ValueError):
            # One that no calendar has is told by the schema.
            value = parse_datetime(value) or parse_date(value) or value
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    return make_aware(value) if isinstance(value, datetime.datetime) and is_naive(value) else value


Moment = Annotated[datetime.datetime, BeforeValidator(as_moment)]
GroundCode = Annotated[str, StringConstraints(pattern=GROUND_CODE)]


def named_once(values: Sequence[Any]) -> Sequence[Any]:
    """Refuse a list that has a code twice, since the second would silently win or the order would be ambiguous."""
    seen: set[str] = set()
    for position, value in enumerate(values):
        code = value if isinstance(value, str) else value.code
        if code in seen:
            told = _("“%(code)s” is there twice, again at [%(position)s].")
            raise ValueError(told % {"code": code, "position": position})
        seen.add(code)
    return values


Once = AfterValidator(named_once)
Codes = Annotated[list[Code], Once]


class PackEntry(BaseModel):
    """``row`` is the model of the row that the entry becomes, whose columns its texts have to fit."""

    model_config = ConfigDict(extra="forbid")
    row: ClassVar[type[Model] | None] = None

    @model_validator(mode="after")
    def japanese_is_present(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, dict) and value and settings.LANGUAGE_CODE not in value:
                raise ValueError(_("%(key)s: the Japanese text (ja) is missing.") % {"key": name})
        return self

    @model_validator(mode="after")
    def texts_can_be_stored(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            for text in value.values() if isinstance(value, dict) else [value] if isinstance(value, str) else []:
                if reason := reason_not_to_store(text, longest(self.row, name), is_markdown=name in MARKDOWN_FIELDS):
                    raise ValueError(f"{name}: {reason}")
        return self


def longest(row: type[Model] | None, name: str) -> int | None:
    """Return how many characters the column takes. None for a column without a limit, or none at all."""
    try:
        return getattr(row._meta.get_field(name), "max_length", None) if row else None
    except FieldDoesNotExist:
        return None


def reason_not_to_store(text: str, most: int | None, *, is_markdown: bool) -> str:
    """Return why a text cannot be stored or shown, in the active language. Empty if it can."""
    if most is not None and len(text) > most:
        return _("This is longer than %(max_length)s characters.") % {"max_length": most}
    if UNSTORABLE.search(text):
        return _("A character in this text cannot be stored. Write it anew.")
    if fault := fault_of_addresses(text):
        return fault
    hidden = hidden_hosts(text) if is_markdown else []
    return hidden_host_told(hidden[0]) if hidden else ""


class SiteEntry(PackEntry):
    """The site itself. ``lead``, ``notice``, ``disclaimer``, ``purposes`` and ``security_measures`` are Markdown. The
    notice stands on every page. What is not known of the operator is left out. ``act_…``, ``asked_…``, ``bound_…`` and
    ``unnamed_…``: the headings under which a page lists its situations, each with what a person can do about them."""

    row = Site
    title: Translated
    operator: Translated
    lead: Translated = {}
    notice: Translated = {}
    disclaimer_title: Translated
    disclaimer: Translated
    as_of: datetime.date
    operator_address: Translated = {}
    operator_representative: Translated = {}
    purposes: Translated = {}
    complaint_contact: Translated = {}
    fees: Translated = {}
    security_measures: Translated = {}
    security_contact: str = ""
    act_title: Translated = {}
    act_control: Translated = {}
    asked_title: Translated = {}
    asked_control: Translated = {}
    bound_title: Translated = {}
    bound_control: Translated = {}
    unnamed_title: Translated = {}
    unnamed_control: Translated = {}


class DataItemEntry(PackEntry):
    """One kind of data. ``description`` is one plain sentence for the person who is asked to approve.

    ``is_special_care``: special-care-required personal information; checks allow it only where a scenario names it.
    """

    row = DataItem
    code: Code
    title: Translated
    description: Translated = {}
    is_special_care: bool = False


class ServiceEntry(PackEntry):
    """One of the operator's services. ``field`` is its business (travel, jobs, …).

    ``is_sensitive``: kept from parents who are entered as representatives of their child.
    """

    row = Service
    code: Code
    title: Translated
    field: Translated
    is_sensitive: bool = False


class CountryEntry(PackEntry):
    """A country. ``system`` describes its data-protection system in Markdown, APPI art. 28(2)."""

    row = Country
    code: CountryCode
    title: Translated
    system: Translated = {}
    system_unknown: Translated = {}


class RecipientEntry(PackEntry):
    """A company, school or office that receives data. Unknown facts are left out. ``measures`` is Markdown.

    From ``on_hold_from`` (a time with offset, or a day) until ``on_hold_until`` (left out if not known) nothing may be
    provided to it.
    """

    row = Recipient
    code: Code
    title: Translated
    country: CountryCode
    business: Translated = {}
    address: Translated = {}
    representative: Translated = {}
    contact: str = ""
    url: Annotated[str, AfterValidator(to_be_a_web_page)] = ""
    basis_abroad: RouteAbroad | Literal[""] = ""
    basis_checked_on: datetime.date | None = None
    measures: Translated = {}
    measures_unknown: Translated = {}
    on_hold_from: Moment | None = None
    on_hold_until: Moment | None = None
    on_hold_reason: Translated = {}
    is_example: bool = False


class LinkEntry(PackEntry):
    """A link that pages and scenarios can show. ``address`` is a path of this site (``/faq/``) or an https address.

    ``note`` says what it leads to, if that is not just what the title says.
    """

    row = Link
    code: Code
    title: Translated
    address: Annotated[str, AfterValidator(to_be_linked)]
    note: Translated = {}


class MenuLinkEntry(PackEntry):
    """A link of the menu or footer. ``address`` as of a link; ``title`` may be left out for a page of this site."""

    row = MenuEntry
    code: Code
    place: MenuPlace = MenuPlace.HEAD
    title: Translated = {}
    address: Annotated[str, AfterValidator(to_be_linked)]
    note: Translated = {}

    @model_validator(mode="after")
    def another_site_has_a_title(self) -> Self:
        if not self.title and not self.address.startswith("/"):
            raise ValueError(_("A link to another site needs a title."))
        return self


class FileEntry(PackEntry):
    """A picture or document. ``file`` is the name of its content in the pack's folder ``files``: its SHA-256 with the
    ending of its type. A picture has ``alt``, or ``is_decorative``. Size, width and height are checked if said.
    """

    row = SiteFile
    code: Code
    title: Translated
    file: Annotated[str, StringConstraints(pattern=FILE_NAME)]
    alt: Translated = {}
    is_decorative: bool = False
    caption: Translated = {}
    size_bytes: Annotated[int, Field(gt=0)] | None = None
    width: Annotated[int, Field(gt=0)] | None = None
    height: Annotated[int, Field(gt=0)] | None = None

    @property
    def sha256(self) -> str:
        return self.file.partition(".")[0]

    @property
    def content_type(self) -> FileType:
        return next(kind for kind in FileType if kind.ending == self.file.partition(".")[2])

    @model_validator(mode="after")
    def picture_says_what_it_shows(self) -> Self:
        if self.content_type.is_picture and not self.alt and not self.is_decorative:
            raise ValueError(_("alt: say what the picture shows, or write is_decorative: true."))
        return self


class DefinitionEntry(PackEntry):
    """A term with an explanation that can be expanded. ``body`` is Markdown; ``examples`` has one per line."""

    row = Definition
    code: Code
    term: Translated
    body: Translated
    examples: Translated = {}


class TermEntry(PackEntry):
    """A legal term with its plain meaning (``gloss``). ``reading`` is in hiragana, for the Japanese page."""

    row = Term
    code: Code
    term: Translated
    reading: str = ""
    gloss: Translated


def to_be_a_line(line: str) -> str:
    try:
        validate_line(line)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from error
    return line


class SynonymsEntry(PackEntry):
    """Words that mean the same to somebody who searches, in any languages: ``line: abroad = overseas = 外国``.

    ``task`` is what is offered above the results when somebody searches with one of them.
    """

    row = Synonyms
    code: Code
    line: Annotated[Text, AfterValidator(to_be_a_line)]
    task: SearchTask | Literal[""] = ""


class QuestionEntry(PackEntry):
    """A question and its answer (Markdown)."""

    row = Question
    code: Code
    question: Translated
    answer: Translated


class NoteEntry(PackEntry):
    """A remark under a scenario (Markdown). The code is unique within its scenario."""

    row = Note
    code: Code
    body: Translated


class ExclusionEntry(PackEntry):
    """A service never provides this item in the scenario. ``reason`` is one plain sentence."""

    row = Exclusion
    service: Code
    item: Code
    reason: Translated


def excluded_once(exclusions: Sequence[ExclusionEntry]) -> Sequence[ExclusionEntry]:
    named_once([f"{one.service}: {one.item}" for one in exclusions])
    return exclusions


class ScenarioEntry(PackEntry):
    """One described way in which data is provided.

    ``recipient_kinds`` says in plain words who receives the data, instead of named recipients or in addition to them.
    ``item_list`` and ``service_list`` say how far the lists bind, ``evidence`` what a report cites for the ground.
    ``is_processed``: what would identify the person is left out, but it is still about one person.
    """

    row = Scenario
    code: Code
    title: Translated
    body: Translated
    ground: GroundCode
    items: Codes
    services: Codes = []
    recipients: Codes = []
    recipient_kinds: Translated = {}
    item_list: ItemList = ItemList.EXAMPLES
    is_processed: bool = False
    service_list: ServiceList = ServiceList.MAIN
    exclusions: Annotated[list[ExclusionEntry], AfterValidator(excluded_once)] = []
    route: Route | Literal[""] = ""
    route_detail: Translated = {}
    route_parties: Translated = {}
    route_purpose: Translated = {}
    route_responsible: Translated = {}
    route_stopping: Translated = {}
    route_abroad: RouteAbroad | Literal[""] = ""
    evidence: EvidenceNeeded | Literal[""] = ""
    notes: Annotated[list[NoteEntry], Once] = []
    links: Codes = []


class SectionEntry(PackEntry):
    """A section with a heading. Shown in this order: body, definitions, scenarios, questions, links, subsections."""

    row = Section
    code: Code
    title: Translated
    body: Translated = {}
    definitions: Annotated[list[DefinitionEntry], Once] = []
    scenarios: Annotated[list[ScenarioEntry], Once] = []
    questions: Annotated[list[QuestionEntry], Once] = []
    links: Codes = []
    subsections: Annotated[list["SectionEntry"], Once] = []


class PageEntry(PackEntry):
    """A public page at ``/<code>/``. ``lead`` is Markdown; ``related`` are the links at its end."""

    row = Page
    code: Code
    title: Translated
    lead: Translated = {}
    sections: Annotated[list[SectionEntry], Once] = []
    related: Codes = []


class Pack(PackEntry):
    """A whole pack. Loading leaves alone what the pack leaves out.

    ``contents``: name → bytes of its pictures and documents, as they were read. They are no part of its entries.
    """

    _contents: dict[str, bytes] = PrivateAttr(default_factory=dict)

    @property
    def contents(self) -> dict[str, bytes]:
        return self._contents

    site: SiteEntry | None = None
    data_items: Annotated[list[DataItemEntry], Once] = Field(default_factory=list)
    services: Annotated[list[ServiceEntry], Once] = Field(default_factory=list)
    countries: Annotated[list[CountryEntry], Once] = Field(default_factory=list)
    recipients: Annotated[list[RecipientEntry], Once] = Field(default_factory=list)
    terms: Annotated[list[TermEntry], Once] = Field(default_factory=list)
    synonyms: Annotated[list[SynonymsEntry], Once] = Field(default_factory=list)
    links: Annotated[list[LinkEntry], Once] = Field(default_factory=list)
    menu: Annotated[list[MenuLinkEntry], Once] = Field(default_factory=list)
    files: Annotated[list[FileEntry], Once] = Field(default_factory=list)
    pages: Annotated[list[PageEntry], Once] = Field(default_factory=list)
