"""Requests to the operator, for their senders and for the desk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disclosures.attachments.queries import FileRow, attachment_of, files_of
from disclosures.content.publications import Document
from disclosures.inquiries.answerers import answerers
from disclosures.inquiries.followed import REACHES_RECIPIENTS, FiledRecall, recalls_because_of
from disclosures.inquiries.history import Happening, happenings, shown_happenings
from disclosures.inquiries.laws import last_due_on, term_of
from disclosures.inquiries.numbers import as_reference
from disclosures.models import (
    WAITING,
    AnswerWay,
    Attachment,
    IdentityState,
    Inquiry,
    InquiryEvent,
    InquiryKind,
    InquiryLaw,
    InquiryStanding,
    InquiryStatus,
    InquiryStep,
    StepDelivery,
)
from disclosures.one_time.queries import PageUse, one_time_steps, uses_of_inquiry
from disclosures.public import pages
from disclosures.public.as_published import as_published
from disclosures.public.reader import in_language
from disclosures.public.titles import Names
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
class InquiryPage:
    """One request for its sender. ``history`` is in order, without what is internal; ``files`` of both sides, too.

    ``identity_words`` is what they were last asked to do to show who they are. ``recalls``: what recipients were asked
    because of it, for who is logged in.
    """

    reference: str
    kind: InquiryKind
    body: str
    asked_at: datetime
    status: InquiryStatus
    about: About | None
    history: list[Happening]
    files: list[FileRow]
    due_on: date
    is_extended: bool
    identity: IdentityState
    identity_words: str
    recalls: list[FiledRecall]


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

    Empty ``statuses`` match all; ``text`` is a complete reference number, ``sender`` a complete address or part of a
    name. ``owner``: the key of who is in charge, 0 for nobody, None for all. ``overdue_on``: only what is overdue then.
    """

    statuses: tuple[InquiryStatus, ...] = ()
    kind: InquiryKind | None = None
    text: str = ""
    sender: str = ""
    owner: int | None = None
    law: InquiryLaw | None = None
    identity: IdentityState | None = None
    overdue_on: date | None = None
    first_due_first: bool = False


@dataclass(frozen=True)
class DeskRow:
    """One line of the desk's list. It does not name the sender. ``age_days``: how many days ago it was sent.

    ``owner``: who is in charge, empty for nobody.
    """

    pk: int
    row: InquiryRow
    age_days: int
    due_on: date
    is_overdue: bool
    owner: str
    identity: IdentityState


@dataclass(frozen=True)
class Delivery:
    """How the message of a step goes out, where the mail does not carry it. ``use``: of its page that opens once."""

    taken_at: datetime
    way: AnswerWay
    good_until: datetime | None = None
    use: PageUse | None = None


@dataclass(frozen=True)
class DeskPage:
    """One request at the desk, in full. ``age_days`` is how many days ago it was sent.

    ``whose``: whose record it belongs to or was connected with. ``last_due_on``: to which day its time may be extended;
    ``source``: where the law says so, empty if the operator does.
    """

    inquiry: Inquiry
    standing: InquiryStanding
    kind: InquiryKind
    status: InquiryStatus
    about: Phrase | str
    steps: list[InquiryStep]
    history: list[Happening]
    age_days: int
    last_due_on: date
    source: str
    recalls: list[FiledRecall]
    files: list[FileRow]
    deliveries: list["Delivery"]

    @property
    def law(self) -> InquiryLaw:
        return InquiryLaw(self.standing.law)

    @property
    def identity(self) -> IdentityState:
        return IdentityState(self.standing.identity)

    @property
    def whose(self) -> User | None:
        return self.inquiry.asked_by or self.standing.whose

    @property
    def is_overdue(self) -> bool:
        return self.status.waits and self.standing.due_on < timezone.localdate()

    @property
    def needs_identity(self) -> bool:
        """Whether an answer is refused until it is known who the sender is."""
        return self.kind != InquiryKind.QUESTION and not self.identity.allows_answers

    @property
    def reaches_recipients(self) -> bool:
        """Whether it asks for something that recipients have to do, too."""
        return self.kind in REACHES_RECIPIENTS

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
    """Return a request for someone who has its number and address, and nothing else of its sender. At most seven SQL
    statements.

    What is on a page that opens once is not on this one, which needs no code.
    """
    inquiry = Inquiry.objects.select_related("asked_by", "standing").filter(reference=reference).first()
    return page_of(inquiry, document, [], elsewhere=one_time_steps(inquiry.pk)) if inquiry else None


