"""Each refusal of an action on recalls: it says why, and nothing was written."""

import pytest

from consents.models import RecallCase, RecallKind, RecallStepKind
from consents.recalls.about import About, AboutKind
from consents.recalls.actions import file_recall, take_back_recall, take_recall_step, tell_recipient_by_mail
from consents.recalls.countersigned import matter_of_case
from consents.withdrawals.actions import LONGEST_REASON
from disclosures.countersigning.queries import offered
from disclosures.inquiries.actions import Filing, file_inquiry
from disclosures.inquiries.numbers import new_token
from disclosures.models import InquiryKind
from privacycenter.identifiers import uuid7
from tests.support.countersigning import registered, signed
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

LAW = {"ja": "法律で決まっているため"}
INN = About(AboutKind.RECIPIENT, "minato-inn")


def filing(has, about=INN, **more):
    assert has.disclosure
    return {"kind": RecallKind.DELETE, "about": about, "by": has.hanako, **more}


def sent(person, kind=InquiryKind.CORRECTION):
    filing = Filing(new_token(), kind, "花子", "hanako@example.jp", "電話番号が違います。", "", "ja")
    return file_inquiry(filing=filing, by=person)[0]


def filing_for(has, *, sent_by=None, inquiry=""):
    number = sent(sent_by).reference if sent_by else inquiry
    return {**filing(has), "for_person": has.hanako, "inquiry": number, "by": has.officer}


def case_of(has, *, after=None):
    """The case of a recall. ``after``: the step that was taken before."""
    recall = file_recall(**filing(has))
    case = RecallCase.objects.get(recall_id=recall.id)
    if after:
        take_recall_step(case=case, kind=after, reason=LAW if after.needs_reason else None, by=has.reporter)
    return case


def step(has, kind, reason=None, *, after=None):
    return {"case": case_of(has, after=after), "kind": kind, "reason": reason, "by": has.reporter}


def signing(has, said):
    registered(has.editor)
    case = RecallCase.objects.with_references().get(pk=case_of(has).pk)
    text = offered(matter_of_case(case))[said]
    return {"case": case, "kind": Kind.DELETED, "signed": signed(text), "by": has.reporter}


def taking_back(has, *, after=None):
    return {"recall": case_of(has, after=after).recall_id, "by": has.hanako}


def telling(has, address="privacy@inn.example", *, after=None):
    return {"case": case_of(has, after=after), "address": address, "by": has.officer}


Kind = RecallStepKind
CASES = [
    Refused(file_recall, "Nobody is left", lambda has: filing(has, About(AboutKind.RECIPIENT, "komorebi-toge"))),
    Refused(file_recall, "not told of such an incident", lambda has: filing(has, incident=uuid7())),
    Refused(file_recall, "sent no such request", lambda has: filing_for(has, sent_by=has.taro)),
    Refused(file_recall, "sent no such request", lambda has: filing(has, inquiry=sent(has.hanako).reference)),
    Refused(file_recall, "sent no such request", lambda has: filing_for(has, inquiry="PC-2611-0000-0000")),
    Refused(file_recall, "Connect the request", lambda has: filing_for(has, inquiry=sent(None).reference)),
    Refused(
        file_recall, "asks recipients for nothing",
        lambda has: filing_for(has, inquiry=sent(has.hanako, InquiryKind.QUESTION).reference),
    ),
    Refused(take_recall_step, "does not answer a recall", lambda has: step(has, Kind.CORRECTED)),
    Refused(take_recall_step, "does not answer a recall", lambda has: step(has, Kind.TAKEN_BACK)),
    Refused(take_recall_step, "reason in Japanese", lambda has: step(has, Kind.REFUSED, {"en": "No."})),
    Refused(take_recall_step, "Only what is kept", lambda has: step(has, Kind.DELETED, LAW)),
    Refused(take_recall_step, "reason", lambda has: step(has, Kind.KEPT, {"ja": "\u200b"})),
    Refused(take_recall_step, "At most ", lambda has: step(has, Kind.KEPT, {"ja": "法" * (LONGEST_REASON + 1)})),
    Refused(take_recall_step, "told first stays", lambda has: step(has, Kind.KEPT, {"ja": "別"}, after=Kind.KEPT)),
    Refused(take_recall_step, "later step", lambda has: step(has, Kind.TOLD, after=Kind.DELETED)),
    Refused(take_recall_step, "signed something else", lambda has: signing(has, "received")),
    Refused(take_recall_step, "comes from a service", lambda has: {**signing(has, "deleted"), "by": has.officer}),
    Refused(take_back_recall, "Nothing of this recall", lambda has: taking_back(has, after=Kind.DELETED)),
    Refused(tell_recipient_by_mail, "not an e-mail address", lambda has: telling(has, "no address")),
    Refused(tell_recipient_by_mail, "The case is closed", lambda has: telling(has, after=Kind.DELETED)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.recalls", CASES) == []
