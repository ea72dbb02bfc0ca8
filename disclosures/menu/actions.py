"""Actions on the menu and the footer."""

from django.db import transaction

from disclosures.content.publications import Document
from disclosures.content.working_copy import working_document
from disclosures.guard_rails.findings import Places
from disclosures.history.putting import add_entries
from disclosures.models import MenuEntry
from disclosures.models.content.menu import POLICY, STANDARD_LINKS, MenuPlace, StandardLink
from disclosures.writing.actions import lock_working_copy, record_revisions
from privacycenter.models import User


@transaction.atomic
def write_out_standard_links(*, place: MenuPlace, by: User | None) -> int:
    """Make the standard links of the menu or footer rows, to be changed like all other content.

    Only those that lead somewhere. Returns how many; 0 if the place has links of its own already.
    """
    lock_working_copy()
    if MenuEntry.objects.filter(place=place).exists():
        return 0
    before = working_document()
    entries = standard_entries(before, place)
    add_entries({"menu": entries})
    record_revisions(before=before, after={**before, "menu": {**before["menu"], **entries}}, by=by)
    return len(entries)


def standard_entries(document: Document, place: MenuPlace) -> Document:
    places, entries = Places(document), Document()
    for one in STANDARD_LINKS:
        if one.place == place and (said := said_by_standard(document, one, places)):
            entries[one.code] = {"position": len(entries) + 1, "place": place.value, **said}
    return entries


def said_by_standard(document: Document, one: StandardLink, places: Places) -> Document:
    """Return what the entry says besides its place; empty if the link would lead nowhere."""
    if one.address:
        return {"address": one.address} if places.has(one.address, "") else {}
    policy = document["links"].get(POLICY, {})
    return {name: policy[name] for name in ("address", "title", "note") if policy.get(name)}
