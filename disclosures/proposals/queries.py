"""Unpublished changes, proposals and publications, as the desk shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F
from django.urls import reverse
from django.utils.module_loading import import_string

from disclosures.content.differences import EntryDifference, changes_in_order, differences_of
from disclosures.content.entries import edit_url
from disclosures.content.merging import compose
from disclosures.content.open_sets import read_patch, without_embargoed
from disclosures.content.publications import Document
from disclosures.content.reading_advice import TextAdvice, advice_on_entries
from disclosures.guard_rails.findings import Finding, findings
from disclosures.guard_rails.references import reference_findings
from disclosures.models import (
    ChangeSet,
    PracticeStart,
    Proposal,
    ProposalApproval,
    ProposalOutcome,
    Publication,
    Revision,
    Verdict,
)
from disclosures.proposals.rebasing import as_of_today
from privacycenter.canonical import sha256_of

PER_PAGE = 50
# Each shows what differs, word by word.
CHANGES_PER_PAGE = 25


@dataclass(frozen=True)
class ChangeView:
    """One entry that differs, with its latest revision (who changed it and when). ``address`` is its form's URL.

    ``put_back_address``: where what visitors see can be put back; empty if nothing is published.
    """

    difference: EntryDifference
    address: str
    revision: Revision | None
    put_back_address: str = ""


@dataclass(frozen=True)
class PendingPage:
    """Differences between the working copy, without what is under embargo, and what visitors see.

    ``sets``: the open sets whose changes are in it, and those under embargo, which are not. ``seen`` is its hash;
    ``scheduled`` holds what is published at a set time, earliest first. ``counted_since``: since when reports are
    counted, if that is less than what the checks look back.
    """

    changes: "Page[Any]"
    advice: list[TextAdvice]
    findings: list[Finding]
    sets: list[ChangeSet]
    seen: str
    scheduled: list[Proposal]
    counted_since: date | None

    @property
    def has_errors(self) -> bool:
        return any(finding.is_error for finding in self.findings)


def pending_page(working: Document, published: Document | None, page: str = "", *, number: int = 0) -> PendingPage:
    """Return one page of what the working copy changes. About eight SQL statements, however many changes there are.

    ``number``: that of the publication.
    """
    document = without_embargoed(working, published)
    shown = page_of_differences(published or {}, document, page)
    latest = latest_revisions(shown.object_list)
    shown.object_list = [
        ChangeView(
            difference=one,
            address="" if one.verb == "removed" else edit_url(one.kind, one.code),
            revision=latest.get((one.kind, one.code)),
            put_back_address=put_back_url(number, one) if number else "",
        )
        for one in shown.object_list
    ]
    scheduled = list(Proposal.objects.scheduled().select_related("change_set").defer("document", "patch"))
    found = [*reference_findings(document), *preflight(published, document), *findings(document)]
    # A page shows the first ones: what keeps it from being published, then what would change for reports and approvals.
    found.sort(key=lambda one: not one.is_error)
    sets = list(ChangeSet.objects.in_the_rows().filter(entries__isnull=False).distinct().select_related("owner"))
    there = [one for one in shown.object_list if one.difference.verb != "removed"]
    advice = advice_on_entries(
        ((one.difference.kind, one.difference.code, one.difference.title) for one in there), document
    )
    return PendingPage(shown, advice, found, sets, sha256_of(document), scheduled, counted_since())


def put_back_url(number: int, one: EntryDifference) -> str:
    """Return the URL that makes the working copy say of one entry what a publication says."""
    return f"{reverse('admin:put_back_to_publication', args=[number])}?{urlencode({'entry': f'{one.kind}:{one.code}'})}"


def page_of_differences(old: Document, new: Document, page: str) -> "Page[Any]":
    """Return one page of what differs for visitors. A number out of range gives the nearest page."""
    shown: Page[Any] = Paginator(changes_in_order(old, new), CHANGES_PER_PAGE).get_page(page)
    shown.object_list = differences_of(old, new, list(shown.object_list))
    return shown


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
    rows = (
        Revision.objects.filter(code__in=codes)
        .select_related("changed_by", "reporter")
        .defer("before", "after")
        .order_by("pk")
    )
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
    """One proposal with a page of what it would change today. ``outdated``: why it can no longer be published, or
    empty.

    ``findings``: what publishing it would mean for reports and approvals, if it is open; ``counted_since``: as above.
    """

    view: ProposalView
    differences: "Page[EntryDifference] | None"
    findings: list[Finding]
    counted_since: date | None
    outdated: str


def proposal_list(page: str = "") -> "Page[Any]":
    """Return one page of ``ProposalView``s: open ones first, then those that ended most recently.

    Two SQL statements.
    """
    rows = Proposal.objects.select_related("proposed_by", "approval__approved_by", "outcome__ended_by", "change_set")
    ordered = rows.defer("document", "patch").order_by(F("outcome__pk").desc(nulls_first=True), "-pk")
    shown: Page[Any] = Paginator(ordered, PER_PAGE).get_page(page)
    shown.object_list = [view_of(row) for row in shown.object_list]
    return shown


def proposal_page(pk: int, newest: Publication | None, page: str = "") -> ProposalPage | None:
    """Return one proposal, or None if it does not exist. One SQL statement, and those of the preflight if it is open.

    ``newest`` is what visitors see today.
    """
    rows = Proposal.objects.select_related(
        "proposed_by", "approval__approved_by", "outcome__ended_by", "change_set__owner"
    )
    proposal = rows.filter(pk=pk).first()
    if proposal is None:
        return None
    view = view_of(proposal)
    if not view.is_open:
        return ProposalPage(view, None, [], None, outdated="")
    published = newest.document if newest else None
    document, why = as_of_today(proposal, newest)
    document = document or put_onto(proposal, published or {})
    differences = page_of_differences(published or {}, document, page)
    return ProposalPage(view, differences, preflight(published, document), counted_since(), why)


def put_onto(proposal: Proposal, published: Document) -> Document:
    """Return what was proposed, put onto what is published, where it can no longer be published: for reading alone."""
    if proposal.patch is None:
        document: Document = proposal.document
        return document
    return compose(published, read_patch(proposal.patch), mine_wins=True)[0]


def view_of(proposal: Proposal) -> ProposalView:
    return ProposalView(proposal, getattr(proposal, "approval", None), getattr(proposal, "outcome", None))


def open_proposal_count() -> int:
    return Proposal.objects.open().count()


# --- Rolling back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicationPage:
    """One publication, and a page of what rolling back to it would change for visitors today."""

    publication: Publication
    differences: "Page[EntryDifference]"
    is_newest: bool


def publication_page(number: int, newest: Publication | None, page: str = "") -> PublicationPage | None:
    """Return one publication, or None if it does not exist. One SQL statement.

    ``newest`` is what visitors see today.
    """
    publication = Publication.objects.select_related("published_by").filter(number=number).first()
    if publication is None or newest is None:
        return None
    differences = page_of_differences(newest.document, publication.document, page)
    return PublicationPage(publication, differences, publication.sha256 == newest.sha256)
