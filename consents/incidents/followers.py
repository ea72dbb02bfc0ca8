"""Followers that tell the people affected by an incident, part by part, and send their mails."""

from consents.incidents.actions import tell_part, tell_shown_again
from consents.incidents.mails import send_incident
from consents.incidents.topics import INCIDENT_MAIL_DUE, INCIDENT_NOTICES_DUE, IncidentMail, NoticesDue
from disclosures.models import AffectedList, IncidentStep
from disclosures.officers.topics import DISCLOSURE_SHOWN_AGAIN, ShownAgain
from privacycenter.models import User
from privacycenter.outbox.followers import Follower, Lane

incident_notices = Follower("incident-notices")
incident_mails = Follower("incident-mails", lane=Lane.OUTSIDE)


@incident_notices.follows(INCIDENT_NOTICES_DUE)
def tell(due: NoticesDue) -> None:
    """Tell one part. In the transaction that deletes its outbox row and leaves the next: killed anywhere, nobody is
    left out, and nobody is told twice."""
    step = IncidentStep.objects.select_related("incident").get(pk=due.step)
    tell_part(incident=step.incident, affected=AffectedList.objects.get(pk=due.list), due=due)


@incident_notices.follows(DISCLOSURE_SHOWN_AGAIN)
def tell_later(shown: ShownAgain) -> None:
    """Tell who could not be told while the law kept the disclosure back."""
    tell_shown_again(person=shown.person)


@incident_mails.follows(INCIDENT_MAIL_DUE)
def mail(due: IncidentMail) -> None:
    person = User.objects.select_related("merged_into").filter(pk=due.person).first()
    if person:
        send_incident(person=person.merged_into or person, incident=due.incident)
