"""One recipient of a person's data, with the decisions about it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from consents.asking.decisions import DecisionEntry, entries
from consents.checking.named_approvals import NamedApproval, named_approvals
from consents.checking.standing_approvals import approvals
from consents.overview.recipient_list import Reported, last_steps, reported
from consents.question_log.queries import QuestionsAbout, questions_about
from consents.recalls.kept import KeptView, kept, kept_views
from consents.recalls.queries import Asked, asked_of
from disclosures.content.publications import Document
from disclosures.countersigning.queries import signed_by
from disclosures.models import Recipient, Said
from disclosures.public.shown_entries import RecipientView
from disclosures.public.titles import Names
from disclosures.record.disclosure_list import DisclosureList, DisclosureRow, disclosure_list
from disclosures.record.effective_record import Combination, combinations, corrected_record
from disclosures.record.recipient_summaries import RecipientSummary, recipient_named, summary_of
from privacycenter.models import User
from privacycenter.text.words import Words

DECISIONS_SHOWN = 10
# Of each situation. Older months are folded.
MONTHS_SHOWN = 3


@dataclass(frozen=True)
class Reason:
    """Why data came there: one situation through one service, so many times."""

    scenario: Words
    service: Words
    count: int


@dataclass(frozen=True)
class MonthOfRows:
    """The newest disclosures of one situation in one month, newest first."""

    begins_on: date
    rows: list[DisclosureRow]


@dataclass(frozen=True)
class SituationOfRows:
    """Disclosures of one situation: the newest ``months``, and the ``older`` ones. ``alike``: one of them, if all have
    the same service and items, so that these need to be said once; else None.
    """

    scenario: Words
    months: list[MonthOfRows]
    older: list[MonthOfRows]
    alike: DisclosureRow | None

    @property
    def older_count(self) -> int:
        return sum(len(month.rows) for month in self.older)


@dataclass(frozen=True)
class MyRecipientPage:
    """One recipient in a person's record.

    ``summary``: None if nothing counts as provided to it, because nothing was reported or all of it was corrected.
    ``reasons``: by what it came there, the most frequent first. ``reported``: the last step of each withdrawal about
    it, newest first. ``latest``: its newest disclosures, including corrected ones; ``situations``: the same in groups.
    ``approvals``: those that stand. ``has_asked``: a request of it came, so a rule about it can apply. ``decisions``:
    the newest ones about it; ``has_more_decisions``: there are older ones. ``signed``: how often it signed what.
    ``questions``: how often services asked whether they may provide something to it; None if none did within a year.
    ``kept``: what it keeps until when, as far as a service said so. ``asked``: the newest recall of it.
    """

    recipient: RecipientView
    summary: RecipientSummary | None
    reasons: list[Reason]
    reported: list[Reported]
    latest: DisclosureList
    situations: list[SituationOfRows]
    approvals: list[NamedApproval]
    has_asked: bool
    decisions: list[DecisionEntry]
    has_more_decisions: bool
    signed: dict[Said, int]
    questions: QuestionsAbout | None
    kept: list[KeptView]
    asked: Asked | None


def recipient_page(person: User, code: str, names: Names) -> MyRecipientPage | None:
    """Return one recipient, or None if the person has neither a decision about it nor a disclosure to it, and no
    service asked about it. At most fifteen SQL statements.
    """
    recipient = recipient_named(code)
    if recipient is None:
        return None
    found = combinations(corrected_record(person), recipient=recipient.pk)
    summary = summary_of(found, names, None) if found else None
    latest = disclosure_list(person, names, matching=corrected_record(person).about(Q(recipient=recipient)))
    decisions = decisions_about(person, recipient, names.document)
    questions = questions_about(person, names, recipient)
    if not (summary or latest.rows or decisions or questions):
        return None
    steps = last_steps(person).get(code, []) if summary else []
    standing = approvals(person, names.document, recipients=[code]) if decisions else []
    return MyRecipientPage(
        recipient=names.recipient_facts(code),
        summary=summary,
        reasons=reasons(found, names),
        reported=reported(summary, steps, names) if summary else [],
        latest=latest,
        situations=situations(latest.rows),
        approvals=named_approvals(standing, names),
        has_asked=bool(decisions) or person.approval_requests.filter(recipient=recipient).exists(),
        decisions=decisions[:DECISIONS_SHOWN],
        has_more_decisions=len(decisions) > DECISIONS_SHOWN,
        signed=signed_by(person, recipient),
        questions=questions,
        kept=kept_views(kept(person, Q(recipient=recipient)), names) if summary and decisions else [],
        asked=asked_of(person, [code]).get(code) if summary else None,
    )


def reasons(found: Iterable[Combination], names: Names) -> list[Reason]:
    counts: Counter[tuple[str, str]] = Counter()
    for one in found:
        counts[one.scenario, one.service] += one.count
    return [
        Reason(names.scenario(scenario), names.service(by), count) for (scenario, by), count in counts.most_common()
    ]


def situations(rows: Sequence[DisclosureRow]) -> list[SituationOfRows]:
    """Group rows, newest first, by situation and month; the situation with the newest row comes first."""
    groups: dict[str, dict[date, list[DisclosureRow]]] = {}
    for row in rows:
        month = timezone.localdate(row.occurred_at).replace(day=1)
        groups.setdefault(row.scenario.text, {}).setdefault(month, []).append(row)
    return [situation([MonthOfRows(month, some) for month, some in months.items()]) for months in groups.values()]


def situation(months: list[MonthOfRows]) -> SituationOfRows:
    first, *others = [row for month in months for row in month.rows]
    is_alike = all((row.service, row.items) == (first.service, first.items) for row in others)
    return SituationOfRows(
        first.scenario, months[:MONTHS_SHOWN], months[MONTHS_SHOWN:], first if others and is_alike else None
    )


def decisions_about(person: User, recipient: Recipient, document: Document) -> list[DecisionEntry]:
    """Return the newest decisions about one recipient, one more than are shown. At most three SQL statements."""
    rows = person.decisions.with_references().filter(recipient=recipient).with_names_shown(person).defer("text")
    return entries(list(rows.newest_first()[: DECISIONS_SHOWN + 1]), document)
