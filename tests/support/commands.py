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


def verify(*options) -> str:
    out = io.StringIO()
    call_command("verify_ledger", *options, stdout=out)
    return out.getvalue()


def faults(*options) -> list[str]:
    """What verify_ledger finds, when it must find something: each fault, as ``part: row: what``."""
    out = io.StringIO()
    with pytest.raises(CommandError) as found:
        call_command("verify_ledger", *options, stdout=out)
    assert found.value.returncode == 1
    told = [line for line in out.getvalue().splitlines() if ": " in line and not line.startswith(" ")]
    assert str(found.value).startswith(f"{len(told):,} faults")
    return told


def fault(*options) -> str:
    """The faults in one text."""
    return "\n".join(faults(*options))


def output_of(name, *arguments, **options) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()
