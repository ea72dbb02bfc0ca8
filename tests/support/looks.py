"""Looking a person up at the desk, and what a look-up may be about."""

from django.utils import timezone

from consents.incidents.actions import attach_list, open_incident
from disclosures.affected.actions import ask_for_list
from disclosures.inquiries.actions import Filing, file_inquiry
from disclosures.inquiries.numbers import new_token
from disclosures.models import InquiryKind, LookScope
from tests.support.incidents import INN, WHY

RECORDS = "/admin/records/"
REASON = "本人からの電話での問い合わせのため"


def look_up(client, person, scope=LookScope.WHOLE, of=""):
    return client.post(RECORDS, {"who": person.subject, "scope": scope, "of": of, "reason": REASON})


def an_inquiry(person, about=""):
    """A request of this person to the operator."""
    filing = Filing(
        new_token(), InquiryKind.QUESTION, "山田 花子", "hanako@example.jp", "教えてください。", about, "ja"
    )
    return file_inquiry(filing=filing, by=person)[0]


def an_incident(officer, filters=INN):
    """An incident with a list of who was affected at the inn of ``events.an_event``."""
    made = open_incident(title="みなと湯宿の漏えい", noticed_at=timezone.now(), by=officer)
    affected = ask_for_list(filters=filters, reason=WHY, by=officer, is_made_now=True)
    attach_list(incident=made, affected=affected, by=officer)
    return made
