"""What the documents name is there."""

import re

import pytest

from tests.support.content import ROOT

PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LARGEST_FOLDER_BYTES = 2 * 1024 * 1024


@pytest.mark.parametrize("document", sorted(ROOT.glob("docs/*.md")), ids=lambda path: path.name)
def test_pictures_of_a_document_are_there_and_described(document):
    pictures = PICTURE.findall(document.read_text(encoding="utf-8"))
    assert [address for words, address in pictures if not words or not (document.parent / address).is_file()] == []


def test_every_picture_is_used_and_all_together_are_small():
    files = set((ROOT / "docs" / "images").iterdir())
    documents = [(path, path.read_text(encoding="utf-8")) for path in ROOT.glob("docs/*.md")]
    used = {path.parent / address for path, text in documents for _words, address in PICTURE.findall(text)}
    assert files and files - used == set()
    assert sum(file.stat().st_size for file in files) < LARGEST_FOLDER_BYTES
