"""Followers that publish an approved proposal at its time, end those that no longer fit, and tell who proposed them."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.models import Proposal
from disclosures.proposals.actions import end_outdated_proposals, publish_due_proposal
from disclosures.proposals.mail_languages import language_of
from disclosures.proposals.topics import PROPOSAL_DUE, PROPOSAL_LOST, ProposalDue, ProposalLost
from disclosures.publishing.topics import CONTENT_PUBLISHED, ContentPublished
from privacycenter.mails import automatic_mail
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.text.languages import speaking

publishing = Follower("publishing")
proposal_mails = Follower("proposal_mails", lane=Lane.OUTSIDE)


@publishing.follows(PROPOSAL_DUE)
def publish_when_due(due: ProposalDue) -> None:
    """Publish an approved proposal at its time. Repeating publishes it once."""
    publish_due_proposal(proposal=Proposal.objects.get(pk=due.proposal))


@publishing.follows(CONTENT_PUBLISHED)
def try_open_proposals(published: ContentPublished) -> None:
    """End the proposals that the publication keeps from being published. Repeating ends none twice."""
    end_outdated_proposals()


@proposal_mails.follows(PROPOSAL_LOST)
def tell_who_proposed(lost: ProposalLost) -> None:
    """Send one mail to who proposed it. It says why, and nothing of the texts. Sent at least once."""
    proposal = Proposal.objects.select_related("proposed_by", "outcome", "change_set").get(pk=lost.proposal)
    staff = proposal.proposed_by
    if not (staff.email and staff.is_active):
        return
    with speaking(language_of(staff)):
        context = {
            "proposal": proposal,
            "verdict": proposal.outcome.get_verdict_display(),
            "address": settings.SITE_ADDRESS + reverse("admin:proposal", args=[proposal.pk]),
        }
        subject = _("Your proposal %(number)s was not published") % {"number": proposal.pk}
        automatic_mail(subject, "proposals/mails/proposal_lost.txt", context, staff.email).send()
