"""The working copy: rows that editors change. Visitors see only publications of them, never these rows."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from disclosures.models.content.bases import CODE, MARKDOWN, Coded, Reference, ReferenceQuerySet, Translatable
from disclosures.models.content.declarations import EvidenceNeeded, ItemList, Route, RouteAbroad, ServiceList
from disclosures.models.content.ground import Ground
from privacycenter.text.addresses import is_linked

ONE_PER_LINE = _("One per line.")
CONTROL = _("One plain sentence: what a person can do about these situations.")
# The headings under which a page lists its situations, each with what a person can do about them.
CONTROL_GROUPS = ("act", "asked", "bound", "unnamed")
CONTROL_TEXTS = tuple(f"{group}_{part}" for group in CONTROL_GROUPS for part in ("title", "control"))


class Site(Translatable):
    """One row, and only one, holds the site's names, its opening words and its disclaimer.

    It also holds what the law wants said of the operator (APPI art. 32(1)). What is not known stays empty, and pages
    say that it is not stated.
    """

    title = models.CharField(_("title"), max_length=200)
    operator = models.CharField(_("operator"), max_length=200, help_text=_("The company whose privacy center this is."))
    lead = models.TextField(_("opening words"), blank=True, help_text=MARKDOWN)
    notice = models.TextField(
        _("notice on every page"),
        blank=True,
        help_text=_("Shown on every page, for instance that the content is a sample. Markdown."),
    )
    disclaimer_title = models.CharField(_("title of the disclaimer"), max_length=200)
    disclaimer = models.TextField(_("disclaimer"), help_text=MARKDOWN)
    as_of = models.DateField(
        _("as of"),
        help_text=_("What the page of the situations says was true on this day. Others show when they were published."),
    )
    operator_address = models.CharField(_("address of the operator"), max_length=300, blank=True)
    operator_representative = models.CharField(
        _("representative of the operator"),
        max_length=200,
        blank=True,
        help_text=_("Who represents it, with their title."),
    )
    purposes = models.TextField(
        _("purposes of use"), blank=True, help_text=_("Of all personal data that the operator keeps. Markdown.")
    )
    complaint_contact = models.CharField(_("where to complain"), max_length=300, blank=True)
    fees = models.CharField(
        _("fees"), max_length=300, blank=True, help_text=_("What a request for disclosure and the like costs.")
    )
    security_measures = models.TextField(_("security measures"), blank=True, help_text=MARKDOWN)
    security_contact = models.CharField(
        _("contact for security reports"), max_length=300, blank=True,
        help_text=_("An e-mail address or an https address, published in /.well-known/security.txt (RFC 9116)."),
    )  # fmt: skip
    act_title = models.CharField(_("situations by the person’s own act: heading"), max_length=100, blank=True)
    act_control = models.CharField(
        _("situations by the person’s own act: their control"), max_length=200, blank=True, help_text=CONTROL
    )
    asked_title = models.CharField(_("situations with an approval: heading"), max_length=100, blank=True)
    asked_control = models.CharField(
        _("situations with an approval: their control"), max_length=200, blank=True, help_text=CONTROL
    )
    bound_title = models.CharField(_("situations by policy, contract or law: heading"), max_length=100, blank=True)
    bound_control = models.CharField(
        _("situations by policy, contract or law: their control"), max_length=200, blank=True, help_text=CONTROL
    )
    unnamed_title = models.CharField(_("situations without data about one person: heading"), max_length=100, blank=True)
    unnamed_control = models.CharField(
        _("situations without data about one person: their control"), max_length=200, blank=True, help_text=CONTROL
    )
    i18n = TranslationField(
        fields=(
            "title", "operator", "lead", "notice", "disclaimer_title", "disclaimer", "operator_address",
            "operator_representative", "purposes", "complaint_contact", "fees", "security_measures", *CONTROL_TEXTS,
        )
    )  # fmt: skip

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_site")]

    def __str__(self) -> str:
        return self.words("title").text


class DataItem(Reference):
    """One row is one kind of data (name, e-mail address, …). The ledger stores kinds of data, never values."""

    description = models.TextField(_("description"), blank=True, help_text=_("One plain sentence."))
    is_special_care = models.BooleanField(
        _("needs special care"), default=False,
        help_text=_("Special-care-required personal information. Checks allow it only where a situation names it."),
    )  # fmt: skip
    i18n = TranslationField(fields=("title", "description"))

    objects = ReferenceQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("data item")
        verbose_name_plural = _("data items")


class Service(Reference):
    """One row is one of the operator's own services."""

    field = models.CharField(_("field"), max_length=100, help_text=_("What it is about: travel, jobs, housing, …"))
    is_sensitive = models.BooleanField(
        _("kept from parents"), default=False,
        help_text=_(
            "What this service provides about a child is not shown to a parent who is entered as the child’s "
            "representative from then on. Representatives entered before see what they saw."
        ),
    )  # fmt: skip
    i18n = TranslationField(fields=("title", "field"))

    objects = ReferenceQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")


