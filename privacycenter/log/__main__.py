"""``python -m privacycenter.log FILE``: check the proof of a record, without Django and without the site.

Exit status: 0 if it holds, 1 if it does not, 2 if the file cannot be read.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from privacycenter.log.note import NoteError
from privacycenter.log.policy import read_policy
from privacycenter.log.record import Broken, Checked, Trust, Unreadable, check_record, trust_in

Say = Callable[[str], object]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", help="a proof, or the JSON export of a record that has one")
    parser.add_argument(
        "--policy", help="a file that names the log's key and the witnesses you trust (C2SP tlog-policy); without it, "
        "those that the file itself names",
    )  # fmt: skip


def verify(file: str, policy: str | None, say: Say) -> int:
    """Check a file, say in words what it shows, and return the exit status."""
    try:
        document = proof_in(json.loads(Path(file).read_text(encoding="utf-8")))
        trust = trust_of(policy) if policy else trust_in(document)
        checked = check_record(document, trust)
    except Broken as error:
        say(f"The proof does NOT hold. {error}")
        return 1
    except (Unreadable, NoteError, ValueError, OSError, RecursionError) as error:
        say(f"{file} cannot be read as a proof: {error}")
        return 2
    for line in lines(document, checked, is_own_trust=policy is not None):
        say(line)
    return 0


def proof_in(document: Any) -> Any:
    """Return the proof itself: an export of a record carries it under ``proof``."""
    return document["proof"] if isinstance(document, dict) and isinstance(document.get("proof"), dict) else document


def trust_of(file: str) -> Trust:
    policy = read_policy(Path(file).read_text(encoding="utf-8"))
    if len(policy.logs) != 1:
        raise NoteError("The policy has to name one log.")
    return Trust(policy.logs[0], policy)


def lines(document: Any, checked: Checked, *, is_own_trust: bool) -> list[str]:
    found = [
        f"The proof holds: {checked.rows - len(checked.removed):,} of {checked.rows:,} rows are in the log of "
        f"{checked.checkpoint.origin}, unchanged; no number is missing, and no further row of this record is in it.",
        f"Log: {checked.checkpoint.size:,} entries.",
    ]
    if checked.removed:
        found.append(f"Removed, as it is said at the end of the time that the law sets: {len(checked.removed):,} rows.")
        if checked.witnessed_at is None:
            found.append("That their time was over is the operator's word: no independent witness signed then.")
    if checked.witnessed_at is None:
        found.append("No independent witness signed: that everybody is shown the same log is the operator's word.")
    else:
        at = datetime.fromtimestamp(checked.witnessed_at, UTC)
        found.append(f"Independent witnesses signed by {at:%Y-%m-%d %H:%M} UTC.")
    if not is_own_trust:
        found.append("The keys are those that the file names. Compare with --policy what others publish.")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(prog="verify_record", description="Check the proof of a record in a privacy center.")
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return verify(options.file, options.policy, print)


if __name__ == "__main__":
    sys.exit(main())
