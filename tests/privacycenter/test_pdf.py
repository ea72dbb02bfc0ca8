"""PDFs: tagged, Japanese embedded, the same bytes for the same data, and values that stay values."""

import re
import zlib
from datetime import UTC, datetime

import pytest
import typst

from privacycenter import pdf

TEMPLATE = """
#import "document.typ": *
#show: document.with(title: data.title, language: "ja", footer: data.title)
= #data.title
#facts((data.title, data.title))
"""
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def template(tmp_path, monkeypatch):
    """A template of the test's own beside the shared one."""
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "document.typ").write_text((pdf.ROOT / "pdf" / "document.typ").read_text())
    (tmp_path / "pdf" / "one.typ").write_text(TEMPLATE)
    monkeypatch.setattr(pdf, "ROOT", tmp_path)
    return "pdf/one.typ"


def test_a_pdf_is_tagged_and_says_its_language(template):
    made = pdf.render_pdf(template, {"title": "同意レシート"}, created_at=AT)
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert b"/Lang(ja)" in made


def test_the_same_data_gives_the_same_bytes(template):
    first, second = (pdf.render_pdf(template, {"title": "同じ"}, created_at=AT) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("text", ["😀", "ภาษาไทย"])
def test_a_letter_that_the_typeface_lacks_still_makes_a_tagged_pdf(template, text):
    made = pdf.render_pdf(template, {"title": f"同意 {text}"}, created_at=AT)
    assert b"/StructTreeRoot" in made and b"pdfuaid" not in made


def test_a_mistake_in_a_template_is_still_an_error(template):
    with pytest.raises(typst.TypstError):
        pdf.render_pdf(template, {"other": "同意"}, created_at=AT)


@pytest.mark.parametrize(
    ("text", "language"), [("同意", b"zh-CN"), ("ひらがな", b"ja"), ("한국어", b"ko"), ("Receipt", b"en")]
)
def test_text_in_another_script_than_the_documents_says_its_language(template, text, language):
    path = pdf.ROOT / template
    path.write_text(path.read_text().replace('language: "ja"', 'language: "en", content: "zh-hans"'))
    made = pdf.render_pdf(template, {"title": text}, created_at=AT)
    pieces = [made, *(zlib.decompress(found) for found in re.findall(rb"stream\n(x.*?)\nendstream", made, re.DOTALL))]
    assert any(re.search(rb"/Lang ?\(" + language, piece) for piece in pieces)


def test_markup_in_a_value_is_only_text(template):
    assert pdf.render_pdf(template, {"title": "#panic() *x* $y$ \\ ]"}, created_at=AT)
