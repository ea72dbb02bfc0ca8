"""The services' API and the person's pages at two sizes of the ledger, each site filled once for all measurements.

``python -m bench.services`` compares 10 thousand with 100 thousand rows; ``--full`` 100 thousand with 10 million rows
of one million people, and needs about 6 GB of disk and half an hour. ``BENCH_ENGINES=postgresql`` leaves SQLite out.
"""

import os
import sys
from contextlib import ExitStack

from bench import checks, ingest, record
from bench.load import show
from bench.world import World, engines, sizes, world

SIZE_HEAD = ["the ledger", "rows", "seconds to fill", "rows/s", "bytes a row with indexes"]


def main(full: bool = False) -> None:
    for engine in engines():
        measure(engine, sizes(full))


def measure(engine: str, row_counts: tuple[int, int]) -> None:
    """Measure both sites, which run at the same time so that comparisons can take turns."""
    tables: dict[str, list[list[str]]] = {"size": [], "checks": [], "record": [], "ingest": []}
    with ExitStack() as stack:
        made = [stack.enter_context(world(engine, rows)) for rows in row_counts]
        keep(tables, "size", [size_of(one) for one in made])
        for one in made:
            keep(tables, "checks", checks.measure(one))
        keep(tables, "record", record.compared(*made))
        for one in made:
            keep(tables, "ingest", ingest.measure(one))
        lines = [ingest.where_it_goes(one) for one in made]
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n=== {engine} (load of the machine at the end: {load} on {os.cpu_count()} processors)")
    show("Size", SIZE_HEAD, tables["size"])
    show("Permission checks", checks.HEAD, tables["checks"])
    show("A person's pages", record.HEAD, tables["record"])
    show("Ingest", ingest.HEAD, tables["ingest"])
    print("\n".join(lines), flush=True)


def size_of(made: World) -> list[str]:
    seconds, per_row = made.facts["fill_seconds"], made.facts["bytes_per_row"]
    return [made.name, f"{made.rows:,}", f"{seconds:.0f}", f"{made.rows / seconds:,.0f}", f"{per_row:.0f}"]


def keep(tables: dict[str, list[list[str]]], name: str, rows: list[list[str]]) -> None:
    """Keep rows and print them at once: a long run shows what it has before it is over."""
    tables[name] += rows
    for row in rows:
        print(f"  {name}: {' | '.join(row)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main("--full" in sys.argv)
