"""Fixtures for tests of what services are told."""

import pytest

from tests.support.receiver import Receiver


@pytest.fixture
def server():
    receiver = Receiver()
    yield receiver
    receiver.close()
