"""Access to the newest publication, which is what visitors see."""

from datetime import UTC, datetime
from json import loads
from threading import Lock
from time import monotonic, sleep
from typing import Any, NamedTuple, cast

from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from disclosures.models import Publication

# All public content: kind → code → entry.
Document = dict[str, Any]

# The only statement of a visit to a public page, so it is written once instead of compiled on each call. The database
# sends the document only to a process that does not have it yet.
NEWEST = """
SELECT number, sha256, published_at, CASE WHEN sha256 = %s THEN NULL ELSE document END
FROM disclosures_publication ORDER BY number DESC LIMIT 1
"""
_held: Publication | None = None


def newest_publication() -> Publication | None:
    """Return the newest publication with its document. One SQL statement; its other fields are read when accessed."""
    global _held
    held = _held
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [held.sha256 if held else ""])
        row = cursor.fetchone()
    if row is None:
        return None
    number, sha256, published_at, sent = row
    if held and (held.number, held.sha256) == (number, sha256):
        return held
    document = held.document if sent is None and held else loads(sent)
    names = ("number", "document", "sha256", "published_at")
    _held = Publication.from_db(connection.alias, names, (number, document, sha256, aware(published_at)))
    return _held


class NumberedHash(NamedTuple):
    """Which publication is the newest, for who asked the database for more than that in one statement."""

    number: int
    sha256: str


def publication_named(newest: NumberedHash | None) -> Publication | None:
    """Return the publication that was found to be the newest. None while nothing is published.

    No SQL if this process has read it, as nearly always; else one statement, which may find a newer one by then.
    """
    held = _held
    if newest is None or (held and (held.number, held.sha256) == newest):
        return held if newest else None
    return newest_publication()


def aware(moment: datetime | str) -> datetime | None:
    """Return a moment as the database gave it: SQLite gives text, in UTC without saying so."""
    read = parse_datetime(moment) if isinstance(moment, str) else moment
    return read.replace(tzinfo=UTC) if read and is_naive(read) else read


def newest_document() -> Document | None:
    """Return the newest publication's document. None while nothing is published. One SQL statement."""
    newest = newest_publication()
    return newest.document if newest else None


def newest_numbered() -> tuple[int, Document | None]:
    """Return the number and the document of the newest publication. 0 and None while nothing is published.

    One SQL statement.
    """
    newest = newest_publication()
    return (newest.number, newest.document) if newest else (0, None)


class NewestForVisitors:
    """The newest publication, for pages with very many readers: a process queries it at most once per lease.

    A result serves every caller that arrived at most ``LEASE_SECONDS`` after its query began, including those that
    waited for it. After a commit, the publisher waits that long before reporting success (``wait_until_shown``); from
    then on, every process shows the new publication.
    """

    LEASE_SECONDS = 0.01

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        # When the query began, and its result.
        self.last: tuple[float, Publication | None, DatabaseError | None] = (-1.0, None, None)

    def __call__(self) -> Publication | None:
        """Return the newest publication, or None. At most one SQL statement.

        Raises DatabaseError to every caller that waited for the failed query.
        """
        came_at = monotonic()
        last = self.last
        if came_at - last[0] > self.LEASE_SECONDS:
            with self.lock:
                last = self.last
                if came_at - last[0] > self.LEASE_SECONDS:
                    last = self.last = self.ask()
        _asked_at, publication, error = last
        if error:
            raise error
        return publication

    def ask(self) -> tuple[float, Publication | None, DatabaseError | None]:
        asked_at = monotonic()
        try:
            return asked_at, newest_publication(), None
        except DatabaseError as error:
            return asked_at, None, error

    def wait_until_shown(self) -> None:
        """Wait until every process shows the new publication. To be called after its commit."""
        self.forget()
        sleep(self.LEASE_SECONDS)


newest_for_visitors = NewestForVisitors()


def forget_newest() -> None:
    """Forget what this process has read, as if it had just started."""
    global _held
    _held = None
    newest_for_visitors.forget()


def held_publication() -> Publication | None:
    """Return the publication that this process read last. No SQL."""
    return _held


def publication_for(request: HttpRequest) -> Publication | None:
    """Return the newest publication, read once per request."""
    if not hasattr(request, "publication"):
        request.publication = newest_publication()  # type: ignore[attr-defined]
    return cast("Publication | None", request.publication)  # type: ignore[attr-defined]


def document_for(request: HttpRequest) -> Document | None:
    """Return the newest publication's document, read once per request. None while nothing is published."""
    publication = publication_for(request)
    return publication.document if publication else None
