"""Refusals: why an action refused, under a name that services can rely on, with what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

PROBLEM_TYPE = "urn:privacycenter:problem:"


class Refusal(Exception):
    """An action refused and wrote nothing.

    ``name`` is the last part of the problem's type (RFC 9457, documented in docs/api.md), ``status`` the HTTP status
    when the refusal ends a request, ``field`` the path of the offending value (``data.items[2]``), empty if there is
    none.
    """

    name = "refused"
    title = "The request was refused."
    status = 422

    def __init__(self, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field

    def as_problem(self) -> dict[str, Any]:
        """Return the members of a problem+json body (RFC 9457), with ``field`` as an extension."""
        problem = {
            "type": PROBLEM_TYPE + self.name,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return {**problem, "field": self.field} if self.field else problem

    def headers(self) -> dict[str, str]:
        """Return additional headers of the response."""
        return {}


class TooManyCalls(Refusal):
    """``allowance``: what is left of the limit and when it resets (``privacycenter.rate_limits.limits.Allowance``)."""

    name = "too-many-calls"
    title = "You call more often than allowed."
    status = 429

    def __init__(self, detail: str, *, allowance: Any) -> None:
        super().__init__(detail)
        self.allowance = allowance

    @property
    def wait_minutes(self) -> int:
        """The minutes until the limit resets, rounded up, at least 1."""
        seconds: int = self.allowance.reset_seconds
        return max(ceil(seconds / 60), 1)

    def headers(self) -> dict[str, str]:
        return {**self.allowance.headers(), "Retry-After": str(self.allowance.reset_seconds)}


class Unauthorized(Refusal):
    name = "unauthorized"
    title = "A valid token is needed."
    status = 401

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class InsufficientScope(Refusal):
    name = "insufficient-scope"
    title = "The token does not have the scope that this call needs."
    status = 403


class LengthRequired(Refusal):
    name = "length-required"
    title = "The length of the body must be said."
    status = 411


class BodyTooLarge(Refusal):
    name = "body-too-large"
    title = "The body is too large."
    status = 413


class WrongContentType(Refusal):
    name = "wrong-content-type"
    title = "The content type is not one that this call reads."
    status = 415


class WrongContentEncoding(Refusal):
    name = "wrong-content-encoding"
    title = "The body is compressed in a way that is not read."
    status = 415

    def headers(self) -> dict[str, str]:
        # RFC 9110, section 12.5.3: what the client may send instead.
        return {"Accept-Encoding": "gzip, identity"}


class NotGzip(Refusal):
    name = "not-gzip"
    title = "The body is not gzip, as its Content-Encoding says."
    status = 400


class NotJson(Refusal):
    name = "not-json"
    title = "The body is not JSON."
    status = 400


class NotFound(Refusal):
    name = "not-found"
    title = "There is no such thing here."
    status = 404


class MethodNotAllowed(Refusal):
    name = "method-not-allowed"
    title = "This address does not take that method."
    status = 405


class BadRequest(Refusal):
    name = "bad-request"
    title = "The request could not be read."
    status = 400


class Unavailable(Refusal):
    name = "unavailable"
    title = "The database does not answer."
    status = 503

    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}


class StoreAway(Refusal):
    name = "store-unavailable"
    title = "The store of files does not answer."
    status = 503

    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}


class ReporterPaused(Refusal):
    """An officer paused the reporter. What it would write is to be sent again later: nothing of it is kept."""

    name = "reporter-paused"
    title = "This reporter is paused."
    status = 503

    def __init__(self) -> None:
        super().__init__(
            "The privacy officer has paused this reporter. Keep what you would send, and send it again later."
        )

    def headers(self) -> dict[str, str]:
        return {"Retry-After": "600"}


class InternalError(Refusal):
    name = "internal-error"
    title = "Something went wrong on our side."
    status = 500


class KeyReused(Refusal):
    name = "idempotency-key-reused"
    title = "This Idempotency-Key was used with another body."


class NotYourRequest(Refusal):
    name = "request-not-yours"
    title = "Only the reporter that asked can cancel."
    status = 403


class InvalidValue(Refusal):
    name = "invalid-value"
    title = "A value is missing or wrong."


class UnknownCode(Refusal):
    name = "unknown-code"
    title = "A code is not in the catalogue."


class RetiredCode(Refusal):
    name = "retired-code"
    title = "A code is no longer in use."


class ForeignService(Refusal):
    name = "service-not-yours"
    title = "This reporter may not speak for that service."
    status = 403


class ForeignRecipient(Refusal):
    name = "recipient-not-yours"
    title = "Another reporter, or an editor, speaks of that recipient."
    status = 403


class UnknownDisclosure(Refusal):
    name = "unknown-disclosure"
    title = "There is no such disclosure, or it is not of one of your services."
    status = 404


class ContentDiffers(Refusal):
    name = "content-differs"
    title = "Another event is recorded under this id."
    status = 409


class BadFile(Refusal):
    """``problems``: what is wrong in the file, in the order of its lines."""

    name = "bad-file"
    title = "The file is wrong. Nothing was changed."

    def __init__(self, problems: Any) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class StepDiffers(Refusal):
    name = "step-differs"
    title = "This step was reported with another reason."
    status = 409


class StatementDiffers(Refusal):
    name = "statement-differs"
    title = "The statement that was signed is about something else."


class UnknownKey(Refusal):
    name = "unknown-key"
    title = "No key of this recipient is registered."


class RetiredKey(Refusal):
    name = "retired-key"
    title = "The key is retired."


class WrongSignature(Refusal):
    name = "wrong-signature"
    title = "No key of the recipient signed this."


class AlreadyCountersigned(Refusal):
    name = "already-countersigned"
    title = "The recipient signed this before."
    status = 409


class TimeInFuture(Refusal):
    name = "time-in-future"
    title = "The time lies in the future."


class TextChanged(Refusal):
    name = "text-changed"
    title = "The text changed since it was shown."
    status = 409


class AlreadyAnswered(Refusal):
    name = "already-answered"
    title = "This was answered already."
    status = 409


class NoLongerOpen(Refusal):
    name = "no-longer-open"
    title = "This can no longer be answered."
    status = 409


class IdentityUnknown(Refusal):
    name = "identity-unknown"
    title = "It is not known yet who sent this."
    status = 409


class StepTooLate(Refusal):
    name = "step-too-late"
    title = "A later step was taken already."
    status = 409


class NothingReported(Refusal):
    name = "nothing-reported"
    title = "There is no case to follow."
    status = 409


class FeedRestored(Refusal):
    """The reader of a feed was further than the feed is after a restore.

    ``continue_after``: the cursor to go on with. ``restored_to``: when the newest row here was written. ``since``: send
    again what was reported since then.
    """

    name = "feed-restored"
    title = "The database was restored: part of what you read is no longer on record."
    status = 409

    def __init__(self, *, continue_after: str, restored_to: datetime, since: datetime) -> None:
        super().__init__(
            f"The record was put back to {restored_to.isoformat()}. Go on with “continue_after”, and send again what "
            "you reported since “send_again_since”. Of the entries that you read after “continue_after”, what they "
            "allowed is not allowed any more; keep to what they withdrew or refused.",
            "after",
        )
        self.continue_after, self.restored_to, self.since = continue_after, restored_to, since

    def as_problem(self) -> dict[str, Any]:
        return {
            **super().as_problem(),
            "continue_after": self.continue_after,
            "restored_to": self.restored_to.isoformat(),
            "send_again_since": self.since.isoformat(),
        }


class ApprovalNotNeeded(Refusal):
    name = "approval-not-needed"
    title = "In this scenario no approval is asked for."


class RecipientOnHold(Refusal):
    name = "recipient-on-hold"
    title = "It is published that nothing is provided to this recipient now."


class TooManyAtOnce(Refusal):
    name = "too-many-at-once"
    title = "Too many are being made at once."
    status = 429


class TooMuchUploaded(Refusal):
    """A reporter has as many uploads under way, or as many bytes, as it may."""

    name = "too-much-uploaded"
    title = "You have as many uploads under way as you may."
    status = 429

    def headers(self) -> dict[str, str]:
        return {"Retry-After": "60"}


class DigestDiffers(Refusal):
    name = "digest-differs"
    title = "What arrived is not what its digest says."


class WrongOffset(Refusal):
    """``received_bytes``: how much of the upload has come, so where to go on."""

    name = "wrong-offset"
    title = "The upload does not go on there."
    status = 409

    def __init__(self, detail: str, field: str = "", *, received_bytes: int = 0) -> None:
        super().__init__(detail, field)
        self.received_bytes = received_bytes

    def as_problem(self) -> dict[str, Any]:
        return {**super().as_problem(), "received_bytes": self.received_bytes}


class UploadIncomplete(WrongOffset):
    name = "upload-incomplete"
    title = "Not all of the upload has come."


class UploadClosed(WrongOffset):
    name = "upload-closed"
    title = "The upload takes nothing any more."


class NothingToPublish(Refusal):
    name = "nothing-to-publish"
    title = "Nothing changed since the newest publication."
    status = 409


class NotPublishable(Refusal):
    name = "not-publishable"
    title = "The content has errors. Nothing was published."


@dataclass(frozen=True)
class NamedEntry:
    """An entry of the content that a refusal names. ``is_retired``: it is there, but no longer used."""

    kind: str
    code: str
    is_retired: bool = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.code}"


class ReferencesMissing(Refusal):
    """``missing``: what entries refer to and what is not there, or is retired."""

    name = "references-missing"
    title = "It refers to something that is not there. Nothing was changed."
    status = 409

    def __init__(self, missing: Sequence[NamedEntry]) -> None:
        super().__init__("This is not there: " + ", ".join(map(str, missing)))
        self.missing = list(missing)


class StillInUse(Refusal):
    """``needed_by``: the entries that would be left without the one that was to go."""

    name = "still-in-use"
    title = "Other entries are in it. Nothing was changed."
    status = 409

    def __init__(self, what: str, needed_by: Sequence[NamedEntry]) -> None:
        super().__init__(f"{what} is needed by: " + ", ".join(map(str, needed_by)))
        self.what, self.needed_by = what, list(needed_by)


class ChangesCollide(Refusal):
    """Something published since changed the same field differently. Whoever comes second puts both together."""

    name = "changes-collide"
    title = "Something published since changed the same text."
    status = 409


class UnderEmbargo(Refusal):
    name = "under-embargo"
    title = "This is under embargo."
    status = 403


class NotTheOwner(Refusal):
    name = "not-the-owner"
    title = "Only the owner may do this."
    status = 403


class RecordDemanded(Refusal):
    """The law demands that a record is kept. ``held``: kind → how many rows; ``until``: when the last of them may go.

    ``until`` is None where it depends on what is still open.
    """

    name = "record-demanded"
    title = "The law demands that this record is kept."
    status = 409

    def __init__(self, held: dict[str, int], until: datetime | None) -> None:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(held.items()))
        super().__init__(f"The law demands that the record is kept: {kinds}.")
        self.held, self.until = held, until


class SecondPersonNeeded(Refusal):
    name = "second-person-needed"
    title = "Another person has to approve this."
    status = 403


class ApproverIsNew(Refusal):
    name = "approver-is-new"
    title = "This account may approve only later."
    status = 403


@dataclass(frozen=True)
class PackProblem:
    """One error in a content pack: the file, the key in it (``sections[2].title``), and the reason.

    ``entry``: the code of the entry that the key leads into, empty if it has none.
    """

    file: str
    key: str
    reason: str
    entry: str = ""

    def __str__(self) -> str:
        key = f"{self.key} ({self.entry})" if self.entry else self.key
        return ": ".join(filter(None, (self.file, key, self.reason)))


class PackError(Refusal):
    """A content pack that cannot be loaded. ``problems``: every error found, in the order of the files."""

    name = "bad-pack"
    title = "The content pack is wrong. Nothing was changed."

    def __init__(self, *problems: PackProblem) -> None:
        super().__init__("\n".join(map(str, problems)), problems[0].key if problems else "")
        self.problems = problems
