"""Unpublished changes, proposals and publications, as the desk shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F
from django.utils.module_loading import import_string

from disclosures.models import (
    PracticeStart,
    Proposal,
    ProposalApproval,
    ProposalOutcome,
    Publication,
    Revision,
    Verdict,
)
from disclosures.publishing.differences import EntryDifference, entry_differences
from disclosures.publishing.entries import edit_url
from disclosures.publishing.guard_rails import Finding, findings
from disclosures.publishing.held_copy import read_copy
from disclosures.publishing.publications import Document
from privacycenter.canonical import sha256_of

PER_PAGE = 50


@dataclass(frozen=True)
class ChangeView:
    """One entry that differs, with its latest revision (who changed it and when). ``address`` is its form's URL."""

    difference: EntryDifference
    address: str
    revision: Revision | None


@dataclass(frozen=True)
class PendingPage:
    """Differences between the working copy and what visitors see.

    ``seen`` is the working copy's hash; ``scheduled`` holds what is published at a set time, earliest first.
    ``counted_since``: since when reports are counted, if that is less than what the checks look back.
    """

    changes: "Page[Any]"
    findings: list[Finding]
    seen: str
    scheduled: list[Proposal]
    counted_since: date | None

    @property
    def has_errors(self) -> bool:
        return any(finding.is_error for finding in self.findings)


def pending_page(published: Document | None, page: str = "") -> PendingPage:
    """Return one page of unpublished changes. About 24 SQL statements, however many changes there are.

    The working copy is read anew: this is what publishing would freeze.
    """
    document = read_copy().document
    differences = entry_differences(published or {}, document)
    shown: Page[Any] = Paginator(differences, PER_PAGE).get_page(page)
    latest = latest_revisions(shown.object_list)
    shown.object_list = [
        ChangeView(
            difference=one,
            address="" if one.verb == "removed" else edit_url(one.kind, one.code),
            revision=latest.get((one.kind, one.code)),
        )
        for one in shown.object_list
    ]
    scheduled = list(Proposal.objects.scheduled().defer("document"))
    found = [*findings(document), *preflight(published, document)]
    return PendingPage(shown, found, sha256_of(document), scheduled, counted_since())


def preflight(published: Document | None, document: Document) -> list[Finding]:
    """Return what publishing would mean for what stands above publishing: ``settings.PREFLIGHT`` names who knows."""
    sources = [import_string(name) for name in settings.PREFLIGHT]
    return [finding for source in sources for finding in source(published, document)]


def counted_since() -> date | None:
    """Return since when reports are counted, if less is counted than what the checks look back. One SQL statement."""
    return PracticeStart.objects.looked_back_to().values_list("began_on", flat=True).first()


def latest_revisions(differences: Iterable[EntryDifference]) -> dict[tuple[str, str], Revision]:
    """Return the newest revision of each of these entries. One SQL statement."""
    codes = {one.code for one in differences}
    rows = Revision.objects.filter(code__in=codes).select_related("changed_by").defer("before", "after").order_by("pk")
    return {(row.kind, row.code): row for row in rows}


# --- Proposals -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProposalView:
    """One proposal with its approval and outcome, if any."""

    proposal: Proposal
    approval: ProposalApproval | None
    outcome: ProposalOutcome | None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def waits_for_approval(self) -> bool:
        return self.is_open and self.approval is None

    @property
    def verdict(self) -> Verdict | None:
        return Verdict(self.outcome.verdict) if self.outcome else None


@dataclass(frozen=True)
class ProposalPage:
    """One proposal with what it would change today. ``is_outdated``: something else was published since.

    ``findings``: what publishing it would mean for reports and approvals, if it is open; ``counted_since``: as above.
    """

    view: ProposalView
    differences: list[EntryDifference]
    findings: list[Finding]
    counted_since: date | None
    is_outdated: bool


def proposal_list(page: str = "") -> "Page[Any]":
    """Return one page of ``ProposalView``s: open ones first, then those that ended most recently.

    Two SQL statements.
    """
    rows = Proposal.objects.select_related("proposed_by", "approval__approved_by", "outcome__ended_by")
    ordered = rows.defer("document").order_by(F("outcome__pk").desc(nulls_first=True), "-pk")
    shown: Page[Any] = Paginator(ordered, PER_PAGE).get_page(page)
    shown.object_list = [view_of(row) for row in shown.object_list]
    return shown


def proposal_page(pk: int, newest: Publication | None) -> ProposalPage | None:
    """Return one proposal, or None if it does not exist. One SQL statement, and those of the preflight if it is open.

    ``newest`` is what visitors see today.
    """
    rows = Proposal.objects.select_related("proposed_by", "approval__approved_by", "outcome__ended_by")
    proposal = rows.filter(pk=pk).first()
    if proposal is None:
        return None
    is_outdated = proposal.base_number != (newest.number if newest else 0)
    view = view_of(proposal)
    if not view.is_open:
        return ProposalPage(view, [], [], None, is_outdated=False)
    published = newest.document if newest else None
    differences = entry_differences(published or {}, proposal.document)
    found = preflight(published, proposal.document)
    return ProposalPage(view, differences, found, counted_since(), is_outdated)


def view_of(proposal: Proposal) -> ProposalView:
    return ProposalView(proposal, getattr(proposal, "approval", None), getattr(proposal, "outcome", None))


def open_proposal_count() -> int:
    return Proposal.objects.open().count()


# --- Rolling back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicationPage:
    """One publication, and what rolling back to it would change for visitors today."""

    publication: Publication
    differences: list[EntryDifference]
    is_newest: bool


def publication_page(number: int, newest: Publication | None) -> PublicationPage | None:
    """Return one publication, or None if it does not exist. One SQL statement.

    ``newest`` is what visitors see today.
    """
    publication = Publication.objects.select_related("published_by").filter(number=number).first()
    if publication is None or newest is None:
        return None
    differences = entry_differences(newest.document, publication.document)
    return PublicationPage(publication, differences, publication.sha256 == newest.sha256)
