"""The editors' desk: change, see what waits, publish, go back; and who may not."""

import pytest
from django.contrib import admin

from disclosures.guard_rails.reserved_urls import is_taken
from disclosures.models import (
    ChangeSet,
    DataItem,
    Definition,
    Link,
    Page,
    Publication,
    Recipient,
    Scenario,
    Section,
    Service,
    Site,
)
from privacycenter.text.languages import speaking
from tests.support.desk import desk, form_on, online_booking, save
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

SITE = "/admin/disclosures/site/1/change/"
PENDING = "/admin/pending/"
PUBLICATIONS = "/admin/disclosures/publication/"


def changes_waiting(client) -> list[str]:
    """The codes of the entries that wait."""
    return [article.one("code").text for article in read(client.get(PENDING)).all("article", cls="revision")]


def publish_all(client, **more):
    seen = read(client.get(PENDING)).one("input", name="seen")["value"]
    return client.post(PENDING, {"reason": "", "publish_at": "", "seen": seen, **more})


# --- Editing and publishing ------------------------------------------------------------------------------------------


def test_form_sent_untouched_changes_nothing(as_editor):
    for path in (online_booking(), SITE, desk(Section, "personal-information"), desk(Recipient, "northwind-analytics")):
        save(as_editor, path)
    assert changes_waiting(as_editor) == []


def test_changed_text_is_on_the_visitors_next_page_when_saved_and_published(as_editor, client):
    client.get("/where-provided/")
    save(
        as_editor, online_booking(), "_publish", body="予約先に**連絡先**を渡します。", body_en="Your contact details."
    )
    assert "予約先に連絡先を渡します。" in read(client.get("/where-provided/")).one(id="online-booking").text
    assert "Your contact details." in read(client.get("/en/where-provided/")).one(id="online-booking").text


def test_item_added_to_a_scenario_is_shown_when_published(as_editor, client):
    item = DataItem.objects.get(code="birth-date")
    row = {"scenario_items-3-item": str(item.pk), "scenario_items-3-position": "9"}
    save(as_editor, online_booking(), "_publish", **row)
    items = [found.text for found in read(client.get("/where-provided/")).one(id="online-booking").all("li")]
    assert items[:4] == ["氏名", "メールアドレス", "電話番号", "生年月日"]


def test_item_taken_out_of_a_scenario_is_gone_when_published(as_editor, client):
    save(as_editor, online_booking(), "_publish", **{"scenario_items-2-DELETE": "on"})
    items = [found.text for found in read(client.get("/where-provided/")).one(id="online-booking").all("li")]
    assert items[:2] == ["氏名", "メールアドレス"] and "電話番号" not in items


def test_date_of_the_disclaimer_is_shown_when_published(as_editor, client):
    save(as_editor, SITE, "_publish", as_of="2026-04-05")
    assert read(client.get("/where-provided/")).one("main").all("time", datetime="2026-04-05")


def test_page_made_at_the_desk_is_there_when_published(as_editor, client):
    save(as_editor, "/admin/disclosures/page/add/", "_publish", code="children", title="お子さまの情報")
    assert read(client.get("/children/")).one("h1").text == "お子さまの情報"


def test_new_page_comes_last_and_the_home_page_stays_with_its_question(as_editor, client):
    before = question_and_chips(client)
    save(as_editor, "/admin/disclosures/page/add/", "_publish", code="children", title="お子さまの情報")
    assert Page.objects.last().code == "children"
    assert question_and_chips(client) == before


def question_and_chips(client) -> list[str]:
    page = read(client.get("/"))
    chips = [link["href"] for chips in page.all(cls="chips") for link in chips.all("a")]
    return [page.one("h1").text, *chips]


def test_new_rows_come_last_among_their_own(as_editor):
    section = Section.objects.get(code="personal-information")
    last = section.definitions.last().position
    new = {"code": "newest", "term": "新しい用語", "body": "説明"}
    save(as_editor, desk(Section, section.code), **{f"definitions-1-{name}": text for name, text in new.items()})
    assert section.definitions.last().code == "newest" and section.definitions.last().position == last + 1
    save(as_editor, "/admin/disclosures/dataitem/add/", code="seat", title="座席")
    assert DataItem.objects.last().code == "seat"
    save(as_editor, "/admin/disclosures/dataitem/add/", code="first", title="最初", position="0")
    assert DataItem.objects.first().code == "first"


def test_several_new_items_come_last_in_the_order_of_the_form(as_editor, client):
    wanted = ["resume", "entry-sheet"]
    form = form_on(as_editor, online_booking())
    rows = {f"scenario_items-{3 + n}-item": DataItem.objects.get(code=code).pk for n, code in enumerate(wanted)}
    blank = {f"scenario_items-4-{name}": "" for name in ("id", "position")}
    sent = {**form, **rows, **blank, "scenario_items-TOTAL_FORMS": "5", "_save": "on"}
    assert as_editor.post(online_booking(), sent).status_code == 302
    items = Scenario.objects.get(code="online-booking").scenario_items.all()
    assert [row.item.code for row in items] == ["name", "email", "phone", *wanted]


