"""What the documents name is there."""

import re

import pytest

from tests.support.content import ROOT

# Not what stands between backticks: that is how editors write pictures.
PICTURE = re.compile(r"(?<!`)!\[([^\]]*)\]\(([^)]+)\)")
LARGEST_FOLDER_BYTES = 2 * 1024 * 1024


WITH_PICTURES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]


@pytest.mark.parametrize("document", WITH_PICTURES, ids=lambda path: path.name)
def test_pictures_of_a_document_are_there_and_described(document):
    pictures = PICTURE.findall(document.read_text(encoding="utf-8"))
    assert [address for words, address in pictures if not words or not (document.parent / address).is_file()] == []


def test_every_picture_is_used_and_all_together_are_small():
    files = set((ROOT / "docs" / "images").iterdir())
    documents = [(path, path.read_text(encoding="utf-8")) for path in WITH_PICTURES]
    used = {path.parent / address for path, text in documents for _words, address in PICTURE.findall(text)}
    assert files and files - used == set()
    assert sum(file.stat().st_size for file in files) < LARGEST_FOLDER_BYTES


def test_tests_named_as_proof_of_security_are_there():
    named = set(re.findall(r"`(tests/[^`]+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    assert len(named) > 25 and [path for path in named if not (ROOT / path).exists()] == []


def test_security_says_something_of_every_chapter_and_of_everyone():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| V(\d+) ", text, re.M) == [str(number) for number in range(1, 18)]
    people = ("Stranger", "Other person", "Household", "Reporter", "Editor", "Officer", "Administrator", "Operator")
    assert [one for one in people if f"| **{one}**" not in text] == []
