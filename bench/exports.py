"""Exports of a record: seconds and peak memory of each format, each in a process of its own, as in a worker.

``python -m bench.exports`` measures 10,000 disclosures of one person, ``--full`` also 100,000. The database is SQLite
in a temporary folder, or the empty database that ``DATABASE_URL`` names.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("nothing", "csv", "json", "pdf")
BATCH = 1000
SUBJECT = "bench-exports"


def main(full: bool = False) -> None:
    """Print one table. ``nothing`` is what the process needs before it makes anything."""
    print("| disclosures | format | seconds | of processor | file MiB | peak MiB | first piece after seconds |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for count in (10_000, 100_000) if full else (10_000,):
        with tempfile.TemporaryDirectory() as folder:
            address = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/bench.sqlite3"
            environment = {**os.environ, "DEMO": "1", "DATABASE_URL": address}
            run("fill", count, environment)
            for format in FORMATS:
                found = run(format, count, environment)
                print(
                    f"| {count:,} | {format} | {found['seconds']:.1f} | {found['processor']:.1f} "
                    f"| {found['bytes'] / 2**20:.1f} | {found['peak_bytes'] / 2**20:.0f} | {found['first']:.2f} |",
                    flush=True,
                )


def run(what: str, count: int, environment: dict[str, str]) -> dict[str, Any]:
    """Run one part of the measurement in its own process, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.exports", "--part", what, str(count)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    return json.loads(done.stdout.splitlines()[-1])


def part(what: str, count: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privacycenter.settings")
    import django

    django.setup()
    return fill(count) if what == "fill" else make(what)


def fill(count: int) -> dict[str, Any]:
    """Make a person with this many disclosures, by the action that services use."""
    from django.core.management import call_command
    from django.utils import timezone

    from disclosures.ledger.recording import Event, record_disclosures
    from disclosures.models import Ground, Recipient, Reporter
    from disclosures.packs.actions import load_content
    from disclosures.packs.files import read_pack
    from disclosures.publishing.actions import publish_content
    from disclosures.reporters.actions import create_reporter

    call_command("migrate", verbosity=0)
    if not Reporter.objects.filter(code="bench").exists():
        for pack in ("starter", "demo"):
            load_content(pack=read_pack(ROOT / "disclosures" / pack))
        publish_content(by=None, reason="bench")
        create_reporter(code="bench", title="bench", services=["jalan"])
    reporter, now = Reporter.objects.get(code="bench"), timezone.now()
    recipients = list(Recipient.objects.order_by("code").values_list("code", flat=True))
    for start in range(0, count, BATCH):
        record_disclosures(
            events=[
                Event(
                    source="https://bench.example/", event_id=f"bench-{n}", subject=SUBJECT,
                    recipient=recipients[n % len(recipients)], service="jalan", scenario="online-booking",
                    items=(("name", "phone"), ("name", "email", "phone"))[n % 2], ground=Ground.PERSON_ACT,
                    occurred_at=now - timedelta(minutes=15 * n),
                )
                for n in range(start, min(start + BATCH, count))
            ],
            by=reporter,
        )  # fmt: skip
    return {}


def make(format: str) -> dict[str, Any]:
    from django.utils import timezone

    from consents.exports import csv_file, json_file, pdf_file
    from consents.exports.record import record_of
    from disclosures.record.filters import Filters
    from privacycenter.models import User
    from privacycenter.text.languages import speak

    speak("ja")
    makers: dict[str, Any] = {"csv": csv_file.pieces, "json": json_file.pieces, "pdf": pdf_file.volumes}
    begun, worked, size, first = time.perf_counter(), time.process_time(), 0, 0.0
    if format in makers:
        record = record_of(User.objects.get(subject=SUBJECT), Filters(), timezone.now())
        for piece in makers[format](record):
            size += len(piece)
            first = first or time.perf_counter() - begun
    return {
        "seconds": time.perf_counter() - begun,
        "processor": time.process_time() - worked,
        "first": first,
        "bytes": size,
        # Linux counts in KiB.
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    if "--part" in sys.argv:
        what, count = sys.argv[-2:]
        print(json.dumps(part(what, int(count))))
    else:
        main("--full" in sys.argv)
