"""A person checks the record in the browser: it is whole; whatever is tampered with, the page names it."""

import json

import pytest
from playwright.sync_api import expect

from disclosures.ledger.recording import record_disclosures
from disclosures.models import Countersignature
from disclosures.reporters.actions import create_reporter
from privacycenter.identifiers import uuid7
from privacycenter.models import LogEntry, RowKind
from privacycenter.proof.sealing_actions import seal_rows
from privacycenter.proof.topics import RecordGrew
from tests.support.browser import assert_accessible, log_in
from tests.support.countersigning import countersigned, registered
from tests.support.events import an_event
from tests.support.log import seal_and_sign
from tests.support.people import make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def reporter(world):
    return create_reporter(code="travel", title="じゃらんnet予約システム", services=["jalan"])[0]


@pytest.fixture
def hanako(page, reporter):
    """Logged in, with twelve rows among three hundred of others, so that the index has a run."""
    person, other = make_user("hanako"), make_user("taro")
    record_disclosures(events=[an_event(f"h-{n}", subject=person.subject) for n in range(12)], by=reporter)
    record_disclosures(events=[an_event(f"t-{n}", subject=other.subject) for n in range(300)], by=reporter)
    seal_and_sign()
    page.goto("/my/record/")
    log_in(page, "hanako")
    return person


def check(page):
    page.locator("[data-check]").click()
    expect(page.locator("[data-check]")).to_be_enabled()
    return page.locator(".check-result")


def with_javascript(request) -> bool:
    return "nojs" not in request.node.name


def test_journey_a_person_checks_that_the_record_is_whole(request, page, browser, hanako, reporter):
    if not with_javascript(request):
        expect(page.locator("[data-check]")).to_be_hidden()
        expect(page.locator("noscript")).to_have_count(1)
        with page.expect_download() as download:
            page.locator('a[href$="proof-file.json"]').click()
        assert len(json.loads(download.value.path().read_text())["rows"]) == 12
        return
    result = check(page)
    expect(result.locator(".check-holds")).to_have_text("12件のうち12件に封があり、変えられていません。")
    expect(page.locator(".tick.good")).to_have_count(12)
    assert_accessible(page, browser)
    record_disclosures(events=[an_event("more", subject=hanako.subject)], by=reporter)
    seal_and_sign()
    page.reload()
    expect(check(page)).to_contain_text("前回確かめたときの続き")
    page.locator("[data-forget]").click()
    assert page.evaluate("localStorage.length") == 0


def change(document, kind):
    rows = document.get("rows")
    if kind == "changed" and rows:
        rows[4]["event"]["recipient"] = "another"
    elif kind == "hidden" and rows:
        del rows[4]
    elif kind == "last hidden" and rows:
        rows.pop()
    elif kind == "swapped" and rows:
        rows[4], rows[5] = rows[5], rows[4]
    elif kind == "removed by law" and rows:
        del rows[4]["event"]
        rows[4]["commitment"] = rows[4]["salt"]
    elif kind == "tail cut" and "tail" in document:
        document["tail"].pop()
    elif kind == "index" and "runs" in document:
        document["runs"] = document["runs"][::-1] + document["runs"][:1]
    elif kind == "absence" and "absent" in document:
        document["absent"][0] = document["absent"][0][:1]
    elif kind == "checkpoint" and "checkpoint" in document:
        document["checkpoint"] = document["checkpoint"].replace("\n314\n", "\n313\n")
    elif kind == "statement" and "statement" in document:
        document["statement"] = document["statement"].replace("privacycenter-statement/1", "privacycenter-statement/2")
    elif kind == "witness" and "policy" in document:
        key = "witness.example/w+8a2b6e0a+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        document["policy"] = document["policy"].replace("quorum none", f"witness w {key}\nquorum w")


def tampering(kind):
    def answer(route):
        document = route.fetch().json()
        change(document, kind)
        route.fulfill(json=document)

    return answer


AT_ROW = {"changed": 5, "hidden": 5, "last hidden": 12, "swapped": 5, "removed by law": 5}


@pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
def test_whatever_is_tampered_with_the_page_says_that_the_check_failed(page, hanako):
    kinds = [*AT_ROW, "tail cut", "index", "absence", "checkpoint", "statement", "witness"]
    for kind in kinds:
        page.route("**/proof.json*", tampering(kind))
        page.reload()
        result = check(page)
        expect(result.locator(".alert"), kind).to_contain_text("一致しませんでした")
        if kind in AT_ROW:
            expect(result.locator(".alert")).to_contain_text(f"{AT_ROW[kind]}番")
            bad = page.locator(f'[data-number="{AT_ROW[kind]}"] .tick.bad')
            expect(bad).to_have_count(1)
        expect(result.locator("a")).to_have_attribute("href", "/contact/requests/new/")
        page.unroute("**/proof.json*")
    assert LogEntry.objects.filter(person=hanako).count() == 12


ON_PAGE = {
    "kind": ('data-kind="disclosure"', 'data-kind="correction"'),
    "recipient": ('data-recipient="minato-inn"', 'data-recipient="komorebi-toge"'),
    "time": ('datetime="2026-11-01T10:00:00', 'datetime="2026-11-01T11:00:00'),
    "link": ("/my/disclosures/", "/my/disclosures/0"),
    "time of another kind": ('data-at="occurred_at"', 'data-at="recorded_at"'),
}


@pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
@pytest.mark.parametrize("kind", ON_PAGE)
def test_page_that_tells_another_story_than_the_proof_is_caught(page, hanako, kind):
    """The proof is as it should be; the page shows its seventh row otherwise."""
    before, after = ON_PAGE[kind]

    def answer(route):
        start, row, rest = route.fetch().text().partition('<li data-number="7"')
        assert before in rest
        route.fulfill(body=start + row + rest.replace(before, after, 1), content_type="text/html")

    page.route("**/my/record/", answer)
    page.reload()
    result = check(page)
    expect(result.locator(".alert")).to_contain_text("7番")
    expect(page.locator('[data-number="7"] .tick.bad')).to_have_count(1)


@pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
def test_each_row_shows_what_is_sealed_of_it(page, browser, hanako):
    """A name that is told wrongly is not caught: the code under it is what was sealed."""

    def answer(route):
        start, row, rest = route.fetch().text().partition('<span class="about">')
        route.fulfill(body=start + row + "another" + rest[rest.index("</span>") :], content_type="text/html")

    page.route("**/my/record/", answer)
    page.reload()
    expect(check(page).locator(".check-holds")).to_have_count(1)
    row = page.locator('[data-number="12"]')
    expect(row.locator(".about")).to_have_text("another")
    row.locator("summary").click()
    facts = row.locator(".sealed-facts dl")
    expect(facts).to_contain_text("minato-inn")
    expect(facts).to_contain_text("2026-11-01T01:00:00")
    page.locator("[data-check]").click()
    expect(page.locator(".sealed-facts")).to_have_count(12)


@pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
def test_long_record_is_checked_whole_and_shown_a_page_at_a_time(page, hanako, reporter):
    record_disclosures(events=[an_event(f"m-{n}", subject=hanako.subject) for n in range(988)], by=reporter)
    seal_and_sign()
    page.goto("/my/record/?page=3")
    result = check(page)
    expect(result.locator(".check-holds")).to_have_text("1,000件のうち1,000件に封があり、変えられていません。")
    expect(page.locator(".tick.good")).to_have_count(50)
    expect(page.locator(".sealed-facts")).to_have_count(50)


@pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
def test_page_says_that_the_proof_could_not_be_read(page, hanako):
    page.route("**/proof.json*", lambda route: route.fulfill(status=204))
    expect(check(page).locator(".alert")).to_contain_text("読み込めませんでした")


@pytest.fixture
def signed(hanako, reporter):
    """The inn signed that it received what the first row says: the thirteenth row."""
    registered(make_user("editor", is_staff=True, groups=("editors",)))
    row = countersigned(hanako.disclosures.get(event_id="h-0"))
    seal_and_sign()
    return row


@pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
def test_signature_of_a_recipient_is_checked_with_its_key(page, hanako, signed):
    page.reload()
    expect(check(page).locator(".check-holds")).to_contain_text("13件のうち13件")
    values = {name: getattr(signed, name) for name in ("person_id", "said", "key_id", "signed_at", "received_at")}
    other = hanako.disclosures.get(event_id="h-1")
    made = Countersignature.objects.create(
        **values, id=uuid7(), disclosure_id=other.id, statement=signed.statement, signature=signed.signature
    )
    seal_rows([RecordGrew(rows=((RowKind.COUNTERSIGNATURE.value, hanako.pk, made.id),))])
    seal_and_sign()
    page.reload()
    expect(check(page).locator(".alert")).to_contain_text("14番")
