"""Requests to the operator, for their senders and for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disclosures.inquiries.numbers import as_reference
from disclosures.models import Inquiry, InquiryKind, InquiryStatus, InquiryStep
from disclosures.public import pages
from disclosures.public.as_published import as_published
from disclosures.public.reader import in_language
from disclosures.public.titles import Names
from disclosures.publishing.publications import Document
from privacycenter.models import User
from privacycenter.text.words import Phrase

ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class About:
    """What a request is about. ``value`` is what the request stores; ``address`` is the URL of it for the sender."""

    value: str
    words: Phrase
    address: str


@dataclass(frozen=True)
class StepView:
    """One step for the sender, without the internal note."""

    status: InquiryStatus
    message: str
    taken_at: datetime


@dataclass(frozen=True)
class InquiryPage:
    """One request for its sender. ``steps`` are in order, without internal ones."""

    reference: str
    kind: InquiryKind
    body: str
    asked_at: datetime
    status: InquiryStatus
    about: About | None
    steps: list[StepView]


@dataclass(frozen=True)
class InquiryRow:
    """One line of a person's list."""

    reference: str
    kind: InquiryKind
    asked_at: datetime
    status: InquiryStatus


@dataclass(frozen=True)
class DeskFilters:
    """Filters of the desk's list.

    Empty ``statuses`` match all; ``text`` is a complete reference number, ``email`` a complete address.
    """

    statuses: tuple[InquiryStatus, ...] = ()
    kind: InquiryKind | None = None
    text: str = ""
    email: str = ""
    oldest_first: bool = False


@dataclass(frozen=True)
class DeskRow:
    """One line of the desk's list. It does not name the sender. ``age_days``: how many days ago it was sent."""

    pk: int
    row: InquiryRow
    age_days: int


@dataclass(frozen=True)
class DeskPage:
    """One request at the desk, in full. ``age_days`` is how many days ago it was sent."""

    inquiry: Inquiry
    kind: InquiryKind
    status: InquiryStatus
    about: Phrase | str
    steps: list[InquiryStep]
    age_days: int

    @property
    def offered(self) -> list[InquiryStatus]:
        """The statuses that the next step may have."""
        if self.status == InquiryStatus.CLOSED:
            return [InquiryStatus.IN_PROGRESS]
        return [status for status in InquiryStatus if status != InquiryStatus.RECEIVED]


# --- Its sender -------------------------------------------------------------------------------------------------------


def lookup_address() -> str:
    return reverse("inquiry_lookup")


def reference_for_sender(reference: str, email: str) -> str:
    """Return the stored reference number if the e-mail address is the one of the request, otherwise an empty string.

    One SQL statement, whichever of the two is wrong.
    """
    kept = Inquiry.objects.filter(reference=as_reference(reference)).values_list("reference", "email").first()
    known = kept or ("", "")
    is_theirs = constant_time_compare(known[1].casefold(), email.strip().casefold())
    return known[0] if is_theirs else ""


def inquiry_page(reference: str, document: Document | None) -> InquiryPage | None:
    """Return a request for someone who has proved that they may read it. At most four SQL statements."""
    inquiry = Inquiry.objects.select_related("asked_by").filter(reference=reference).first()
    return page_of(inquiry, document) if inquiry else None


def inquiry_of(person: User, reference: str, document: Document | None) -> InquiryPage | None:
    """Return a request of this person. None if the person has no such request."""
    own = Inquiry.objects.of_person(person).select_related("asked_by")
    inquiry = own.filter(reference=as_reference(reference)).first()
    return page_of(inquiry, document) if inquiry else None


def inquiries_of(person: User, page: str = "") -> "Page[Any]":
    """Return one page of this person's ``InquiryRow``s, newest first. Two SQL statements."""
    shown: Page[Any] = Paginator(Inquiry.objects.of_person(person).with_status(), ROWS_PER_PAGE).get_page(page)
    shown.object_list = [row_of(inquiry) for inquiry in shown.object_list]
    return shown


def row_of(inquiry: Any) -> InquiryRow:
    """Return the row of a request that was fetched ``with_status``."""
    return InquiryRow(
        inquiry.reference, InquiryKind(inquiry.kind), inquiry.asked_at, InquiryStatus(inquiry.status)
    )  # fmt: skip


def page_of(inquiry: Inquiry, document: Document | None) -> InquiryPage:
    steps = list(inquiry.steps.order_by("pk"))
    return InquiryPage(
        reference=inquiry.reference,
        kind=InquiryKind(inquiry.kind),
        body=inquiry.body,
        asked_at=inquiry.asked_at,
        status=latest_status(steps),
        about=about(inquiry.about, inquiry.asked_by, document),
        steps=shown(steps),
    )


