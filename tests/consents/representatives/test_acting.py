"""Acting for somebody through the pages: what is open, what is closed, and what is written down."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from consents.models import (
    ActedFor,
    Decision,
    Recall,
    RecallCase,
    RecallKind,
    RecallStep,
    RepresentationScope,
)
from consents.recalls.about import EVERYTHING, About, AboutKind
from consents.recalls.actions import file_recall, take_back_recall
from consents.representatives.acting_views import ANSWERED, OWN, SEEN
from consents.representatives.actions import end_by_officer, end_by_person
from disclosures.models import Recipient, RecordAccess
from disclosures.record.accesses import AccessFilters, access_list
from privacycenter.errors import NoLongerOpen
from privacycenter.models import RowKind
from tests.support.asking import submit
from tests.support.events import an_event, record
from tests.support.html import filled_in, read
from tests.support.people import client_of
from tests.support.representatives import act_for, an_agent, appointed, seen_by, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(hanako, taro, officer):
    """taro may see and answer for hanako."""
    return appointed(hanako, taro, officer)


@pytest.fixture
def as_representative(as_taro, row):
    assert act_for(as_taro, row)["Location"] == "/my/"
    return as_taro


def main(response) -> str:
    return read(response).one("main").text


def test_representative_reads_the_record_and_each_page_is_written_down(
    as_representative, hanako, taro, row, disclosure
):
    page = as_representative.get("/my/disclosures/")
    assert "湯宿 みなと" in main(page)
    assert "hanakoさんとして見ています" in read(page).text
    looks = RecordAccess.objects.filter(person=hanako)
    assert {(one.role, one.staff_id, one.about_id, one.what) for one in looks} == {
        ("representative", taro.pk, row.id, "represented")
    }
    assert f"代理人 ({taro})" in main(client_of(hanako).get("/my/accesses/"))
    assert not access_list(AccessFilters()).object_list  # the desk's own log is of staff
    assert as_representative.get(f"/my/disclosures/{disclosure.id}/").status_code == 200
    assert RecordAccess.objects.filter(person=hanako).count() == 2


def test_no_link_leads_a_representative_to_a_closed_page(as_representative, open_request, disclosure):
    submit(as_representative, open_request, "allow", "name")
    answer = f"/my/decisions/{Decision.objects.get().id}/"
    reached, to_read = set(), ["/my/", "/my/decisions/", answer, f"/my/disclosures/{disclosure.id}/"]
    while to_read:
        path = to_read.pop()
        reached.add(path)
        response = as_representative.get(path)
        assert response.status_code != 403, path
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            links = {link["href"].partition("#")[0] for link in read(response).one("main").all("a") if link["href"]}
            about = {link for link in links if "?about=" in link}
            assert all(link.startswith("/my/recalls/new/") for link in about), path
            to_read += [link for link in links if link.startswith("/my/") and link not in {*reached, *to_read}]
    assert {"/my/requests/", "/my/disclosures/", "/my/recipients/", answer} <= reached


def test_answer_says_who_gave_it_for_whom(as_representative, hanako, taro, row, open_request):
    done = submit(as_representative, open_request, "allow", "name")
    decision = Decision.objects.get()
    assert done["Location"].endswith(f"/my/decisions/{decision.id}/") and decision.person == hanako
    act = ActedFor.objects.get()
    assert (act.person, act.representative_id, act.kind, act.row_id, act.representation_id) == (
        hanako, taro.pk, RowKind.DECISION, decision.id, row.id,
    )  # fmt: skip
    for client in (client_of(hanako), as_representative):
        assert "taroさんが、hanakoさんの代わりに行いました" in main(client.get(f"/my/decisions/{decision.id}/"))
    assert as_representative.post(f"/my/decisions/{decision.id}/undoings/").status_code == 302
    assert ActedFor.objects.count() == 2
    assert RecordAccess.objects.filter(person=hanako, what="represented_act").count() == 2


def test_representative_recalls_what_they_see_and_the_person_reads_who_did(
    as_representative, hanako, taro, row, disclosure
):
    sent = {"about": "recipient:minato-inn", "kind": "delete"}
    page = as_representative.post("/my/recalls/filings/", sent)["Location"]
    recall = Recall.objects.get()
    assert recall.person == hanako and recall.staff_id is None and page.endswith(f"/my/recalls/{recall.id}/")
    for client in (client_of(hanako), as_representative):
        assert "taroさんが、hanakoさんの代わりに行いました" in main(client.get(page))
    assert as_representative.post(f"{page}takings-back/").status_code == 302
    step = RecallStep.objects.get()
    acts = ActedFor.objects.order_by("acted_at").values_list("person", "representative_id", "kind", "row_id")
    assert list(acts) == [
        (hanako.pk, taro.pk, RowKind.RECALL, recall.id), (hanako.pk, taro.pk, RowKind.RECALL_STEP, step.id),
    ]  # fmt: skip
    shown = read(client_of(hanako).get("/my/representatives/")).one("section", **{"aria-labelledby": "acts"})
    assert [link.text for link in shown.all("a")] == ["taroさんによる請求の取り下げ", "taroさんによる請求"]
    assert {link["href"] for link in shown.all("a")} == {page}


def test_recall_with_a_case_that_is_left_out_is_not_shown_and_asks_nobody_there(
    as_taro, hanako, taro, officer, reporter, disclosure
):
    record(reporter, an_event("hidden", service="hotpepper-gourmet", recipient="komorebi-toge"))
    whole = file_recall(kind=RecallKind.STOP, about=EVERYTHING, by=hanako)
    inn = About(AboutKind.RECIPIENT, "minato-inn")
    seen = file_recall(kind=RecallKind.CORRECT, about=inn, by=hanako)
    act_for(as_taro, appointed(hanako, taro, officer, wanted(left_out=("hotpepper-gourmet",))))
    assert as_taro.get(f"/my/recalls/{whole.id}/").status_code == 404
    assert as_taro.post(f"/my/recalls/{whole.id}/takings-back/").status_code == 404
    assert as_taro.get(f"/my/recalls/{seen.id}/").status_code == 200
    hidden = {"about": "recipient:komorebi-toge", "kind": "delete"}
    assert Recipient.objects.get(code="komorebi-toge").title not in main(as_taro.get("/my/recalls/new/"))
    assert as_taro.post("/my/recalls/filings/", hidden).status_code == 404
    as_taro.post("/my/recalls/filings/", {"about": EVERYTHING.value, "kind": "delete"})
    cases = RecallCase.objects.filter(kind=RecallKind.DELETE).values_list("recipient__code", flat=True)
    assert list(cases) == ["minato-inn"]
    person = seen_by(taro, hanako.representations.get())
    with pytest.raises(NoLongerOpen):
        take_back_recall(recall=whole.id, by=person)


@pytest.mark.parametrize("is_ended", [True, False])
def test_who_may_not_decide_or_no_longer_files_no_recall_and_takes_none_back(
    hanako, taro, officer, disclosure, as_taro, is_ended
):
    scope = RepresentationScope.DECIDE if is_ended else RepresentationScope.SEE
    row = appointed(hanako, taro, officer, wanted(scope=scope))
    inn = About(AboutKind.RECIPIENT, "minato-inn")
    recall, person = file_recall(kind=RecallKind.STOP, about=inn, by=hanako), seen_by(taro, row)
    act_for(as_taro, row)
    if is_ended:
        end_by_person(representation=row.id, by=hanako)
    else:
        assert "<button" not in str(as_taro.get(f"/my/recalls/{recall.id}/").content.decode().partition("<main")[2])
        assert as_taro.get("/my/recalls/new/").status_code == 403
    with pytest.raises(NoLongerOpen):
        file_recall(kind=RecallKind.DELETE, about=inn, by=person)
    with pytest.raises(NoLongerOpen):
        take_back_recall(recall=recall.id, by=person)
    assert Recall.objects.count() == 1 and not RecallStep.objects.exists() and not ActedFor.objects.exists()


def test_who_may_only_see_cannot_answer(as_taro, hanako, taro, officer, open_request, decision):
    act_for(as_taro, appointed(hanako, taro, officer, wanted(scope=RepresentationScope.SEE)))
    page = as_taro.get(f"/my/decisions/{decision.id}/")
    assert page.status_code == 200 and "withdrawals/" not in page.content.decode()
    for address in (f"/my/decisions/{decision.id}/withdrawals/", f"/my/requests/{open_request.id}/decisions/"):
        assert as_taro.post(address, {"answer": "refuse"}).status_code == 403
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_all_that_is_not_listed_is_closed(as_representative, hanako, taro, language):
    with translation.override(language):
        closed = [
            reverse(name)
            for name in (
                "my_settings", "log_in_settings", "my_access_list", "export", "notice_list", "record_check", "rule_list",
                "stop", "my_inquiry_list", "exit_settings", "account_email", "account_change_password",
            )
        ]  # fmt: skip
    before = RecordAccess.objects.filter(person=hanako).count()
    assert {as_representative.get(address).status_code for address in closed} == {403}
    assert {as_representative.post(address).status_code for address in closed} == {403}
    assert RecordAccess.objects.filter(person=hanako).count() == before
    page = as_representative.get(closed[0])
    assert read(page).one("main").text and "acting-bar" in page.content.decode()


def test_what_is_open_changes_nothing_but_answers():
    assert not any(name.endswith("_create") for name in SEEN)
    assert not SEEN & ANSWERED and not (SEEN | ANSWERED) & OWN


def test_representative_goes_back_and_forms_of_before_are_void(row, taro):
    client = Client(enforce_csrf_checks=True)
    client.force_login(taro, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = filled_in(read(client.get("/my/representatives/")).all("form")[-1])["csrfmiddlewaretoken"]
    begun = client.post(f"/my/representatives/{row.id}/acting/", {"csrfmiddlewaretoken": token})
    assert begun["Location"] == "/my/"
    assert client.post("/my/acting/endings/", {"csrfmiddlewaretoken": token}).status_code == 403
    fresh = filled_in(next(one for one in read(client.get("/my/")).all("form") if "acting" in (one["action"] or "")))
    assert client.post("/my/acting/endings/", fresh)["Location"] == "/my/representatives/"
    assert "acting-bar" not in client.get("/my/").content.decode()


def test_visit_of_a_representative_is_no_visit_of_the_person(as_representative, hanako):
    as_representative.get("/my/")
    hanako.refresh_from_db()
    assert hanako.visited_at is None


@pytest.mark.parametrize("end", ["person", "officer", "blocked"])
def test_ended_at_once_for_a_representative_who_is_inside(as_representative, hanako, officer, row, end):
    if end == "person":
        end_by_person(representation=row.id, by=hanako)
    elif end == "officer":
        end_by_officer(person=hanako, representation=row.id, reason="x", by=officer)
    else:
        type(hanako).objects.filter(pk=hanako.pk).update(is_active=False)
    looks = RecordAccess.objects.filter(person=hanako).count()
    assert as_representative.get("/my/disclosures/")["Location"] == "/my/representatives/"
    assert RecordAccess.objects.filter(person=hanako).count() == looks
    assert as_representative.get("/my/").status_code == 200
    assert not RecordAccess.objects.filter(person=hanako, accessed_at__gt=row.until).exists()


def test_nobody_acts_by_anothers_representation_or_before_it_begins(as_taro, as_officer, hanako, taro, officer):
    row = appointed(hanako, taro, officer, an_agent())
    for client in (as_taro, client_of(hanako)):
        assert act_for(client, row)["Location"] == "/my/representatives/"
        assert "acting-bar" not in client.get("/my/").content.decode()
    assert not RecordAccess.objects.filter(person=hanako, role="representative").exists()


def test_looking_as_a_representative_costs_four_statements_more(as_representative, as_hanako, disclosure):
    as_hanako.get("/my/disclosures/")
    counts = []
    for client in (as_hanako, as_representative):
        with CaptureQueriesContext(connection) as read_by:
            assert client.get("/my/disclosures/").status_code == 200
        counts.append(len(read_by))
    assert counts[1] - counts[0] == 4
