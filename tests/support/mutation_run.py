"""For ``bin/mutants``, whose copy takes the fixture from here."""

import pytest

from disclosures.ledger.permissions import permission_source
from privacycenter.database.compiled_queries import Statement
from tests.support import prepared

# The content is that of the project: read once, not anew for each change of the code.
prepared.fingerprint = lambda: "mutants"


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    """What is made once a process is made in each test, so that it is known which tests use what makes it."""
    monkeypatch.setattr(Statement, "made", property(Statement.made.func))
    permission_source.cache_clear()