def shown(steps: Iterable[InquiryStep]) -> list[StepView]:
    """Return the steps that changed the status or had a message for the sender."""
    found, before = [], InquiryStatus.RECEIVED
    for step in steps:
        status = InquiryStatus(step.status)
        if step.message or status != before:
            found.append(StepView(status, step.message, step.taken_at))
        before = status
    return found


def latest_status(steps: list[InquiryStep]) -> InquiryStatus:
    return InquiryStatus(steps[-1].status) if steps else InquiryStatus.RECEIVED


# --- What it is about -------------------------------------------------------------------------------------------------


def about(value: str, person: User | None, document: Document | None) -> About | None:
    """Return what a value refers to: one of this person's disclosures by id, a published recipient (``recipient:`` and
    its code), or a published scenario by code.

    None for anything else, including another person's disclosure. At most one SQL statement.
    """
    kind, separator, code = value.partition(":")
    if separator:
        return about_recipient(code, document) if kind == "recipient" else None
    try:
        return about_disclosure(UUID(value), person, document)
    except ValueError:
        return about_scenario(value, document)


def about_disclosure(id: UUID, person: User | None, document: Document | None) -> About | None:
    disclosure = person.disclosures.shown_to(person).with_references().filter(id=id).first() if person else None
    if disclosure is None:
        return None
    as_published([disclosure], document)
    texts = {
        "recipient": disclosure.recipient.name,
        "day": date_format(timezone.localtime(disclosure.occurred_at), "DATE_FORMAT"),
        "scenario": disclosure.scenario.name,
    }
    words = Phrase(_("Provided to %(recipient)s on %(day)s (%(scenario)s)"), texts)
    return About(str(id), words, in_language(f"/my/disclosures/{id}/"))


def about_recipient(code: str, document: Document | None) -> About | None:
    if not document or code not in document.get("recipients", {}):
        return None
    words = Phrase(_("Recipient: %(title)s"), {"title": Names(document).recipient(code)})
    return About(f"recipient:{code}", words, in_language(f"/recipients/{code}/"))


def about_scenario(code: str, document: Document | None) -> About | None:
    view = pages.scenario(document, code) if document and code else None
    if view is None:
        return None
    return About(code, Phrase(_("Situation: %(title)s"), {"title": view.title}), view.address)


# --- The desk ---------------------------------------------------------------------------------------------------------


def desk_list(filters: DeskFilters, page: str = "") -> "Page[Any]":
    """Return one page of ``DeskRow``s. Two SQL statements."""
    found: Any = Inquiry.objects.with_status()
    if filters.statuses:
        found = found.filter(status__in=filters.statuses)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.text:
        found = found.filter(reference=as_reference(filters.text))
    if filters.email:
        found = found.filter(email__iexact=filters.email)
    if filters.oldest_first:
        found = found.order_by("asked_at", "pk")
    shown: Page[Any] = Paginator(found, ROWS_PER_PAGE).get_page(page)
    shown.object_list = [
        DeskRow(one.pk, row_of(one), age_days(one.asked_at)) for one in shown.object_list
    ]  # fmt: skip
    return shown


def senders_at(email: str) -> list[User]:
    """Return the people who were logged in when they sent a request from this address. One SQL statement."""
    sent = Inquiry.objects.filter(email__iexact=email, asked_by__isnull=False)
    return list(User.objects.filter(pk__in=sent.order_by().values("asked_by")))


def waiting_count() -> int:
    """Return how many requests wait for an answer. One SQL statement."""
    return Inquiry.objects.standing_at(*(status for status in InquiryStatus if status.waits)).count()


def desk_page(inquiry: Inquiry, document: Document | None) -> DeskPage:
    """Return one request in full. At most four SQL statements; ``asked_by`` must already be fetched."""
    steps = list(inquiry.steps.select_related("taken_by").order_by("pk"))
    named = about(inquiry.about, inquiry.asked_by, document)
    return DeskPage(
        inquiry=inquiry,
        kind=InquiryKind(inquiry.kind),
        status=latest_status(steps),
        about=named.words if named else inquiry.about,
        steps=steps,
        age_days=age_days(inquiry.asked_at),
    )


def age_days(moment: datetime) -> int:
    """Return the number of calendar days since then: yesterday evening is one day ago."""
    return (timezone.localdate() - timezone.localdate(moment)).days
