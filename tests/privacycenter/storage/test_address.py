"""STORAGE_URL: what it may be, and what is said of what it may not. It holds a secret, which is never repeated."""

import pytest

from privacycenter.storage.address import storage_of

pytestmark = pytest.mark.once


def test_nothing_and_database_are_the_database():
    assert storage_of("", is_production=True) == storage_of("database:", is_production=True)
    assert storage_of("", is_production=True)["BACKEND"].endswith("DatabaseStorage")


def test_address_of_a_store_names_everything_that_reaches_it():
    url = "s3://AKIA:a%2Fb%2Bc@store.example:9000/files?region=ap-northeast-1&prefix=/privacy/"
    assert storage_of(url, is_production=True)["OPTIONS"] == {
        "access_key": "AKIA", "secret_key": "a/b+c", "bucket_name": "files",
        "endpoint_url": "https://store.example:9000", "region_name": "ap-northeast-1", "location": "privacy",
    }  # fmt: skip
    assert storage_of("s3+http://k:s@[::1]:9/files", is_production=False)["OPTIONS"]["endpoint_url"] == "http://[::1]:9"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///srv/files", "must be database:"), ("https://k:geheim@h/b", "must be database:"),
        ("s3://k:geheim@h:port/b", "no address"), ("s3://k:geheim@h", "one bucket"), ("s3://k:geheim@/b", "a host"),
        ("s3://k:geheim@h/b/c", "one bucket"), ("s3://k@h/b", "its secret"), ("s3://h/b", "a key"),
        ("s3://k:geheim@h/b?acl=public-read", "not known: acl"), ("s3+http://k:geheim@h/b", "unencrypted"),
    ],
)  # fmt: skip
def test_wrong_address_is_refused_without_its_secret(url, said):
    with pytest.raises(ValueError, match=said) as refused:
        storage_of(url, is_production=True)
    assert "geheim" not in str(refused.value)
