"""Actions that take steps on cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from disclosures.models import Case, CaseStep, CaseStepKind
from disclosures.officers.case_pages import possible_owners
from disclosures.officers.told_kinds import TOLD_KINDS
from disclosures.officers.topics import CASE_TOLD, CaseTold
from privacycenter.errors import InvalidValue, NoLongerOpen, TextChanged
from privacycenter.models import User
from privacycenter.outbox.leaving import leave
from privacycenter.text.legible import fault_of
from privacycenter.text.words import said

LONGEST_REASON, LONGEST_WORDS = 5_000, 2_000
# So many cases are closed at once at most.
MOST_AT_ONCE = 100
LONGEST_DELAY = timedelta(days=366)


@transaction.atomic
def take_case_step(
    *,
    case: Case,
    is_closing: bool,
    reason: str,
    words: Mapping[str, str] | None = None,
    seen: int | None = None,
    by: User,
) -> CaseStep:
    """Record what was found or done. A step that does not close a closed case reopens it.

    ``words``: language → what everybody is told whose disclosure is an event of it; nothing if they are told nothing.
    ``seen`` is how many steps the officer had seen; raises TextChanged if there are others. Raises InvalidValue without
    a reason, for words that leave out the site's first language or cannot be read, and for words about a case of which
    nobody can be told; NoLongerOpen for one that would be reopened while another case of its cause is open.
    """
    words = said(words)
    refuse_bad_reason(reason)
    refuse_bad_words(case, words)
    held = hold(case, seen)
    is_reopened = not is_closing and not held.is_open
    if is_reopened and (other := Case.objects.open().filter(cause=held.cause).first()):
        raise NoLongerOpen(f"What was reported since is in case {other.pk}, which is open.")
    kind = CaseStepKind.CLOSED if is_closing else CaseStepKind.REOPENED if is_reopened else CaseStepKind.NOTED
    return write_step(held, kind, by, reason=reason, words=words or None, now_holds={"is_open": not is_closing})


@transaction.atomic
def give_case(*, case: Case, owner: User | None, seen: int | None = None, by: User) -> CaseStep:
    """Give a case to a member of staff who may take its steps, or to nobody.

    Raises InvalidValue for anybody else, and if it is theirs already; TextChanged as ``take_case_step`` does.
    """
    if owner and not possible_owners().filter(pk=owner.pk).exists():
        raise InvalidValue("Choose somebody who works on cases.", "owner")
    held = hold(case, seen)
    if held.owner_id == (owner.pk if owner else None):
        raise InvalidValue("Nothing would change.", "owner")
    return write_step(held, CaseStepKind.GIVEN, by, owner=owner, now_holds={"owner": owner})


@transaction.atomic
def move_case(*, case: Case, due_on: date, reason: str, seen: int | None = None, by: User) -> CaseStep:
    """Say by when an open case should be closed, and why no longer by the day until now.

    Raises InvalidValue without a reason and for a day that is past or more than a year away; NoLongerOpen for a closed
    case; TextChanged as ``take_case_step`` does.
    """
    refuse_bad_reason(reason)
    if not timezone.localdate() <= due_on <= timezone.localdate() + LONGEST_DELAY:
        raise InvalidValue("Choose a day from today on, within a year.", "due_on")
    held = hold(case, seen)
    if not held.is_open:
        raise NoLongerOpen("The case is closed.")
    return write_step(held, CaseStepKind.DUE, by, reason=reason, due_on=due_on, now_holds={"due_on": due_on})


@dataclass(frozen=True)
class Closed:
    """What became of cases that were to be closed together, by number. ``left``: somebody took a step meanwhile."""

    closed: list[int]
    left: list[int]


@transaction.atomic
def close_cases(*, chosen: Mapping[int, int], reason: str, words: Mapping[str, str] | None = None, by: User) -> Closed:
    """Close several cases for one reason. One on which somebody took a step meanwhile is left as it is.

    ``chosen``: number of a case → how many of its steps the officer had seen. ``words`` as in ``take_case_step``; they
    are told of those cases of which somebody can be told. Raises InvalidValue for none or too many cases, without a
    reason, and for words that cannot be told.
    """
    words = said(words)
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        raise InvalidValue(f"Choose from 1 to {MOST_AT_ONCE} cases.", "chosen")
    refuse_bad_reason(reason)
    refuse_bad_texts(words)
    closed = []
    # In the order in which recordings hold them, too.
    for held in Case.objects.select_for_update(of=("self",)).filter(pk__in=chosen).order_by("pk"):
        if held.is_open and held.steps.count() == chosen[held.pk]:
            told = words if held.kind in TOLD_KINDS else {}
            kind, now_holds = CaseStepKind.CLOSED, {"is_open": False}
            write_step(held, kind, by, reason=reason, words=told or None, now_holds=now_holds)
            closed.append(held.pk)
    return Closed(closed, sorted(chosen.keys() - set(closed)))


def hold(case: Case, seen: int | None) -> Case:
    """Return the case as it is now, held until the commit: no event is filed in it and nobody else takes a step.

    Raises TextChanged if it has other steps than the ``seen`` ones.
    """
    held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if seen is not None and seen != held.steps.count():
        raise TextChanged("Somebody else took a step meanwhile.")
    return held


def write_step(case: Case, kind: CaseStepKind, by: User, *, now_holds: dict[str, Any], **step: Any) -> CaseStep:
    """Write a step, and what holds from now on."""
    taken = CaseStep.objects.create(case=case, kind=kind, taken_at=timezone.now(), taken_by=by, **step)
    Case.objects.filter(pk=case.pk).update(**now_holds)
    if taken.words:
        leave(CASE_TOLD, CaseTold(step=taken.pk))
    return taken


def refuse_bad_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say what was found or done, in at most 5,000 characters.", "reason")


def refuse_bad_words(case: Case, words: Mapping[str, str]) -> None:
    if words and case.kind not in TOLD_KINDS:
        raise InvalidValue("There is nobody to be told: the case is not about people's disclosures.", "words")
    refuse_bad_texts(words)


def refuse_bad_texts(words: Mapping[str, str]) -> None:
    if not words:
        return
    if not words.get(settings.LANGUAGE_CODE):
        raise InvalidValue("Say it in Japanese, too: the person reads it.", "words")
    if fault := next(filter(None, map(fault_of, words.values())), None):
        raise InvalidValue(fault, "words")
    if any(len(text) > LONGEST_WORDS for text in words.values()):
        raise InvalidValue(f"At most {LONGEST_WORDS} characters.", "words")
