"""Files in the database: whole or not there, read as they were written, unreadable without the site's key."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from privacycenter.encryption import CannotOpenError
from privacycenter.models import FileChunk, StoredFile
from privacycenter.storage import files
from privacycenter.storage.database_store import CHUNK_BYTES, begin
from privacycenter.storage.resealing import reseal_files
from privacycenter.storage.tidying import remove_unfinished

pytestmark = pytest.mark.django_db


def kept(content: bytes, name: str = "a") -> int:
    return files.keep(name, io.BytesIO(content))


def read(name: str = "a") -> bytes:
    return b"".join(files.blocks(name))


@pytest.mark.parametrize("length", [1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_small_file_is_read_whole_in_one_statement(length, django_assert_num_queries):
    content = bytes(number % 251 for number in range(length))
    kept(content)
    with django_assert_num_queries(1):
        assert files.whole("a") == content


def test_file_that_is_not_there_or_not_complete_is_not_read_whole():
    begin("b")
    for name in ("a", "b"):
        with pytest.raises(FileNotFoundError):
            files.whole(name)


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_file_is_read_as_it_was_written(length):
    content = bytes(number % 251 for number in range(length))
    assert (kept(content), read(), files.store().size("a"), files.store().exists("a")) == (
        length,
        content,
        length,
        True,
    )


def test_file_is_kept_in_pieces_which_tell_nothing():
    kept(b"geheim" * CHUNK_BYTES)
    bodies = [bytes(body) for body in FileChunk.objects.order_by("number").values_list("body", flat=True)]
    assert len(bodies) == 6 and not any(b"geheim" in body for body in bodies)
    assert max(map(len, bodies)) <= CHUNK_BYTES + 16


def test_each_piece_is_fetched_when_it_is_its_turn(django_assert_num_queries):
    kept(b"x" * 3 * CHUNK_BYTES)
    with django_assert_num_queries(2):
        pieces = files.blocks("a")
        next(pieces)
    with django_assert_num_queries(2):
        assert len(list(pieces)) == 2


def test_file_kept_again_replaces_the_former_one():
    kept(b"x" * 2 * CHUNK_BYTES)
    kept(b"new")
    assert (read(), StoredFile.objects.count(), FileChunk.objects.count()) == (b"new", 1, 1)


def test_draft_that_outgrew_the_memory_is_kept_whole():
    with files.draft() as draft:
        for _number in range(30):
            draft.write(b"x" * 100_000)
        assert files.keep("a", draft) == 3_000_000
    assert read() == b"x" * 3_000_000


class BreaksOff(io.BytesIO):
    def read(self, *args):
        if self.tell() >= CHUNK_BYTES:
            raise OSError("broken off")
        return super().read(*args)


def test_file_that_breaks_off_is_not_there_and_the_former_one_stays():
    kept(b"former")
    with pytest.raises(OSError, match="broken off"):
        files.keep("a", BreaksOff(b"x" * 2 * CHUNK_BYTES))
    assert (read(), StoredFile.objects.count(), FileChunk.objects.count()) == (b"former", 1, 1)


def test_file_of_a_killed_process_is_not_found_and_goes_in_time():
    for name, age in (("old", timedelta(hours=2)), ("new", timedelta(0))):
        file = StoredFile.objects.create(id=uuid4(), name=name, sealed_key="", begun_at=timezone.now() - age)
        FileChunk.objects.create(file=file, number=0, body=b"")
        with pytest.raises(FileNotFoundError):
            files.blocks(name)
    remove_unfinished()
    assert [*StoredFile.objects.values_list("name", flat=True)] == ["new"] and FileChunk.objects.count() == 1


def test_deleted_file_is_gone_with_its_pieces_and_can_be_deleted_again():
    kept(b"x")
    pieces = files.blocks("a")
    files.remove("a")
    files.remove("a")
    assert (StoredFile.objects.exists(), FileChunk.objects.exists(), files.store().exists("a")) == (False, False, False)
    with pytest.raises(FileNotFoundError):
        list(pieces)


def test_pieces_that_were_changed_or_exchanged_are_not_read():
    kept(b"x" * 2 * CHUNK_BYTES)
    first, second = FileChunk.objects.order_by("number")
    FileChunk.objects.filter(pk=second.pk).update(body=first.body)
    with pytest.raises(CannotOpenError):
        read()


def test_files_are_read_after_the_sites_key_changed_and_under_the_new_one_alone_after_resealing(settings):
    kept(b"x")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key " * 5
    settings.SECRET_KEY_FALLBACKS = [former]
    assert read() == b"x"
    assert reseal_files().done == 1 and reseal_files().done == 0
    settings.SECRET_KEY_FALLBACKS = []
    assert read() == b"x"
    settings.SECRET_KEY = former
    assert reseal_files().unreadable == 1
    with pytest.raises(CannotOpenError):
        read()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_that_keep_one_name_at_once_leave_one_of_them_whole(world):
    def keep(letter: str) -> None:
        try:
            kept(letter.encode() * 2 * CHUNK_BYTES)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(keep, "xy"))
    assert read() in (b"x" * 2 * CHUNK_BYTES, b"y" * 2 * CHUNK_BYTES)
    assert (StoredFile.objects.count(), FileChunk.objects.count()) == (1, 2)
