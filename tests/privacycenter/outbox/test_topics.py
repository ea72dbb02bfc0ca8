"""Every topic of the product: what is left comes back the same, and whoever declares one wrongly is told."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.core.checks import Error, run_checks
from pydantic import ValidationError

from consents.asking.topics import (
    APPROVAL_ENDING,
    APPROVALS_CHANGED,
    DECISION_MADE,
    DECISION_WITHDRAWN,
    REQUEST_EXPIRED,
    REQUEST_EXPIRING,
    REQUEST_WAITING,
    AboutDecision,
    AboutRequest,
)  # fmt: skip
from consents.exports.topics import EXPORT_EXPIRING, EXPORT_READY, EXPORT_REQUESTED, AboutExport
from consents.incidents.topics import INCIDENT_MAIL_DUE, INCIDENT_NOTICES_DUE, IncidentMail, NoticesDue
from consents.models.deliveries import EventType
from consents.notices.topics import DIGEST_DUE, DigestDue
from consents.recalls.topics import (
    RECALL_FILED,
    RECALL_MAIL_ASKED,
    RECALL_MOVED,
    AboutRecall,
    MailAsked,
    RecallMoved,
)
from consents.representatives.topics import (
    REPRESENTATION_CHANGED,
    REPRESENTATION_OVER,
    AboutRepresentation,
    RepresentationNews,
)
from consents.webhooks.topics import WEBHOOK_DELIVERED, WEBHOOK_DUE, WebhookDelivered, WebhookDue
from consents.withdrawals.topics import WITHDRAWAL_MOVED, WithdrawalMoved
from disclosures.accounts.topics import ACCOUNT_CHANGED, AccountChanged
from disclosures.affected.topics import AFFECTED_LIST_ASKED, ListAsked
from disclosures.approvers.topics import APPROVER_NOTICED, ApproverNoticed
from disclosures.attachments.topics import FILES_IN_DOUBT, FilesInDoubt
from disclosures.bulk_uploads.topics import UPLOAD_ENDED, UPLOAD_EXPIRING, UPLOAD_TO_RECORD, AboutUpload
from disclosures.change_sets.topics import SET_NOT_ENDED, SetNotEnded
from disclosures.coverage.topics import HEARTBEAT_RECEIVED, HeartbeatReceived
from disclosures.inquiries.topics import (
    INQUIRY_FILED,
    INQUIRY_STEP_TAKEN,
    INQUIRY_TOLD,
    InquiryFiled,
    InquiryStepTaken,
    InquiryTold,
)
from disclosures.ledger.topics import DISCLOSURES_RECORDED, DisclosuresRecorded
from disclosures.officers.topics import CASE_TOLD, DISCLOSURE_SHOWN_AGAIN, CaseTold, ShownAgain
from disclosures.proposals.topics import PROPOSAL_DUE, PROPOSAL_LOST, ProposalDue, ProposalLost
from disclosures.publishing.topics import CONTENT_PUBLISHED, SET_UNTIL, ContentPublished, SetUntil
from disclosures.staff_mails.topics import STAFF_MAIL_DUE, StaffMailDue
from privacycenter.accounts.topics import LOGGED_IN_ANEW, NewDevice
from privacycenter.models import OutboxRow
from privacycenter.outbox.checks import declared_topics, follower_errors, topic_errors
from privacycenter.outbox.followers import Follower
from privacycenter.outbox.leaving import leave, still_left
from privacycenter.outbox.topics import Payload, Topic
from privacycenter.proof.topics import (
    CHECKPOINT_SIGNED,
    RECORD_GREW,
    RECORD_RESEALED,
    CheckpointSigned,
    RecordGrew,
    RecordResealed,
)

ID = UUID("018f3c1e-7b2a-8abc-9def-0123456789ab")
AT = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
ABOUT_DECISION, ABOUT_REQUEST = AboutDecision(person=1, decision=ID), AboutRequest(person=1, request=ID)
EXAMPLES = [
    (DISCLOSURES_RECORDED, DisclosuresRecorded(reporter=1, at=AT, counts=((2, 3),), rows=((4, 5, 0), (4, 5, 9)))),
    (HEARTBEAT_RECEIVED, HeartbeatReceived(heartbeat=1)),
    (PROPOSAL_DUE, ProposalDue(proposal=1)),
    (PROPOSAL_LOST, ProposalLost(proposal=1)),
    (CONTENT_PUBLISHED, ContentPublished(number=1)),
    (SET_UNTIL, SetUntil(change_set=1)),
    (SET_NOT_ENDED, SetNotEnded(step=1)),
    (CASE_TOLD, CaseTold(step=1)),
    (FILES_IN_DOUBT, FilesInDoubt(names=["a", "b"])),
    (UPLOAD_TO_RECORD, AboutUpload(upload=ID)),
    (UPLOAD_EXPIRING, AboutUpload(upload=ID)),
    (UPLOAD_ENDED, AboutUpload(upload=ID)),
    (STAFF_MAIL_DUE, StaffMailDue(mail=1)),
    (AFFECTED_LIST_ASKED, ListAsked(list=ID)),
    (INCIDENT_NOTICES_DUE, NoticesDue(step=1, list=ID, after=2, part=3)),
    (INCIDENT_MAIL_DUE, IncidentMail(person=1, incident=ID)),
    (REPRESENTATION_CHANGED, RepresentationNews(person=1, representation=ID, news="ended")),
    (REPRESENTATION_OVER, AboutRepresentation(person=1, representation=ID)),
    (RECALL_FILED, AboutRecall(person=1, recall=ID)),
    (RECALL_MOVED, RecallMoved(person=1, recall=ID, case=ID, step="deleted", at=AT)),
    (RECALL_MAIL_ASKED, MailAsked(mail=1, is_reminder=True)),
    (DISCLOSURE_SHOWN_AGAIN, ShownAgain(person=1, recipient=2)),
    (ACCOUNT_CHANGED, AccountChanged(person=1, step=ID, address="hanako@example.jp")),
    (APPROVER_NOTICED, ApproverNoticed(row=1)),
    (INQUIRY_FILED, InquiryFiled(inquiry=1)),
    (INQUIRY_STEP_TAKEN, InquiryStepTaken(inquiry=1, step=2)),
    (INQUIRY_TOLD, InquiryTold(inquiry=1, event=3)),
    (REQUEST_WAITING, ABOUT_REQUEST),
    (REQUEST_EXPIRING, ABOUT_REQUEST),
    (REQUEST_EXPIRED, ABOUT_REQUEST),
    (DECISION_MADE, ABOUT_DECISION),
    (DECISION_WITHDRAWN, ABOUT_DECISION),
    (APPROVAL_ENDING, ABOUT_DECISION),
    (APPROVALS_CHANGED, ABOUT_DECISION),
    (WITHDRAWAL_MOVED, WithdrawalMoved(person=1, withdrawal=ID, step="told")),
    (WEBHOOK_DUE, WebhookDue(delivery=1, attempt=0)),
    (WEBHOOK_DELIVERED, WebhookDelivered(person=1, type=EventType.DECISION_MADE, decision=ID, reporter=2)),
    (WEBHOOK_DELIVERED, WebhookDelivered(person=1, type=EventType.REQUEST_EXPIRED, decision=None, reporter=2)),
    (LOGGED_IN_ANEW, NewDevice(person=1, device=ID, user_agent="Firefox", at=AT)),
    (DIGEST_DUE, DigestDue(person=1, day=date(2026, 3, 1))),
    (EXPORT_REQUESTED, AboutExport(person=1, export=ID)),
    (EXPORT_READY, AboutExport(person=1, export=ID)),
    (EXPORT_EXPIRING, AboutExport(person=1, export=ID)),
    (RECORD_GREW, RecordGrew(rows=((1, 2, ID),))),
    (RECORD_RESEALED, RecordResealed(person=1)),
    (CHECKPOINT_SIGNED, CheckpointSigned(size=1, witness="w")),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("topic", "payload"), EXAMPLES, ids=[topic.name for topic, _payload in EXAMPLES])
def test_what_is_left_comes_back_the_same_for_each_follower(topic, payload):
    leave(topic, payload)
    rows = list(OutboxRow.objects.all())
    assert [topic.from_json(row.payload) for row in rows] == [payload] * len(rows)
    assert rows and {row.topic for row in rows} == {topic.name}


def test_every_topic_is_among_the_examples():
    assert {topic.name for topic in declared_topics()} == {topic.name for topic, _payload in EXAMPLES}


@pytest.mark.parametrize("topic", declared_topics(), ids=str)
@pytest.mark.parametrize("stored", [{}, {"nonsense": 1}, [], None, "text"])
def test_what_is_no_payload_is_refused(topic, stored):
    with pytest.raises(ValidationError):
        topic.from_json(stored)


def test_time_without_a_zone_is_refused():
    with pytest.raises(ValidationError):
        DisclosuresRecorded(reporter=1, at=datetime(2026, 3, 1), counts=(), rows=())


def test_refusal_names_the_field_and_not_what_it_held():
    with pytest.raises(ValidationError, match="person") as refused:
        DECISION_MADE.from_json({"person": "hanako@example.com", "decision": str(ID)})
    assert "hanako" not in str(refused.value)


def test_payload_cannot_be_changed():
    with pytest.raises(ValidationError):
        ABOUT_DECISION.person = 2


# --- What `check` says ------------------------------------------------------------------------------------------------


class Nothing(Payload):
    pass


MADE, MADE_AGAIN, UNHEARD = Topic("made", Nothing), Topic("made", Nothing), Topic("unheard", Nothing)
good, twin, idle = Follower("good"), Follower("good"), Follower("idle")
NO_FOLLOWER = "not a follower"


@good.follows(MADE)
def do(payload):
    pass


def ids(errors: list[Error]) -> list[str]:
    return [error.id.removeprefix("privacycenter.") for error in errors]


def outbox_errors() -> list[str]:
    return ids(error for error in run_checks() if error.id.startswith("privacycenter.E01"))


def test_check_finds_nothing_wrong_with_the_product():
    assert outbox_errors() == []


def test_check_names_a_topic_that_nobody_follows():
    (error,) = topic_errors([MADE, UNHEARD], [good])
    assert (ids([error]), "unheard" in error.msg) == (["E013"], True)


def test_check_names_two_topics_of_one_name():
    twin.works = {MADE_AGAIN: do}
    assert ids(topic_errors([MADE, MADE_AGAIN], [good, twin])) == ["E012"]


def test_check_names_two_followers_of_one_name():
    twin.works = {MADE: do}
    assert ids(follower_errors([good, twin], [MADE], [])) == ["E014"]


def test_check_names_a_follower_without_a_topic():
    assert ids(follower_errors([good, idle], [MADE], [])) == ["E015"]


def test_check_names_a_follower_of_a_topic_that_is_declared_nowhere():
    assert ids(follower_errors([good], [UNHEARD], [])) == ["E016"]


def test_check_names_a_follower_that_nobody_lets_work():
    assert ids(follower_errors([good], [MADE], [good, idle])) == ["E017"]


@pytest.mark.parametrize("name", ["disclosures.coverage.nowhere.coverage", "coverage", f"{__name__}.NO_FOLLOWER"])
def test_check_names_what_cannot_be_a_follower(settings, name):
    settings.FOLLOWERS = [*settings.FOLLOWERS, name]
    assert outbox_errors() == ["E011"]


def test_check_names_what_follows_from_a_follower_that_was_forgotten(settings):
    settings.FOLLOWERS = [name for name in settings.FOLLOWERS if not name.endswith(".publishing")]
    # What is left with each publication is for it alone, too.
    assert outbox_errors() == ["E013", "E013", "E017"]


def test_check_names_a_follower_that_stands_there_twice(settings):
    settings.FOLLOWERS = [*settings.FOLLOWERS, settings.FOLLOWERS[0]]
    assert outbox_errors() == ["E014"]


def test_follower_does_a_topic_in_one_way():
    with pytest.raises(ValueError, match="made"):
        good.follows(MADE)(do)


@pytest.mark.parametrize("follower", ["heartbeat", "coverage"])
def test_still_left_to_nobody_is_refused(follower):
    with pytest.raises(LookupError, match=follower):
        next(still_left(HEARTBEAT_RECEIVED, follower))


@pytest.mark.django_db
def test_still_left_reads_what_was_left():
    leave(HEARTBEAT_RECEIVED, HeartbeatReceived(heartbeat=7))
    assert [left.heartbeat for left in still_left(HEARTBEAT_RECEIVED, "heartbeats")] == [7]
