"""Threads of comments: on one field, on all fields of an entry, and those that are open. Never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from disclosures.comments.fields import CHANGEABLE_FOR, comment_fields, may_see
from disclosures.content.entries import title_in
from disclosures.content.held_copy import held_copy
from disclosures.content.working_copy import MODELS
from disclosures.models import Comment, CommentMailChoice, CommentMails, CommentStep, CommentStepKind
from disclosures.models.editing.comments import THREAD_STEPS
from privacycenter.models import User

PER_PAGE = 25


@dataclass(frozen=True)
class Said:
    """One comment as it is now. ``text``: empty if it is withdrawn. ``may_change``: its reader wrote it, lately."""

    number: int
    who: str
    when: datetime
    text: str
    is_changed: bool
    is_withdrawn: bool
    may_change: bool


@dataclass(frozen=True)
class Happened:
    """One line of a thread's history. ``text``: the words that a change gave a comment, or those it had at first."""

    who: str
    when: datetime
    what: str
    text: str


@dataclass(frozen=True)
class Thread:
    """``title``: the name of the entry; ``comments``: oldest first; ``history``: all that was done in it."""

    number: int
    kind: str
    code: str
    field: str
    title: str
    is_resolved: bool
    comments: list[Said]
    history: list[Happened]

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name) if self.kind in MODELS else self.kind

    @property
    def field_label(self) -> str:
        return comment_fields(self.kind).get(self.field, self.field)

    @property
    def address(self) -> str:
        return f"{thread_page(self.kind, self.code, self.field)}#thread-{self.number}"

    @property
    def last(self) -> Said:
        return self.comments[-1]


def thread_page(kind: str, code: str, name: str) -> str:
    return reverse("admin:field_comments", args=[kind, code, name])


def field_threads(kind: str, code: str, name: str, by: User) -> list[Thread]:
    """Return the threads of one field, open ones first, then as they were begun. Three SQL statements."""
    return threads_of(Comment.objects.filter(thread=None, kind=kind, code=code, field=name), by, "")


def entry_threads(kind: str, code: str, by: User) -> dict[str, list[Thread]]:
    """Return field → its threads, for all fields of an entry. Three SQL statements, one if there are none."""
    found: dict[str, list[Thread]] = {}
    for thread in threads_of(Comment.objects.filter(thread=None, kind=kind, code=code), by, ""):
        found.setdefault(thread.field, []).append(thread)
    return found


def thread_list(by: User, *, is_open: bool, is_mine: bool, number: str) -> "Page[Any]":
    """Return a page of the threads that one may see, the newest first. Five SQL statements, and what the
    held copy costs that names the entries."""
    found = beginnings(by)
    found = found.exclude(state=CommentStepKind.RESOLVED) if is_open else found.filter(state=CommentStepKind.RESOLVED)
    if is_mine:
        found = found.filter(Q(written_by=by) | Q(replies__written_by=by) | concerns(by)).distinct()
    page = Paginator(found.order_by("-pk"), PER_PAGE).get_page(number)
    document = held_copy().document
    page.object_list = [
        thread_view(one, by, title_in(document.get(one.kind, {}).get(one.code), one.code))
        for one in with_all(page.object_list)
    ]
    return page


def concerns(by: User) -> Q:
    return Q(mentions__staff=by) | Q(replies__mentions__staff=by)


def open_thread_count(by: User) -> int:
    """Return how many threads are open that one may see. One SQL statement."""
    return beginnings(by).exclude(state=CommentStepKind.RESOLVED).count()


def beginnings(by: User) -> "QuerySet[Any]":
    """Return the comments that begin the threads that one may see, each with its ``state``."""
    last = CommentStep.objects.filter(comment=OuterRef("pk"), kind__in=THREAD_STEPS).order_by("-pk")
    seen = [kind for kind in MODELS if may_see(by, kind)]
    state = Subquery(last.values("kind")[:1])
    # A thread without a step has an empty one, because nothing differs from NULL.
    return Comment.objects.filter(thread=None, kind__in=seen).annotate(state=Coalesce(state, Value("")))


def threads_of(found: "QuerySet[Comment]", by: User, title: str) -> list[Thread]:
    threads = [thread_view(one, by, title) for one in with_all(found.order_by("pk"))]
    return sorted(threads, key=lambda thread: thread.is_resolved)


def with_all(found: "Iterable[Comment] | QuerySet[Comment]") -> "QuerySet[Comment]":
    rows: QuerySet[Comment] = found  # type: ignore[assignment]
    return rows.select_related("written_by").prefetch_related(
        "steps__taken_by", "replies__written_by", "replies__steps__taken_by"
    )


def thread_view(beginning: Comment, by: User, title: str) -> Thread:
    comments = [beginning, *sorted(beginning.replies.all(), key=lambda one: one.pk)]
    return Thread(
        number=beginning.pk,
        kind=beginning.kind,
        code=beginning.code,
        field=beginning.field,
        title=title,
        is_resolved=state_of(beginning) == CommentStepKind.RESOLVED,
        comments=[said(one, by) for one in comments],
        history=sorted((line for one in comments for line in history_of(one)), key=lambda line: line.when),
    )


def steps_of(comment: Comment) -> list[CommentStep]:
    return sorted(comment.steps.all(), key=lambda step: step.pk)


def state_of(beginning: Comment) -> str:
    return next((step.kind for step in reversed(steps_of(beginning)) if step.kind in THREAD_STEPS), "")


def said(comment: Comment, by: User) -> Said:
    steps = steps_of(comment)
    texts = [step.text for step in steps if step.kind == CommentStepKind.EDITED]
    is_withdrawn = any(step.kind == CommentStepKind.WITHDRAWN for step in steps)
    is_new = timezone.now() <= comment.written_at + CHANGEABLE_FOR
    return Said(
        number=comment.pk,
        who=str(comment.written_by),
        when=comment.written_at,
        text="" if is_withdrawn else [comment.text, *texts][-1],
        is_changed=bool(texts),
        is_withdrawn=is_withdrawn,
        may_change=is_new and not is_withdrawn and comment.written_by_id == by.pk,
    )


def history_of(comment: Comment) -> Iterable[Happened]:
    """Yield what was done to a comment, if anything was, with the words that it had at each time."""
    steps = steps_of(comment)
    if any(step.kind in (CommentStepKind.EDITED, CommentStepKind.WITHDRAWN) for step in steps):
        yield Happened(str(comment.written_by), comment.written_at, "", comment.text)
    for step in steps:
        yield Happened(str(step.taken_by), step.taken_at, str(CommentStepKind(step.kind).label), step.text)


def mail_choice_of(staff: User) -> str:
    """Return of which comments one is told by mail. One SQL statement."""
    found = CommentMailChoice.objects.filter(staff=staff).order_by("-pk").first()
    return found.wanted if found else CommentMails.TAKEN_PART.value
