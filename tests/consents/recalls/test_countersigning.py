"""A recipient signs with its key what it did about a recall: through the service, or on the page of its link."""

import re

import pytest
from django.core import mail
from django.test import Client

from consents.models import RecallCase, RecallKind, RecallStepKind
from consents.recalls.about import About, AboutKind
from consents.recalls.actions import file_recall, take_recall_step, tell_recipient_by_mail
from consents.recalls.countersigned import matter_of_case
from consents.recalls.queries import public_case_id
from disclosures.countersigning.actions import retire_key
from disclosures.countersigning.queries import offered
from disclosures.models import Countersignature
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.commands import old, purge, verify
from tests.support.countersigning import INN_KEY, OTHER_KEY, body, fingerprint, registered, signed
from tests.support.events import an_event, record
from tests.support.html import read
from tests.support.log import checked, seal_and_sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(hanako, disclosure):
    recall = file_recall(kind=RecallKind.DELETE, about=About(AboutKind.RECIPIENT, "minato-inn"), by=hanako)
    return RecallCase.objects.with_references().select_related("whose").get(recall_id=recall.id)


@pytest.fixture
def key(editor):
    return registered(editor)


def to_sign(api, case):
    return api.get(f"/recalls/{public_case_id(case)}").json()["to_sign"]


def step(api, case, kind, text=None, private=INN_KEY):
    of = body(signed(text, private)) if text else None
    return api.post(f"/recalls/{public_case_id(case)}/steps", {"step": kind, "countersignature": of})


# --- Through the service ---------------------------------------------------------------------------------------------


def test_service_reports_the_deletion_with_the_recipients_signature(api, hanako, case, key, as_hanako):
    offered = to_sign(api, case)
    assert "hanako" not in str(offered)
    answer = step(api, case, "deleted", offered["deleted"])
    assert answer.status_code == 201 and answer.json()["countersignatures"][0]["key"] == fingerprint()
    row = hanako.countersignatures.get()
    assert (row.said, row.recall_id, row.case_id, row.disclosure_id) == ("deleted", case.recall_id, case.case_id, None)
    shown = read(as_hanako.get(f"/en/my/recalls/{case.recall_id}/")).one("main").text
    assert "Deletion confirmed by signature" in shown and fingerprint()[:16] in shown
    seal_and_sign()
    assert [(one.about, one.said) for one in checked(hanako).countersigned] == [("recall", "deleted")]
    assert verify().endswith("as it was written.\n")


def test_signature_comes_later_than_its_step(api, hanako, case, key):
    assert step(api, case, "acknowledged").status_code == 201
    again = step(api, case, "acknowledged", to_sign(api, case)["received"])
    assert again.status_code == 200 and hanako.countersignatures.get().said == "received"


@pytest.mark.parametrize(("kind", "said"), [("acknowledged", "deleted"), ("deleted", "received"), ("told", "received")])
def test_step_with_a_signature_that_says_something_else_is_not_taken(api, hanako, case, key, kind, said):
    assert step(api, case, kind, to_sign(api, case)[said]).status_code == 422
    assert not hanako.recall_steps.exists() and not Countersignature.objects.exists()


def test_refused_signature_leaves_the_step_untaken(api, hanako, case, key, editor):
    refused = step(api, case, "deleted", to_sign(api, case)["deleted"], OTHER_KEY).json()
    assert refused["type"].endswith(":wrong-signature")
    retire_key(key=key, reason="lost", by=editor)
    assert step(api, case, "deleted", to_sign(api, case)["deleted"]).json()["type"].endswith(":retired-key")
    assert not hanako.recall_steps.exists() and not Countersignature.objects.exists()


def test_it_goes_with_its_recall_at_the_end_of_its_time(hanako, reporter, key):
    with clock_at(old()):
        record(reporter, an_event(occurred_at=old(20)))
        recall = file_recall(kind=RecallKind.DELETE, about=About(AboutKind.RECIPIENT, "minato-inn"), by=hanako)
        case = RecallCase.objects.with_references().get(recall_id=recall.id)
        text = offered(matter_of_case(case))["deleted"]
        take_recall_step(case=case, kind=RecallStepKind.DELETED, signed=signed(text), by=reporter)
    assert "1 signatures of recipients removed" in purge()
    assert not hanako.countersignatures.exists() and not hanako.recalls.exists()


# --- By the link -----------------------------------------------------------------------------------------------------


@pytest.fixture
def link(case, officer):
    tell_recipient_by_mail(case=case, address="privacy@inn.example", by=officer)
    work_off()
    return re.search(r"/recalls/\S+/", mail.outbox[0].body).group()


def texts_on(page) -> list[str]:
    return [one.text.strip() for one in read(page).one("main").all("code") if one.text.strip().startswith("{")]


def test_recipient_with_a_key_signs_its_answer_on_the_page(hanako, key, link):
    received, deleted = texts_on(Client().get(link))
    assert "hanako" not in received + deleted
    # As a browser sends it, with what a person leaves around a text that is pasted.
    made = signed(deleted)
    sent = {
        "step": "deleted",
        "statement": f"\r\n{made.statement}\r\n",
        "signature": f"{made.signature[:44]}\r\n{made.signature[44:]}",
    }
    assert Client().post(link, sent).status_code == 200
    row = hanako.countersignatures.get()
    assert (row.said, row.is_by_recipient, row.reporter_id) == ("deleted", True, None)


def test_signature_is_optional_and_not_offered_without_a_key(hanako, link):
    page = Client().get(link)
    assert texts_on(page) == [] and not read(page).one("main").all("textarea", name="signature")
    assert Client().post(link, {"step": "deleted"}).status_code == 200
    assert not Countersignature.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"statement": ""}, "needs both"),
        ({"signature": "no"}, "no Ed25519 signature"),
        ({"statement": "{}"}, "not the text for this answer"),
        ({"step": "acknowledged"}, "not the text for this answer"),
        ({"signature": signed("something else").signature}, "None of your registered keys"),
    ],
)
def test_signature_that_does_not_hold_is_said_and_nothing_is_recorded(hanako, key, link, change, words):
    made = signed(texts_on(Client().get(f"/en{link}"))[1])
    page = Client().post(f"/en{link}", {"step": "deleted", **body(made), **change})
    assert page.status_code == 422 and words in page.content.decode()
    assert not hanako.recall_steps.filter(is_by_recipient=True).exists() and not Countersignature.objects.exists()


def test_officer_sees_what_the_recipient_signed(as_officer, api, case, key):
    step(api, case, "deleted", to_sign(api, case)["deleted"])
    shown = read(as_officer.get(f"/en/admin/recalls/{case.pk}/")).one("main").text
    assert "Deletion confirmed by signature" in shown


def test_officer_brings_no_signature(case, key, officer, hanako):
    with pytest.raises(Exception, match="comes from a service"):
        take_recall_step(case=case, kind=RecallStepKind.DELETED, signed=signed("{}"), by=officer)
    assert not hanako.recall_steps.exists()