TAKEN = [
    "recipients",
    "services",
    "en",
    "my",
    "search",
    "admin",
    "healthz",
    "static",
    "accounts",
    "api",
    "log",
    "notices",
]


@pytest.mark.parametrize("code", TAKEN)
def test_page_cannot_have_an_address_that_is_taken(as_editor, code):
    path = "/admin/disclosures/page/add/"
    response = as_editor.post(path, {**form_on(as_editor, path), "code": code, "title": "題", "_save": "on"})
    assert f"/{code}/" in read(response).one(cls="errorlist").text
    assert not Page.objects.filter(code=code).exists()


@pytest.mark.parametrize("code", ["faq", "contact"])
def test_page_whose_address_shows_it_can_be_made(code):
    assert not is_taken(code)


def test_publishing_from_a_form_names_the_editor_and_what_was_edited(as_editor, editor):
    save(as_editor, online_booking(), "_publish", title="オンライン予約")
    newest = Publication.objects.newest()
    assert newest.published_by == editor
    assert "オンライン予約" in newest.reason


def test_saving_alone_changes_nothing_for_visitors(as_editor, client):
    before = client.get("/where-provided/").content
    save(as_editor, online_booking(), title="オンライン予約")
    assert client.get("/where-provided/").content == before
    assert Publication.objects.count() == 1


def test_save_and_publish_without_a_change_makes_no_publication(as_editor):
    save(as_editor, online_booking(), "_publish")
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("text", ["\u200b", "予約の\u202eため"])
def test_text_that_nobody_can_read_is_refused_where_it_stands(as_editor, text):
    path = online_booking()
    answer = as_editor.post(path, {**form_on(as_editor, path), "body_en": text, "_publish": "on"})
    assert list(answer.context["adminform"].form.errors) == ["body_en"]
    assert changes_waiting(as_editor) == []


def test_form_with_an_error_is_neither_saved_nor_published(as_editor):
    response = as_editor.post(online_booking(), {**form_on(as_editor, online_booking()), "title": "", "_publish": "on"})
    assert response.status_code == 200
    assert Scenario.objects.get(code="online-booking").title == "ネット予約"
    assert Publication.objects.count() == 1


def test_banner_counts_the_changes_that_wait(as_editor):
    save(as_editor, online_booking(), title="オンライン予約")
    save(as_editor, SITE, as_of="2026-04-05")
    banner = read(as_editor.get("/admin/")).one(cls="pending-banner")
    assert "2" in banner.text
    own = f"/admin/sets/{ChangeSet.objects.open().get().pk}/"
    assert [link["href"] for link in banner.all("a")] == [own, PENDING]


def test_banner_is_away_while_nothing_waits(as_editor):
    assert read(as_editor.get("/admin/")).all(cls="pending-banner") == []


def test_pending_page_lists_what_waits(as_editor):
    save(as_editor, online_booking(), title="オンライン予約")
    save(as_editor, "/admin/disclosures/link/add/", code="new-link", title="新しいリンク", address="/faq/")
    assert set(changes_waiting(as_editor)) == {"online-booking", "new-link"}


def test_pending_page_publishes_all_with_a_reason(as_editor, editor, client):
    save(as_editor, online_booking(), title="オンライン予約")
    publish_all(as_editor, reason="わかりやすい題に")
    newest = Publication.objects.newest()
    assert (newest.number, newest.reason, newest.published_by) == (2, "わかりやすい題に", editor)
    assert "オンライン予約" in read(client.get("/where-provided/")).text
    assert "わかりやすい題に" in read(client.get("/changes/")).text


def test_pending_page_is_empty_after_publishing(as_editor):
    save(as_editor, online_booking(), title="オンライン予約")
    publish_all(as_editor)
    assert changes_waiting(as_editor) == []


def test_pending_page_with_nothing_to_publish_makes_no_publication(as_editor):
    assert read(as_editor.get(PENDING)).all("input", name="seen") == []
    as_editor.post(PENDING, {"reason": "何も"})
    assert Publication.objects.count() == 1


def test_publication_can_be_read_and_not_changed(as_editor):
    page = read(as_editor.get(f"{PUBLICATIONS}1/change/"))
    assert Publication.objects.newest().sha256 in page.text
    assert as_editor.post(f"{PUBLICATIONS}1/change/", {"reason": "別の理由"}).status_code == 403
    assert as_editor.get(f"{PUBLICATIONS}add/").status_code == 403


