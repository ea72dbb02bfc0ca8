"""The record as JSON for programs: codes, with titles in every language. docs/export.md describes it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from consents.exports.record import Record, keyset, registry, summary
from consents.exports.record.keyset import Entry
from consents.exports.record.provided_to import provided_to
from consents.exports.words import LEFT_OUT
from disclosures.ledger.shared_records import other_accounts
from disclosures.record.accesses import WITHHELD
from privacycenter.models import User
from privacycenter.proof.queries import proof_texts, record_state
from privacycenter.text.languages import site_languages, speaking

FORMAT, VERSION = "privacycenter.record", 2
PIECE_BYTES = 64 * 1024
# Key of an entry → the kind of the codes it holds.
CODES = {
    "recipient": "recipients",
    "service": "services",
    "scenario": "scenarios",
    "items": "data_items",
    "allowed": "data_items",
    "refused": "data_items",
    "country": "countries",
}
# Kind of a standing rule → the kind of its code.
CODES_OF_RULES = {
    "recipient": "recipients",
    "scenario": "scenarios",
    "item": "data_items",
    "country": "countries",
}


def pieces(record: Record, on_rows: Callable[[int], None] = lambda count: None) -> Iterator[bytes]:
    """Yield the file in pieces. ``on_rows`` is called now and then with the number of disclosures so far."""
    waiting, size = [], 0
    for text in texts(record, on_rows):
        waiting.append(text.encode())
        size += len(waiting[-1])
        if size >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def texts(record: Record, on_rows: Callable[[int], None]) -> Iterator[str]:
    used: dict[str, set[str]] = {kind: set() for kind in CODES.values()}
    yield dumped(head(record, used)).removesuffix("}")
    for name in registry.parts(record):
        yield f',\n"{name}": ['
        for number, entry in enumerate(registry.PARTS[name](record)):
            note_codes(entry, used)
            if name == "rules" and entry["code"]:
                used[CODES_OF_RULES[entry["kind"]]].add(entry["code"])
            yield (",\n" if number else "\n") + dumped(entry)
            if name == "disclosures" and (number + 1) % keyset.CHUNK_ROWS == 0:
                on_rows(number + 1)
        yield "]"
    if record.is_whole and (state := record_state(record.person)):
        yield ',\n"proof": '
        yield from proof_texts(state)
    yield f',\n"names": {dumped(names(record, used))}' + "}\n"


def head(record: Record, used: dict[str, set[str]]) -> dict[str, Any]:
    extent = summary.extent(record)
    coverage = summary.coverage_entries(record)
    received = [recipient_entry(one) for one in summary.recipients(record)]
    given_to = list(provided_to(record).values())
    for entry in (*coverage, *received, *given_to):
        note_codes(entry, used)
    return {
        "format": FORMAT,
        "version": VERSION,
        **({"sandbox": True} if settings.SANDBOX else {}),
        "made_at": record.made_at,
        "time_zone": settings.TIME_ZONE,
        "operator": record.names.document.get("site", {}).get("site", {}).get("operator", {}),
        "operator_facts": operator_entry(record.names.document.get("site", {}).get("site", {})),
        "person": person_entry(record.person),
        "publication": {"number": record.publication, "sha256": record.publication_sha256},
        "is_whole": record.is_whole,
        "narrowed_to": {name: value for name, value in asdict(record.filters).items() if value},
        "period": {"first_at": extent.first_at, "last_at": extent.last_at},
        "disclosure_count": extent.disclosure_count,
        "flagged_count": extent.flagged_count,
        "coverage": coverage,
        "left_out": [{"code": code, "reason": in_all_languages(words)} for code, words in LEFT_OUT.items()],
        "withheld": {"reason": in_all_languages(WITHHELD)},
        "recipients": received,
        "provided_to": given_to,
    }


def person_entry(person: User) -> Entry:
    """Return who the person is, with the subjects of their other accounts if they have several."""
    others = [one.subject for one in other_accounts(person)]
    return {"subject": person.subject, "name": person.display_name, **({"other_subjects": others} if others else {})}


def operator_entry(site: dict[str, Any]) -> Entry:
    """Return what the operator says of itself, None where it is not stated."""
    return {
        "address": site.get("operator_address") or None,
        "representative": site.get("operator_representative") or None,
        "complaint_contact": site.get("complaint_contact") or None,
    }


def recipient_entry(one: summary.RecipientTotals) -> Entry:
    return {
        "recipient": one.code,
        "country": one.country,
        "count": one.count,
        "flagged_count": one.flagged_count,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "items": sorted(one.items),
    }


def in_all_languages(words: Any) -> dict[str, str]:
    found = {}
    for code in site_languages():
        with speaking(code):
            found[code] = str(words)
    return found


def note_codes(entry: Entry, used: dict[str, set[str]]) -> None:
    """Collect the codes in the entry: the file ends with the titles of just these."""
    for key, kind in CODES.items():
        value = entry.get(key)
        if isinstance(value, str):
            used[kind].add(value)
        elif isinstance(value, list):
            used[kind].update(codes_in(value))


def codes_in(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield value["code"] if isinstance(value, dict) else value


def names(record: Record, used: dict[str, set[str]]) -> dict[str, dict[str, dict[str, str]]]:
    return {kind: {code: record.names.texts(kind, code) for code in sorted(codes)} for kind, codes in used.items()}


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain)


def plain(value: Any) -> str:
    """Return times as RFC 3339 with the site's offset, dates as ISO 8601."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