def inquiry_of(person: User, reference: str, document: Document | None) -> InquiryPage | None:
    """Return a request of this person. None if the person has no such request."""
    own = Inquiry.objects.of_person(person).select_related("asked_by", "standing")
    inquiry = own.filter(reference=as_reference(reference)).first()
    return page_of(inquiry, document, recalls_because_of(inquiry.reference, person)) if inquiry else None


def inquiry_called(reference: str) -> Inquiry | None:
    """Return the request with exactly this number. One SQL statement."""
    return Inquiry.objects.filter(reference=reference).first()


def own_inquiry(person: User, reference: str) -> Inquiry | None:
    """Return a request of this person. One SQL statement."""
    return Inquiry.objects.of_person(person).filter(reference=as_reference(reference)).first()


def attachment_for_sender(reference: str, id: UUID) -> Attachment | None:
    """Return a file of a request for someone who has its number and address. At most three SQL statements.

    None also for one that is on a page that opens once.
    """
    inquiry = inquiry_called(reference)
    found = attachment_of(inquiry.pk, id) if inquiry else None
    is_elsewhere = bool(inquiry and found and found.step_id in one_time_steps(inquiry.pk))
    return None if is_elsewhere else found


def attachment_of_person(person: User, reference: str, id: UUID) -> Attachment | None:
    """Return a file of a request of this person. Two SQL statements."""
    inquiry = own_inquiry(person, reference)
    return attachment_of(inquiry.pk, id) if inquiry else None


def inquiries_of(person: User, page: str = "") -> "Page[Any]":
    """Return one page of this person's ``InquiryRow``s, newest first. Two SQL statements."""
    own = Inquiry.objects.of_person(person).select_related("standing")
    shown: Page[Any] = Paginator(own, ROWS_PER_PAGE).get_page(page)
    shown.object_list = [row_of(inquiry) for inquiry in shown.object_list]
    return shown


def row_of(inquiry: Any) -> InquiryRow:
    """Return the row of a request that was fetched with its standing."""
    status = InquiryStatus(inquiry.standing.status)
    return InquiryRow(inquiry.reference, InquiryKind(inquiry.kind), inquiry.asked_at, status)


def page_of(
    inquiry: Inquiry, document: Document | None, recalls: list[FiledRecall], elsewhere: Collection[int] = ()
) -> InquiryPage:
    steps, events = list(inquiry.steps.order_by("pk")), list(inquiry.events.order_by("pk"))
    standing = inquiry.standing
    return InquiryPage(
        reference=inquiry.reference,
        kind=InquiryKind(inquiry.kind),
        body=inquiry.body,
        asked_at=inquiry.asked_at,
        status=InquiryStatus(standing.status),
        about=about(inquiry.about, inquiry.asked_by, document),
        history=shown_happenings(steps, events, elsewhere),
        files=files_of(inquiry.pk, without_steps=elsewhere),
        due_on=standing.due_on,
        is_extended=standing.is_extended,
        identity=IdentityState(standing.identity),
        identity_words=last_identity_words(events),
        recalls=recalls,
    )


def last_identity_words(events: list[InquiryEvent]) -> str:
    return next((event.words for event in reversed(events) if event.identity), "")


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
    found: Any = InquiryStanding.objects.select_related("inquiry", "owner").filter(**conditions_of(filters))
    if filters.sender:
        way = "email__iexact" if "@" in filters.sender else "name__icontains"
        found = found.filter(**{f"inquiry__{way}": filters.sender})
    found = found.order_by("due_on", "pk") if filters.first_due_first else found.order_by("-asked_at", "-pk")
    shown: Page[Any] = Paginator(found, ROWS_PER_PAGE).get_page(page)
    today = timezone.localdate()
    shown.object_list = [desk_row(one, today) for one in shown.object_list]
    return shown


