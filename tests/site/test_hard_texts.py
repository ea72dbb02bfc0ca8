"""Sixty names and texts that are hard to show: refused with a clear word, or shown everywhere just as they were given.

One site holds all of them at once, as name of a recipient, purpose, consequence, reason, inquiry and name of a person.
"""

import json
from html import escape
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone
from pydantic import TypeAdapter
from pydantic import ValidationError as NotInTheSchema

from consents.asking.request_actions import Asked, file_request
from consents.exports import csv_file, pdf_file
from consents.exports.record import record_of
from disclosures.accounts.forms import StaffForm
from disclosures.inquiries.actions import Filing, file_inquiry, take_step
from disclosures.inquiries.forms import InquiryForm, StepForm
from disclosures.inquiries.numbers import new_token
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Inquiry, InquiryKind, InquiryStatus, Recipient
from disclosures.packs.schema import Text
from disclosures.receiving.schemas import ReasonText
from disclosures.record.filters import Filters
from disclosures.record.forms import LookupReasonField
from disclosures.reporters.schemas import Sentence
from privacycenter.models import User
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, question
from tests.support.content import publish_as_it_is
from tests.support.events import a_correction, an_event
from tests.support.exports import body, confirmed, table, take

pytestmark = pytest.mark.django_db

READABLE = {
    "kana and kanji": "高橋 空", "variants": "髙﨑 𠮷野 葛󠄀城", "half width": "ﾊﾝｶｸ ﾀﾛｳ", "full width": "ＡＢＣ１２３", "ligature of a company": "㈱みどり",
    "rare": "𩸽の宿", "rarer": "\U00030000", "iteration": "佐々木ゞ", "long vowel": "スーーパーー", "wave dash": "一〜二～三", "minus signs": "−－‐–—",
    "Chinese": "汉字 漢字", "Korean": "한국어 이름", "Korean, decomposed": "\u1112\u1161\u11ab", "Vietnamese": "Nguyễn Thị Ánh", "Yoruba": "Ọ̀ṣun Adébáyọ̀",
    "Turkish": "İğne ılık", "German": "Straße ẞ", "Polish": "Łukasz Żółć", "Greek": "Ωμέγα ΰ", "Cyrillic": "Ёжик Їжак", "Georgian": "ქართული",
    "Armenian": "Հայերեն", "Arabic": "محمد علي", "Arabic with digits": "شركة ١٢٣ 456", "Hebrew": "שלום עולם", "Hebrew with a mark": "שלום\u200f!",
    "Persian with a joiner": "می\u200cخواهم", "Thai": "สมชาย ใจดี", "Devanagari": "क्षत्रिय नमस्ते", "Bengali": "বাংলা", "Tamil": "தமிழ்", "Khmer": "ភាសាខ្មែរ",
    "Amharic": "አማርኛ", "Tibetan": "བོད་སྐད", "cuneiform": "\U00012000\U00012001", "fancy": "𝕳𝖆𝖓𝖆𝖐𝖔", "emoji": "ありがとう😊", "family": "👨‍👩‍👧‍👦",
    "flag": "🇯🇵", "tag flag": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "skin": "👍🏽", "keycap": "1️⃣", "new emoji": "\U0001fae8",
    "many marks": "Z͑ͫ̓a̴l̵g̷o", "decomposed": "か\u3099く\u3099", "markup": "<b>太字</b> & \"引用\" '",
    "script": "<script>alert(1)</script>", "template": "{{ 7*7 }} {% now 'Y' %}", "format": "%(name)s %s {0}", "Markdown": "**強調** [x](y) `z` # 見出し",
    "Typst": "#panic() *x* $y$ @z \\ ]", "formula": "=1+1", "SQL": "'; DROP TABLE x; --", "path": "../../etc/passwd", "no break": "a\u00a0b\u2060c",
    "one letter": "ん", "null": "null", "zero": "0", "private": "甲\ue000乙",
}  # fmt: skip
UNREADABLE = {
    "zero width": "\u200b", "Hangul filler": "\u3164", "empty Braille": "\u2800", "word joiner": "\u2060", "mark of byte order": "\ufeff",
    "override": "集計の\u202eめた", "embedding": "\u202babc\u202c", "isolate": "a\u2067b\u2069",
}  # fmt: skip
# Neither a letter nor a space: refused at every door, or taken out by it, but never an error of ours.
BROKEN = {"zero byte": "a\x00b", "escape": "\x1b[31mred", "half a letter": "a\ud83db", "delete": "a\x7fb"}


