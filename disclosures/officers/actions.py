"""Action that takes steps on cases."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from disclosures.models import Case, CaseStep
from disclosures.officers.told_kinds import TOLD_KINDS
from disclosures.officers.topics import CASE_TOLD, CaseTold
from privacycenter.errors import InvalidValue, TextChanged
from privacycenter.models import User
from privacycenter.outbox.leaving import leave
from privacycenter.text.legible import fault_of
from privacycenter.text.words import said

LONGEST_REASON, LONGEST_WORDS = 5_000, 2_000


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

    ``words``: language → what the person whose disclosure it is is told; nothing if they are told nothing. ``seen`` is
    how many steps the officer had seen; raises TextChanged if there are others. Raises InvalidValue without a reason,
    for words that leave out the site's first language or cannot be read, and for words about a case that is of nobody.
    """
    words = said(words)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say what was found or done, in at most 5,000 characters.", "reason")
    refuse_bad_words(case, words)
    Case.objects.select_for_update().get(pk=case.pk)
    if seen is not None and seen != CaseStep.objects.filter(case=case).count():
        raise TextChanged("Somebody else took a step meanwhile.")
    step = CaseStep.objects.create(
        case=case, is_closing=is_closing, reason=reason, words=words or None, taken_at=timezone.now(), taken_by=by
    )
    if words:
        leave(CASE_TOLD, CaseTold(step=step.pk))
    return step


def refuse_bad_words(case: Case, words: Mapping[str, str]) -> None:
    if not words:
        return
    if case.whose_id is None or case.kind not in TOLD_KINDS:
        raise InvalidValue("There is nobody to be told: the case is not about one person's disclosure.", "words")
    if not words.get(settings.LANGUAGE_CODE):
        raise InvalidValue("Say it in Japanese, too: the person reads it.", "words")
    if fault := next(filter(None, map(fault_of, words.values())), None):
        raise InvalidValue(fault, "words")
    if any(len(text) > LONGEST_WORDS for text in words.values()):
        raise InvalidValue(f"At most {LONGEST_WORDS} characters.", "words")
