"""Disclosures with a warning, each recipient's as one sentence. Pure: no SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.models.ledger.events import Flag
from disclosures.public.titles import Names
from disclosures.record.effective_record import Combination, newest_first
from privacycenter.text.words import Phrase, Words

WARNINGS_SHOWN = 3

# The gravest first: of several the first is said.
SENTENCES = {
    Flag.WITHDRAWN: gettext_lazy("Provided to %(recipient)s after you had withdrawn your approval"),
    Flag.REFUSED: gettext_lazy("Provided to %(recipient)s although you had not allowed it"),
    Flag.NO_DECISION: gettext_lazy("Provided to %(recipient)s without your answer"),
    Flag.EXPIRED: gettext_lazy("Provided to %(recipient)s after your approval had ended"),
    Flag.ITEMS_NOT_ALLOWED: gettext_lazy("Items that you had not allowed were provided to %(recipient)s"),
}
OTHERWISE = gettext_lazy("Provided to %(recipient)s otherwise than we publish")


@dataclass(frozen=True)
class Warned:
    """All disclosures to one recipient that have the same warning; ``last_at`` is when the last one happened.

    ``code``: the recipient's; empty for the recipients that the person hides, which are one row and not named.
    """

    code: str
    sentence: Phrase
    count: int
    last_at: datetime


def warnings_of(found: Iterable[Combination], names: Names) -> list[Warned]:
    """Return the warnings, the latest first."""
    groups: dict[tuple[str, str], list[Combination]] = {}
    for one in newest_first(one for one in found if one.is_flagged):
        groups.setdefault(("", "") if one.is_hidden else (one.recipient, sentence_of(one.warnings)), []).append(one)
    return [
        Warned(
            code=code,
            sentence=phrase(pattern, names.recipient(code)) if code else Phrase(hidden_words(), {}),
            count=sum(one.count for one in rows),
            last_at=rows[0].last_at,
        )
        for (code, pattern), rows in groups.items()
    ]


def sentence_of(warnings: Flag) -> str:
    return str(next((said for flag, said in SENTENCES.items() if warnings & flag), OTHERWISE))


def phrase(pattern: str, recipient: Words) -> Phrase:
    return Phrase(pattern, {"recipient": recipient})


def hidden_words() -> str:
    return _("A disclosure to a company that you hide here has a warning")
