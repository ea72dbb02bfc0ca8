"""The folder of the public site: switched at once, whoever is killed, however many write."""

import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from disclosures.models import Publication, Scenario
from disclosures.publishing.actions import publish_content
from disclosures.static_site import actions
from disclosures.static_site.actions import publish_static
from disclosures.static_site.addresses import linked_with_query
from disclosures.static_site.folders import StaticSiteError
from tests.support.content import ROOT
from tests.support.processes import wait_until


@pytest.fixture
def few(monkeypatch):
    """Two pages alone: what is tried here does not depend on how many there are."""
    monkeypatch.setattr(actions, "page_paths", lambda document, newest: ["/", "/en/faq/"])


def published(folder, keep=2, progress=lambda targets: targets):
    return publish_static(folder=folder, keep=keep, progress=progress)


def change_something(title="別の題名"):
    Scenario.objects.filter(code="online-booking").update(title=title)
    publish_content(reason="題名", by=None)


def inode(folder, name):
    return (folder / "current" / name).stat().st_ino


def test_page_lies_beside_its_compressed_forms(few, world, tmp_path):
    result = published(tmp_path)
    site = tmp_path / "current" / "site"
    names = {path.name for path in (site / "en" / "faq").iterdir()}
    assert names == {f"index.html{one}" for one in ("", ".br", ".gz", ".etag", ".br.etag", ".gz.etag")}
    assert (result.is_new, result.number) == (True, 1)
    assert all(path.stat().st_mode & 0o077 == 0o044 for path in site.rglob("*.html"))


def test_same_publication_again_changes_nothing(few, world, tmp_path):
    first = published(tmp_path)
    again = published(tmp_path)
    assert (again.is_new, again.folder) == (False, first.folder)
    assert [path.name for path in (tmp_path / "publications").iterdir()] == [first.folder.name]


def test_page_that_did_not_change_is_linked(few, world, tmp_path):
    published(tmp_path)
    before = inode(tmp_path, "site/en/faq/index.html.br"), inode(tmp_path, "site/index.html")
    change_something()
    result = published(tmp_path)
    after = inode(tmp_path, "site/en/faq/index.html.br"), inode(tmp_path, "site/index.html")
    assert (before[0] == after[0], before[1] == after[1], result.number) == (True, False, 2)


def test_older_publications_go_and_never_the_public_one(few, world, tmp_path):
    first = published(tmp_path)
    for title in ("一", "二"):
        change_something(title)
        last = published(tmp_path)
    assert last.removed == [first.folder.name]
    assert len(list((tmp_path / "publications").iterdir())) == 2
    assert (tmp_path / "current").resolve() == last.folder


def test_rolled_back_content_is_public_again(few, world, tmp_path):
    first = published(tmp_path)
    body = (first.folder / "site/index.html").read_bytes()
    change_something()
    published(tmp_path, keep=5)
    change_something(Publication.objects.get(number=1).document["scenarios"]["online-booking"]["title"]["ja"])
    published(tmp_path, keep=5)
    now = (tmp_path / "current/site/index.html").read_bytes()
    assert now.partition(b"<main")[2] == body.partition(b"<main")[2]


def test_published_meanwhile_begins_anew(few, world, tmp_path):
    def publishing(targets, turns=[]):  # noqa: B006  remembers that it did it once
        for number, target in enumerate(targets):
            yield target
            if number == 0 and not turns:
                turns.append(1)
                change_something()

    assert published(tmp_path, progress=publishing).number == 2
    assert len(list((tmp_path / "publications").iterdir())) == 1


def test_page_that_fails_switches_nothing(few, world, tmp_path, monkeypatch):
    first = published(tmp_path)
    change_something()
    monkeypatch.setattr(actions, "page_paths", lambda document, newest: ["/", "/no-such-page/"])
    with pytest.raises(StaticSiteError, match="/no-such-page/ answers 404"):
        published(tmp_path)
    assert (tmp_path / "current").resolve() == first.folder


def test_fewer_than_two_are_not_kept(tmp_path):
    with pytest.raises(CommandError, match="--keep must be 2 or more"):
        call_command("publish_static", tmp_path, keep=1)


def test_address_without_https_is_refused_where_it_is_only_redirected(tmp_path, settings):
    settings.SECURE_SSL_REDIRECT, settings.SITE_ADDRESS = True, "http://localhost:8000"
    with pytest.raises(CommandError, match="SITE_ADDRESS must begin with https"):
        call_command("publish_static", tmp_path / "public")
    assert not (tmp_path / "public").exists()


def test_nothing_published_is_said(few, world, tmp_path, monkeypatch):
    monkeypatch.setattr(actions, "newest_publication", lambda: None)
    with pytest.raises(StaticSiteError, match="Nothing is published yet"):
        published(tmp_path)


def test_static_files_that_were_not_collected_are_said(few, world, tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "nowhere"
    with pytest.raises(CommandError, match="There are no static files"):
        call_command("publish_static", tmp_path / "files")


def test_folder_of_somebody_else_is_left_alone(few, world, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(CommandError, match="holds something else"):
        call_command("publish_static", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_private_answer_is_never_written(few, world, tmp_path, monkeypatch):
    monkeypatch.setattr(actions, "page_paths", lambda document, newest: ["/contact/requests/"])
    with pytest.raises(StaticSiteError, match="as nothing that everybody may keep"):
        published(tmp_path)
    assert not (tmp_path / "current").exists()


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("?page=2", ["/recipients/?page=2"]), ("/faq/?page=2#a", ["/faq/?page=2"]), ("/my/?page=2", []), ("?q=a", []),
        ("?page=2&amp;q=a", []), ("https://else.example/faq/?page=2", []), ("?page=%2F", []), ("/faq/", []),
    ],
)  # fmt: skip
def test_links_with_one_bounded_parameter_are_files_too(href, found):
    page = f'<html><a href="{href}">x</a></html>'.encode()
    assert linked_with_query("/recipients/", page, ["/recipients/", "/faq/"]) == found


# --- As a process ----------------------------------------------------------------------------------------------------


def started(static, *more):
    command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "publish_static", str(static.files), *more]
    return subprocess.Popen(command, env=static.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.once
def test_killed_in_the_middle_leaves_what_was_public(static):
    before = (static.files / "current").resolve()
    process = started(static)
    wait_until(lambda: any(static.files.glob("publications/.new-*/site/index.html")))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert (static.files / "current").resolve() == before
    assert any(static.files.glob("publications/.new-*"))
    assert static.publish().returncode == 0
    assert not any(static.files.glob("publications/.new-*"))


@pytest.mark.once
def test_two_at_once_are_one_after_the_other(static):
    processes = [started(static), started(static)]
    said = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert len(list((static.files / "publications").iterdir())) == 1


@pytest.mark.once
def test_command_after_the_switch_runs_only_after_one(static, tmp_path):
    elsewhere = static.files.with_name("elsewhere")
    note = tmp_path / "note"
    command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "publish_static", str(elsewhere)]
    for _time in range(2):
        done = subprocess.run([*command, "--then", "mkdir", str(note)], env=static.environment, capture_output=True)
        assert done.returncode == 0, done.stderr
    assert note.is_dir()


@pytest.mark.once
def test_watching_publishes_and_ends_when_it_is_told(static):
    watched = static.files.with_name("watched")
    command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "publish_static", str(watched), "--watch"]
    process = subprocess.Popen(command, env=static.environment, stdout=subprocess.PIPE, text=True)
    wait_until(lambda: (watched / "published").exists())
    process.terminate()
    said, _ = process.communicate()
    assert process.returncode == 0
    assert said.startswith("Publication 2 is public")
