"""The program that checks a proof, as one file: the pure parts of the log, for any Python with ``cryptography``."""

import io
import zipfile
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "log"
MAIN = "import sys\n\nfrom privacycenter.log.__main__ import main\n\nsys.exit(main())\n"
# The same bytes for the same code.
THE_TIME = (2026, 1, 1, 0, 0, 0)


@cache
def verifier_program() -> bytes:
    """Return a zip archive that Python runs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts():
            archive.writestr(zipfile.ZipInfo(name, THE_TIME), text, zipfile.ZIP_DEFLATED)
    return b"#!/usr/bin/env python3\n" + packed.getvalue()


def parts() -> list[tuple[str, str]]:
    own = [(f"privacycenter/log/{path.name}", path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]
    return [("__main__.py", MAIN), ("privacycenter/__init__.py", ""), *own]
