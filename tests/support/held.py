"""The working copy, held as in the product, although a test's own transaction is around everything."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection

from disclosures.content import held_copy
from disclosures.content.working_copy import MODELS

CHANGES_CONTENT = re.compile(
    rf"""\s*(ROLLBACK|(INSERT|UPDATE|DELETE)\b.*?"({"|".join(model._meta.db_table for model in MODELS.values())}))"""
)


def is_half_done() -> bool:
    """Whether there is a transaction inside the one of the test."""
    return connection.in_atomic_block and not connection.atomic_blocks[-1]._from_testcase


def forget_what_changes(execute, sql, *arguments):
    """Tests also write without a revision, and take back what has one."""
    try:
        return execute(sql, *arguments)
    finally:
        if isinstance(sql, str) and CHANGES_CONTENT.match(sql):
            held_copy.forget_held_copy()


@contextmanager
def copy_is_held() -> Iterator[None]:
    held_copy.forget_held_copy()
    with mock.patch.object(held_copy, "is_half_done", is_half_done), connection.execute_wrapper(forget_what_changes):
        yield
