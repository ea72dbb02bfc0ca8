"""The file in which a service keeps what it has to report, and what it was told. It survives a kill and a power cut.

What stands in it is on the disk when ``keep`` returns. Several processes may share one file.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from privacycenter_client.calling import now_text

Json = dict[str, Any]
TABLES = """
CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT, problem TEXT,
  acknowledged_at TEXT, disclosure TEXT, proof TEXT, status TEXT);
CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY CHECK (id = 1), key TEXT);
CREATE TABLE IF NOT EXISTS told (key TEXT PRIMARY KEY, body TEXT, told_at TEXT, is_lost INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), cursor TEXT);
CREATE TABLE IF NOT EXISTS recalls (id INTEGER PRIMARY KEY CHECK (id = 1), cursor TEXT);
"""
# Columns that a file of before may lack.
LATER_COLUMNS = ("acknowledged_at", "disclosure", "proof", "status")
WAITING = "problem IS NULL AND acknowledged_at IS NULL"


class Waiting(NamedTuple):
    number: int
    body: Json


class Acknowledged(NamedTuple):
    """``row``: the id that the service gave the row."""

    number: int
    body: Json
    row: str


class Outbox:
    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        self.execute("PRAGMA journal_mode=WAL")
        # An acknowledged write survives a power cut.
        self.execute("PRAGMA synchronous=FULL")
        self.connection.executescript(TABLES)
        known = {row[1] for row in self.execute("PRAGMA table_info(event)")}
        for column in LATER_COLUMNS:
            if column not in known:
                self.execute(f"ALTER TABLE event ADD COLUMN {column} TEXT")

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self.connection.execute(sql, values)

    def close(self) -> None:
        self.connection.close()

    # --- Events ---

    def keep(self, id: str, body: str) -> bool:
        """Keep an event. Return False if one of that id is kept already: then nothing changes."""
        return self.execute("INSERT OR IGNORE INTO event (id, body) VALUES (?, ?)", (id, body)).rowcount == 1

    def waiting_count(self) -> int:
        return int(self.execute(f"SELECT count(*) FROM event WHERE {WAITING}").fetchone()[0])  # noqa: S608  constant

    def next_batch(self, largest: int, largest_bytes: int) -> Iterator[Waiting]:
        """The oldest events that wait, as many as fit into one call."""
        size = 2
        rows = self.execute(
            f"SELECT number, body FROM event WHERE {WAITING} ORDER BY number LIMIT ?",  # noqa: S608  constant
            (largest,),
        )
        for number, body in rows.fetchall():
            size += len(body.encode()) + 2
            if size > largest_bytes:
                return
            yield Waiting(number, json.loads(body))

    def acknowledge(self, number: int, status: str, row: str) -> None:
        self.execute(
            "UPDATE event SET acknowledged_at = ?, disclosure = ?, status = ? WHERE number = ?",
            (now_text(), row, status, number),
        )

    def reject(self, number: int, problem: Json) -> None:
        self.execute("UPDATE event SET problem = ? WHERE number = ?", (json.dumps(problem), number))

    def rejected(self) -> list[tuple[str, Json]]:
        rows = self.execute("SELECT id, problem FROM event WHERE problem IS NOT NULL ORDER BY number")
        return [(id, json.loads(problem)) for id, problem in rows.fetchall()]

    def retry_rejected(self) -> None:
        self.execute("UPDATE event SET problem = NULL")

    def send_again(self, since: datetime) -> int:
        moment = since.astimezone(UTC).isoformat()
        return self.execute("UPDATE event SET acknowledged_at = NULL WHERE acknowledged_at >= ?", (moment,)).rowcount

    def send_again_events(self, ids: Sequence[str]) -> int:
        rows = self.connection.executemany(
            "UPDATE event SET acknowledged_at = NULL WHERE id = ?", [(id,) for id in ids]
        )
        return rows.rowcount

    def unproved(self, before: str, limit: int) -> list[Acknowledged]:
        """Events acknowledged before then of which there is no proof yet, the oldest first."""
        rows = self.execute(
            "SELECT number, body, disclosure FROM event WHERE disclosure IS NOT NULL AND proof IS NULL "
            "AND acknowledged_at < ? ORDER BY number LIMIT ?",
            (before, limit),
        )
        return [Acknowledged(number, json.loads(body), row) for number, body, row in rows.fetchall()]

    def keep_proof(self, number: int, proof: Json) -> None:
        self.execute("UPDATE event SET proof = ? WHERE number = ?", (json.dumps(proof), number))

    def proof(self, id: str) -> Json | None:
        found = self.execute("SELECT proof FROM event WHERE id = ?", (id,)).fetchone()
        return json.loads(found[0]) if found and found[0] else None

    def log_key(self, told: str) -> str:
        """The log's key as it was told the first time."""
        self.execute("INSERT OR IGNORE INTO log (id, key) VALUES (1, ?)", (told,))
        return str(self.execute("SELECT key FROM log").fetchone()[0])

    def recorded(self) -> Iterator[Acknowledged]:
        """All that the service recorded and that is still kept here; a conflict was not recorded."""
        rows = self.execute(
            "SELECT number, body, disclosure FROM event WHERE disclosure IS NOT NULL "
            "AND coalesce(status, '') <> 'conflict' ORDER BY number"
        )
        for number, body, row in rows:
            yield Acknowledged(number, json.loads(body), row)

    def forget_events(self, keep_days: int) -> None:
        self.execute("DELETE FROM event WHERE acknowledged_at < ?", (now_text(timedelta(days=-keep_days)),))

    # --- What was told ---

    def cursor(self) -> str:
        found = self.execute("SELECT cursor FROM place").fetchone()
        return str(found[0]) if found else ""

    def go_on_after(self, cursor: str) -> None:
        self.execute("INSERT OR REPLACE INTO place (id, cursor) VALUES (1, ?)", (cursor,))

    def recall_cursor(self) -> str:
        found = self.execute("SELECT cursor FROM recalls").fetchone()
        return str(found[0]) if found else ""

    def read_recalls_after(self, cursor: str) -> None:
        self.execute("INSERT OR REPLACE INTO recalls (id, cursor) VALUES (1, ?)", (cursor,))

    def note_told(self, key: str, entry: Json) -> None:
        self.execute(
            "INSERT OR REPLACE INTO told (key, body, told_at) VALUES (?, ?, ?)", (key, json.dumps(entry), now_text())
        )

    def note_lost_after(self, number: int) -> None:
        """What was told after this number is no longer on record at the service."""
        for key, body in self.execute("SELECT key, body FROM told").fetchall():
            if json.loads(body)["number"] > number:
                self.execute("UPDATE told SET is_lost = 1 WHERE key = ?", (key,))

    def told(self) -> list[tuple[Json, bool]]:
        """What was told, and whether the service lost it."""
        rows = self.execute("SELECT body, is_lost FROM told").fetchall()
        return [(json.loads(body), bool(is_lost)) for body, is_lost in rows]

    def lost(self) -> list[Json]:
        return [json.loads(body) for (body,) in self.execute("SELECT body FROM told WHERE is_lost").fetchall()]

    def forget_told(self, keep_days: int) -> None:
        self.execute("DELETE FROM told WHERE told_at < ? AND NOT is_lost", (now_text(timedelta(days=-keep_days)),))
