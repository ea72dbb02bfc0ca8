"""Data protection authorities, and that a person made a pack to show to one."""

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from disclosures.models.content.bases import Reference
from disclosures.models.ledger.events import person_key, reference
from privacycenter.models import AppendOnly, AppendOnlyQuerySet
from privacycenter.text.words import Words


class Authority(Reference):
    """One row is an authority that takes complaints about personal data. ``countries``: for which it is the one."""

    url = models.CharField(
        _("address of the page"), max_length=300, validators=[URLValidator(["https"])],
        help_text=_("Where it says how it takes a complaint."),
    )  # fmt: skip
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    how = models.TextField(
        _("how it takes a complaint"), blank=True, help_text=_("One or two plain sentences, shown to people.")
    )
    countries = models.CharField(
        _("countries"), max_length=300, blank=True, help_text=_("Two letters each, ISO 3166-1, separated by spaces.")
    )
    i18n = TranslationField(fields=("title", "how"))

    class Meta(Reference.Meta):
        verbose_name = _("data protection authority")
        verbose_name_plural = _("data protection authorities")

    @property
    def how_words(self) -> Words:
        """How it takes a complaint, in the reader's language."""
        return self.words("how")

    @property
    def country_codes(self) -> list[str]:
        return self.countries.split()


class AuthorityPackQuerySet(AppendOnlyQuerySet["AuthorityPack"]):
    def newest_first(self) -> "AuthorityPackQuerySet":
        return self.order_by("-made_at", "-id")


class AuthorityPack(AppendOnly):
    """One row is one pack that a person made about one disclosure, to show to an authority. No file is kept."""

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("authority_packs")
    id = models.UUIDField(editable=False)
    disclosure_id = models.UUIDField()
    authority = reference(Authority)
    language = models.CharField(_("language"), max_length=10)
    made_at = models.DateTimeField()

    objects = AuthorityPackQuerySet.as_manager()

    class Meta:
        verbose_name = _("pack for an authority")
        verbose_name_plural = _("packs for authorities")
        indexes = [models.Index(fields=["person", "disclosure_id"], name="authority_pack_by_disclosure")]