def staff_form(text):
    return StaffForm({"username": "x", "display_name": text, "email": "x@example.jp", "reason": "新しい担当者のため"})


def in_form(form, name):
    """Return what the form says against the text; empty if it takes it."""
    return " ".join(form.errors.get(name, []))


def in_schema(kind, text):
    try:
        TypeAdapter(kind).validate_python(text)
    except NotInTheSchema as refused:
        return str(refused)
    return ""


def in_field(field, text):
    try:
        field.clean(text)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


# Where a text comes in that somebody else decides about → what is said against it.
DOORS = {
    "purpose": lambda text: in_schema(Sentence, text),
    "reason of a correction": lambda text: in_schema(ReasonText, text),
    "content pack": lambda text: in_schema(Text, text),
    "name of staff": lambda text: in_form(staff_form(text), "display_name"),
    "reason of a look": lambda text: in_field(LookupReasonField(), text + " " * 2 + "ご本人からの請求" * 2),
    "answer to an inquiry": lambda text: in_form(
        StepForm({"message": text, "status": "received", "seen": 0}, offered=[InquiryStatus.RECEIVED], seen=0),
        "message",
    ),
}


def test_there_are_sixty():
    assert len(READABLE) == 60 == len(set(READABLE.values()))


@pytest.mark.parametrize("door", sorted(set(DOORS) - {"reason of a look"}))
def test_every_door_takes_what_can_be_read_and_refuses_what_cannot(door):
    assert {name: said for name, text in READABLE.items() if (said := DOORS[door](text))} == {}
    assert [name for name, text in UNREADABLE.items() if not DOORS[door](text)] == []


@pytest.mark.parametrize("door", DOORS)
def test_no_door_fails_at_what_is_no_text(door):
    for text in (*UNREADABLE.values(), *BROKEN.values()):
        assert isinstance(DOORS[door](text), str)


def test_person_may_write_what_a_telephone_puts_around_a_number_but_not_nothing():
    def said(text):
        return in_form(InquiryForm({"kind": "question", "name": "花子", "email": "h@example.jp", "body": text}), "body")

    assert said("\u202a+81 90\u202c にお電話ください") == ""
    assert said("\u3164\u200b") != ""


@pytest.mark.parametrize("text", [*UNREADABLE.values(), *BROKEN.values()])
def test_api_answers_with_a_problem_that_names_the_field(api, text):
    asked = [{"code": "name", "purpose": text, "consequence": "なくても利用できます"}]
    answered = api.ask(items=asked, subject="subject-hanako")
    assert (answered.status_code, answered["Content-Type"]) == (422, "application/problem+json")
    assert "purpose" in answered.content.decode()


@pytest.fixture
def home(hanako):
    return confirmed(hanako)


@pytest.fixture
def hard_site(hanako, reporter, officer):
    """hanako and a record in which every text stands at every place. The recipients are named by the texts."""
    country = Recipient.objects.first().country
    Recipient.objects.bulk_create(
        Recipient(code=f"hard-{n}", title=text, title_en=text, country=country, position=900 + n)
        for n, text in enumerate(READABLE.values())
    )
    publish_as_it_is()
    record_disclosures(events=[an_event(f"e-{n}", recipient=f"hard-{n}") for n in range(len(READABLE))], by=reporter)
    corrections = []
    for n, text in enumerate(READABLE.values()):
        said = dict.fromkeys(("ja", "en"), text)
        asked = question(recipient=f"hard-{n}", items=("name",)) | {"items": [Asked("name", said, said)]}
        request, _is_new = file_request(**asked, by=reporter)
        if n % 2:
            answer(hanako, request, "name")
        filing = Filing(new_token(), InquiryKind.QUESTION, text, "hanako@example.jp", text, "", "ja")
        inquiry, _is_new = file_inquiry(filing=filing, by=hanako)
        take_step(inquiry=inquiry, status=InquiryStatus.ANSWERED, message=text, by=officer)
        corrections.append(a_correction(hanako.disclosures.get(event_id=f"e-{n}"), f"c-{n}", False, reason=said))
    record_disclosures(events=corrections, by=reporter)
    return hanako