def conditions_of(filters: DeskFilters) -> dict[str, Any]:
    """Return the filters as lookups of ``InquiryStanding``, but for the sender."""
    found: dict[str, Any] = {
        "status__in": filters.statuses,
        "kind": filters.kind,
        "law": filters.law,
        "identity": filters.identity,
        "owner": filters.owner,
        "due_on__lt": filters.overdue_on,
        "inquiry__reference": as_reference(filters.text) or "-" if filters.text else "",
    }
    conditions = {name: value for name, value in found.items() if value}
    if filters.owner == 0:
        conditions["owner__isnull"] = True
    if filters.overdue_on:
        conditions["status__in"] = [status for status in filters.statuses or WAITING if status in WAITING]
    return conditions


def desk_row(standing: InquiryStanding, today: date) -> DeskRow:
    inquiry = standing.inquiry
    return DeskRow(
        pk=inquiry.pk,
        row=InquiryRow(
            inquiry.reference, InquiryKind(standing.kind), standing.asked_at, InquiryStatus(standing.status)
        ),
        age_days=age_days(standing.asked_at),
        due_on=standing.due_on,
        is_overdue=standing.status in WAITING and standing.due_on < today,
        owner=str(standing.owner) if standing.owner else "",
        identity=IdentityState(standing.identity),
    )


def senders_called(sender: str) -> list[User]:
    """Return the people whose requests a look-up by this address, or this part of a name, shows. One SQL statement."""
    way = {"inquiry__email__iexact": sender} if "@" in sender else {"inquiry__name__icontains": sender}
    sent = InquiryStanding.objects.filter(**way)
    their_own, connected = (sent.order_by().values(column) for column in ("inquiry__asked_by", "whose"))
    return list(User.objects.filter(Q(pk__in=their_own) | Q(pk__in=connected)))


def waiting_counts() -> tuple[int, int]:
    """Return how many requests wait for an answer, and how many of them are overdue. One SQL statement."""
    is_overdue = Q(due_on__lt=timezone.localdate())
    found = InquiryStanding.objects.waiting().aggregate(waiting=Count("pk"), overdue=Count("pk", filter=is_overdue))
    return found["waiting"], found["overdue"]


def owners() -> list[User]:
    """Return who may be in charge of a request. One SQL statement."""
    return list(answerers())


def desk_page(inquiry: Inquiry, document: Document | None) -> DeskPage:
    """Return one request in full. At most ten SQL statements; ``asked_by`` and the standing with ``owner`` and
    ``whose`` must already be fetched."""
    steps = list(inquiry.steps.select_related("taken_by").order_by("pk"))
    events = inquiry.events.select_related("taken_by", "owner", "whose").order_by("pk")
    named = about(inquiry.about, inquiry.asked_by, document)
    standing, kind = inquiry.standing, InquiryKind(inquiry.kind)
    law = InquiryLaw(standing.law)
    return DeskPage(
        inquiry=inquiry,
        standing=standing,
        kind=kind,
        status=InquiryStatus(standing.status),
        about=named.words if named else inquiry.about,
        steps=steps,
        history=happenings(steps, events),
        age_days=age_days(inquiry.asked_at),
        last_due_on=last_due_on(law, kind, inquiry.asked_at),
        source=term_of(law, kind).source,
        recalls=recalls_because_of(inquiry.reference, inquiry.asked_by or standing.whose),
        files=files_of(inquiry.pk),
        deliveries=deliveries_of(inquiry.pk),
    )


def deliveries_of(inquiry: int) -> list[Delivery]:
    """Return how messages go out, where the mail does not carry them, in order. At most three SQL statements."""
    chosen = list(StepDelivery.objects.filter(step__inquiry_id=inquiry).select_related("step").order_by("pk"))
    uses = uses_of_inquiry(inquiry) if any(one.way == AnswerWay.ONE_TIME for one in chosen) else {}
    found = []
    for one in chosen:
        page, use = uses.get(one.pk, (None, None))
        found.append(Delivery(one.step.taken_at, AnswerWay(one.way), page.good_until if page else None, use))
    return found


def age_days(moment: datetime) -> int:
    """Return the number of calendar days since then: yesterday evening is one day ago."""
    return (timezone.localdate() - timezone.localdate(moment)).days
