"""Files in a store that speaks S3: a server on this machine stands for all of them."""

import io

import boto3
import pytest
from moto.server import ThreadedMotoServer

from privacycenter.storage import files
from privacycenter.storage.address import storage_of

pytestmark = pytest.mark.once

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "geheim", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "127.0.0.1:{1}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(server, settings):
    client = boto3.client("s3", endpoint_url=f"http://{server}", **KEYS)
    client.create_bucket(Bucket="files")
    url = f"s3+http://key:geheim@{server}/files?prefix=center"
    settings.STORAGES = {**settings.STORAGES, "kept": storage_of(url, is_production=False)}
    yield client
    for one in client.list_objects_v2(Bucket="files").get("Contents", []):
        client.delete_object(Bucket="files", Key=one["Key"])
    client.close()


def kept(content: bytes, name: str = "attachments/a") -> int:
    return files.keep(name, io.BytesIO(content))


def keys(bucket) -> list[str]:
    return [one["Key"] for one in bucket.list_objects_v2(Bucket="files").get("Contents", [])]


def test_file_is_read_as_it_was_written_under_the_prefix_and_replaced_by_the_next(bucket):
    content = b"0123456789" * 1_200_000  # more than one part of an upload
    assert (kept(content), b"".join(files.blocks("attachments/a"))) == (len(content), content)
    assert files.whole("attachments/a") == content
    kept(b"new")
    assert (b"".join(files.blocks("attachments/a")), keys(bucket)) == (b"new", ["center/attachments/a"])


def test_file_is_private_and_says_so(bucket):
    kept(b"x")
    stored = bucket.head_object(Bucket="files", Key="center/attachments/a")
    assert (stored["ContentType"], stored["CacheControl"]) == ("application/octet-stream", "private, no-store")
    grants = bucket.get_object_acl(Bucket="files", Key="center/attachments/a")["Grants"]
    assert {grant["Grantee"]["Type"] for grant in grants} == {"CanonicalUser"}


def test_file_that_is_not_there_is_said_to_be_missing_and_can_be_deleted(bucket):
    with pytest.raises(FileNotFoundError):
        files.blocks("attachments/none")
    with pytest.raises(FileNotFoundError):
        files.whole("attachments/none")
    files.remove("attachments/none")
    kept(b"x")
    files.remove("attachments/a")
    assert keys(bucket) == []


def test_file_comes_in_blocks(bucket):
    kept(b"x" * (2 * files.BLOCK_BYTES + 1))
    assert [len(block) for block in files.blocks("attachments/a")] == [files.BLOCK_BYTES, files.BLOCK_BYTES, 1]


def test_store_that_refuses_is_an_error_of_the_system(bucket, settings, server):
    url = f"s3+http://key:geheim@{server}/another"
    settings.STORAGES = {**settings.STORAGES, "kept": storage_of(url, is_production=False)}
    with pytest.raises(OSError, match="did not take a file"):
        kept(b"x")
