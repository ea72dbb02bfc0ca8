"""Recording of messages of a queue, and keeping of those that could not be recorded."""

import base64
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from disclosures.consuming.messages import Message, Read, events_of
from disclosures.ledger.events import INVALID, RecordingResult
from disclosures.ledger.recording import LARGEST_BATCH, record_disclosures
from disclosures.models import ConsumedQueue, RefusedMessage, Reporter
from disclosures.models.receiving.bulk_uploads import RESULT_STATUSES
from disclosures.reporters.queries import reporter_that_may
from disclosures.reporters.tokens import DISCLOSURES_WRITE
from privacycenter.encryption import CannotOpenError, Resealed, reseal_column, seal, unseal
from privacycenter.errors import InsufficientScope, InternalError, InvalidValue, ReporterPaused, Unauthorized
from privacycenter.identifiers import uuid8_from
from privacycenter.models import User

PURPOSE = "refused-message"
# Characters of why somebody dealt with a message; messages that one form is about.
LONGEST_REASON = 5000
MOST_AT_ONCE = 100
Problem = dict[str, object]

log = logging.getLogger(__name__)


def queue_read_by(*, name: str, reporter: Reporter) -> ConsumedQueue:
    """Return the row of a queue that is read in the name of a reporter. Made the first time."""
    queue, _is_new = ConsumedQueue.objects.get_or_create(
        name=name, reporter=reporter, defaults={"seen_at": timezone.now()}
    )
    return queue


@transaction.atomic
def record_messages(*, read: Sequence[Read], queue: ConsumedQueue) -> Counter[str]:
    """Record the events of messages, and keep those that cannot be recorded. Returns how many of each status.

    Acknowledge the messages only after the commit; delivered again they are harmless. The reporter is asked for anew
    each time: raises Unauthorized, InsufficientScope, or ReporterPaused, and has then written nothing.
    """
    by = reporter_that_may(DISCLOSURES_WRITE, reporter=queue.reporter_id)
    results, refused = recorded(read, by)
    keep_refused(queue, refused)
    counts = Counter(result.status for result in results)
    counts[INVALID] += sum(one.refusal is not None for one in read)
    # Last, because whoever reads the same queue waits for this row.
    ConsumedQueue.objects.filter(pk=queue.pk).update(
        message_count=F("message_count") + len({one.message.position for one in read}),
        seen_at=timezone.now(),
        **{f"{status}_count": F(f"{status}_count") + counts[status] for status in RESULT_STATUSES},
    )
    return counts


def recorded(read: Sequence[Read], by: Reporter) -> tuple[list[RecordingResult], list[tuple[Read, Problem]]]:
    """Return the result of each event, and what could not be recorded, with its problem."""
    refused = [(one, one.refusal.as_problem()) for one in read if one.refusal]
    events = [one for one in read if one.event]
    results = []
    for start in range(0, len(events), LARGEST_BATCH):
        some = events[start : start + LARGEST_BATCH]
        done = record_disclosures(events=[one.event for one in some if one.event], by=by)
        refused += [(some[result.index], result.problem) for result in done if result.status == INVALID]
        results += done
    return results, refused


