"""PDFs: tagged, Japanese embedded, the same bytes for the same data, and values that stay values."""

from datetime import UTC, datetime

import pytest

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


def test_markup_in_a_value_is_only_text(template):
    assert pdf.render_pdf(template, {"title": "#panic() *x* $y$ \\ ]"}, created_at=AT)
