"""The commands that load, write out and publish content: what they say and how they end."""

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from disclosures.content.held_copy import held_copy
from disclosures.content.publications import newest_publication
from disclosures.models import Publication, Service
from tests.support.content import ROOT

pytestmark = pytest.mark.django_db

STARTER = ROOT / "disclosures" / "starter"


def run(name, *arguments) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def as_shipped():
    """The starter content to the letter, published."""
    run("load_content")
    run("publish_content")


def rename_a_service():
    Service.objects.filter(code="jalan").update(title="じゃらん")


def test_load_content_takes_the_starter_and_says_what_it_did(as_shipped):
    rename_a_service()
    assert run("load_content") == "0 added, 1 changed\n"
    assert Service.objects.get(code="jalan").title == "じゃらんnet"


def test_load_content_again_says_that_nothing_changed(as_shipped):
    assert run("load_content") == "0 added, 0 changed\n"


def test_load_content_publishes_nothing(as_shipped):
    rename_a_service()
    run("publish_content")
    run("load_content")
    assert [change.code for change in held_copy().changes_since(newest_publication())] == ["jalan"]


def test_load_content_of_a_wrong_pack_fails_and_names_file_and_key(tmp_path):
    folder = shutil.copytree(STARTER, tmp_path / "pack")
    (folder / "site.yaml").write_text("colour: red\n")
    with pytest.raises(CommandError, match="site.yaml: ") as failure:
        run("load_content", str(folder))
    assert failure.value.returncode == 1


def test_load_content_of_no_folder_fails_and_names_it(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run("load_content", str(tmp_path / "nowhere"))


def test_export_content_writes_a_pack_that_can_be_loaded(tmp_path):
    said = run("export_content", str(tmp_path / "pack"))
    files = [path for path in (tmp_path / "pack").rglob("*") if path.is_file()]
    assert said.startswith(f"{len(files)} files") and len(files) > 8
    assert run("load_content", str(tmp_path / "pack")) == "0 added, 0 changed\n"


def test_export_content_into_a_folder_that_is_not_empty_fails_and_writes_nothing(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        run("export_content", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_publish_content_publishes_with_its_reason():
    rename_a_service()
    said = run("publish_content", "-m", "短い名前に")
    newest = Publication.objects.newest()
    assert newest.reason == "短い名前に"
    assert str(newest.number) in said and newest.sha256 in said


def test_publish_content_without_changes_publishes_nothing_and_does_not_fail():
    before = Publication.objects.count()
    assert run("publish_content")
    assert Publication.objects.count() == before
