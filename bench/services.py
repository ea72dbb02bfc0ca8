"""The services' side and the person's pages at two sizes of the ledger, each site filled once for all measurements.

``python -m bench.services`` compares 10 thousand with 100 thousand rows; ``--full`` 100 thousand with 10 million rows
of one million people, and needs about 6 GB of disk and half an hour. ``BENCH_ENGINES=postgresql`` leaves SQLite out.
"""

import os
import sys

from bench import checks, ingest, record
from bench.load import show
from bench.world import engines, sizes, world

SIZE_HEAD = ["the ledger", "rows", "seconds to fill", "rows/s", "bytes a row with indexes"]


def main(full: bool = False) -> None:
    for engine in engines():
        measure(engine, sizes(full))


def measure(engine: str, row_counts: tuple[int, ...]) -> None:
    tables: dict[str, list[list[str]]] = {"size": [], "ingest": [], "checks": [], "record": []}
    lines, smaller = [], None
    for rows in row_counts:
        with world(engine, rows) as made:
            seconds = made.facts["fill_seconds"]
            tables["size"].append(
                [
                    made.name,
                    f"{rows:,}",
                    f"{seconds:.0f}",
                    f"{rows / seconds:,.0f}",
                    f"{made.facts['bytes_per_row']:.0f}",
                ]
            )
            tables["checks"] += checks.measure(made)
            found = record.measure(made)
            tables["record"] += record.table(made, found, smaller)
            smaller = found
            tables["ingest"] += ingest.measure(made)
            lines.append(ingest.where_it_goes(made))
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n=== {engine} (load of the machine at the end: {load} on {os.cpu_count()} processors)")
    show("Size", SIZE_HEAD, tables["size"])
    show("Permission checks", checks.HEAD, tables["checks"])
    show("A person's pages", record.HEAD, tables["record"])
    show("Ingest", ingest.HEAD, tables["ingest"])
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main("--full" in sys.argv)
