"""What publishing a proposal would give today: its changes put onto what is published by now. Never writes."""

from django.conf import settings
from django.utils.translation import gettext as _

from disclosures.content.entries import title_in
from disclosures.content.merging import Conflict, PatchEntry, changed_cells, compose, only_cells
from disclosures.content.open_sets import cells_to_come, entry_in, keys_of, open_patches, read_patch
from disclosures.content.publications import Document
from disclosures.guard_rails.errors import errors_of
from disclosures.guard_rails.held_at_once import held_findings
from disclosures.models import ChangeSet, Proposal, Publication, SetState
from privacycenter.text.languages import speaking
from privacycenter.text.words import inside_quotes


def as_of_today(proposal: Proposal, newest: Publication | None) -> tuple[Document | None, str]:
    """Return what publishing the proposal would give, or None and why it cannot be published any more, in the site's
    first language. A few SQL statements.

    Put together by field and language, never inside a text: nobody would have approved that.
    """
    with speaking(settings.LANGUAGE_CODE):
        published = newest.document if newest else {}
        if proposal.patch is None:
            if proposal.base_number != (newest.number if newest else 0):
                return None, _("Something else was published since this was proposed.")
            held = held_findings(None, proposal.document)
            return (None, str(held[0])) if held else (proposal.document, "")
        patch = read_patch(proposal.patch)
        document, conflicts = compose(published, patch)
        why = (
            discarded(proposal.change_set)
            or collision(conflicts, published)
            or embargo(proposal, patch)
            or faults(document)
            or nothing(patch, published)
        )
        return (None, why) if why else (document, "")


def discarded(change_set: ChangeSet | None) -> str:
    return _("Its change set was discarded.") if change_set and change_set.state == SetState.DISCARDED else ""


def collision(conflicts: list[Conflict], published: Document) -> str:
    if not conflicts:
        return ""
    one = conflicts[0]
    message = _("Something else was published since this was proposed, and it changed the same: %(name)s.")
    return message % {"name": title_in(entry_in(published, (one.kind, one.code)) or one.mine, one.code)}


def embargo(proposal: Proposal, patch: list[PatchEntry]) -> str:
    """Return why an embargo keeps the proposal from being published. Empty: none does."""
    change_set = proposal.change_set
    if change_set and change_set.is_open and change_set.is_held_back:
        return "" if change_set.owner_id == proposal.proposed_by_id else under_embargo(change_set)
    says = {(one.kind, one.code): one for one in patch}
    for found in open_patches(keys_of(patch)):
        if not found.change_set.is_held_back:
            continue
        for one in found.patch:
            mine = says[one.kind, one.code]
            same = changed_cells(one.base, one.entry) & changed_cells(mine.base, mine.entry)
            document: Document = {one.kind: {one.code: mine.entry}} if mine.entry is not None else {}
            if same - cells_to_come(only_cells(one, same), document):
                return under_embargo(found.change_set)
    return ""


def under_embargo(change_set: ChangeSet) -> str:
    return _("“%(name)s” is under embargo.") % {"name": inside_quotes(change_set.name)}


def faults(document: Document) -> str:
    found = errors_of(document)
    return str(found[0]) if found else ""


def nothing(patch: list[PatchEntry], published: Document) -> str:
    if any(cells_to_come(one, published) for one in patch):
        return ""
    return _("What it changes is public already.")
