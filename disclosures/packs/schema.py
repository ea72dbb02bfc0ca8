"""Schema of a content pack. One class is one kind of entry; an unknown key is an error.

Text for visitors is a mapping from the site's language codes to text: ``{ja: …, en: …}``. Japanese is required; a
missing translation is left out (never an empty string), and the page shows the Japanese text instead. A code names one
entry of its kind in the whole pack (for a note: in its scenario). The order of a list is the order on the page.
"""

import datetime
from collections.abc import Sequence
from typing import Annotated, Any, Self

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from privacycenter.text.languages import site_languages

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
COUNTRY_CODE = r"^[A-Z]{2}$"
GROUND_CODE = r"^(person_act|approval|contract|legal|none)$"
ADDRESS = r"^(/|https://)\S*$"

Code = Annotated[str, StringConstraints(pattern=CODE, max_length=60)]
CountryCode = Annotated[str, StringConstraints(pattern=COUNTRY_CODE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def of_the_site(language: str) -> str:
    languages = site_languages()
    if language not in languages:
        told = _("“%(language)s” is not a language of this site: %(languages)s.")
        raise ValueError(told % {"language": language, "languages": ", ".join(languages)})
    return language


Language = Annotated[str, AfterValidator(of_the_site)]
Translated = dict[Language, Text]
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
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def japanese_is_present(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, dict) and value and settings.LANGUAGE_CODE not in value:
                raise ValueError(_("%(key)s: the Japanese text (ja) is missing.") % {"key": name})
        return self


class SiteEntry(PackEntry):
    """The site itself. ``lead`` and ``disclaimer`` are Markdown."""

    title: Translated
    operator: Translated
    lead: Translated = {}
    disclaimer_title: Translated
    disclaimer: Translated
    as_of: datetime.date
    security_contact: str = ""


class DataItemEntry(PackEntry):
    """One kind of data. ``description`` is one plain sentence for the person who is asked to approve."""

    code: Code
    title: Translated
    description: Translated = {}


class ServiceEntry(PackEntry):
    """One of the operator's services. ``field`` is its business (travel, jobs, …)."""

    code: Code
    title: Translated
    field: Translated


class CountryEntry(PackEntry):
    """A country. ``system`` describes its data-protection system in Markdown, APPI art. 28(2)."""

    code: CountryCode
    title: Translated
    system: Translated = {}
    system_unknown: Translated = {}


class RecipientEntry(PackEntry):
    """A company, school or office that receives data. Unknown facts are left out. ``measures`` is Markdown."""

    code: Code
    title: Translated
    country: CountryCode
    business: Translated = {}
    address: Translated = {}
    contact: str = ""
    measures: Translated = {}
    measures_unknown: Translated = {}
    is_example: bool = False


class LinkEntry(PackEntry):
    """A link that pages and scenarios can show. ``address`` is a path of this site (``/faq/``) or an https address."""

    code: Code
    title: Translated
    address: Annotated[str, StringConstraints(pattern=ADDRESS)]


class DefinitionEntry(PackEntry):
    """A term with an explanation that can be expanded. ``body`` is Markdown; ``examples`` has one per line."""

    code: Code
    term: Translated
    body: Translated
    examples: Translated = {}


class TermEntry(PackEntry):
    """A legal term with its plain meaning (``gloss``). ``reading`` is in hiragana, for the Japanese page."""

    code: Code
    term: Translated
    reading: str = ""
    gloss: Translated


class QuestionEntry(PackEntry):
    """A question and its answer (Markdown)."""

    code: Code
    question: Translated
    answer: Translated


class NoteEntry(PackEntry):
    """A remark under a scenario (Markdown). The code is unique within its scenario."""

    code: Code
    body: Translated


class ScenarioEntry(PackEntry):
    """One described way in which data is provided.

    ``recipient_kinds`` says in plain words who receives the data, instead of named recipients or in addition to them.
    """

    code: Code
    title: Translated
    body: Translated
    ground: GroundCode
    items: Codes
    services: Codes = []
    recipients: Codes = []
    recipient_kinds: Translated = {}
    notes: Annotated[list[NoteEntry], Once] = []
    links: Codes = []


class SectionEntry(PackEntry):
    """A section with a heading. Shown in this order: body, definitions, scenarios, questions, links, subsections."""

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

    code: Code
    title: Translated
    lead: Translated = {}
    sections: Annotated[list[SectionEntry], Once] = []
    related: Codes = []


class Pack(PackEntry):
    """A whole pack. Loading leaves alone what the pack leaves out."""

    site: SiteEntry | None = None
    data_items: Annotated[list[DataItemEntry], Once] = Field(default_factory=list)
    services: Annotated[list[ServiceEntry], Once] = Field(default_factory=list)
    countries: Annotated[list[CountryEntry], Once] = Field(default_factory=list)
    recipients: Annotated[list[RecipientEntry], Once] = Field(default_factory=list)
    terms: Annotated[list[TermEntry], Once] = Field(default_factory=list)
    links: Annotated[list[LinkEntry], Once] = Field(default_factory=list)
    pages: Annotated[list[PageEntry], Once] = Field(default_factory=list)
