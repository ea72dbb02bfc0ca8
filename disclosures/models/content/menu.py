"""The menu and the footer of every page: where their links lead, and what they say."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from disclosures.models.content.bases import Coded
from privacycenter.text.addresses import is_linked


class MenuPlace(models.TextChoices):
    """Where a link stands on every page."""

    HEAD = "menu", _("menu")
    FOOT = "footer", _("footer")


# Pages of the site that no editor made → how the menu calls them.
PAGE_NAMES = {
    "/": _("Home"),
    "/where-provided/": _("Where data goes"),
    "/recipients/": _("Recipients"),
    "/recipients/abroad/": _("Recipients abroad"),
    "/services/": _("Services"),
    "/faq/": _("Questions"),
    "/search/": _("Search"),
    "/my/": _("My record"),
    "/my/stop/": pgettext_lazy("in the menu", "Stop providing"),
    "/glossary/": _("Glossary"),
    "/changes/": _("Record of changes"),
    "/contact/": _("Contact"),
}


class MenuEntry(Coded):
    """One row is one link of the menu or the footer. While a place has no row, it has its standard links."""

    place = models.CharField(_("place"), max_length=10, choices=MenuPlace.choices, default=MenuPlace.HEAD)
    title = models.CharField(
        _("title"), max_length=60, blank=True,
        help_text=_("Empty: the name of the page that it leads to. A link to another site needs a title."),
    )  # fmt: skip
    address = models.CharField(
        pgettext_lazy("of a page", "address"), max_length=500,
        help_text=_("A path of this site (/faq/) or an https address."),
    )  # fmt: skip
    note = models.CharField(
        _("what it leads to"), max_length=200, blank=True,
        help_text=_("If that is not just what the title says: a site's first page, for instance."),
    )  # fmt: skip
    i18n = TranslationField(fields=("title", "note"))

    class Meta(Coded.Meta):
        verbose_name = _("link of the menu or footer")
        verbose_name_plural = _("links of the menu or footer")

    def __str__(self) -> str:
        return self.words("title").text or str(PAGE_NAMES.get(self.address, self.address))

    def clean(self) -> None:
        if not is_linked(self.address):
            raise ValidationError({"address": _("Begin with / for a page of this site, or with https://.")})
        if not self.title and not self.address.startswith("/"):
            raise ValidationError({"title": _("A link to another site needs a title.")})


@dataclass(frozen=True)
class StandardLink:
    """A link of the menu or footer that stands there unless an operator chose others."""

    place: MenuPlace
    name: str
    address: str

    @property
    def code(self) -> str:
        return f"{self.place.value}-{self.name}"


# In their order. The policy is the link with the code ``privacy-policy``, wherever that leads.
STANDARD_LINKS = (
    StandardLink(MenuPlace.HEAD, "where-provided", "/where-provided/"),
    StandardLink(MenuPlace.HEAD, "recipients", "/recipients/"),
    StandardLink(MenuPlace.HEAD, "services", "/services/"),
    StandardLink(MenuPlace.HEAD, "faq", "/faq/"),
    StandardLink(MenuPlace.HEAD, "search", "/search/"),
    StandardLink(MenuPlace.HEAD, "my-record", "/my/"),
    StandardLink(MenuPlace.FOOT, "glossary", "/glossary/"),
    StandardLink(MenuPlace.FOOT, "changes", "/changes/"),
    StandardLink(MenuPlace.FOOT, "contact", "/contact/"),
    StandardLink(MenuPlace.FOOT, "policy", ""),
    StandardLink(MenuPlace.FOOT, "accessibility", "/accessibility/"),
)
POLICY = "privacy-policy"
