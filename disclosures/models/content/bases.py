"""What kinds of entries have in common: texts in every language of the site, a code, and being retired."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.utils import build_localized_fieldname

from privacycenter.models import NeverDeleted, NeverDeletedQuerySet
from privacycenter.text.languages import other_languages
from privacycenter.text.richtext import render
from privacycenter.text.shown_files import NO_FILES, filled
from privacycenter.text.words import Words, words_in

MARKDOWN = _("Markdown: paragraphs, **bold**, lists, links and tables.")
# Texts in Markdown, published as HTML.
MARKDOWN_FIELDS = {
    "lead", "notice", "disclaimer", "body", "answer", "system", "system_unknown", "measures", "measures_unknown",
    "purposes", "security_measures",
}  # fmt: skip
CODE = _("Permanent identifier, in lower-case letters, digits and hyphens. It is also the anchor on the page.")


class Translatable(models.Model):
    """A row with texts in every site language. The field itself holds the default text, ``i18n`` the others."""

    class Meta:
        abstract = True

    def texts(self, field: str) -> dict[str, str]:
        """Return language → text for one field, in the site's order and without empty texts.

        A text in a language that the site no longer has stays in the row and is left out here.
        """
        translations = getattr(self, "i18n", None) or {}
        other = {one: translations.get(build_localized_fieldname(field, one)) for one in other_languages()}
        return {one: text for one, text in {settings.LANGUAGE_CODE: getattr(self, field), **other}.items() if text}

    def words(self, field: str) -> Words:
        """Return the text in the page's language, or the default text marked as a fallback."""
        return words_in(self.texts(field))

    def rich_words(self, field: str) -> Words:
        """Return Markdown in the page's language as sanitised HTML.

        For pages of a person only; public pages read the HTML that was stored at publication. A picture is its words.
        """
        html = {one: filled(render(text, one), NO_FILES, one) for one, text in self.texts(field).items()}
        return words_in(html, is_html=True)


class Coded(Translatable):
    """A row with a permanent code and a position in its list."""

    code = models.SlugField(_("code"), max_length=60, unique=True, help_text=CODE)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))

    class Meta:
        abstract = True
        ordering = ["position", "code"]


class ReferenceQuerySet(NeverDeletedQuerySet[Any]):
    def in_use(self) -> Self:
        """Leave out retired rows."""
        return self.filter(retired_at__isnull=True)


class Reference(Coded, NeverDeleted):
    """A coded row that the ledger points to. It is retired when no longer used, never deleted."""

    title = models.CharField(_("title"), max_length=200)
    retired_at = models.DateTimeField(
        _("retired at"), null=True, blank=True,
        help_text=_("From then on it is not published and no longer accepted. Existing records keep it."),
    )  # fmt: skip

    objects = ReferenceQuerySet.as_manager()

    class Meta(Coded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.words("title").text

    @property
    def name(self) -> Words:
        """The title in the reader's language."""
        return self.words("title")
