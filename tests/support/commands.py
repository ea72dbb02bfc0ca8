"""Commands of ``manage.py`` that several subjects' tests run: what they print, what they end with."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

# Longer than three years, whatever leap days lie between: what purge_expired removes.
YEARS = timedelta(days=3 * 366)


def old(days=10) -> datetime:
    """A time so many days longer ago than anything is kept."""
    return timezone.now() - YEARS - timedelta(days=days)


def purge(*options) -> str:
    out = io.StringIO()
    call_command("purge_expired", *options, stdout=out)
    return out.getvalue()


def verify() -> str:
    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    return out.getvalue()


def fault() -> str:
    """What verify_ledger finds, when it must find something."""
    with pytest.raises(CommandError) as found:
        verify()
    assert found.value.returncode == 1
    return str(found.value)