def keep_refused(queue: ConsumedQueue, refused: Collection[tuple[Read, Problem]]) -> None:
    """Keep what could not be recorded, each once. MUST be called in the transaction of its batch."""
    now = timezone.now()
    RefusedMessage.objects.bulk_create(
        [
            RefusedMessage(
                id=id_of(queue, one), queue=queue, position=one.message.position, problem=problem,
                sealed=sealed(one.kept), received_at=now,
            )
            for one, problem in refused
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def id_of(queue: ConsumedQueue, one: Read) -> UUID:
    """Positions begin anew when a queue is made anew, so the content counts, too."""
    content = hashlib.sha256(sealable(one.kept).encode()).hexdigest()
    return uuid8_from(queue.name, str(queue.reporter_id), one.message.position, str(one.place), content)


@transaction.atomic
def keep_unforeseen(*, read: Sequence[Read], queue: ConsumedQueue) -> None:
    """Keep a message at which recording broke, so that it holds up none of the others."""
    problem = InternalError("Recording it broke on our side: see the log.").as_problem()
    keep_refused(queue, [(one, problem) for one in read])
    ConsumedQueue.objects.filter(pk=queue.pk).update(
        message_count=F("message_count") + 1, invalid_count=F("invalid_count") + len(read), seen_at=timezone.now()
    )


def note_waiting(*, queue: ConsumedQueue, count: int | None) -> None:
    """Write down that somebody looked, and how many messages wait in the queue if that was told."""
    told = {} if count is None else {"waiting_count": count}
    ConsumedQueue.objects.filter(pk=queue.pk).update(seen_at=timezone.now(), **told)


# --- What the operator does with refused messages --------------------------------------------------------------------


@transaction.atomic
def retry_refused(*, id: UUID) -> Problem | None:
    """Try to record a refused message again. Returns the problem if it is still refused; None if it is recorded now.

    A conflict counts as recorded: it is with the privacy officer. Raises what ``record_messages`` raises.
    """
    row = RefusedMessage.objects.select_for_update(of=("self",)).select_related("queue").get(pk=id)
    by = reporter_that_may(DISCLOSURES_WRITE, reporter=row.queue.reporter_id)
    _results, refused = recorded(events_of(opened(row)), by)
    if not refused:
        row.delete()
        return None
    row.problem = refused[0][1]
    row.save(update_fields=["problem"])
    return row.problem  # type: ignore[no-any-return]


@dataclass
class Retried:
    """What came of trying refused messages again. ``gone``: of which nothing was left, because somebody did it first;
    ``unreadable``: sealed under a key that this site does not have (any more); ``stopped``: not tried, because their
    reporter may not report now."""

    recorded: int = 0
    refused: int = 0
    gone: int = 0
    unreadable: int = 0
    stopped: int = 0


def retry_some(*, ids: Sequence[UUID]) -> Retried:
    """Try these again, each in a transaction of its own. What is recorded is gone; what is not says why by now."""
    done = Retried()
    for id in ids:
        try:
            problem = retry_refused(id=id)
        except RefusedMessage.DoesNotExist:
            done.gone += 1
        except CannotOpenError:
            done.unreadable += 1
        except (Unauthorized, InsufficientScope, ReporterPaused):
            done.stopped += 1
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("refused message %s: recording it broke", id)
            done.refused += 1
        else:
            done.recorded += problem is None
            done.refused += problem is not None
    return done


@transaction.atomic
def settle_refused(*, ids: Sequence[UUID], reason: str, by: User) -> int:
    """Mark messages as dealt with: they are kept, and wait for nobody. Returns how many; one that is so already stays.

    Raises InvalidValue without a reason. One SQL statement.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidValue(f"Say why, in at most {LONGEST_REASON:,} characters.", "reason")
    waiting = RefusedMessage.objects.waiting().filter(pk__in=ids)
    return waiting.update(settled_at=timezone.now(), settled_by=by, reason=reason)


def drop_refused(*, id: UUID) -> bool:
    """Delete a refused message for good. False if there is none (any more)."""
    deleted, _rows = RefusedMessage.objects.filter(pk=id).delete()
    return bool(deleted)


def sealable(message: Message) -> str:
    body = base64.b64encode(message.body).decode()
    return json.dumps({"headers": message.headers, "body": body}, sort_keys=True)


def sealed(message: Message) -> str:
    return seal(sealable(message), purpose=PURPOSE)


def opened(row: RefusedMessage) -> Message:
    """Return the message as it came. Raises CannotOpenError."""
    found = json.loads(unseal(row.sealed, purpose=PURPOSE))
    return Message(row.position, found["headers"], base64.b64decode(found["body"]))


def reseal_refused_messages() -> Resealed:
    """Put refused messages under the newest SECRET_KEY."""
    return reseal_column(RefusedMessage.objects.order_by("pk"), "sealed", purpose=PURPOSE)
