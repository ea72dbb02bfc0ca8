"""Actions on proposals: propose a state of the content, approve it, and publish it at once or at a set time.

Each first takes the publishing lock, so that concurrent calls run one after another.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from disclosures.approvers.queries import refuse_new_approver
from disclosures.models import Proposal, ProposalApproval, ProposalOutcome, Publication, Verdict
from disclosures.proposals.topics import PROPOSAL_DUE, ProposalDue
from disclosures.publishing.actions import append_publication, as_it_was, lock_publishing, publishable
from disclosures.publishing.held_at_once import held_findings
from disclosures.publishing.publications import Document
from privacycenter.errors import InvalidValue, NoLongerOpen, SecondPersonNeeded
from privacycenter.models import User
from privacycenter.outbox.leaving import leave


@transaction.atomic
def propose_publication(
    *, reason: str = "", publish_at: datetime | None = None, seen: str | None = None, by: User
) -> Proposal:
    """Freeze the working copy and propose it. ``publish_at`` is None for "as soon as it is approved".

    ``seen`` is the hash of the working copy that the editor looked at, if any. With a time, it is approved at once if
    ``by`` may publish and no second person is needed. Raises TextChanged if the working copy is no longer the one that
    was ``seen``, NothingToPublish, NotPublishable, and InvalidValue for a time in the past.
    """
    newest = lock_publishing()
    document, sha256 = publishable(newest, seen)
    if publish_at and publish_at <= timezone.now():
        raise InvalidValue("The time to publish has passed.", "publish_at")
    return propose(document, sha256, newest, reason, publish_at, by)


@transaction.atomic
def propose_republication(*, publication: Publication, reason: str = "", by: User) -> Proposal:
    """Propose rolling back to an earlier publication. Raises NothingToPublish if visitors see it already."""
    newest = lock_publishing()
    document, sha256 = as_it_was(publication, newest)
    return propose(document, sha256, newest, reason, None, by)


def propose(
    document: Document, sha256: str, newest: Publication | None, reason: str, publish_at: datetime | None, by: User
) -> Proposal:
    proposal = Proposal.objects.create(
        document=document,
        sha256=sha256,
        base_number=newest.number if newest else 0,
        reason=reason,
        publish_at=publish_at,
        proposed_at=timezone.now(),
        proposed_by=by,
    )
    if publish_at and by.has_perm("disclosures.add_publication") and not settings.SECOND_PERSON:
        approve(proposal, by)
    return proposal


@transaction.atomic
def approve_proposal(*, proposal: Proposal, by: User) -> Publication | None:
    """Approve a proposal. Without a set time, publish it now and return the publication.

    Raises NoLongerOpen if it has ended, was approved already, or something else was published since it was proposed;
    SecondPersonNeeded if ``by`` proposed it and nobody may publish alone, ApproverIsNew if ``by`` may approve only
    later.
    """
    newest = lock_publishing()
    refuse_if_ended(proposal)
    if settings.SECOND_PERSON and proposal.proposed_by_id == by.pk:
        raise SecondPersonNeeded("Another person than the one who proposed it has to approve it.")
    refuse_new_approver(by)
    if ProposalApproval.objects.filter(proposal=proposal).exists():
        raise NoLongerOpen("This proposal was approved already.")
    if proposal.base_number != (newest.number if newest else 0):
        raise NoLongerOpen("Something else was published since this was proposed. Propose it anew.")
    if held_findings(None, proposal.document):
        raise NoLongerOpen("This would end a hold that a privacy officer set. Propose it anew.")
    approve(proposal, by)
    return None if proposal.publish_at else publish_proposal(proposal, newest)


def approve(proposal: Proposal, by: User) -> None:
    ProposalApproval.objects.create(proposal=proposal, approved_at=timezone.now(), approved_by=by)
    if proposal.publish_at:
        leave(PROPOSAL_DUE, ProposalDue(proposal=proposal.pk), due_at=proposal.publish_at)


@transaction.atomic
def publish_due_proposal(*, proposal: Proposal) -> Publication | None:
    """Publish a proposal whose time has come.

    None if it has ended, is not approved, is outdated, or was approved by who proposed it although by now nobody may
    publish alone; the last two are ended.
    """
    newest = lock_publishing()
    approval = ProposalApproval.objects.filter(proposal=proposal).first()
    if has_ended(proposal) or approval is None:
        return None
    if settings.SECOND_PERSON and approval.approved_by_id == proposal.proposed_by_id:
        end(proposal, Verdict.ALONE, by=None)
        return None
    if proposal.base_number != (newest.number if newest else 0) or held_findings(None, proposal.document):
        end(proposal, Verdict.OUTDATED, by=None)
        return None
    return publish_proposal(proposal, newest)


def publish_proposal(proposal: Proposal, newest: Publication | None) -> Publication:
    approver = ProposalApproval.objects.select_related("approved_by").get(proposal=proposal).approved_by
    publication = append_publication(proposal.document, proposal.sha256, newest, approver, proposal.reason)
    end(proposal, Verdict.PUBLISHED, publication=publication.number, by=None if proposal.publish_at else approver)
    return publication


@transaction.atomic
def reject_proposal(*, proposal: Proposal, note: str, by: User) -> None:
    """Reject a proposal with a reason. Raises NoLongerOpen if it has ended, InvalidValue without a reason."""
    lock_publishing()
    refuse_if_ended(proposal)
    if not note.strip():
        raise InvalidValue("Say why it is rejected.", "note")
    end(proposal, Verdict.REJECTED, note=note, by=by)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: User) -> None:
    """Withdraw one's own proposal, approved or not. Raises NoLongerOpen if it has ended."""
    lock_publishing()
    refuse_if_ended(proposal)
    end(proposal, Verdict.WITHDRAWN, by=by)


def has_ended(proposal: Proposal) -> bool:
    return ProposalOutcome.objects.filter(proposal=proposal).exists()


def refuse_if_ended(proposal: Proposal) -> None:
    if has_ended(proposal):
        raise NoLongerOpen("This proposal has ended already.")


def end(
    proposal: Proposal, verdict: Verdict, *, note: str = "", publication: int | None = None, by: User | None
) -> None:
    ProposalOutcome.objects.create(
        proposal=proposal, verdict=verdict, note=note, publication=publication, ended_at=timezone.now(), ended_by=by
    )
