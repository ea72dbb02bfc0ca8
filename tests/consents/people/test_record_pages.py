"""The parts of a person's record at the officers' desk: what the look-up is about, each look written down."""

import pytest

from consents.asking.decision_actions import withdraw_decision
from consents.models import RecallCase, RecallKind
from consents.recalls.about import EVERYTHING
from consents.recalls.actions import file_recall
from disclosures.inquiry_handling.actions import link_inquiry
from disclosures.models import LookScope
from privacycenter.outbox.working import work_off
from tests.support.asking import ask
from tests.support.database import statements
from tests.support.events import an_event, record
from tests.support.html import read
from tests.support.inquiries import filed
from tests.support.looks import REASON, RECORDS, an_inquiry, look_up

pytestmark = pytest.mark.django_db


def page(client, person, part, query=""):
    return read(client.get(f"{RECORDS}{person.pk}/{part}/{query}")).one(id="content-main")


def looks(person):
    return list(person.record_accesses.order_by("accessed_at", "id").values_list("what", "scope", "reason"))


def test_answers_are_shown_with_their_receipts(as_officer, as_hanako, hanako, decision):
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    look_up(as_officer, hanako)
    shown = page(as_officer, hanako, "answers")
    assert "Northwind Analytics" in shown.text and "取り消し" in shown.text
    links = [link["href"] for link in shown.all("a") if "receipt" in link["href"]]
    assert links == [f"{RECORDS}{hanako.pk}/answers/{one.id}/receipt.jws" for one in (withdrawal, decision)]
    answer = as_officer.get(links[1])
    assert answer.content == as_hanako.get(f"/my/decisions/{decision.id}/receipt.jws").content
    assert looks(hanako)[1:] == [("answers", "whole", REASON), ("receipt", "whole", REASON)]
    assert hanako.record_accesses.get(what="receipt").about_id == decision.id
    text = read(as_hanako.get("/my/accesses/")).one("main").text
    assert "回答の控え" in text and "あなたの回答と、提供の確認" in text


def test_answers_of_others_stay_closed(as_officer, hanako, taro, decision):
    look_up(as_officer, hanako, LookScope.RECIPIENT, "minato-inn")
    assert "回答はありません" in page(as_officer, hanako, "answers").text
    receipt = f"answers/{decision.id}/receipt.jws"
    assert as_officer.get(f"{RECORDS}{hanako.pk}/{receipt}").status_code == 404
    look_up(as_officer, taro)
    assert as_officer.get(f"{RECORDS}{taro.pk}/{receipt}").status_code == 404
    assert "receipt" not in [what for what, *_rest in looks(hanako)]
    look_up(as_officer, hanako, LookScope.IDENTITY)
    assert as_officer.get(f"{RECORDS}{hanako.pk}/{receipt}")["Location"] == RECORDS


@pytest.mark.parametrize(
    "part", ["answers", "inquiries", "recalls", "answers/01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071/receipt.jws"]
)
def test_stranger_and_nobody_lead_to_where_a_reason_is_asked_for(as_officer, hanako, part):
    for pk in (hanako.pk, 999_999):
        assert (
            as_officer.get(f"{RECORDS}{pk}/{part.removesuffix('/')}{'' if '.' in part else '/'}")["Location"] == RECORDS
        )
    assert looks(hanako) == []


def test_requests_for_approval_are_shown(as_officer, hanako, reporter):
    ask(hanako, reporter)
    look_up(as_officer, hanako, LookScope.SERVICE, "jalan")
    shown = page(as_officer, hanako, "answers").all("tbody")[-1]
    assert "本人の回答待ち" in shown.text
    look_up(as_officer, hanako, LookScope.SERVICE, "suumo")
    assert "提供の確認はありません" in page(as_officer, hanako, "answers").text


def test_requests_to_the_operator_are_shown_as_far_as_the_reason_goes(as_officer, hanako, taro):
    mine, other = an_inquiry(hanako), an_inquiry(hanako, "recipient:minato-inn")
    look_up(as_officer, hanako)
    text = page(as_officer, hanako, "inquiries").text
    assert mine.reference in text and other.reference in text
    look_up(as_officer, hanako, LookScope.INQUIRY, mine.reference)
    text = page(as_officer, hanako, "inquiries").text
    assert mine.reference in text and other.reference not in text
    assert look_up(as_officer, taro, LookScope.INQUIRY, mine.reference).status_code == 422
    assert as_officer.get(f"{RECORDS}{taro.pk}/inquiries/")["Location"] == RECORDS


def test_request_that_an_officer_connected_is_in_the_list_of_requests(as_officer, hanako, officer):
    mine, connected, others = an_inquiry(hanako), filed(), filed()
    link_inquiry(inquiry=connected, whose=hanako, reason=REASON, by=officer)
    look_up(as_officer, hanako)
    rows = page(as_officer, hanako, "inquiries").one("tbody").all("tr")
    assert [row.one("a").text for row in rows] == [connected.reference, mine.reference]
    assert ["担当者が結び付けた" in row.text for row in rows] == [True, False]
    link_inquiry(inquiry=connected, whose=None, reason=REASON, by=officer)
    text = page(as_officer, hanako, "inquiries").text
    assert connected.reference not in text and others.reference not in text


def test_recalls_are_shown_as_far_as_the_reason_goes(as_officer, hanako, reporter):
    record(reporter, an_event("1"), an_event("2", recipient="komorebi-toge"))
    work_off()
    file_recall(kind=RecallKind.DELETE, about=EVERYTHING, for_person=hanako, by=hanako)
    work_off()
    assert RecallCase.objects.count() == 2
    look_up(as_officer, hanako)
    assert len(page(as_officer, hanako, "recalls").one("tbody").all("tr")) == 2
    look_up(as_officer, hanako, LookScope.RECIPIENT, "minato-inn")
    (row,) = page(as_officer, hanako, "recalls").one("tbody").all("tr")
    assert "湯宿 みなと" in row.text
    assert looks(hanako)[-1] == ("recalls", "recipient", REASON)


def test_parts_lead_to_each_other(as_officer, hanako):
    look_up(as_officer, hanako)
    names = ["", "answers/", "inquiries/", "recalls/", "accesses/"]
    for name in names:
        nav = read(as_officer.get(f"{RECORDS}{hanako.pk}/{name}")).one(cls="desk-parts")
        assert [link["href"] for link in nav.all("a")] == [f"{RECORDS}{hanako.pk}/{one}" for one in names]
        assert nav.one("a", **{"aria-current": "page"})["href"] == f"{RECORDS}{hanako.pk}/{name}"


def test_parts_cost_the_same_for_many(as_officer, hanako, reporter, decision):
    look_up(as_officer, hanako)
    paths = [f"{RECORDS}{hanako.pk}/{part}" for part in ("answers/", "inquiries/", "")]
    an_inquiry(hanako)
    record(reporter, an_event("0"))
    few = [statements(as_officer, path) for path in paths]
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    for number in range(5):
        an_inquiry(hanako, "recipient:minato-inn")
        record(reporter, an_event(f"{number + 1}", recipient="komorebi-toge"))
    assert [statements(as_officer, path) for path in paths] <= [count + 2 for count in few]
