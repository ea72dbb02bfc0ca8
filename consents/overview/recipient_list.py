"""Which recipients hold what of a person's data, with the steps reported after withdrawals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from consents.models import CLOSING, StepKind, WithdrawalStep
from consents.models.withdrawals import WithdrawalStepQuerySet, kept_back
from consents.question_log.queries import QuestionsAbout, questions_of
from disclosures.public.titles import Names
from disclosures.record.effective_record import midnight
from disclosures.record.recipient_summaries import Holdings, RecipientSummary, holdings
from privacycenter.database.person_queries import PersonQuery
from privacycenter.models import User
from privacycenter.text.words import Words, words_in


@dataclass(frozen=True)
class LastStep:
    """The last step that one recipient took after one withdrawal. ``codes``: the items withdrawn.

    ``is_delivery``: the service was told, but not yet the recipient. ``reason``: why the recipient keeps the data.
    """

    kind: StepKind
    taken_at: datetime
    is_delivery: bool
    reason: Words
    codes: frozenset[str]

    @property
    def is_final(self) -> bool:
        return self.kind in CLOSING


@dataclass(frozen=True)
class Reported:
    """A last step compared with what the recipient received.

    ``items``: the items withdrawn, named only if the withdrawal covered a part; ``received_again``: something was
    provided after the step.
    """

    step: LastStep
    items: list[Words]
    received_again: bool


@dataclass(frozen=True)
class HeldRow:
    """One recipient in a list. ``reported``: None if no step followed a withdrawal, or there was none."""

    summary: RecipientSummary
    reported: Reported | None


@dataclass(frozen=True)
class AskedRow:
    """One recipient of which services asked whether they may provide data to it."""

    code: str
    title: Words
    questions: QuestionsAbout


@dataclass(frozen=True)
class HeldPage:
    """The ``holdings`` on a day, each recipient with the last step reported by the end of that day.

    ``is_abroad``: only the recipients abroad were asked for, so ``recipients`` are not all of them. ``asked_only``: on
    the whole list of today, those that services asked about within a year and that received nothing.
    """

    holdings: Holdings
    recipients: list[HeldRow]
    is_abroad: bool
    asked_only: list[AskedRow]


def held_page(person: User, names: Names, *, on: date | None, is_abroad: bool = False) -> HeldPage:
    """Return the recipients on a day; None is today. At most four SQL statements."""
    found = holdings(person, names, on=on)
    steps = last_steps(person, before=midnight(on + timedelta(days=1)) if on else None)
    shown = [one for one in found.recipients if one.recipient.is_abroad or not is_abroad]
    asked_only = asked_rows(person, names, found) if on is None and not is_abroad else []
    return HeldPage(found, held_rows(shown, steps, names), is_abroad, asked_only)


def asked_rows(person: User, names: Names, found: Holdings) -> list[AskedRow]:
    """Return the recipients that services asked about and that hold nothing, the last one first. One SQL statement."""
    holding = {one.recipient.code for one in (*found.recipients, *found.hidden)}
    asked = questions_of(person, names)
    return [AskedRow(code, names.recipient(code), some) for code, some in asked.items() if code not in holding]


def last_steps(person: User, *, before: datetime | None = None) -> dict[str, list[LastStep]]:
    """Return, by recipient code, the last step after each withdrawal, newest first. One SQL statement.

    ``before``: ignore what was reported at that moment or later.
    """
    last: dict[object, WithdrawalStep] = {}
    for row in STEPS.rows(person, before=before):
        last.setdefault(row.withdrawal_id, row)
    found: dict[str, list[LastStep]] = {}
    for row in last.values():
        found.setdefault(row.recipient_code, []).append(step_of(row))  # type: ignore[attr-defined]
    return found


def steps_before(person: User, before: datetime | None) -> WithdrawalStepQuerySet:
    rows = person.withdrawal_steps.exclude(withdrawal_id__in=kept_back(person)).with_withdrawal()
    return (rows.filter(taken_at__lt=before) if before else rows).order_by("-taken_at", "-kind")


STEPS = PersonQuery(steps_before)


def step_of(row: WithdrawalStep) -> LastStep:
    codes = frozenset(row.item_codes or ())  # type: ignore[attr-defined]
    return LastStep(row.step, row.taken_at, row.is_delivery, words_in(row.reason), codes)


def held_rows(summaries: Iterable[RecipientSummary], steps: dict[str, list[LastStep]], names: Names) -> list[HeldRow]:
    """Return a row for each recipient, with its newest step only."""
    rows = ((one, reported(one, steps.get(one.recipient.code, [])[:1], names)) for one in summaries)
    return [HeldRow(one, found[0] if found else None) for one, found in rows]


def reported(summary: RecipientSummary, steps: Sequence[LastStep], names: Names) -> list[Reported]:
    """Compare each of these steps with what the recipient received."""
    return [
        Reported(
            step=step,
            items=[] if summary.codes <= step.codes else names.items(step.codes),
            received_again=step.is_final and summary.last_at > step.taken_at,
        )
        for step in steps
    ]
