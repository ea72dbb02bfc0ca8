"""Faults in the ledger at the officer's desk: seen, explained once, never gone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosures.models import FaultAcknowledgement, LedgerFault
from disclosures.officers.fault_actions import acknowledge_fault, keep_faults
from privacycenter.database.verifying import Fault
from tests.support.html import read

pytestmark = pytest.mark.django_db

FAULTS = "/admin/faults/"
WHAT = "the fingerprint is not that of its columns: one of them was changed"


@pytest.fixture
def fault() -> LedgerFault:
    keep_faults(part="disclosures", found=[Fault("disclosures_disclosure 1/0190", WHAT, "state")])
    return LedgerFault.objects.get()


def rows(response):
    return [row for body in read(response).all("tbody") for row in body.all("tr")]


def test_officer_is_told_on_the_front_page(as_officer, fault):
    assert "台帳の不一致 1" in read(as_officer.get("/admin/")).text


def test_officer_sees_what_is_wrong_with_which_row(as_officer, fault):
    row = rows(as_officer.get(FAULTS))[0].text
    assert "disclosures_disclosure 1/0190" in row and WHAT in row and "警報" in row
    assert WHAT in read(as_officer.get(f"{FAULTS}{fault.pk}/")).text


def test_officer_acknowledges_it_with_a_reason(as_officer, officer, fault):
    answer = as_officer.post(f"{FAULTS}{fault.pk}/", {"reason": "復元のとき手で直した。"}, follow=True)
    assert "確認済みとしました" in read(answer).text
    kept = FaultAcknowledgement.objects.get()
    assert (kept.fault, kept.reason, kept.acknowledged_by) == (fault, "復元のとき手で直した。", officer)
    assert not rows(as_officer.get(FAULTS))
    assert WHAT in read(as_officer.get(f"{FAULTS}?state=all")).text
    page = read(as_officer.get(f"{FAULTS}{fault.pk}/"))
    assert "復元のとき手で直した。" in page.text and not page.all("textarea")


@pytest.mark.parametrize("reason", ["", "  "])
def test_acknowledgement_without_a_reason_is_refused(as_officer, fault, reason):
    answer = as_officer.post(f"{FAULTS}{fault.pk}/", {"reason": reason})
    assert answer.status_code == 422 and not FaultAcknowledgement.objects.exists()


def test_second_acknowledgement_changes_nothing(as_officer, officer, fault):
    acknowledge_fault(fault=fault, reason="first", by=officer)
    answer = as_officer.post(f"{FAULTS}{fault.pk}/", {"reason": "second"}, follow=True)
    assert "すでに" in read(answer).text and FaultAcknowledgement.objects.get().reason == "first"


@pytest.mark.parametrize("path", [FAULTS, f"{FAULTS}1/"])
def test_editors_do_not_see_faults(as_editor, fault, path):
    assert as_editor.get(path).status_code == 403


def test_strangers_do_not_see_faults(client, as_hanako, fault):
    assert client.get(FAULTS).status_code == 302 and as_hanako.get(FAULTS).status_code in (302, 403)


def test_fault_that_is_not_there_is_not_found(as_officer):
    assert as_officer.get(f"{FAULTS}999/").status_code == 404


def test_list_costs_the_same_for_many(as_officer, fault, django_assert_num_queries):
    as_officer.get(FAULTS)
    with CaptureQueriesContext(connection) as one:
        as_officer.get(FAULTS)
    keep_faults(part="cases", found=[Fault(f"row {number}", "is wrong") for number in range(40)])
    with django_assert_num_queries(len(one)):
        assert len(rows(as_officer.get(FAULTS))) == 41
