"""Actions on proposals: propose a state of the content, approve it, and publish it at once or at a set time.

Each first takes the publishing lock, so that concurrent calls run one after another.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from disclosures.approvers.queries import refuse_new_approver
from disclosures.content.merging import Patch, patch_between
from disclosures.content.open_sets import read_patch, stored_patch
from disclosures.content.publications import Document
from disclosures.models import ChangeSet, Proposal, ProposalApproval, ProposalOutcome, Publication, Verdict
from disclosures.proposals.rebasing import as_of_today
from disclosures.proposals.topics import PROPOSAL_DUE, PROPOSAL_LOST, ProposalDue, ProposalLost
from disclosures.publishing.actions import append_publication, as_it_was, lock_publishing, publishable, roll_back
from disclosures.publishing.set_actions import append_set, open_set, publishable_set
from privacycenter.canonical import sha256_of
from privacycenter.errors import InvalidValue, NoLongerOpen, SecondPersonNeeded
from privacycenter.models import User
from privacycenter.outbox.leaving import leave


@transaction.atomic
def propose_publication(
    *,
    reason: str = "",
    publish_at: datetime | None = None,
    seen: str | None = None,
    change_set: ChangeSet | None = None,
    by: User,
) -> Proposal:
    """Freeze what a set changes, or all that waits and is under no embargo, and propose it.

    ``publish_at`` is None for "as soon as it is approved". ``seen`` is the hash of the document that the editor looked
    at, if any. With a time, it is approved at once if ``by`` may publish and no second person is needed. Raises
    TextChanged if it is no longer what was ``seen``, NothingToPublish, NotPublishable, InvalidValue for a time in the
    past, and for a set NoLongerOpen, UnderEmbargo and ChangesCollide as ``publish_set`` does.
    """
    newest = lock_publishing()
    if change_set is None:
        document, sha256 = publishable(newest, seen)
        patch: Patch = patch_between(newest.document if newest else {}, document)
    else:
        change_set = open_set(change_set)
        document, sha256, patch = publishable_set(change_set, newest, seen, by)
    if publish_at and publish_at <= timezone.now():
        raise InvalidValue("The time to publish has passed.", "publish_at")
    frozen = {"patch": stored_patch(patch), "change_set": change_set}
    return propose(document, sha256, newest, reason, publish_at, by, **frozen)


@transaction.atomic
def propose_republication(*, publication: Publication, reason: str = "", by: User) -> Proposal:
    """Propose rolling back to an earlier publication. Raises NothingToPublish if visitors see it already."""
    newest = lock_publishing()
    document, sha256 = as_it_was(publication, newest)
    return propose(document, sha256, newest, reason, None, by)


def propose(
    document: Document, sha256: str, newest: Publication | None, reason: str, publish_at: datetime | None, by: User,
    **frozen: Any,
) -> Proposal:  # fmt: skip
    proposal = Proposal.objects.create(
        document=document,
        sha256=sha256,
        base_number=newest.number if newest else 0,
        reason=reason,
        publish_at=publish_at,
        proposed_at=timezone.now(),
        proposed_by=by,
        **frozen,
    )
    if publish_at and by.has_perm("disclosures.add_publication") and not settings.SECOND_PERSON:
        approve(proposal, by)
    return proposal


@transaction.atomic
def approve_proposal(*, proposal: Proposal, by: User) -> Publication | None:
    """Approve a proposal. Without a set time, publish it now and return the publication.

    Raises NoLongerOpen if it has ended, was approved already, or something published since it was proposed keeps it
    from being published; SecondPersonNeeded if ``by`` proposed it and nobody may publish alone, ApproverIsNew if ``by``
    may approve only later.
    """
    newest = lock_publishing()
    proposal = as_it_is(proposal)
    refuse_if_ended(proposal)
    if settings.SECOND_PERSON and proposal.proposed_by_id == by.pk:
        raise SecondPersonNeeded("Another person than the one who proposed it has to approve it.")
    refuse_new_approver(by)
    if ProposalApproval.objects.filter(proposal=proposal).exists():
        raise NoLongerOpen("This proposal was approved already.")
    document, why = as_of_today(proposal, newest)
    if document is None:
        raise NoLongerOpen(f"This can no longer be published: {why}")
    approve(proposal, by)
    return None if proposal.publish_at else publish_proposal(proposal, document, newest)


def approve(proposal: Proposal, by: User) -> None:
    ProposalApproval.objects.create(proposal=proposal, approved_at=timezone.now(), approved_by=by)
    if proposal.publish_at:
        leave(PROPOSAL_DUE, ProposalDue(proposal=proposal.pk), due_at=proposal.publish_at)


@transaction.atomic
def publish_due_proposal(*, proposal: Proposal) -> Publication | None:
    """Publish a proposal whose time has come, put onto what is published by now.

    None if it has ended, is not approved, cannot be published any more, or was approved by who proposed it although by
    now nobody may publish alone; the last two are ended, and who proposed it is told.
    """
    newest = lock_publishing()
    proposal = as_it_is(proposal)
    approval = ProposalApproval.objects.filter(proposal=proposal).first()
    if has_ended(proposal) or approval is None:
        return None
    if settings.SECOND_PERSON and approval.approved_by_id == proposal.proposed_by_id:
        end_untimely(proposal, Verdict.ALONE)
        return None
    document, why = as_of_today(proposal, newest)
    if document is None:
        end_untimely(proposal, Verdict.OUTDATED, why)
        return None
    return publish_proposal(proposal, document, newest)


@transaction.atomic
def end_outdated_proposals() -> int:
    """End each open proposal that can no longer be published, and have who proposed it told. Return how many ended."""
    newest = lock_publishing()
    ended = 0
    for proposal in Proposal.objects.open().select_related("change_set__owner").order_by("pk"):
        document, why = as_of_today(proposal, newest)
        if document is None:
            end_untimely(proposal, Verdict.OUTDATED, why)
            ended += 1
    return ended


def as_it_is(proposal: Proposal) -> Proposal:
    """Return the proposal with its set as it is now. To be called under the publishing lock."""
    return Proposal.objects.select_related("change_set__owner").get(pk=proposal.pk)


def end_untimely(proposal: Proposal, verdict: Verdict, note: str = "") -> None:
    end(proposal, verdict, note=note, by=None)
    leave(PROPOSAL_LOST, ProposalLost(proposal=proposal.pk))


def publish_proposal(proposal: Proposal, document: Document, newest: Publication | None) -> Publication:
    approver = ProposalApproval.objects.select_related("approved_by").get(proposal=proposal).approved_by
    sha256, reason, change_set = sha256_of(document), proposal.reason, proposal.change_set
    if proposal.patch is None:
        publication = roll_back(document, sha256, newest, approver, reason)
    elif change_set is None or not change_set.is_open:
        publication = append_publication(document, sha256, newest, approver, reason)
    else:
        patch = read_patch(proposal.patch)
        publication = append_set(change_set, document, sha256, patch, newest, reason, approver)
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
