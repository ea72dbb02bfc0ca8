"""Recipients of data, and the countries they are in."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from disclosures.models.content.bases import MARKDOWN, Reference, ReferenceQuerySet, Translatable
from disclosures.models.content.declarations import RouteAbroad
from privacycenter.text.words import Words

HOME_COUNTRY = "JP"
# ISO 3166-1 keeps this code free for users: here it stands for a country that is not decided yet.
UNDECIDED_COUNTRY = "ZZ"
# What the address of a recipient's page would be is that of another page: /recipients/abroad/.
TAKEN_CODES = ("abroad",)
# Of an address that pages link to.
is_web_page = URLValidator(["https", "http"])


class Country(Translatable):
    """One row is a country, with the information about its data-protection system that APPI art. 28(2) requires."""

    code = models.CharField(
        _("code"), max_length=2, unique=True, validators=[RegexValidator(r"^[A-Z]{2}$")],
        help_text=_("Two letters, ISO 3166-1: JP, US, …"),
    )  # fmt: skip
    title = models.CharField(_("title"), max_length=100)
    system = models.TextField(_("data-protection system"), blank=True, help_text=MARKDOWN)
    system_unknown = models.TextField(
        _("why the system is not described"), blank=True, help_text=_("One plain sentence, shown instead of it.")
    )
    i18n = TranslationField(fields=("title", "system", "system_unknown"))

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.words("title").text

    @property
    def is_abroad(self) -> bool:
        return self.code != HOME_COUNTRY

    @property
    def name(self) -> Words:
        return self.words("title")

    @property
    def system_words(self) -> Words:
        return self.rich_words("system")

    @property
    def system_unknown_words(self) -> Words:
        return self.rich_words("system_unknown")


class RecipientQuerySet(ReferenceQuerySet):
    def with_country(self) -> "RecipientQuerySet":
        return self.select_related("country")


class Recipient(Reference):
    """One row is one company, school or office that receives data.

    ``proposed_by``: the reporter that named it, which may change it; None: the editors. Until an editor publishes it,
    nothing may be provided to it.
    """

    country = models.ForeignKey(Country, models.PROTECT, related_name="recipients", verbose_name=_("country"))
    business = models.CharField(_("business"), max_length=200, blank=True)
    address = models.CharField(pgettext_lazy("of a company", "address"), max_length=300, blank=True)
    representative = models.CharField(
        _("representative"), max_length=200, blank=True,
        help_text=_("Of a company: who represents it, with their title. The record of provision has to hold it."),
    )  # fmt: skip
    contact = models.CharField(_("contact"), max_length=300, blank=True, help_text=_("An e-mail or web address."))
    url = models.CharField(
        _("web page"), max_length=300, blank=True, help_text=_("The recipient’s own, with https://."),
        validators=[is_web_page],
    )  # fmt: skip
    basis_abroad = models.CharField(
        _("basis for provision abroad"), max_length=30, choices=RouteAbroad.choices, blank=True,
        help_text=_("For one abroad. It goes before that of the situation. Leave it empty if it is not known."),
    )  # fmt: skip
    basis_checked_on = models.DateField(
        _("equivalent system last checked on"), null=True, blank=True,
        help_text=_("Where the basis is an equivalent system: it is checked once a year (APPI art. 28(3))."),
    )  # fmt: skip
    measures = models.TextField(
        _("measures it takes"), blank=True, help_text=_("How it protects the data: APPI art. 28, for those abroad.")
    )
    measures_unknown = models.TextField(
        _("why the measures are not known"), blank=True, help_text=_("One plain sentence, shown instead of them.")
    )
    on_hold_from = models.DateTimeField(
        _("on hold from"), null=True, blank=True,
        help_text=_("From then on nothing may be provided to it: checks say no, and a report is flagged."),
    )  # fmt: skip
    on_hold_until = models.DateTimeField(
        _("on hold until"), null=True, blank=True, help_text=_("Leave it empty if it is not known yet.")
    )
    on_hold_reason = models.CharField(
        _("why it is on hold"), max_length=300, blank=True, help_text=_("One plain sentence, shown on its page.")
    )
    is_example = models.BooleanField(_("made up, an example"), default=False)
    proposed_by = models.ForeignKey(
        "Reporter", models.PROTECT, null=True, blank=True, editable=False, related_name="recipients",
        verbose_name=_("proposed by"),
    )  # fmt: skip
    i18n = TranslationField(
        fields=("title", "business", "address", "representative", "measures", "measures_unknown", "on_hold_reason")
    )

    objects = RecipientQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")

    @property
    def business_words(self) -> Words:
        return self.words("business")

    @property
    def address_words(self) -> Words:
        return self.words("address")

    @property
    def measures_words(self) -> Words:
        return self.rich_words("measures")

    @property
    def measures_unknown_words(self) -> Words:
        return self.rich_words("measures_unknown")

    def clean(self) -> None:
        if self.code in TAKEN_CODES:
            raise ValidationError({"code": _("This code is the address of another page. Choose another one.")})
        if not self.on_hold_from and (self.on_hold_until or self.on_hold_reason):
            raise ValidationError({"on_hold_from": _("Say from when it is on hold.")})
        if self.on_hold_from and not self.on_hold_reason:
            raise ValidationError({"on_hold_reason": _("Say why it is on hold.")})
        if self.on_hold_from and self.on_hold_until and self.on_hold_until <= self.on_hold_from:
            raise ValidationError({"on_hold_until": _("It ends before it begins.")})
