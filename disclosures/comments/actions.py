"""Writing a comment, changing or withdrawing one's own, resolving a thread and opening it again."""

import re

from django.db import transaction
from django.utils import timezone

from disclosures.comments.fields import CHANGEABLE_FOR, LONGEST_COMMENT, comment_fields, may_see
from disclosures.models import Comment, CommentMailChoice, CommentMails, CommentMention, CommentStep, CommentStepKind
from disclosures.models.editing.comments import THREAD_STEPS
from privacycenter.errors import InvalidValue, NoLongerOpen, NotFound, StepTooLate
from privacycenter.models import User
from privacycenter.text.legible import fault_of

# A name after @, at the beginning or after something that is no letter: an address has one in its middle.
NAMED = re.compile(r"(?<![\w.@-])@([\w.+-]*\w)")


@transaction.atomic
def add_comment(*, kind: str, code: str, field: str, text: str, thread: int | None = None, by: User) -> Comment:
    """Write a comment on a field, or with ``thread`` an answer in that thread of the same field.

    Colleagues named in it (``@sato``) are told. Raises NotFound, InvalidValue, NoLongerOpen.
    """
    if not may_see(by, kind) or field not in comment_fields(kind):
        raise NotFound("There is no such field.")
    named = checked(text, kind)
    if thread is not None:
        beginning = thread_of(thread, by)
        if (beginning.kind, beginning.code, beginning.field) != (kind, code, field):
            raise NotFound("There is no such thread on this field.")
        if is_resolved(beginning):
            raise NoLongerOpen("The thread is resolved.")
    written = Comment.objects.create(
        kind=kind, code=code, field=field, thread_id=thread, text=text.strip(), written_by=by, written_at=timezone.now()
    )
    name_colleagues(written, named)
    return written


@transaction.atomic
def edit_comment(*, comment: int, text: str, by: User) -> None:
    """Change one's own comment. Raises NotFound, InvalidValue, NoLongerOpen and StepTooLate."""
    own = own_comment(comment, by)
    named = checked(text, own.kind)
    take_step(own, CommentStepKind.EDITED, by, text.strip())
    known = set(own.mentions.values_list("staff_id", flat=True))
    name_colleagues(own, [one for one in named if one.pk not in known])


@transaction.atomic
def withdraw_comment(*, comment: int, by: User) -> None:
    """Take one's own comment back: its words are shown no more, but in its history. A thread of it alone is resolved.

    Raises NotFound, NoLongerOpen and StepTooLate.
    """
    own = own_comment(comment, by)
    take_step(own, CommentStepKind.WITHDRAWN, by)
    if own.thread_id is None and not own.replies.exists():
        take_step(own, CommentStepKind.RESOLVED, by)


@transaction.atomic
def resolve_thread(*, thread: int, by: User) -> bool:
    """Mark a thread as resolved. False, and nothing is written, if it is. Raises NotFound."""
    return set_thread(thread, CommentStepKind.RESOLVED, by)


@transaction.atomic
def reopen_thread(*, thread: int, by: User) -> bool:
    """Open a resolved thread again. False, and nothing is written, if it is open. Raises NotFound."""
    return set_thread(thread, CommentStepKind.REOPENED, by)


@transaction.atomic
def choose_comment_mails(*, wanted: str, by: User) -> None:
    """Record of which comments one is told by mail. Raises InvalidValue."""
    if wanted not in CommentMails.values:
        raise InvalidValue("There is no such choice.", "wanted")
    CommentMailChoice.objects.create(staff=by, wanted=wanted, chosen_at=timezone.now())


def checked(text: str, kind: str) -> list[User]:
    """Return the colleagues whom a text names. Raises InvalidValue for a text that cannot stand."""
    if not text.strip():
        raise InvalidValue("A comment has words.", "text")
    if len(text) > LONGEST_COMMENT:
        raise InvalidValue(f"At most {LONGEST_COMMENT} characters.", "text")
    if fault := fault_of(text):
        raise InvalidValue(fault, "text")
    names = set(NAMED.findall(text))
    found = {one.username: one for one in User.objects.filter(username__in=names, is_staff=True, is_active=True)}
    strangers = sorted(name for name in names if name not in found or not may_see(found[name], kind))
    if strangers:
        raise InvalidValue(f"No colleague who may see this has the name {', '.join(strangers)}.", "names")
    return list(found.values())


def name_colleagues(comment: Comment, named: list[User]) -> None:
    CommentMention.objects.bulk_create(CommentMention(comment=comment, staff=one) for one in named)


def own_comment(number: int, by: User) -> Comment:
    User.objects.lock(by.pk)
    own = Comment.objects.filter(pk=number, written_by=by).first()
    if own is None or not may_see(by, own.kind):
        raise NotFound("There is no such comment of yours.")
    if own.steps.filter(kind=CommentStepKind.WITHDRAWN).exists():
        raise NoLongerOpen("The comment is withdrawn.")
    if timezone.now() > own.written_at + CHANGEABLE_FOR:
        raise StepTooLate("It was written too long ago to change it.")
    return own


def thread_of(number: int, by: User) -> Comment:
    """Return the comment that begins this thread, locked so that its steps follow one another. Raises NotFound."""
    found = Comment.objects.select_for_update().filter(pk=number, thread=None).first()
    if found is None or not may_see(by, found.kind):
        raise NotFound("There is no such thread.")
    return found


def is_resolved(beginning: Comment) -> bool:
    last = beginning.steps.filter(kind__in=THREAD_STEPS).order_by("-pk").first()
    return last is not None and last.kind == CommentStepKind.RESOLVED


def set_thread(number: int, kind: CommentStepKind, by: User) -> bool:
    beginning = thread_of(number, by)
    if is_resolved(beginning) is (kind is CommentStepKind.RESOLVED):
        return False
    take_step(beginning, kind, by)
    return True


def take_step(comment: Comment, kind: CommentStepKind, by: User, text: str = "") -> None:
    CommentStep.objects.create(comment=comment, kind=kind, text=text, taken_by=by, taken_at=timezone.now())
