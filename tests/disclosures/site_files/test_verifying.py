"""What was ever public is read again, and what is not what was published is told."""

import io

import pytest

from disclosures.publishing.actions import publish_content
from disclosures.site_files.queries import name_in_store
from disclosures.verifying.site_files import verify_published_files
from privacycenter.models import FileChunk
from privacycenter.storage import files
from tests.support.site_files import DRAWING, a_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def name():
    row = a_file()
    publish_content(by=None)
    return name_in_store(row.sha256)


def faults():
    verified: list[int] = []
    found = [one.what for one in verify_published_files(verified.append)]
    assert sum(verified) == 1
    return found


def test_published_file_that_is_as_it_was_is_no_fault(name):
    assert faults() == []


def test_published_file_that_is_gone_is_a_fault(name):
    files.remove(name)
    assert faults() == ["its content is not kept any more"]


def test_published_file_that_is_another_is_a_fault(name):
    files.keep(name, io.BytesIO(DRAWING + b" "))
    assert faults() == ["its content is not what was published"]


def test_published_file_that_cannot_be_opened_is_a_fault(name):
    FileChunk.objects.update(body=b"x" * 40)
    (fault,) = faults()
    assert "cannot be read" in fault
