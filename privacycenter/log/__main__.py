"""``python -m privacycenter.log FILE``: check the proof of a record, or of one row, without Django and the site.

Exit status: 0 if it holds, 1 if it does not, 2 if the file cannot be read, or cannot be compared.
"""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from privacycenter.log import opening
from privacycenter.log.countersigning import Countersigned
from privacycenter.log.fetching import PublicTiles, fetching
from privacycenter.log.note import NoteError
from privacycenter.log.opening import CheckedOpening, check_opening
from privacycenter.log.policy import read_policy
from privacycenter.log.proving import consistency, tree_of
from privacycenter.log.record import Broken, Checked, Trust, Unreadable, check_record, trust_in

Say = Callable[[str], object]


@dataclass(frozen=True)
class Files:
    """What is to be checked: ``before`` is an earlier proof of the same record, ``policy`` a file, ``log`` an
    address."""

    file: str
    before: str | None = None
    policy: str | None = None
    log: str | None = None


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        help="a proof, the JSON export of a record that has one, a receipt in JSON, or what a service was answered "
        "about its report",
    )
    parser.add_argument(
        "--before", metavar="OLDFILE", help="an earlier proof, or export, of the same record: the file has to hold all "
        "of its rows, and the log to continue what it was",
    )  # fmt: skip
    parser.add_argument(
        "--log", metavar="URL", help="the log's address (https://…/log), to read there that it continues what it "
        "was; without it, the file itself has to show that",
    )  # fmt: skip
    parser.add_argument(
        "--policy", help="a file that names the log's key and the witnesses you trust (C2SP tlog-policy); without it, "
        "those that the file itself names",
    )  # fmt: skip


def verify(files: Files, say: Say) -> int:
    """Check what the files hold, say in words what it shows, and return the exit status."""
    try:
        document = read(files.file)
        trust = trust_of(files.policy) if files.policy else trust_in(document)
        told = lines_of(files, document, trust)
    except Broken as error:
        say(f"The proof does NOT hold. {error}")
        return 1
    except (Unreadable, NoteError, ValueError, OSError, RecursionError) as error:
        say(f"{files.file} cannot be read as a proof: {error}")
        return 2
    for line in told:
        say(line)
    if not files.policy:
        say("The keys are those that the file names. Compare with --policy what others publish.")
    return 0


def lines_of(files: Files, document: Any, trust: Trust) -> list[str]:
    if isinstance(document, dict) and document.get("format") == opening.FORMAT:
        return opening_lines(check_opening(document, trust))
    if not files.before:
        return record_lines(check_record(document, trust))
    old = checked_before(files.before, trust)
    checked = check_record(with_consistency(document, old, files.log), trust, old.seen)
    return [*record_lines(checked), *comparison_lines(old, checked)]


def read(file: str) -> Any:
    return proof_in(json.loads(Path(file).read_text(encoding="utf-8")))


def proof_in(document: Any) -> Any:
    """Return the proof itself: an export of a record, a receipt and the answer about a report have it as ``proof``."""
    return document["proof"] if isinstance(document, dict) and isinstance(document.get("proof"), dict) else document


def trust_of(file: str) -> Trust:
    policy = read_policy(Path(file).read_text(encoding="utf-8"))
    if len(policy.logs) != 1:
        raise NoteError("The policy has to name one log.")
    return Trust(policy.logs[0], policy)


# --- Two proofs of one record -----------------------------------------------------------------------------------------


def checked_before(file: str, trust: Trust) -> Checked:
    try:
        return check_record(read(file), trust)
    except Broken as error:
        raise Broken(f"That is {file}, the earlier one: {error}", error.number) from None


def with_consistency(document: Any, old: Checked, url: str | None) -> Any:
    """Return the newer document with what shows that the log continues the earlier one: from its public files, if its
    address is given. Raises Unreadable if nothing shows it."""
    size = size_in(document)
    if size <= old.checkpoint.size:
        return document
    if url:
        return {**document, "consistency": consistency(tree_of(PublicTiles(fetching(url), size), size), old.seen.size)}
    if not document.get("consistency"):
        raise Unreadable(
            f"it does not show that the log continues what it was at {old.checkpoint.size} entries. Add --log with the "
            f"log's address, or fetch the file anew with ?seen={old.checkpoint.size} at the end of its address."
        )
    return document


def size_in(document: Any) -> int:
    """Return the size that the document tells; whether it is so is checked with everything else."""
    try:
        return int(document["checkpoint"].split("\n")[1])
    except (TypeError, KeyError, AttributeError, IndexError, ValueError):
        raise Unreadable("It has no checkpoint.") from None


# --- Words ------------------------------------------------------------------------------------------------------------


def record_lines(checked: Checked) -> list[str]:
    found = [
        f"The proof holds: {checked.rows - len(checked.removed):,} of {checked.rows:,} rows are in the log of "
        f"{checked.checkpoint.origin}, unchanged; no number is missing, and no further row of this record is in it.",
        f"Log: {checked.checkpoint.size:,} entries.",
    ]
    if checked.removed:
        found.append(f"Removed, as it is said at the end of the time that the law sets: {len(checked.removed):,} rows.")
        if checked.witnessed_at is None:
            found.append("That their time was over is the operator's word: no independent witness signed then.")
    return [*found, *countersigned_lines(checked.countersigned), witness_line(checked.witnessed_at)]


def countersigned_lines(signed: Sequence[Countersigned]) -> list[str]:
    """Return a line for each key, and what a signature does not show."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in signed:
        counts.setdefault((one.recipient, one.fingerprint), Counter())[one.said] += 1
    lines = [
        f"Signed by the key of the recipient {recipient}, fingerprint {fingerprint}: "
        f"{', '.join(f'{said} {count:,}' for said, count in sorted(found.items()))}."
        for (recipient, fingerprint), found in counts.items()
    ]
    note = "Whose key it is, is the operator's word, until you compare it with what the recipient publishes."
    return [*lines, note] if lines else []


def opening_lines(checked: CheckedOpening) -> list[str]:
    event = checked.event
    return [
        f"The proof holds: the {event.get('type')} {event.get('id')} of {event.get('subject')} is entry "
        f"{checked.place:,} of the log of {checked.checkpoint.origin}, as it is told here.",
        *countersigned_lines(checked.countersigned),
        "That it is part of the person's record is what the person's own check shows.",
        witness_line(checked.witnessed_at),
    ]


def comparison_lines(old: Checked, new: Checked) -> list[str]:
    gone = sorted(set(new.removed) - set(old.removed))
    found = [
        f"All {old.rows:,} rows of the earlier file are there, at the same places and unchanged; "
        f"{new.rows - old.rows:,} rows are new. The log continues what it was."
    ]
    if gone:
        numbers = ", ".join(f"{number:,}" for number in gone)
        found.append(f"Removed since then, as it is said at the end of the time that the law sets: rows {numbers}.")
    return found


def witness_line(at: int | None) -> str:
    if at is None:
        return "No independent witness signed: that everybody is shown the same log is the operator's word."
    return f"Independent witnesses signed by {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC."


def files_of(options: Any) -> Files:
    return Files(options.file, options.before, options.policy, options.log)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(prog="verify_record", description="Check the proof of a record in a privacy center.")
    add_arguments(parser)
    return verify(files_of(parser.parse_args(arguments)), print)


if __name__ == "__main__":
    sys.exit(main())
