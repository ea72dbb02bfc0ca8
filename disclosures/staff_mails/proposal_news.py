"""What is new about proposals and set times, for editors and publishers. It says nothing of what would be published."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from disclosures.models import Proposal, ProposalApproval, ProposalOutcome, Verdict
from disclosures.staff_mails.news import News

SEES, APPROVES = "disclosures.view_proposal", "disclosures.add_proposalapproval"
PAGE = "admin:proposal"


def proposal_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield what was proposed, what was approved for a set time, and how proposals ended. Three SQL statements.

    Who proposed hears what others did with it; who approves hears what waits and what ended by itself or was withdrawn.
    """
    yield from proposed(since, until)
    yield from approved(since, until)
    yield from ended(since, until)


def proposed(since: datetime, until: datetime) -> Iterator[News]:
    """What waits for an approval. One that was approved or ended before the mail is told as that alone."""
    rows = Proposal.objects.filter(proposed_at__gt=since, proposed_at__lte=until, approval=None, outcome=None)
    for row in rows.defer("document").order_by("pk"):
        text = _("Proposal %(number)s waits for an approval.") % {"number": row.pk}
        yield News(APPROVES, text, PAGE, row.pk, done_by=row.proposed_by_id)


def approved(since: datetime, until: datetime) -> Iterator[News]:
    """What waits for its time. One without a time is published by its approval."""
    rows = ProposalApproval.objects.filter(approved_at__gt=since, approved_at__lte=until, proposal__outcome=None)
    for row in rows.select_related("proposal").defer("proposal__document").order_by("pk"):
        proposal = row.proposal
        if proposal.publish_at:
            at = date_format(localtime(proposal.publish_at), "DATETIME_FORMAT")
            text = _("Proposal %(number)s is approved, to be published on %(at)s.") % {"number": proposal.pk, "at": at}
            yield News(SEES, text, PAGE, proposal.pk, concerns=proposal.proposed_by_id, done_by=row.approved_by_id)


def ended(since: datetime, until: datetime) -> Iterator[News]:
    """How proposals ended: told to who proposed, and to who approves unless one of them did it."""
    rows = ProposalOutcome.objects.filter(ended_at__gt=since, ended_at__lte=until)
    for row in rows.select_related("proposal").defer("proposal__document").order_by("pk"):
        text = words_for(Verdict(row.verdict)) % {"number": row.proposal_id}
        author = row.proposal.proposed_by_id
        if row.verdict == Verdict.WITHDRAWN or row.ended_by_id is None:
            yield News(APPROVES, text, PAGE, row.proposal_id, done_by=row.ended_by_id or author)
        if row.verdict != Verdict.WITHDRAWN:
            yield News(SEES, text, PAGE, row.proposal_id, concerns=author, done_by=row.ended_by_id)


def words_for(verdict: Verdict) -> str:
    return {
        Verdict.PUBLISHED: _("Proposal %(number)s was published."),
        Verdict.REJECTED: _("Proposal %(number)s was rejected. Its page says why."),
        Verdict.WITHDRAWN: _("Proposal %(number)s was withdrawn."),
        Verdict.OUTDATED: _("Proposal %(number)s could not be published: something else was published before."),
        Verdict.ALONE: _("Proposal %(number)s could not be published: nobody but its author had approved it."),
    }[verdict]
