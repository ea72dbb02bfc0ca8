"""PDFs: tagged, typefaces embedded, the same bytes for the same data, values that stay values, whatever the text."""

import re
import shutil
import zlib
from datetime import UTC, datetime

import pytest
import typst

from privacycenter.pdf import letters, rendering

TEMPLATE = """
#import "document.typ": *
#show: document.with(title: data.title, language: "ja", footer: (data.title,))
= #in-its-place(data.title)
#facts((data.title, data.title))
#said(data.title)
"""
AT = datetime(2026, 1, 1, tzinfo=UTC)
DRAWN = {
    "emoji": "ありがとう😊 👨‍👩‍👧‍👦 🇯🇵 👍🏽 1️⃣ ❤️", "Arabic": "مرحبا بالعالم", "Hebrew": "שלום עולם", "Thai": "ภาษาไทย",
    "Devanagari": "नमस्ते क्षत्रिय", "Bengali": "বাংলা", "Tamil": "தமிழ்", "Vietnamese": "Nguyễn Thị Ánh", "Yoruba": "Ọ̀ṣun",
    "Georgian": "ქართული", "Ethiopic": "አማርኛ", "Chinese": "汉字 漢字", "Korean": "한국어", "rare kanji": "𠮷野家 髙﨑 葛\U000e0100城",
    "marks on a letter": "Z͑ͫ̓a̴l̵g̷o", "invisible": "a\u200bb\u200dc\u2060d\u00ade\u200ff", "mark of byte order": "a\ufeffb",
}  # fmt: skip
BOXED = {
    "no typeface has it": "\U00012000", "private": "\ue000", "no letter": "\uffff", "control": "\x01", "zero": "\x00",
    "reordering": "\u202e", "isolating": "\u2066", "fancy": "\U0001d573", "unassigned": "\u0378",
}  # fmt: skip


@pytest.fixture
def template(tmp_path, monkeypatch):
    """A template of the test's own beside the shared ones."""
    shutil.copytree(rendering.ROOT / "pdf", tmp_path / "pdf")
    (tmp_path / "pdf" / "one.typ").write_text(TEMPLATE)
    monkeypatch.setattr(rendering, "ROOT", tmp_path)
    return "pdf/one.typ"


@pytest.fixture
def explained(monkeypatch):
    """The letters that the files explained, of each file that has boxes."""
    given = []
    monkeypatch.setattr(rendering, "explained", lambda boxed: given.append(boxed) or letters.explained(boxed))
    return given


def claims_accessibility(made: bytes) -> bool:
    return b"/StructTreeRoot" in made and b"pdfuaid" in made


def test_a_pdf_is_tagged_and_says_its_language(template):
    made = rendering.render_pdf(template, {"title": "同意レシート"}, created_at=AT)
    assert made.startswith(b"%PDF-") and claims_accessibility(made)
    assert b"/Lang(ja)" in made


@pytest.mark.parametrize("text", ["同じ", "\U00012000"])
def test_the_same_data_gives_the_same_bytes(template, text):
    first, second = (rendering.render_pdf(template, {"title": text}, created_at=AT) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("text", DRAWN.values(), ids=DRAWN)
def test_a_text_in_any_script_is_drawn_in_an_accessible_file(template, explained, text):
    assert claims_accessibility(rendering.render_pdf(template, {"title": text}, created_at=AT))
    assert explained == []


@pytest.mark.parametrize("letter", BOXED.values(), ids=BOXED)
def test_a_letter_that_cannot_be_drawn_is_boxed_and_explained_in_an_accessible_file(template, explained, letter):
    made = rendering.render_pdf(template, {"title": f"同意{letter}です"}, created_at=AT)
    assert claims_accessibility(made)
    assert explained == [[letter]]


def test_half_a_letter_becomes_the_sign_for_it(template, explained):
    assert rendering.render_pdf(template, {"title": "a\ud83db"}, created_at=AT)
    assert letters.fit_to_draw({"a": ["x\ud83dy"]}) == {"a": ["x\ufffdy"]} and explained == []


def test_each_letter_is_asked_for_once(monkeypatch):
    letters.boxed_letters("\U00012001い")
    monkeypatch.setattr(letters, "not_drawn", lambda asked: pytest.fail("asked again"))
    assert letters.boxed_letters(["い\U00012001"]) == ["\U00012001"]


def test_letters_that_cannot_be_drawn_together_still_make_a_tagged_file(template, monkeypatch):
    monkeypatch.setattr(rendering, "boxed_letters", lambda data: [])
    made = rendering.render_pdf(template, {"title": "\U00012000"}, created_at=AT)
    assert b"/StructTreeRoot" in made and not claims_accessibility(made)


def test_a_mistake_in_a_template_is_still_an_error(template):
    with pytest.raises(typst.TypstError):
        rendering.render_pdf(template, {"other": "同意"}, created_at=AT)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("同意", b"zh-CN"), ("ひらがな", b"ja"), ("한국어", b"ko"), ("Receipt", b"en"), ("שלום", b"he"),
        ("مرحبا", b"ar"), ("ภาษา", b"th"), ("नमस्ते", b"hi"),
    ],
)  # fmt: skip
def test_text_in_another_script_than_the_documents_says_its_language(template, text, language):
    path = rendering.ROOT / template
    path.write_text(path.read_text().replace('language: "ja"', 'language: "en", content: "zh-hans"'))
    made = rendering.render_pdf(template, {"title": text}, created_at=AT)
    pieces = [made, *(zlib.decompress(found) for found in re.findall(rb"stream\n(x.*?)\nendstream", made, re.DOTALL))]
    assert any(re.search(rb"/Lang ?\(" + language, piece) for piece in pieces)


def test_markup_in_a_value_is_only_text(template):
    assert rendering.render_pdf(template, {"title": "#panic() *x* $y$ \\ ]"}, created_at=AT)
