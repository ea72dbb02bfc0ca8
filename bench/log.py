"""The public log: rows sealed per second, bytes a row, proofs and their checks, and what it costs whoever reports.

``bin/bench log`` fills a log of 200 thousand entries; ``--full`` of a million. Each engine in a database of its own.
"""

import json
import os
import subprocess
import sys
import tempfile

from bench.serving import table
from bench.world import ROOT, drop_database, engines, environment_of, make_database

ENTRIES, MANY = 200_000, 1_000_000
PROOF_HEAD = ["rows", "proof, CPU ms", "KB", "KB gzip", "check in Python, CPU ms", "in Chromium, s"]


def main(full: bool = False) -> None:
    for engine in engines():
        said = measured(engine, MANY if full else ENTRIES)
        load = " ".join(f"{value:.1f}" for value in os.getloadavg())
        table(
            f"The log on {engine}, {said['entries']:,} entries (load {load} on {os.cpu_count()} processors)",
            ["", "value"],
            [
                ["entries appended alone, entries/s", f"{said['appended']:,.0f}"],
                ["the same, a second of the process's processor", f"{said['appended_cpu']:,.0f}"],
                ["rows of records sealed, rows/s", f"{said['sealed']:,.0f}"],
                ["the same, a second of the process's processor", f"{said['sealed_cpu']:,.0f}"],
                ["caught up from the outbox, rows/s", f"{said['caught_up']:,.0f}"],
                ["public bytes an entry (bundles, tiles, index)", f"{said['public_bytes']:.0f}"],
                ["bytes a row beside it (entry, salt, place)", f"{said['own_bytes']:.0f}"],
                ["recording, with what is left for the log / without", f"{said['ingest']:.2f}"],
                ["the same and sealing it in the same process / without", f"{said['with_sealing']:.2f}"],
            ],
        )
        browser = said["browser"]
        rows = [
            [f"{one[0]:,}", *[f"{value:,.0f}" for value in one[1:]], f"{browser[str(one[0])]:.1f}" if browser else "-"]
            for one in said["proofs"]
        ]
        table(f"A record's proof and its check, {engine}", PROOF_HEAD, rows)


def measured(engine: str, entries: int) -> dict:
    """Return what ``bench.sealing`` measured in a database of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=os.environ.get("BENCH_DIR")) as folder:
        url = make_database(engine, folder, entries)
        environment = environment_of(url, folder)
        try:
            run(environment, "manage", "migrate")
            run(environment, "manage", "collectstatic", "--noinput")
            said = json.loads(run(environment, "bench.sealing", str(entries)).splitlines()[-1])
            return {**said, "browser": in_browser(environment)}
        finally:
            drop_database(engine, url)


def in_browser(environment: dict[str, str]) -> dict[str, float]:
    """Return rows → seconds that a check takes in the browser that ``CHROMIUM`` names. Empty without one."""
    if not os.environ.get("CHROMIUM"):
        print("CHROMIUM names no browser: the check in one is left out.", file=sys.stderr)
        return {}
    return json.loads(run(environment, "bench.record_in_browser").splitlines()[-1])


def run(environment: dict[str, str], module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{module} ended with status {done.returncode}.")
    return done.stdout
