"""A look-up opens what it is about, and the person reads what was opened."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.utils import timezone

from consents.incidents.actions import take_back_step
from disclosures.inquiry_handling.actions import link_inquiry
from disclosures.models import AffectedList, LookScope, Recipient, RecordAccess
from disclosures.record.actions import log_access
from disclosures.record.effective_record import corrected_record
from disclosures.record.scopes import PARTS, Part, Scope, narrowed_as
from privacycenter.outbox.working import work_off
from tests.support.events import a_correction, an_event, record
from tests.support.html import read
from tests.support.incidents import INN
from tests.support.looks import REASON, RECORDS, an_incident, an_inquiry, look_up
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(reporter, hanako):
    """One disclosure to each of two inns, and one through another service."""
    record(
        reporter,
        an_event("1"),
        an_event("2", recipient="komorebi-toge"),
        an_event("3", recipient="hitsujigumo-diner", service="hotpepper-gourmet"),
    )


def page_of(client, person, query=""):
    return read(client.get(f"{RECORDS}{person.pk}/{query}")).one(id="content-main")


def rows(client, person, query="") -> list[str]:
    """The recipients in the list of disclosures: its rows have five columns, those of the sums four."""
    found = [row.all("td") for row in page_of(client, person, query).all("tr")]
    shown = [cells[0].text for cells in found if len(cells) == 4]
    codes = {recipient.name.text: recipient.code for recipient in Recipient.objects.all()}
    return [codes.get(name, name) for name in shown]


@pytest.mark.parametrize("scope", [kind for kind in LookScope if kind is not LookScope.WHOLE])
def test_look_up_is_refused_for_what_is_not_there(as_officer, hanako, scope):
    answer = look_up(as_officer, hanako, scope, "nothing-like-it" if scope != LookScope.IDENTITY else "")
    assert answer.status_code == (422 if scope != LookScope.IDENTITY else 302)
    assert RecordAccess.objects.exists() is (scope == LookScope.IDENTITY)


def test_look_up_says_what_it_is_about(as_officer, hanako):
    for scope in ("", "everything"):
        assert look_up(as_officer, hanako, scope).status_code == 422
    assert not RecordAccess.objects.exists()


@pytest.mark.parametrize(
    ("scope", "of", "expected"),
    [
        (LookScope.RECIPIENT, "minato-inn", ["minato-inn"]),
        (LookScope.SERVICE, "hotpepper-gourmet", ["hitsujigumo-diner"]),
        (LookScope.RECIPIENT, "northwind-analytics", []),
        (LookScope.IDENTITY, "", []),
    ],
)
def test_page_shows_only_what_the_look_up_is_about(as_officer, hanako, entries, scope, of, expected):
    look_up(as_officer, hanako, scope, of)
    assert rows(as_officer, hanako) == expected
    for query in ("?recipient=komorebi-toge", "?text=こもれび", "?since=2000-01-01"):
        assert set(rows(as_officer, hanako, query)) <= set(expected)
    options = {option["value"] for option in page_of(as_officer, hanako).all("option")}
    assert "komorebi-toge" not in options


def test_whole_record_is_filtered(as_officer, hanako, entries):
    look_up(as_officer, hanako)
    assert len(rows(as_officer, hanako)) == 3
    for query, count in [
        ("?recipient=minato-inn", 1), ("?service=jalan", 2), ("?scenario=online-booking", 3), ("?ground=legal", 0),
        ("?text=みなと", 1), ("?since=2099-01-01", 0), ("?flagged=on", 0), ("?since=x&recipient=minato-inn", 1),
    ]:  # fmt: skip
        assert count == 0 or len(rows(as_officer, hanako, query)) == count
        assert ("条件に合う提供記録はありません" in page_of(as_officer, hanako, query).text) is (count == 0)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("recipient:minato-inn", ["minato-inn"]),
        ("online-booking", ["minato-inn", "komorebi-toge", "hitsujigumo-diner"]),
        ("", []),
        (str(UUID(int=7)), []),
    ],
)
def test_request_opens_what_it_names(as_officer, hanako, entries, about, expected):
    look_up(as_officer, hanako, LookScope.INQUIRY, an_inquiry(hanako, about).reference)
    assert set(rows(as_officer, hanako)) == set(expected)


def test_request_about_a_disclosure_opens_its_matter(as_officer, hanako, entries):
    disclosure = hanako.disclosures.get(recipient__code="minato-inn")
    look_up(as_officer, hanako, LookScope.INQUIRY, an_inquiry(hanako, str(disclosure.id)).reference)
    assert rows(as_officer, hanako) == ["minato-inn"]


def test_incident_opens_what_its_lists_are_about(as_officer, officer, hanako, taro, entries):
    work_off()
    incident = an_incident(officer)
    look_up(as_officer, hanako, LookScope.INCIDENT, str(incident.pk))
    assert rows(as_officer, hanako) == ["minato-inn"]
    look_up(as_officer, taro, LookScope.INCIDENT, str(incident.pk))
    assert rows(as_officer, taro) == []


def test_incident_opens_the_very_disclosures_of_its_lists(as_officer, officer, reporter, hanako, entries):
    record(reporter, an_event("4", items=("email",)))
    work_off()
    incident = an_incident(officer, filters=replace(INN, items=("email",), reporter=reporter.code))
    look_up(as_officer, hanako, LookScope.INCIDENT, str(incident.pk))
    assert rows(as_officer, hanako) == ["minato-inn"] and rows(as_officer, hanako, "?service=jalan") == ["minato-inn"]
    # It is opened as it counts now, also if that is with another recipient.
    record(reporter, a_correction(hanako.disclosures.get(event_id="4")))
    found = [len(rows(as_officer, hanako, f"?recipient={code}")) for code in ("minato-inn", "komorebi-toge")]
    assert found == [0, 1]
    step = incident.steps.get(list__isnull=False)
    take_back_step(incident=incident, step=step.pk, reason=REASON, by=officer)
    assert rows(as_officer, hanako) == []


@pytest.mark.parametrize(
    ("more", "count"), [({}, 1), ({"items": ("email",)}, 0), ({"reporter": "another"}, 0), ({"items": ("phone",)}, 1)]
)
def test_list_from_before_its_rows_were_kept_opens_what_it_was_narrowed_by(officer, hanako, entries, more, count):
    filters = replace(INN, **{name: value for name, value in more.items() if name != "reporter"}).stored
    made = AffectedList(filters={**filters, **more}, asked_at=timezone.now())
    assert corrected_record(hanako).matching(narrowed_as(made)).count() == count


def test_request_of_somebody_else_opens_nothing_and_its_number_is_not_told(as_officer, as_taro, hanako, taro, entries):
    reference = an_inquiry(hanako, "recipient:minato-inn").reference
    answer = look_up(as_officer, taro, LookScope.INQUIRY, reference)
    assert answer.status_code == 422 and "of" in answer.context["form"].errors
    assert as_officer.get(f"{RECORDS}{taro.pk}/")["Location"] == RECORDS
    assert [*RecordAccess.objects.values_list("person_id", "what", "scope_of")] == [(taro.pk, "lookup", "")]
    assert reference not in as_taro.get("/my/accesses/").content.decode()


def test_request_without_a_log_in_has_to_be_connected_first(as_officer, officer, hanako, entries):
    inquiry = an_inquiry(None, "recipient:minato-inn")
    answer = look_up(as_officer, hanako, LookScope.INQUIRY, inquiry.reference)
    assert answer.status_code == 422 and "記録と結び付けてください" in read(answer).one("main").text
    link_inquiry(inquiry=inquiry, whose=hanako, reason=REASON, by=officer)
    look_up(as_officer, hanako, LookScope.INQUIRY, inquiry.reference)
    assert rows(as_officer, hanako) == ["minato-inn"]
    # Once that is taken back it opens nothing more.
    link_inquiry(inquiry=inquiry, whose=None, reason=REASON, by=officer)
    assert rows(as_officer, hanako) == []


def test_page_beyond_the_reason_asks_for_another(as_officer, hanako, entries):
    look_up(as_officer, hanako, LookScope.RECIPIENT, "minato-inn")
    before = RecordAccess.objects.count()
    for name in ("accesses", "erasure", "merging", "recall", "inquiries"):
        answer = as_officer.get(f"{RECORDS}{hanako.pk}/{name}/", follow=True)
        assert answer.redirect_chain == [(RECORDS, 302)] and "もう一度照会してください" in read(answer).text
    assert RecordAccess.objects.count() == before
    look_up(as_officer, hanako, LookScope.IDENTITY)
    assert as_officer.get(f"{RECORDS}{hanako.pk}/merging/").status_code == 200
    assert as_officer.get(f"{RECORDS}{hanako.pk}/answers/").status_code == 302


def test_person_reads_what_was_opened(as_officer, as_hanako, hanako, entries):
    look_up(as_officer, hanako, LookScope.RECIPIENT, "minato-inn")
    as_officer.get(f"{RECORDS}{hanako.pk}/")
    kept = RecordAccess.objects.order_by("accessed_at", "id").values_list("what", "scope", "scope_of", "reason")
    assert list(kept) == [(what, "recipient", "minato-inn", REASON) for what in ("lookup", "entries")]
    assert "湯宿 みなとに関する部分だけ" in read(as_hanako.get("/my/accesses/")).one("main").text
    assert "Only what concerns" in read(as_hanako.get("/en/my/accesses/")).one("main").text
    look_up(as_officer, hanako)
    as_officer.get(f"{RECORDS}{hanako.pk}/")
    assert "記録全体" in read(as_hanako.get("/my/accesses/")).one("main").text


def test_desk_does_not_tell_by_a_request_whose_record_it_was(as_officer, officer, hanako):
    for kind, of in ((LookScope.INQUIRY, "PC-2611-AAAA-BBBB"), (LookScope.RECIPIENT, "minato-inn")):
        log_access(person=hanako, what="entries", reason=REASON, scope=Scope(kind, of), by=officer)
    text = read(as_officer.get("/admin/accesses/")).one("main").text
    assert "PC-2611" not in text and "minato-inn" in text


def test_look_up_is_prepared_by_its_address(as_officer, hanako):
    page = read(as_officer.get(f"{RECORDS}?scope=inquiry&of=PC-1&who={hanako.subject}")).one("main")
    assert page.one("input", name="of")["value"] == "PC-1"
    assert page.one("input", name="who")["value"] == hanako.subject


def test_recipient_without_its_code_asks_for_the_code(as_officer, hanako):
    given = {"who": hanako.subject, "scope": "recipient", "of": "", "reason": REASON}
    shown = as_officer.post(RECORDS, given)
    assert shown.status_code == 422 and "コードを入力してください" in read(shown).one("main").text


def test_officer_is_not_told_that_it_is_about_who_they_are_themselves(as_officer, hanako):
    as_officer.post(RECORDS, {"who": hanako.subject, "scope": "identity", "reason": REASON})
    shown = read(as_officer.get(f"{RECORDS}{hanako.pk}/")).one("main").text
    assert "開ける範囲本人のアカウント" in shown and "あなた" not in shown


@pytest.mark.once
def test_every_scope_opens_something_and_all_of_it_everything():
    assert set(PARTS) == set(LookScope) and set(PARTS[LookScope.WHOLE]) == set(Part)
    assert all(PARTS.values())


def test_session_from_before_there_were_scopes_asks_again(as_officer, hanako):
    session = as_officer.session
    session["record_grants"] = {str(hanako.pk): [9_999_999_999, REASON]}
    session.save()
    assert as_officer.get(f"{RECORDS}{hanako.pk}/")["Location"] == RECORDS


def test_editor_and_stranger_look_nobody_up(as_hanako, hanako):
    editor = client_of(make_user("an-editor", is_staff=True, groups=("editors",)))
    for client in (editor, as_hanako):
        assert look_up(client, hanako).status_code in (302, 403)
        for name in ("", "answers/", "recalls/", "inquiries/"):
            assert client.get(f"{RECORDS}{hanako.pk}/{name}").status_code in (302, 403)
    assert not RecordAccess.objects.exists()
