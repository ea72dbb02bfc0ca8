"""Verification of what recipients signed: that their keys did, and that it is about what the row names."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils.dateparse import parse_datetime

from disclosures.countersigning.sealed_rows import countersignature_columns
from disclosures.models import Countersignature, Disclosure, RecipientKey, RecipientKeyRetirement
from privacycenter.database.verifying import (
    EVERYTHING,
    Fault,
    Progress,
    Window,
    faults_of,
    found_in,
    pages,
    pages_written,
)
from privacycenter.log.countersigning import StatementError, check_countersignature, read_statement

Key = tuple[int, UUID]


def verify_recipient_keys(progress: Progress) -> Iterator[Fault]:
    """Yield each key whose fingerprint is not its own."""
    for page in pages(RecipientKey.objects.all()):
        for key in page:
            if not key.is_intact:
                yield found_in(key, "the fingerprint is not that of the key: one of them was changed")
        progress(len(page))


def verify_countersignatures(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield each row that its key did not sign, that is about something else than it says, or about a disclosure that
    is not there, and each that was taken after its key was retired. Four SQL statements for a page."""
    for page in pages_written(Countersignature.objects.all(), "received_at", window):
        keys = RecipientKey.objects.select_related("recipient").in_bulk({row.key_id for row in page})
        ended = dict(RecipientKeyRetirement.objects.filter(key__in=keys).values_list("key_id", "retired_at"))
        there = disclosures_of(page)
        for row in page:
            key = keys.get(row.key_id)
            if key is None:
                yield found_in(row, f"key_id points to nothing ({row.key_id})")
                continue
            row.key = key
            yield from faults_of(row, partial(fault_of, row, ended.get(key.pk), there))
        progress(len(page))


def disclosures_of(page: Sequence[Countersignature]) -> set[Key]:
    ids = {row.disclosure_id for row in page if row.disclosure_id}
    found = Disclosure.objects.filter(person_id__in={row.person_id for row in page}, id__in=ids)
    return set(found.values_list("person_id", "id"))


def fault_of(row: Countersignature, retired_at: datetime | None, there: set[Key]) -> str:
    if row.disclosure_id and (row.person_id, row.disclosure_id) not in there:
        return f"is about a disclosure that is not there ({row.disclosure_id})"
    if retired_at and row.received_at > retired_at:
        return "was taken after its key was retired"
    try:
        check_countersignature(countersignature_columns(row, {}), settings.LOG_ORIGIN)
    except StatementError as error:
        return str(error)
    try:
        signed_at = parse_datetime(read_statement(row.statement)["signed_at"])
    except ValueError:
        signed_at = None
    if signed_at != row.signed_at:
        return "was signed at another time than it says"
    return ""
