"""What a question shows of each published entry, by the field that holds it. In the page's language."""

from collections.abc import Callable
from typing import Any

from disclosures.content.entries import texts_of
from disclosures.content.publications import Document
from disclosures.ledger.evidence import basis_abroad
from disclosures.models import RouteAbroad
from disclosures.models.content.recipients import HOME_COUNTRY
from disclosures.public.rich_texts import rich
from disclosures.public.titles import Names
from privacycenter.text.words import Words, words_in

Text = dict[str, str]
SOURCES = ("title", "business", "address", "representative", "measures", "measures_unknown")


def recipient_text(names: Names, code: str) -> Text:
    """``country``: its code; what is said of the country is ``country_text``."""
    entry = names.entry("recipients", code) or {}
    return {
        **{name: source(entry, name) for name in SOURCES},
        "contact": entry["contact"],
        "country": entry["country"],
    }


def hold_text(names: Names, code: str) -> dict[str, Any]:
    """Return what the page says of a hold: nobody answers without having read it. Empty without one."""
    entry = names.entry("recipients", code) or {}
    if not entry.get("on_hold_from"):
        return {}
    since, until = entry["on_hold_from"], entry.get("on_hold_until") or ""
    return {"on_hold": {"from": since, "until": until, "reason": source(entry, "on_hold_reason")}}


def basis_text(names: Names, recipient: str, scenario: str) -> Text:
    """Return on what basis data goes to a recipient abroad in a scenario, and when an equivalent system was last
    checked (APPI art. 28(3)); empty texts where it is not stated. Empty for a recipient in Japan.
    """
    entry = names.entry("recipients", recipient) or {}
    if entry["country"] == HOME_COUNTRY:
        return {}
    basis = basis_abroad(names.entry("scenarios", scenario), entry)
    checked = entry.get("basis_checked_on") if basis is RouteAbroad.EQUIVALENT_SYSTEM else ""
    return {"basis_abroad": basis or "", "basis_checked_on": checked or ""}


def recipient_and_hold(names: Names, code: str) -> Text:
    """Return everything that is said of a recipient, by field, but when its system was last checked."""
    hold = hold_text(names, code).get("on_hold", {})
    return {
        **recipient_text(names, code),
        "basis_abroad": (names.entry("recipients", code) or {}).get("basis_abroad") or "",
        **{f"on_hold_{part}": hold.get(part, "") for part in ("from", "until", "reason")},
    }


def country_text(names: Names, code: str) -> Text:
    entry = names.entry("countries", code) or {}
    return {name: source(entry, name) for name in ("title", "system", "system_unknown")}


def service_text(names: Names, code: str) -> Text:
    return {"title": names.service(code).text}


def scenario_text(names: Names, code: str) -> Text:
    return {"title": names.scenario(code).text, "body": scenario_body(names, code).text}


def scenario_and_route(names: Names, code: str) -> Text:
    """Return everything that is said of a scenario, by field. Its way abroad counts if a recipient has none."""
    route = (names.entry("scenarios", code) or {}).get("route_abroad") or ""
    return {**scenario_text(names, code), "route_abroad": route}


def item_text(names: Names, code: str) -> Text:
    return {"title": names.title("data_items", code).text}


def scenario_body(names: Names, code: str) -> Words:
    """Return the scenario's published text, or its working text if it was never published."""
    entry = names.entry("scenarios", code)
    return rich(names.document, entry["body"]) if entry else Words("", "")


def source(entry: Document, field: str) -> str:
    """Return an entry's text as it was written, in the page's language. Empty if it has none."""
    return words_in(texts_of(entry.get(field)) or {}).text


# The kind of entry → what a question shows of one.
SHOWN: dict[str, Callable[[Names, str], Text]] = {
    "scenarios": scenario_and_route,
    "recipients": recipient_and_hold,
    "countries": country_text,
    "services": service_text,
    "data_items": item_text,
}
