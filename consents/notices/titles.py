"""What the title of a notice says: which company, and which step. Pure: no SQL."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consents.models import NoticeKind, RecallStepKind, StepKind
from privacycenter.text.words import Phrase, Words


def title_of(kind: NoticeKind, recipients: Sequence[Words], state: str, *, is_outdated: bool = False) -> Phrase:
    """Return the title of one notice, or of several of the same kind and moment, one for each recipient.

    ``state``: the step of a withdrawal. Several are counted; their names stand below.
    """
    if len(recipients) > 1:
        return Phrase(several(kind, len(recipients), is_outdated=is_outdated), {})
    if not recipients:
        return Phrase(outdated_words(kind) if is_outdated else words_of(kind), {})
    return Phrase(outdated_about(kind) if is_outdated else about(kind, state), {"recipient": recipients[0]})


def about(kind: NoticeKind, state: str) -> str:
    if kind is NoticeKind.WITHDRAWAL_MOVED:
        return step_of(state)
    if kind is NoticeKind.RECALL_MOVED:
        return recall_step_of(state)
    return {
        NoticeKind.REQUEST: _("%(recipient)s: a request waits for your answer"),
        NoticeKind.NEW_RECIPIENT: _("%(recipient)s: reported to have received your data for the first time"),
        NoticeKind.FLAGGED: _("%(recipient)s: a disclosure has a warning"),
        NoticeKind.APPROVAL_ENDING: _("%(recipient)s: your approval ends soon"),
        NoticeKind.SHOWN_AGAIN: _("%(recipient)s: a disclosure that the law had kept from you is in your record now"),
        NoticeKind.CASE_TOLD: _("%(recipient)s: what we found about a disclosure with a warning"),
    }.get(kind, words_of(kind))


def step_of(state: str) -> str:
    return {
        StepKind.TOLD.code: _("%(recipient)s: your withdrawal was passed on"),
        StepKind.ACKNOWLEDGED.code: _("%(recipient)s: your withdrawal was confirmed"),
        StepKind.DELETED.code: _("%(recipient)s: reported as deleted after your withdrawal"),
        StepKind.KEPT.code: _("%(recipient)s: reported as kept after your withdrawal, with the reason"),
    }.get(state, _("%(recipient)s: news about your withdrawal"))


def recall_step_of(state: str) -> str:
    return {
        RecallStepKind.TOLD.code: _("%(recipient)s: your recall was passed on"),
        RecallStepKind.ACKNOWLEDGED.code: _("%(recipient)s: your recall was confirmed"),
        RecallStepKind.REFUSED.code: _("%(recipient)s: your recall was refused, with the reason"),
        RecallStepKind.KEPT.code: _("%(recipient)s: reported as kept after your recall, with the reason"),
        RecallStepKind.CORRECTED.code: _("%(recipient)s: reported as corrected after your recall"),
        RecallStepKind.STOPPED.code: _("%(recipient)s: reported as no longer used after your recall"),
        RecallStepKind.DELETED.code: _("%(recipient)s: reported as deleted after your recall"),
    }.get(state, _("%(recipient)s: news about your recall"))


def outdated_about(kind: NoticeKind) -> str:
    if kind is NoticeKind.REQUEST:
        return _("%(recipient)s: a request came, which no longer waits for your answer")
    return _("%(recipient)s: an approval was to end soon, and no longer holds")


def several(kind: NoticeKind, count: int, *, is_outdated: bool) -> str:
    words = {
        NoticeKind.REQUEST: ngettext(
            "%(count)s request waits for your answer", "%(count)s requests wait for your answer", count
        ),
        NoticeKind.NEW_RECIPIENT: ngettext(
            "%(count)s company was reported to have received your data for the first time",
            "%(count)s companies were reported to have received your data for the first time",
            count,
        ),
        NoticeKind.FLAGGED: ngettext(
            "Disclosures to %(count)s company have a warning",
            "Disclosures to %(count)s companies have a warning",
            count,
        ),
        NoticeKind.APPROVAL_ENDING: ngettext(
            "%(count)s of your approvals ends soon", "%(count)s of your approvals end soon", count
        ),
    }.get(kind)
    if words is None or is_outdated:
        return outdated_words(kind) if is_outdated else words_of(kind)
    return words % {"count": count}


def words_of(kind: NoticeKind) -> str:
    return {
        NoticeKind.REQUEST: _("A request waits for your answer"),
        NoticeKind.NEW_RECIPIENT: _("Reported to have received your data for the first time"),
        NoticeKind.FLAGGED: _("A disclosure of your data has a warning"),
        NoticeKind.APPROVAL_ENDING: _("Your approval ends soon"),
        NoticeKind.WITHDRAWAL_MOVED: _("News about your withdrawal"),
        NoticeKind.EXPORT_READY: _("Your file is ready"),
        NoticeKind.SHOWN_AGAIN: _("A disclosure that the law had kept from you is in your record now"),
        NoticeKind.NEW_DEVICE: _("A log-in from a new device"),
        NoticeKind.RECALL_MOVED: _("News about your recall"),
        NoticeKind.CASE_TOLD: _("What we found about a disclosure with a warning"),
        NoticeKind.INCIDENT: _("An important message: an incident with your data"),
        NoticeKind.REPRESENTATION: _("News about who acts for whom"),
    }[kind]


def outdated_words(kind: NoticeKind) -> str:
    if kind is NoticeKind.REQUEST:
        return _("A request came, which no longer waits for your answer")
    return _("An approval was to end soon, and no longer holds")