# --- What stays ------------------------------------------------------------------------------------------------------

REFERENCES = [(Scenario, "online-booking"), (DataItem, "phone"), (Service, "jalan"), (Recipient, "minato-inn")]
each_reference = pytest.mark.parametrize(("model", "code"), REFERENCES, ids=[code for _model, code in REFERENCES])


@each_reference
def test_reference_row_cannot_be_deleted(as_editor, model, code):
    path = desk(model, code)
    assert read(as_editor.get(path)).all("a", cls="deletelink") == []
    assert as_editor.post(path.replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403
    assert model.objects.filter(code=code).exists()


@each_reference
def test_reference_row_cannot_be_deleted_by_an_administrator_either(model, code):
    client = client_of(make_user("admin", is_staff=True, is_superuser=True))
    response = client.post(desk(model, code).replace("/change/", "/delete/"), {"post": "yes"})
    assert response.status_code == 403


@each_reference
def test_reference_rows_cannot_be_deleted_from_their_list(as_editor, model, code):
    path = f"/admin/disclosures/{model._meta.model_name}/"
    row = model.objects.get(code=code)
    as_editor.post(path, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("model", "code"),
    [*REFERENCES, (Section, "processed"), (Page, "contact"), (Link, "faq")],
    ids=lambda part: str(part),
)
def test_code_cannot_be_changed(as_editor, model, code):
    save(as_editor, desk(model, code), code="another-code")
    assert model.objects.filter(code=code).exists()
    assert not model.objects.filter(code="another-code").exists()


def test_code_of_a_definition_cannot_be_changed_under_its_section(as_editor):
    save(as_editor, desk(Section, "personal-information"), **{"definitions-0-code": "another-code"})
    assert Definition.objects.filter(code="personal-information-definition").exists()


def test_retired_row_leaves_the_public_pages(as_editor, client):
    save(as_editor, desk(Service, "zexy"), "_publish", retired_at_0="2026-01-01", retired_at_1="00:00:00")
    assert client.get("/services/zexy/").status_code == 404


def test_text_with_a_link_that_hides_its_host_is_not_saved(as_editor):
    path = desk(Page, "contact")
    page = as_editor.post(path, {**form_on(as_editor, path), "lead": "[こちら](//evil.example/)", "_save": "on"})
    assert "「//evil.example/」は別のサイト" in page.content.decode()
    assert "evil" not in Page.objects.get(code="contact").lead


def test_site_cannot_be_added_again_or_deleted(as_editor):
    assert as_editor.get("/admin/disclosures/site/add/").status_code == 403
    assert as_editor.post("/admin/disclosures/site/1/delete/", {"post": "yes"}).status_code == 403
    assert Site.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "https://", "https:///x",
     "https://[", "https://a:x/"],
)  # fmt: skip
def test_address_of_a_link_must_be_of_this_site_or_https(as_editor, address):
    path = "/admin/disclosures/link/add/"
    form = {**form_on(as_editor, path), "code": "bad", "title": "悪い", "address": address, "_save": "on"}
    assert as_editor.post(path, form).status_code == 200
    assert not Link.objects.filter(code="bad").exists()


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("/admin/disclosures/link/add/", "address", "https://user:pw@host.example/"),
        ("/admin/disclosures/menuentry/add/", "address", "https://user:pw@host.example/"),
        ("/admin/disclosures/recipient/add/", "url", "https://user:pw@host.example/"),
        ("/admin/disclosures/recipient/add/", "contact", "https://user:pw@host.example/"),
        ("/admin/disclosures/authority/add/", "url", "https://user:pw@host.example/"),
        ("/admin/disclosures/page/add/", "lead", "[口座](https://bank.example@evil.example/)"),
        ("/admin/disclosures/page/add/", "lead_en", "https://user:pw@host.example/"),
    ],
)
def test_user_and_password_in_an_address_are_refused_with_a_word(db, path, field, value):
    as_admin = client_of(make_user("admin", is_staff=True, is_superuser=True))
    form = {**form_on(as_admin, path), "code": "bad", "title": "悪い", field: value, "_save": "on"}
    page = as_admin.post(path, form)
    assert page.status_code == 200
    assert page.content.decode().count("ユーザー名やパスワード") == 1


def test_section_cannot_be_part_of_a_section_of_another_page(as_editor):
    path = desk(Section, "contact-procedure")
    parent = Section.objects.get(code="processed")
    response = as_editor.post(path, {**form_on(as_editor, path), "parent": str(parent.pk), "_save": "on"})
    assert response.status_code == 200
    assert Section.objects.get(code="contact-procedure").parent is None


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_officer_reads_content_and_cannot_change_it(as_officer):
    path = online_booking()
    assert "ネット予約" in read(as_officer.get(path)).text
    assert as_officer.post(path, {"title": "別の題", "_publish": "on"}).status_code == 403
    assert Scenario.objects.get(code="online-booking").title == "ネット予約"


