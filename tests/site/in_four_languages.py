"""The site with LANGUAGES=ja,en,zh-hans,ko, which a process reads once: ``test_four_languages`` runs these in their own.

All content is there in Korean, nothing of it in Chinese; neither has a catalogue of interface texts.
"""

import json
import re
from datetime import timedelta
from functools import cache
from gettext import GNUTranslations
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consents.exports.mails import ready_mail
from consents.models import Decision, Frequency, WithdrawalCase
from consents.notices.actions import choose_preference
from disclosures.content.parts import edited_together
from disclosures.content.working_copy import MODELS
from disclosures.models import DeskLanguage, Note, OlderTranslation, Question, Scenario
from disclosures.packs.actions import load_content
from disclosures.packs.files import read_pack, write_pack
from disclosures.packs.queries import content_pack
from disclosures.publishing.actions import publish_content
from disclosures.translating import xliff
from privacycenter.canonical import sha256_of
from privacycenter.errors import PackError
from privacycenter.text.languages import interface_language, page_language, speaking
from privacycenter.text.words import HANGUL, JAPANESE
from tests.support.api import approval_question
from tests.support.asking import submit
from tests.support.content import ROOT
from tests.support.desk import form_on, online_booking, save
from tests.support.every_page import filled_site, listed_paths, pages_from
from tests.support.html import filled_in, read
from tests.support.people import PASSWORD, client_of

pytestmark = pytest.mark.django_db

NAMES = {"ja": "日本語", "en": "English", "zh-hans": "简体中文", "ko": "한국어"}
PREFIXES = ("/ko", "/zh-hans")
PAGES = ("/", "/where-provided/", "/recipients/abroad/", "/recipients/minato-inn/", "/services/jalan/", "/faq/",
         "/contact/", "/glossary/", "/changes/1/", "/search/?q=name", "/no-such-page/", "/accounts/login/",
         "/where-provided/?item=email", "/contact/requests/new/?kind=correction")  # fmt: skip
# What cannot hold an element that marks a part of it, or is not read.
NEVER_MARKED = ("script", "style", "title", "option")
IN_WORDS = ("aria-label", "title", "placeholder", "alt")


