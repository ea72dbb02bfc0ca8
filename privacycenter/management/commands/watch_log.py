"""manage.py watch_log: read a whole log from its public files, compute it again, and say what does not fit."""

import json
import sys
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from privacycenter.log.fetching import fetching
from privacycenter.log.note import Checkpoint, NoteError, decoded, encoded, read_verifier_key
from privacycenter.log.policy import read_policy
from privacycenter.log.watching import Watched, watch


class Command(BaseCommand):
    help = (
        "Monitor a log: every entry, label, head, tile and the checkpoint are computed again. With --state it also has "
        "to continue what it was at the look before. Exit status 1 if something does not fit, 2 if it cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="for example https://privacy.example.com/log")
        parser.add_argument("--key", help="the log's verifier key; without it, the one that the log itself names")
        parser.add_argument("--policy", metavar="FILE", help="the witnesses that have to have signed")
        parser.add_argument("--state", metavar="FILE", help="what the look before found; written anew")

    def handle(
        self, *args: Any, url: str, key: str | None, policy: str | None, state: str | None, **options: Any
    ) -> None:
        try:
            fetch = fetching(url)
            log = read_verifier_key(key or fetch("key").decode().strip())
            trusted = read_policy(Path(policy).read_text(encoding="utf-8") if policy else "quorum none")
            before = read_state(state)
            with tqdm(unit=" entries", disable=None, leave=False) as bar:
                watched = watch(fetch, log, trusted, before, partial(advance, bar))
        except (OSError, NoteError, ValueError) as error:
            raise CommandError(f"{url} cannot be read: {error}", returncode=2) from None
        self.say(watched, named=key is not None)
        if watched.faults:
            sys.exit(1)
        if state and watched.checkpoint:
            Path(state).write_text(json.dumps(state_of(watched.checkpoint)), encoding="utf-8")

    def say(self, watched: Watched, *, named: bool) -> None:
        for fault in watched.faults:
            self.stdout.write(f"FAULT: {fault}")
        if watched.faults or not watched.checkpoint:
            return
        self.stdout.write(
            f"{watched.checkpoint.origin}: {watched.checkpoint.size:,} entries, {watched.rows:,} rows. Everything fits."
        )
        self.stdout.write(f"Root: {encoded(watched.checkpoint.root)}")
        if not named:
            self.stdout.write("The key is the one that the log names itself: compare it with --key.")


def advance(bar: Any, count: int) -> None:
    bar.update(count)


def read_state(file: str | None) -> Checkpoint | None:
    if not file or not Path(file).exists():
        return None
    found = json.loads(Path(file).read_text(encoding="utf-8"))
    return Checkpoint(found["origin"], int(found["size"]), decoded(found["root"]))


def state_of(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": encoded(checkpoint.root)}