def test_officer_sees_what_waits_and_cannot_publish_it(as_officer):
    Scenario.objects.filter(code="online-booking").update(title="オンライン予約")
    assert changes_waiting(as_officer) == ["online-booking"]
    assert as_officer.post(PENDING, {"reason": "x"}).status_code == 403
    assert Publication.objects.count() == 1


def test_officer_cannot_roll_back(as_editor, as_officer):
    save(as_editor, online_booking(), "_publish", title="オンライン予約")
    assert as_officer.post("/admin/publications/1/", {"reason": "x"}).status_code == 403
    assert Publication.objects.newest().number == 2


def test_officer_stops_a_reporter_and_editor_may_not(as_officer, as_editor, reporter):
    path = f"/admin/disclosures/reporter/{reporter.pk}/stop/"
    assert as_editor.post(path).status_code == 403
    reporter.refresh_from_db()
    assert reporter.stopped_at is None
    as_officer.post(path)
    reporter.refresh_from_db()
    assert reporter.stopped_at is not None


LIBRARIES = (
    "privacycenter/user", "auth/group", "allauth_idp_oidc/client", "allauth_idp_oidc/token", "account/emailaddress",
    "socialaccount/socialaccount", "socialaccount/socialtoken", "mfa/authenticator", "usersessions/usersession",
)  # fmt: skip


@pytest.mark.parametrize("path", LIBRARIES)
def test_nobody_has_a_page_for_accounts_that_leaves_no_trace(as_editor, as_officer, path):
    administrator = client_of(make_user("root", is_staff=True, is_superuser=True))
    for client in (as_editor, as_officer, administrator):
        assert client.get(f"/admin/{path}/").status_code == client.get(f"/admin/{path}/1/change/").status_code == 404


def test_desk_log_in_leads_to_the_sites_log_in(client):
    response = client.get("/admin/login/?next=/admin/disclosures/site/", follow=True)
    address, _status = response.redirect_chain[-1]
    assert address.startswith("/accounts/login/?next=")


def test_desk_log_in_takes_no_password_of_its_own(client, editor):
    client.post("/admin/login/", {"username": "editor", "password": "correct horse battery staple"})
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", PENDING, SITE, PUBLICATIONS])
def test_person_is_refused_at_the_desk(as_hanako, path):
    assert as_hanako.get(path, follow=True).status_code == 403


def test_desk_speaks_english_too(as_editor):
    assert read(as_editor.get("/en/admin/")).one("html")["lang"] == "en"


def test_inputs_in_the_table_of_items_have_names(as_editor):
    page = read(as_editor.get(online_booking()))
    rows = [one for one in page.descendants if (one["name"] or "").startswith("scenario_items-")]
    inputs = [one for one in rows if one["type"] != "hidden" and not one["name"].endswith("_FORMS")]
    assert len(inputs) > 8
    assert [one["name"] for one in inputs if not one["aria-label"]] == []


def test_exclusion_made_at_the_desk_is_published_and_shown(as_editor, client):
    service, item = Service.objects.get(code="jalan"), DataItem.objects.get(code="phone")
    row = {
        "exclusions-0-service": service.pk,
        "exclusions-0-item": item.pk,
        "exclusions-0-reason": "渡さない約束です。",
    }
    save(as_editor, online_booking(), "_publish", **{"exclusions-TOTAL_FORMS": "1"}, **row)
    card = read(client.get("/where-provided/")).one(id="online-booking")
    assert "じゃらんnetは次の項目を提供しません: 電話番号。 渡さない約束です。" in card.text


def test_hold_without_a_reason_is_a_form_error(as_editor):
    path = desk(Recipient, "minato-inn")
    sent = {**form_on(as_editor, path), "on_hold_from_0": "2026-11-01", "on_hold_from_1": "09:00:00", "_save": "on"}
    page = read(as_editor.post(path, sent))
    assert "提供を見合わせる理由を書いてください。" in page.text
    assert Recipient.objects.get(code="minato-inn").on_hold_from is None


@pytest.mark.parametrize(("language", "told"), [("ja", "リンク 1件"), ("en", "1 link")])
def test_list_says_how_many_rows_it_has_as_the_language_counts(as_editor, language, told):
    first, *others = Link.objects.all()
    Link.objects.exclude(pk=first.pk).delete()
    path = "/admin/disclosures/link/" if language == "ja" else "/en/admin/disclosures/link/"
    assert others and told in read(as_editor.get(path)).text


def test_every_list_counts_with_a_noun(as_editor):
    """In English several of it are another word; both can stand after a number."""
    with speaking("en"):
        for model in admin.site._registry:
            one, many = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
            assert one != many or model is Site, model
