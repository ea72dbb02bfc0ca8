"""A database of a released version is brought up to date, so a migration that was released never changes."""

import hashlib
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from privacycenter.models import CacheEntry

# Those of version 0.1.0, each with the beginning of its SHA-256.
RELEASED = {
    "disclosures/migrations/0001_initial.py": "f972513b3687aea0",
    "disclosures/migrations/0002_triggers.py": "7559b0ad77152842",
    "consents/migrations/0001_initial.py": "86f611eb77cf5a9e",
    "consents/migrations/0002_triggers.py": "27966c80b4979e0a",
    "privacycenter/migrations/0001_initial.py": "e3515d0d8872f21a",
}
OF_BEFORE = 'CREATE TABLE "privacycenter_callcount" ("key" varchar(100) PRIMARY KEY, "window" bigint, "used" bigint)'


@pytest.mark.parametrize("path", RELEASED)
def test_released_migration_is_unchanged(path):
    content = (settings.BASE_DIR / path).read_bytes()
    assert hashlib.sha256(content).hexdigest().startswith(RELEASED[path]), "add a migration instead"


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return {name for name in connection.introspection.table_names(cursor) if "callcount" in name or "cache" in name}


def bring_up_to_date() -> None:
    module = import_module("privacycenter.migrations.0005_cache_entries")
    with connection.schema_editor() as editor:
        module.make_what_is_missing(apps, editor)


@pytest.mark.django_db(transaction=True)
def test_database_of_the_first_release_gets_the_table_that_it_lacks():
    with connection.schema_editor() as editor:
        editor.delete_model(CacheEntry)
        editor.execute(OF_BEFORE)
    assert tables() == {"privacycenter_callcount"}
    bring_up_to_date()
    assert tables() == {"privacycenter_cacheentry"}
    CacheEntry.objects.create(key="k", until=1)
    bring_up_to_date()
    assert CacheEntry.objects.count() == 1