class Link(Coded):
    """One row is one link that pages, sections and scenarios can show."""

    title = models.CharField(_("title"), max_length=200)
    address = models.CharField(
        pgettext_lazy("of a page", "address"),
        max_length=500,
        help_text=_("A path of this site (/faq/) or an https address."),
    )
    note = models.CharField(
        _("what it leads to"), max_length=200, blank=True,
        help_text=_("If that is not just what the title says: a site's first page, for instance."),
    )  # fmt: skip
    i18n = TranslationField(fields=("title", "note"))

    class Meta(Coded.Meta):
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.words("title").text

    def clean(self) -> None:
        if not is_linked(self.address):
            raise ValidationError({"address": _("Begin with / for a page of this site, or with https://.")})


class Page(Coded):
    """One row is one public page. Its code is its path."""

    title = models.CharField(_("title"), max_length=200)
    lead = models.TextField(_("opening words"), blank=True, help_text=MARKDOWN)
    related = models.ManyToManyField(Link, verbose_name=_("related pages"), blank=True, related_name="pages")
    i18n = TranslationField(fields=("title", "lead"))

    class Meta(Coded.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.words("title").text


class Section(Coded):
    """One row is a section with a heading, on a page or inside another section of that page."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="sections", verbose_name=_("page"))
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="subsections", verbose_name=_("part of"), null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, help_text=MARKDOWN)
    links = models.ManyToManyField(Link, verbose_name=_("links"), blank=True, related_name="sections")
    i18n = TranslationField(fields=("title", "body"))

    class Meta(Coded.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.words("title").text

    def clean(self) -> None:
        parent = self.parent
        if parent and (parent.page_id != self.page_id or parent.parent_id or parent == self):
            raise ValidationError({"parent": _("Choose a section of the same page that is not itself a part.")})


class Definition(Coded):
    """One row is a term with its explanation, which the reader can expand under its section."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="definitions", verbose_name=_("section"))
    term = models.CharField(_("term"), max_length=200)
    body = models.TextField(_("text"), help_text=MARKDOWN)
    examples = models.TextField(_("examples"), blank=True, help_text=ONE_PER_LINE)
    i18n = TranslationField(fields=("term", "body", "examples"))

    class Meta(Coded.Meta):
        verbose_name = _("definition")
        verbose_name_plural = _("definitions")

    def __str__(self) -> str:
        return self.words("term").text


class Term(Coded):
    """One row is a legal or technical term with its plain meaning. A page explains it where it first occurs in a
    text."""

    term = models.CharField(_("term"), max_length=100)
    reading = models.CharField(
        _("reading"), max_length=100, blank=True, help_text=_("In hiragana: shown above the Japanese term.")
    )
    gloss = models.CharField(_("plain meaning"), max_length=500, help_text=_("One plain sentence."))
    i18n = TranslationField(fields=("term", "gloss"))

    class Meta(Coded.Meta):
        verbose_name = _("legal term")
        verbose_name_plural = _("legal terms")

    def __str__(self) -> str:
        return self.words("term").text


class Question(Coded):
    """One row is a question and its answer, shown under its section and on the FAQ page."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions", verbose_name=_("section"))
    question = models.CharField(_("question"), max_length=300)
    answer = models.TextField(_("answer"), help_text=MARKDOWN)
    i18n = TranslationField(fields=("question", "answer"))

    class Meta(Coded.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.words("question").text


class Scenario(Reference):
    """One row describes one way in which data is provided."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="scenarios", verbose_name=_("section"))
    body = models.TextField(_("text"), help_text=MARKDOWN)
    ground = models.PositiveSmallIntegerField(
        _("ground"), choices=Ground.choices, help_text=_("Why it is allowed. With “your approval” the person is asked.")
    )
    recipient_kinds = models.CharField(
        _("kinds of recipients"),
        max_length=300,
        blank=True,
        help_text=_(
            "Plain words: hotels, restaurants, … Leave it empty if only the named recipients may receive the data."
        ),
    )
    route = models.CharField(
        _("legal route"), max_length=30, choices=Route.choices, blank=True,
        help_text=_("The legal way of providing it. Leave it empty if it is not known: it is never guessed."),
    )  # fmt: skip
    route_detail = models.CharField(
        _("more on the legal route"), max_length=300, blank=True, help_text=_("Which exception, for instance.")
    )
    route_parties = models.CharField(
        _("legal route: who"), max_length=300, blank=True,
        help_text=_("Who uses it jointly, is entrusted, succeeds, or relates it to a person."),
    )  # fmt: skip
    route_purpose = models.CharField(_("legal route: what for"), max_length=300, blank=True)
    route_responsible = models.CharField(
        _("legal route: responsible"), max_length=300, blank=True,
        help_text=_("For joint use with name, address and representative; for opt-out the number of the filing."),
    )  # fmt: skip
    route_stopping = models.CharField(
        _("legal route: how to have it stopped"), max_length=300, blank=True, help_text=_("For opt-out.")
    )
    route_abroad = models.CharField(
        _("legal route abroad"), max_length=30, choices=RouteAbroad.choices, blank=True,
        help_text=_("For recipients abroad. Leave it empty if it is not known."),
    )  # fmt: skip
    evidence = models.CharField(
        _("evidence"), max_length=30, choices=EvidenceNeeded.choices, blank=True,
        help_text=_("What a report of a service cites for the ground."),
    )  # fmt: skip
    items = models.ManyToManyField(
        DataItem, through="ScenarioItem", related_name="scenarios", verbose_name=_("data items")
    )
    item_list = models.CharField(
        _("the items named are"), max_length=20, choices=ItemList.choices, default=ItemList.EXAMPLES,
        help_text=_("With “your approval”, and for special-care items, checks allow only what is named."),
    )  # fmt: skip
    is_processed = models.BooleanField(
        _("processed first"), default=False,
        help_text=_("What would identify the person is left out, but it is still about one person, so it is recorded."),
    )  # fmt: skip
    services = models.ManyToManyField(Service, related_name="scenarios", verbose_name=_("services"), blank=True)
    service_list = models.CharField(
        _("the services named are"), max_length=20, choices=ServiceList.choices, default=ServiceList.MAIN,
        help_text=_("Another service is refused by a complete list, and warned about by the others."),
    )  # fmt: skip
    recipients = models.ManyToManyField(
        "Recipient", related_name="scenarios", verbose_name=_("named recipients"), blank=True
    )
    links = models.ManyToManyField(Link, related_name="scenarios", verbose_name=_("links"), blank=True)
    i18n = TranslationField(
        fields=(
            "title", "body", "recipient_kinds", "route_detail", "route_parties", "route_purpose", "route_responsible",
            "route_stopping",
        )
    )  # fmt: skip

    objects = ReferenceQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("situation")
        verbose_name_plural = _("situations")

    def clean(self) -> None:
        if self.item_list == ItemList.OPEN and self.ground == Ground.APPROVAL:
            raise ValidationError({"item_list": _("With “your approval”, checks allow only the items that are named.")})


class ScenarioItem(models.Model):
    """One row says that a scenario provides a data item, and at which position in its list."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="scenario_items")
    item = models.ForeignKey(DataItem, models.PROTECT, related_name="scenario_items", verbose_name=_("data item"))
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("data item")
        verbose_name_plural = _("data items")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["scenario", "item"], name="scenario_names_an_item_once")]

    def __str__(self) -> str:
        return str(self.item)


class Exclusion(Translatable):
    """One row says that one service never provides one data item in a scenario, and why. Every check obeys it."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="exclusions", verbose_name=_("situation"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    item = models.ForeignKey(DataItem, models.PROTECT, related_name="+", verbose_name=_("data item"))
    reason = models.CharField(_("reason"), max_length=300, help_text=_("One plain sentence, shown on the page."))
    i18n = TranslationField(fields=("reason",))

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering = ["service__position", "service__code", "item__position", "item__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "service", "item"], name="scenario_excludes_an_item_of_a_service_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.item}"


class Note(Translatable):
    """One row is a remark under a scenario."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="notes", verbose_name=_("situation"))
    code = models.SlugField(_("code"), max_length=60, help_text=CODE)
    position = models.PositiveIntegerField(_("position"), default=0)
    body = models.TextField(_("text"), help_text=MARKDOWN)
    i18n = TranslationField(fields=("body",))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["scenario", "code"], name="note_code_is_unique_in_its_scenario")]

    def __str__(self) -> str:
        return self.code
