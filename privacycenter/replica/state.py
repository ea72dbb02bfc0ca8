"""What this process knows of the replica: whether it answers, how far it is, and so whether it may be read now.

A position is one of the primary's log, as a number of bytes: a replica that has replayed it has all that was committed
before it. How old its data is is told by the primary's clock alone: the time at which the newest transaction that it
replayed was committed there.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections

from privacycenter.operation.metrics import count_replica_reads
from privacycenter.replica.router import REPLICA, rows_read_from

# Why the primary is asked instead.
AWAY, LAGGING, BEHIND = "away", "lagging", "behind"
# A replica whose data is older is not read. Less than ``COOKIE_SECONDS``: whose cookie is over has written before that.
MOST_LAG_SECONDS = 10.0
# How often each process compares the two, at most, and how often it looks for one that is away.
COMPARED_EVERY_SECONDS = 1.0
LOOKED_FOR_EVERY_SECONDS = 2.0
# How long a long read (a file to take home, a verification) waits for the replica to have what is here now.
PATIENCE_SECONDS = 5.0

PRIMARY_SAYS = """
SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint, clock_timestamp(),
       (SELECT system_identifier FROM pg_control_system())
"""
REPLICA_SAYS = """
SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint, pg_last_xact_replay_timestamp(),
       (SELECT system_identifier FROM pg_control_system()), pg_is_in_recovery()
"""
# Also what is not flushed yet: a commit that returned lies before it, with ``synchronous_commit = off`` too.
POSITION = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"

# What a replica that went away, or that cancelled a long statement to keep up, raises.
Lost = (OperationalError, InterfaceError)
T = TypeVar("T")

log = logging.getLogger(__name__)


class NotAReplicaError(Exception):
    """DATABASE_REPLICA_URL names a database that is no replica of the primary."""


class Replica:
    """One per process. Its methods may be called by many threads at once."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.is_away = False
        self.compared_at = float("-inf")
        self.replayed = 0
        self.lag_bytes, self.lag_seconds = 0, 0.0

    def why_not(self, position: int = 0) -> str:
        """Return why the replica cannot be read by who must see what lies before this position; empty if it can.

        No SQL if it was asked within the second and had replayed that far; at most one statement on the primary and two
        on the replica. One that is away costs nothing: who finds out waits a second, nobody after that.
        """
        if self.is_away:
            return AWAY
        is_due = time.monotonic() - self.compared_at > COMPARED_EVERY_SECONDS
        primary = ask(connections[DEFAULT_DB_ALIAS], PRIMARY_SAYS) if is_due else None
        try:
            if primary:
                self.compare(primary)
            if position > self.replayed:
                self.replayed = int(ask(connections[REPLICA], REPLICA_SAYS)[0] or 0)
        except (*Lost, NotAReplicaError) as error:
            self.turn_away(error)
            return AWAY
        if self.lag_seconds > MOST_LAG_SECONDS:
            return LAGGING
        return BEHIND if position > self.replayed else ""

    def compare(self, primary: tuple[Any, ...], on: Any = None) -> None:
        """Learn how far the replica is. Raises NotAReplicaError if it is none of this primary."""
        written, now, cluster = primary
        replayed, committed_at, its_cluster, is_replica = ask(on or connections[REPLICA], REPLICA_SAYS)
        if not is_replica or its_cluster != cluster:
            raise NotAReplicaError("DATABASE_REPLICA_URL names a database that is no replica of DATABASE_URL")
        self.compared_at = time.monotonic()
        self.replayed = int(replayed or 0)
        self.lag_bytes = max(written - self.replayed, 0)
        is_old = self.lag_bytes and committed_at
        self.lag_seconds = max((now - committed_at).total_seconds(), 0.0) if is_old else 0.0

    def turn_away(self, error: Exception) -> None:
        """Ask the primary until the replica is back. Logged once; a thread of its own looks for it."""
        with self.lock:
            if self.is_away:
                return
            self.is_away = True
        log.warning("The replica is not read until it is back: %s", " ".join(str(error).split()))
        # Its connections are worth nothing any more, and a pool would go on complaining.
        connection: Any = connections[REPLICA]
        connection.close_pool()
        Thread(target=self.look_for_it, name="replica", daemon=True).start()

    def turn_away_if_lost(self, error: Exception) -> None:
        """After an error of a read that may have come from the replica: is it still there?"""
        connections[REPLICA].close()
        try:
            ask(connections[REPLICA], REPLICA_SAYS)
        except Lost:
            self.turn_away(error)

    def look_for_it(self) -> None:
        while self.is_away:
            time.sleep(LOOKED_FOR_EVERY_SECONDS)
            own = alone()
            try:
                self.compare(ask(connections[DEFAULT_DB_ALIAS], PRIMARY_SAYS), own)
                log.warning("The replica is back.")
                self.is_away = False
            except (DatabaseError, NotAReplicaError):
                continue
            finally:
                own.close()
                connections[DEFAULT_DB_ALIAS].close()

    def has_all_of_now(self, patience: float = PATIENCE_SECONDS) -> str:
        """Wait until the replica has what the primary has now. Return why it cannot be read; empty if it can."""
        position, deadline = position_now(), time.monotonic() + patience
        while (reason := self.why_not(position)) not in ("", AWAY) and time.monotonic() < deadline:
            time.sleep(0.05)
        return reason


replica = Replica()


def alone() -> Any:
    """Return a connection to the replica outside the pool, so that one that is away is asked once, and quietly."""
    own = connections.create_connection(REPLICA)
    options = {name: value for name, value in own.settings_dict["OPTIONS"].items() if name != "pool"}
    own.settings_dict = {**own.settings_dict, "OPTIONS": options}
    return own


def ask(connection: Any, sql: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def position_now() -> int:
    """Return the position behind everything that is committed now. One SQL statement on the primary."""
    return int(ask(connections[DEFAULT_DB_ALIAS], POSITION)[0])


def read_long(work: Callable[[], T], reader: str) -> T:
    """Do a long read on the replica, once that has everything of now; on the primary where there is none, it is away or
    is lost meanwhile, which begins the work again. ``reader``: who reads, for the metrics."""
    if REPLICA not in connections:
        return work()
    reason = replica.has_all_of_now()
    if not reason:
        try:
            with rows_read_from(replica=True):
                done = work()
            count_replica_reads(reader, "replica", "")
            return done
        except Lost as error:
            log.warning("A long read is begun again on the primary: %s", " ".join(str(error).split()))
            replica.turn_away_if_lost(error)
            reason = AWAY
        finally:
            connections[REPLICA].close()
    count_replica_reads(reader, "primary", reason)
    return work()


@contextmanager
def default_is(connection: Any) -> Iterator[None]:
    """Let this thread use another connection for everything, SQL that is written out included.

    For commands that only read, on the replica: it refuses whatever would write.
    """
    before: Any = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before
