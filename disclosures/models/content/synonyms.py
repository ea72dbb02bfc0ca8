"""Words that mean the same to somebody who searches."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from disclosures.models.content.bases import Coded

# Between the words of one line. It stands in no word.
BETWEEN = re.compile(r"\s*[=＝]\s*")


class SearchTask(models.TextChoices):
    """What somebody who searches with certain words wants to do. Each leads to one place, above the results."""

    WITHDRAW = "withdraw", _("withdraw an approval")
    DELETE = "delete", _("have data deleted")
    HOLDERS = "holders", _("see who received data")


def words_of_line(line: str) -> list[str]:
    """Return the words of one line, each once. Empty ones are left out."""
    return list(dict.fromkeys(word for word in BETWEEN.split(line.strip()) if word))


def line_of_words(words: Iterable[str]) -> str:
    return " = ".join(words)


def validate_line(line: str) -> None:
    """A validator of the words of one line. One word alone means the same as nothing else."""
    if len(words_of_line(line)) < 2:
        raise ValidationError(_("Write at least two words, with = between them."), code="one-word")


class Synonyms(Coded):
    """One row is one line of words that mean the same, in one language or in several.

    It is content: published, packed and told in the public record of changes like all other.
    """

    line = models.CharField(
        _("words"), max_length=500, validators=[validate_line],
        help_text=_("Words that mean the same, in any language, with = between them: abroad = overseas = 外国 = 国外."),
    )  # fmt: skip
    task = models.CharField(
        _("task"), max_length=20, choices=SearchTask.choices, blank=True,
        help_text=_("What is offered above the results when somebody searches with one of these words."),
    )  # fmt: skip
    # The words are of any language, so none of them is translated.
    i18n = TranslationField(fields=())

    class Meta(Coded.Meta):
        verbose_name = _("set of words that mean the same")
        verbose_name_plural = _("sets of words that mean the same")

    def __str__(self) -> str:
        return self.line