def translate(model) -> None:
    rows = list(model._default_manager.all())
    for row in rows:
        texts = {name: row.texts(name)["ja"] for name in model._meta.get_field("i18n").fields if row.texts(name)}
        korean = {f"{name}_ko": f"한글 {JAPANESE.sub('가', text)}" for name, text in texts.items()}
        row.i18n = {**(row.i18n or {}), **korean}
    model._default_manager.bulk_update(rows, ["i18n"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        for model in (*MODELS.values(), Note):
            translate(model)
        publish_content(by=None)


@cache
def japanese_interface() -> set[str]:
    with (ROOT / "locale" / "ja" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return {text for text in GNUTranslations(file)._catalog.values() if JAPANESE.search(text)}


def wrongly_marked(page) -> list[str]:
    """Texts that do not say their language, and interface texts that are not in English."""
    found = [text for text, element in page.words if element.tag not in NEVER_MARKED and not is_right(text, element)]
    told = [element[name] for element in page.descendants for name in IN_WORDS if element[name]]
    return [*found, *(text for text in told if text in japanese_interface())]


def is_right(text, element) -> bool:
    text = text.replace("・", "")  # a point between two, on every page
    if element.language == "en":
        return not JAPANESE.search(text) and not HANGUL.search(text)
    if HANGUL.search(text):
        return element.language == "ko"
    return element.language in ("ja", "zh-hans") or not JAPANESE.search(text)


# --- The public site -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", PREFIXES)
def test_public_pages_are_english_around_content_that_says_its_language(client, prefix):
    for path in PAGES:
        response = client.get(prefix + path)
        page = read(response)
        assert response.status_code == (404 if "no-such" in path else 200), path
        assert page.one("html")["lang"] == "en"
        assert response["Content-Language"] == prefix.strip("/")
        assert wrongly_marked(page) == [], path


def test_content_is_in_the_language_of_the_address_or_falls_back(client):
    korean, chinese = (read(client.get(f"{prefix}/services/jalan/")).one("h1") for prefix in PREFIXES)
    assert korean.one(lang="ko").text.startswith("한글")
    assert "じゃらんnet" in chinese.one(lang="ja").text


def test_dates_and_numbers_are_english_around_korean(client):
    with speaking("ko"):
        assert (page_language(), interface_language()) == ("ko", "en")
    assert re.search(
        r"As published on <time datetime=\"[\d-]+\">[A-Z][a-z]+\.? \d+, \d{4}", client.get("/ko/").content.decode()
    )


@pytest.mark.parametrize("path", ["/ko/where-provided/", "/where-provided/", "/zh-hans/accounts/login/"])
def test_switcher_names_each_language_by_its_own_name(client, path):
    footer = read(client.get(path)).one("footer")
    links = [link for link in footer.all("a") if link["hreflang"]]
    assert [(link["lang"], link["hreflang"], link.text) for link in links] == [(c, c, n) for c, n in NAMES.items()]
    current = next(link for link in links if link["aria-current"])
    assert current["href"] == path
    without = path.removeprefix(f"/{current['lang']}")
    assert [link["href"] for link in links] == [without, *(f"/{code}{without}" for code in list(NAMES)[1:])]


def test_every_page_tells_search_engines_its_four_addresses(client):
    page = read(client.get("/ko/faq/"))
    others = {link["hreflang"]: link["href"] for link in page.all("link", rel="alternate")}
    assert others["zh-hans"].endswith("/zh-hans/faq/") and list(others) == list(NAMES)
    assert page.one("meta", property="og:locale")["content"] == "ko_KR"
    paths = listed_paths()
    assert {"/faq/", "/en/faq/", "/zh-hans/faq/", "/ko/faq/"} <= set(paths)
    assert "Disallow: /zh-hans/my/" in client.get("/robots.txt").content.decode()
    assert "Preferred-Languages: ja, en, zh-hans, ko" in client.get("/.well-known/security.txt").content.decode()


def test_search_finds_korean_and_marks_it(client):
    page = read(client.get("/ko/search/?q=한글 가가"))
    assert page.one("ol", cls="results").all("li", lang="ko")
    assert wrongly_marked(page.one("ol", cls="results")) == []


# --- A person's record -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", PREFIXES)
def test_personal_pages_are_english_around_content_that_says_its_language(prefix):
    person = client_of(filled_site().hanako)
    pages = pages_from(person, f"{prefix}/my/")
    assert len(pages) >= 15
    assert {path: wrong for path in pages if (wrong := wrongly_marked(read(person.get(path))))} == {}


def test_answer_on_a_korean_page_is_kept_in_korean_with_its_receipt(hanako, as_hanako, open_request):
    assert submit(as_hanako, open_request, "allow", "name", prefix="/ko").status_code == 302
    decision = Decision.objects.get()
    assert (decision.language, decision.text["language"]) == ("ko", "ko")
    assert decision.text["scenario"]["title"].startswith("한글")
    pdf = as_hanako.get(f"/ko/my/decisions/{decision.id}/receipt.pdf").content
    assert pdf.startswith(b"%PDF-") and b"/Lang(en)" in pdf and b"/Lang(ko)" in pdf


def test_record_taken_home_names_things_in_every_language(as_hanako, disclosure):
    as_hanako.post("/accounts/reauthenticate/", {"password": PASSWORD})
    taken = {
        format: b"".join(as_hanako.post("/ko/my/export/", {"format": format})) for format in ("json", "csv", "pdf")
    }
    names = json.loads(taken["json"])["names"]["recipients"]["minato-inn"]
    assert (list(names), names["ko"][:2]) == (["ja", "en", "ko"], "한글")
    assert "한글" in taken["csv"].decode() and taken["pdf"].startswith(b"%PDF-")


def test_mails_are_english_and_lead_to_korean_pages(hanako):
    choose_preference(frequency=Frequency.DAILY, language="ko", by=hanako)
    with speaking("ko"):
        sent = ready_mail(hanako, uuid4(), uuid4())
    assert "/ko/my/export/" in sent.body and not JAPANESE.search(sent.body + sent.subject)


# --- The API ---------------------------------------------------------------------------------------------------------


def asked_in(**texts):
    question = approval_question()
    for item in question["items"]:
        item["purpose"] = {"ja": "理由", **texts}
    return question


def test_reasons_are_taken_in_every_language_of_the_site(api, hanako):
    answered = api.post("/approval-requests", asked_in(ko="이유", **{"zh-hans": "理由"}))
    assert answered.status_code == 201, answered.content
    shown = read(client_of(hanako).get(f"/ko/my/requests/{hanako.approval_requests.get().id}/"))
    assert [element.text for element in shown.all(lang="ko") if element.text == "이유"]


def test_reason_in_another_language_is_refused_with_its_field(api, hanako):
    refused = api.post("/approval-requests", asked_in(fr="raison"))
    assert (refused.status_code, refused.json()["field"]) == (422, "items[0].purpose.fr")


def test_description_of_the_api_has_every_language(client):
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert list(schemas["Sentences"]["properties"]) == list(NAMES)
    assert schemas["Sentences"]["required"] == ["ja"]


# --- The desk --------------------------------------------------------------------------------------------------------


BESIDE = "/admin/translations/beside/"


def fields_of(page) -> list[str]:
    return [name for name in ("body", "body_en", "body_zh_hans", "body_ko") if page.all(name=name)]


def test_form_shows_the_japanese_and_one_language_beside_it(as_editor):
    form = read(as_editor.get(f"/zh-hans{online_booking()}"))
    assert fields_of(form) == ["body", "body_en"]
    assert [form.one(name=name)["lang"] for name in ("body", "body_en")] == ["ja", "en"]
    assert form.one(name="body")["data-markdown"] == "/zh-hans/admin/markdown/"
    assert {button["value"]: button["aria-pressed"] for button in form.all("button", name="language")} == {
        "en": "true", "zh-hans": "false", "ko": "false",
    }  # fmt: skip


def test_language_beside_is_chosen_and_remembered_for_the_person_in_every_form(as_editor, writer):
    answer = as_editor.post(BESIDE, {"language": "ko", "next": online_booking()})
    assert answer["Location"] == online_booking()
    answer = as_editor.post(BESIDE, {"language": "zh-hans", "next": f"{online_booking()}?beside=ko&_popup=1"})
    assert answer["Location"] == f"{online_booking()}?_popup=1"
    for path in (online_booking(), "/admin/disclosures/term/add/", "/admin/disclosures/authority/add/"):
        page = read(as_editor.get(path))
        assert page.one(name="beside")["value"] == "zh-hans" and page.all(lang="ko", name="title_ko") == []
    assert fields_of(read(client_of(writer).get(online_booking()))) == ["body", "body_en"]


@pytest.mark.parametrize("language", ["fr", "ja", ""])
def test_language_that_the_site_has_not_is_not_remembered(as_editor, language):
    page = read(as_editor.post(BESIDE, {"language": language, "next": "https://evil.example/"}, follow=True))
    assert page.one(cls="errornote") if page.all(cls="errornote") else page.one(cls="messagelist")
    assert not DeskLanguage.objects.exists()


def test_link_to_a_translation_opens_the_form_in_its_language(as_editor):
    listed = read(as_editor.get("/admin/translations/", {"language": "zh-hans", "kind": "scenarios"}))
    link = listed.one("table", cls="translation-list").one("tbody").all("a")[0]["href"]
    answer = as_editor.get(link)
    assert answer["Location"].partition("?")[2] == "beside=zh-hans#id_title_zh_hans"
    assert read(as_editor.get(answer["Location"])).one(name="title_zh_hans")


def test_languages_that_are_not_shown_stay_as_they_are(as_editor):
    before = Scenario.objects.get(code="online-booking")
    note = before.notes.first() or before.notes.create(
        code="a-note", body="注記", i18n={"body_ko": "한글", "body_en": "x"}
    )
    save(as_editor, f"{online_booking()}?beside=zh-hans", body_zh_hans="预订", title="予約")
    after = Scenario.objects.get(code="online-booking")
    assert after.texts("body") == {**before.texts("body"), "zh-hans": "预订"}
    assert after.texts("title") == {**before.texts("title"), "ja": "予約"}
    assert after.notes.get(code=note.code).texts("body") == note.texts("body")


def test_form_keeps_its_language_when_another_is_chosen_elsewhere(as_editor):
    form = form_on(as_editor, f"{online_booking()}?beside=zh-hans")
    as_editor.post(BESIDE, {"language": "ko"})
    page = read(as_editor.post(online_booking(), {**form, "body_zh_hans": "预订", "title": "", "_save": "on"}))
    assert fields_of(page) == ["body", "body_zh_hans"] and page.one(name="body_zh_hans").text == "预订"
    as_editor.post(online_booking(), {**form, "body_zh_hans": "预订", "_save": "on"})
    assert Scenario.objects.get(code="online-booking").body_zh_hans == "预订"


def test_form_that_says_no_language_has_all_and_empties_only_what_it_sends(as_editor):
    """Such as one that was opened before forms showed two languages."""
    before = Scenario.objects.get(code="online-booking")
    form = {**form_on(as_editor, online_booking()), "seen": sha256_of(edited_together(before)), "title_ko": ""}
    form.pop("beside")
    assert as_editor.post(online_booking(), {**form, "_save": "on"}).status_code == 302
    after = Scenario.objects.get(code="online-booking")
    assert "ko" not in after.texts("title") and after.texts("body") == before.texts("body")


def test_two_translators_of_one_text_do_not_collide(as_editor, writer):
    mine, theirs = (form_on(client, f"{online_booking()}?beside={language}")
                    for client, language in ((as_editor, "zh-hans"), (client_of(writer), "ko")))  # fmt: skip
    assert client_of(writer).post(online_booking(), {**theirs, "body_ko": "예약", "_save": "on"}).status_code == 302
    assert as_editor.post(online_booking(), {**mine, "body_zh_hans": "预订", "_save": "on"}).status_code == 302
    after = Scenario.objects.get(code="online-booking")
    assert (after.body_ko, after.body_zh_hans) == ("예약", "预订")


def test_change_of_the_japanese_collides_whatever_is_beside_it(as_editor, writer):
    mine, theirs = (form_on(client, f"{online_booking()}?beside={language}")
                    for client, language in ((as_editor, "zh-hans"), (client_of(writer), "ko")))  # fmt: skip
    client_of(writer).post(online_booking(), {**theirs, "body": "新しい文。", "_save": "on"})
    page = read(as_editor.post(online_booking(), {**mine, "body_zh_hans": "预订", "_save": "on"}))
    assert "新しい文。" in page.one(cls="other-text").text and page.one(name="body_zh_hans").text == "预订"


def test_deleted_entry_comes_back_with_the_languages_that_were_not_shown(as_editor):
    question = Question.objects.first()
    path = f"/admin/disclosures/question/{question.pk}/change/"
    form = form_on(as_editor, f"{path}?beside=zh-hans")
    as_editor.post(f"/admin/disclosures/question/{question.pk}/delete/", {"post": "yes"})
    page = read(as_editor.post(path, {**form, "answer_zh_hans": "回答", "_save": "on"}))
    again = filled_in(page.one("form", id="question_form"))
    assert (again["answer_ko"], again["answer_zh_hans"]) == ([question.answer_ko], ["回答"])
    assert as_editor.post("/admin/disclosures/question/add/", {**again, "_save": "on"}).status_code == 302
    assert Question.objects.get(code=question.code).texts("answer") == {**question.texts("answer"), "zh-hans": "回答"}


def test_form_that_outlived_a_log_in_comes_back_in_its_language(as_editor, editor):
    form = form_on(as_editor, f"{online_booking()}?beside=zh-hans")
    ended = timezone.now() - timedelta(minutes=1)
    Session.objects.filter(session_key=as_editor.session.session_key).update(expire_date=ended)
    answer = as_editor.post(online_booking(), {**form, "body_zh_hans": "预订", "_save": "on"})
    as_editor.force_login(editor)
    page = read(as_editor.get(parse_qs(urlsplit(answer["Location"]).query)["next"][0]))
    assert page.one("textarea", name="body_zh_hans").text == "预订"


def test_older_translation_is_counted_and_marked_in_each_language(as_editor):
    save(as_editor, online_booking(), body="新しい文。")
    assert {(row.field, row.language) for row in OlderTranslation.objects.all()} == {("body", "en"), ("body", "ko")}
    offered = {
        button["value"]: button.text for button in read(as_editor.get(online_booking())).all("button", name="language")
    }
    assert "1" in offered["en"] and "1" in offered["ko"]
    counts = read(as_editor.get("/en/admin/translations/")).one(cls="language-counts")
    assert [line.text.rpartition(" · ")[2] for line in counts.all("li")] == ["1 older", "0 older", "1 older"]


def test_file_for_translators_is_written_and_taken_in_chinese(as_editor):
    content = as_editor.get("/admin/translations/file/", {"language": "zh-hans", "wanted": "missing"}).content
    returned = xliff.read(content)
    assert returned.language == "zh-hans" and all(unit.target == "" for unit in returned.units)
    one = returned.units[0]
    file = f"id,target:zh-Hans,source_sha256\r\n{one.id},预订,{one.source_sha256}\r\n".encode()
    sent = {"language": "zh-hans", "file": SimpleUploadedFile("t.csv", file)}
    page = read(as_editor.post("/admin/translations/take/", sent))
    form = next(form for form in page.all("form") if form.all(name="compared"))
    assert as_editor.post("/admin/translations/take/", filled_in(form)).status_code == 302
    assert one.id not in [unit.id for unit in xliff.read(
        as_editor.get("/admin/translations/file/", {"language": "zh-hans", "wanted": "missing"}).content
    ).units]  # fmt: skip


def test_missing_translations_are_counted_in_every_language(as_editor):
    page = read(as_editor.get("/ko/admin/translations/"))
    assert "Simplified Chinese" in page.text and not JAPANESE.search(page.one(id="content").one("h1").text)


def test_preview_is_offered_in_every_language(as_editor):
    bar = read(as_editor.get("/ko/admin/preview/where-provided/")).one("section", cls="preview-bar")
    assert [link.text for link in bar.all("a") if link["hreflang"]] == list(NAMES.values())
    assert bar.one("a", hreflang="zh-hans")["href"] == "/zh-hans/admin/preview/where-provided/"


def test_officer_gives_a_reason_in_every_language(as_officer, withdrawal):
    case = WithdrawalCase.objects.get(withdrawal_id=withdrawal.id)
    page = read(as_officer.get(f"/ko/admin/withdrawals/{case.pk}/"))
    assert [page.one(name=f"reason_{code}")["lang"] for code in NAMES] == list(NAMES)


# --- Packs -----------------------------------------------------------------------------------------------------------


def test_pack_carries_every_language_and_changes_nothing_when_it_is_loaded_again(tmp_path):
    Scenario.objects.filter(code="online-booking").update(i18n={"title_zh_hans": "网上预约", "title_ko": "온라인 예약"})
    write_pack(content_pack(), tmp_path / "pack")
    found = next((tmp_path / "pack" / "pages").glob("where-provided.yaml")).read_text(encoding="utf-8")
    assert "zh-hans: 网上预约" in found and "ko: 온라인 예약" in found
    assert load_content(pack=read_pack(tmp_path / "pack")).total() == 0


def test_pack_in_another_language_is_refused_with_file_and_key(tmp_path):
    (tmp_path / "data_items.yaml").write_text("- code: name\n  title: {ja: 氏名, fr: Nom}\n", encoding="utf-8")
    with pytest.raises(PackError) as refused:
        read_pack(tmp_path)
    assert "data_items.yaml" in refused.value.detail and "[0].title.fr" in refused.value.detail