def missing(shown: str, written=escape) -> list[str]:
    """Return the names of the texts that are not in what is shown, as they are ``written`` there."""
    return [name for name, text in READABLE.items() if written(text) not in shown]


def test_every_text_is_on_its_pages_and_in_its_mail_in_both_languages_and_in_no_log(hard_site, officer, caplog):
    home, desk = confirmed(hard_site), confirmed(officer)
    asked = [f"/my/requests/{one.id}/" for one in hard_site.approval_requests.all()]
    written = [f"/my/inquiries/{one.reference}/" for one in Inquiry.objects.of_person(hard_site)]
    corrected = [f"/my/disclosures/{one.id}/" for one in hard_site.disclosures.all()]
    at_the_desk = [f"/admin/inquiries/{one.pk}/" for one in Inquiry.objects.of_person(hard_site)]
    for turn, (client, paths) in enumerate(((home, asked), (home, written), (home, corrected), (desk, at_the_desk))):
        # Every text in one language on a kind of page, and in the other on the next kind.
        prefixes = ["" if client is desk or (turn + n) % 2 else "/en" for n in range(len(paths))]
        answers = [client.get(prefix + path) for prefix, path in zip(prefixes, paths, strict=True)]
        assert {one.status_code for one in answers} == {200}, paths[0]
        assert missing("".join(one.content.decode() for one in answers)) == [], paths[0]
    work_off()
    assert missing("\n".join(one.body for one in mail.outbox), str) == []
    logged = caplog.text
    assert "request" in logged and READABLE["emoji"] not in logged and READABLE["Arabic"] not in logged


def test_every_text_is_in_every_file(hard_site):
    home = confirmed(hard_site)
    given = set(READABLE.values())
    record = json.loads(body(take(home, "json")))
    assert {one["items"][0]["purpose"]["ja"] for one in record["requests"]} == given
    assert {one["body"] for one in record["inquiries"]} == given
    assert {one["reason"]["ja"] for one in record["corrections"]} == given
    assert given <= {words["ja"] for words in record["names"]["recipients"].values()}
    rows = table(body(take(home, "csv", "/en/my/export/")))
    cells = {csv_file.defused(text) for text in given}
    assert {row["Details"] for row in rows if row["Type"] == "Correction"} == cells
    assert {row["Recipient"] for row in rows if row["Type"] == "Disclosure"} == cells
    files = [body(take(home, "pdf", f"{prefix}/my/export/")) for prefix in ("", "/en")]
    files += [home.get(f"/my/decisions/{one.id}/receipt.pdf").content for one in hard_site.decisions.all()]
    assert [made for made in files if b"/StructTreeRoot" not in made or b"pdfuaid" not in made] == []


def test_person_with_any_name_sees_searches_and_takes_home(hanako):
    home = confirmed(hanako)
    for n, text in enumerate((*READABLE.values(), *UNREADABLE.values(), "\x1b[31m")):
        User.objects.filter(pk=hanako.pk).update(display_name=text)
        prefix = ("", "/en")[n % 2]
        path, asked = (("/my/", {}), ("/search/", {"q": text}), ("/my/disclosures/", {"text": text}))[n % 3]
        assert home.get(prefix + path, asked).status_code == 200, (path, text)
        if n % 6 == 0:
            assert b"pdfuaid" in b"".join(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_page_that_is_asked_for_with_what_is_no_text_does_not_fail(home, text):
    for path, name in (("/search/", "q"), ("/my/disclosures/", "text"), ("/my/export/", "recipient")):
        asked = urlencode({name: text}, errors="surrogatepass")
        assert home.get(f"{path}?{asked}").status_code in (200, 400, 422), path
