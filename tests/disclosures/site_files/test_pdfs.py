"""PDF documents are taken as they are if they only show pages, and refused otherwise."""

import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from disclosures.models import FileType
from disclosures.site_files.cleaning import clean_file, reason_of
from disclosures.site_files.contents import BadFile
from tests.support.site_files import action, pdf_bytes


def refused(content: bytes) -> BadFile:
    with pytest.raises(BadFile) as caught:
        clean_file(content)
    assert reason_of(caught.value)
    return caught.value


def test_plain_document_is_kept_as_it_is():
    content = pdf_bytes()
    clean = clean_file(content)
    assert (clean.type, clean.content, clean.width) == (FileType.PDF, content, None)


def test_place_to_begin_at_is_no_action():
    begin = ArrayObject([NumberObject(0), NameObject("/Fit")])
    assert clean_file(pdf_bytes(OpenAction=begin)).type is FileType.PDF


def test_locked_document_is_refused():
    assert refused(pdf_bytes(password="secret")).why == "encrypted"


@pytest.mark.parametrize("kind", ["JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR"])
def test_document_that_acts_is_refused(kind):
    bad = refused(pdf_bytes(OpenAction=action(kind)))
    assert bad.why == "active" and kind in bad.what and kind in reason_of(bad)


@pytest.mark.parametrize("key", ["AA", "XFA"])
def test_document_with_more_than_pages_is_refused(key):
    assert refused(pdf_bytes(**{key: DictionaryObject()})).why == "active"


def test_document_that_carries_files_is_refused():
    names = DictionaryObject({NameObject("/EmbeddedFiles"): DictionaryObject()})
    assert refused(pdf_bytes(Names=names)).what == "EmbeddedFiles"


def test_action_deep_inside_is_found():
    deep = ArrayObject([DictionaryObject({NameObject("/A"): action("Launch")})])
    assert "Launch" in refused(pdf_bytes(Extensions=deep)).what


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.7\nnothing of a PDF", b"%PDF-1.7\nxref\n0 99999999\ntrailer<</Size 9>>"]
)
def test_what_cannot_be_read_is_refused(content):
    assert refused(content).why == "damaged"
