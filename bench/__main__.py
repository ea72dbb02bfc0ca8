"""Run measurements by name, or all: every module in this folder that has ``main(full: bool)`` is one."""

import ast
import importlib
import sys
from argparse import ArgumentParser
from pathlib import Path

HERE = Path(__file__).resolve().parent


def has_main(path: Path) -> bool:
    """Return whether the module defines it. Parsed, not imported: it may need settings of its own."""
    parts = ast.parse(path.read_text(encoding="utf-8")).body
    return any(
        isinstance(part, ast.FunctionDef) and part.name == "main" and [arg.arg for arg in part.args.args] == ["full"]
        for part in parts
    )


MEASUREMENTS = sorted(path.stem for path in HERE.glob("*.py") if has_main(path))


def run() -> None:
    parser = ArgumentParser(prog="bin/bench", description="Measurements; each prints one table. See bench/README.md.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which ones (default: all): {', '.join(MEASUREMENTS)}"
    )
    parser.add_argument("--full", action="store_true", help="longer, more exact; minutes each")
    options = parser.parse_args()
    if unknown := set(options.names) - set(MEASUREMENTS):
        parser.error(f"there is no measurement {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}")
    failed = []
    for name in options.names or MEASUREMENTS:
        try:
            importlib.import_module(f"bench.{name}").main(full=options.full)
        except RuntimeError as error:
            print(f"\n{name} failed: {error}", file=sys.stderr)
            failed.append(name)
    sys.exit(bool(failed))


if __name__ == "__main__":
    run()
