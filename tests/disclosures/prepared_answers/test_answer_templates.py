"""Prepared answers: written at the desk or from a file, and inserted into the message filled in."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from disclosures.models import AnswerTemplate, InquiryKind, InquiryStep
from disclosures.prepared_answers.actions import load_templates
from disclosures.prepared_answers.files import STARTER, read_answers
from disclosures.prepared_answers.queries import hints_left, unknown_placeholders
from tests.support.html import read
from tests.support.inquiries import confirm, filed

CHANGELIST = "/admin/disclosures/answertemplate/"
WRITTEN = {
    "code": "thanks", "kind": "2", "title_ja": "お礼", "title_en": "Thanks",
    "text_ja": "{name} 様\r\n{reference}は{due}までに。", "text_en": "Dear {name}: {reference} by {due}.",
}  # fmt: skip


def offered(page) -> dict[str, str]:
    return {one.text: one["value"] for one in page.one("select", name="template").all("option") if one["value"]}


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("ja", "花子 様"), ("en", "Dear 花子:")])
def test_answer_is_inserted_in_the_language_of_the_request_below_what_was_written(as_officer, language, words):
    assert as_officer.post(f"{CHANGELIST}add/", WRITTEN).status_code == 302
    inquiry = filed(name="花子", language=language)
    address = f"/en/admin/inquiries/{inquiry.pk}/"
    key = offered(read(as_officer.get(address)))["Thanks"]
    sent = {"what": "insert", "template": key, "message": "Hello.", "note": "mine", "status": "answered", "seen": "0"}
    response = as_officer.post(address, sent)
    page = read(response)
    message = page.one("textarea", name="message").text
    assert response.status_code == 200 and message.startswith(f"Hello. {words}") and inquiry.reference in message
    assert page.one("textarea", id="id_note").text == "mine"
    assert [one["value"] for one in page.all("input", name="status") if "checked" in one.attributes] == ["answered"]
    assert page.all(cls="errorlist") == [] and not InquiryStep.objects.exists()


@pytest.mark.django_db
def test_answer_that_still_holds_a_hint_is_not_sent(as_officer, officer):
    call_command("load_answers", stdout=StringIO())
    inquiry = filed(InquiryKind.CORRECTION, language="en")
    confirm(inquiry, officer)
    address = f"/en/admin/inquiries/{inquiry.pk}/"
    key = offered(read(as_officer.get(address)))["The data was corrected"]
    inserted = as_officer.post(address, {"what": "insert", "template": key, "seen": "0"})
    text = read(inserted).one("textarea", name="message").text
    assert "[[say here what was done]]" in text
    sent = {"what": "step", "status": "answered", "way": "2", "message": text, "seen": "0"}
    refused = as_officer.post(address, sent)
    assert refused.status_code == 422 and not InquiryStep.objects.exists()
    (error,) = read(refused).all(cls="errorlist")
    assert "Replace [[say here what was done]] with your own words." in error.text
    complete = text.replace("[[say here what was done]]", "Your phone number [was] changed.")
    assert as_officer.post(address, {**sent, "message": complete}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["²", "٣", "9" * 20, "9" * 5000, "x"])
def test_answer_that_is_not_there_inserts_nothing(as_officer, key):
    address = f"/en/admin/inquiries/{filed().pk}/"
    response = as_officer.post(address, {"what": "insert", "template": key, "message": "Hello.", "seen": "0"})
    assert response.status_code == 200
    assert read(response).one("textarea", name="message").text.strip() == "Hello."
    assert as_officer.get(f"/en/admin/inquiries/{'9' * 20}/").status_code == 404


@pytest.mark.django_db
def test_only_answers_for_the_kind_are_offered(as_officer):
    call_command("load_answers", stdout=StringIO())
    texts = {kind: offered(read(as_officer.get(f"/en/admin/inquiries/{filed(kind).pk}/"))) for kind in InquiryKind}
    assert "The data was corrected" in texts[InquiryKind.CORRECTION]
    assert list(texts[InquiryKind.QUESTION]) == ["Asking who it is", "Received, and by when we answer"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"text_en": "Dear {nmae}"}, {"text_ja": ""}, {"title_ja": ""}, {"text_ja": "{}"}, {"code": "Ä"}]
)
def test_answer_with_an_unknown_placeholder_or_a_part_missing_is_not_saved(as_officer, wrong):
    response = as_officer.post(f"{CHANGELIST}add/", {**WRITTEN, **wrong})
    assert read(response).all(cls="errorlist") and not AnswerTemplate.objects.exists()


@pytest.mark.django_db
def test_officer_changes_and_deletes_an_answer_and_others_do_not_see_it(as_officer, as_editor, as_hanako):
    as_officer.post(f"{CHANGELIST}add/", WRITTEN)
    template = AnswerTemplate.objects.get()
    change = f"{CHANGELIST}{template.pk}/change/"
    assert read(as_officer.get(change)).one("textarea", name="text_en").text == WRITTEN["text_en"]
    as_officer.post(change, {**WRITTEN, "text_en": ""})
    template.refresh_from_db()
    assert template.texts == {"ja": "{name} 様\n{reference}は{due}までに。"}
    assert as_editor.get(change).status_code == 403 and as_hanako.get(change, follow=True).status_code == 403
    as_officer.post(f"{CHANGELIST}{template.pk}/delete/", {"post": "yes"})
    assert not AnswerTemplate.objects.exists()


@pytest.mark.django_db
def test_file_is_loaded_once_and_what_officers_changed_stays(tmp_path):
    assert load_templates(entries=read_answers(STARTER)) == AnswerTemplate.objects.count() > 5
    AnswerTemplate.objects.filter(code="stop-done").update(texts={"ja": "直した"})
    out = StringIO()
    call_command("load_answers", stdout=out)
    assert out.getvalue() == "0 added\n"
    assert AnswerTemplate.objects.get(code="stop-done").texts == {"ja": "直した"}


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["- code: a", "a: [", "- {code: b, titles: {ja: x}, texts: {ja: '{what}'}}", None])
def test_file_that_cannot_be_used_writes_nothing(tmp_path, text):
    path = tmp_path / "answers.yaml"
    if text:
        path.write_text(text)
    with pytest.raises(CommandError):
        call_command("load_answers", str(path))
    assert not AnswerTemplate.objects.exists()


@pytest.mark.once
def test_each_prepared_answer_to_begin_with_is_whole_in_both_languages():
    for entry in read_answers(STARTER):
        assert set(entry["titles"]) == set(entry["texts"]) == {"ja", "en"}, entry["code"]
        assert len({bool(hints_left(text)) for text in entry["texts"].values()}) == 1, entry["code"]
        assert [unknown_placeholders(text) for text in entry["texts"].values()] == [[], []]
        assert InquiryKind.from_code(entry["kind"]) or not entry["kind"]


@pytest.mark.django_db
def test_hints_of_before_get_their_brackets_once_and_other_texts_stay():
    load_templates(entries=read_answers(STARTER))
    whole = {one.code: dict(one.texts) for one in AnswerTemplate.objects.all()}
    for template in AnswerTemplate.objects.all():
        template.texts = {
            language: text.replace("[[", "(").replace("]]", ")") for language, text in template.texts.items()
        }
        template.save()
    own = AnswerTemplate.objects.create(code="own", titles={"ja": "独自"}, texts={"ja": "(お気軽にどうぞ)"})
    for _time in range(2):
        import_module("disclosures.migrations.0041_hints_of_answers").mark(apps, None)
    assert {one.code: one.texts for one in AnswerTemplate.objects.exclude(pk=own.pk)} == whole
    own.refresh_from_db()
    assert own.texts == {"ja": "(お気軽にどうぞ)"}
