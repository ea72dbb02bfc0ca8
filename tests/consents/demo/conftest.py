"""Where the demo may be loaded."""

import pytest
from django.test import override_settings


@pytest.fixture(scope="package", autouse=True)
def demo():
    with override_settings(DEMO=True, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def made_up_password(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
