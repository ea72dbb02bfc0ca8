"""Check that every locale/**/*.mo is compiled from its .po.

The messages are compared, so the version of msgfmt does not matter.
"""

import subprocess
import sys
import tempfile
from gettext import GNUTranslations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def messages_of(path: Path) -> dict:
    with path.open("rb") as file:
        messages = dict(GNUTranslations(file)._catalog)
    messages.pop("", None)  # the header
    return messages


def error_in(po: Path) -> str:
    """Return the error of this file, or an empty string."""
    name, mo = po.relative_to(ROOT), po.with_suffix(".mo")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.mo"
        made = subprocess.run(["msgfmt", "--check", "-o", fresh, po], capture_output=True, text=True)
        if made.returncode:
            return f"{name}: {made.stderr.strip()}"
        if not mo.exists():
            return f"{name} is not compiled: run `manage.py compilemessages`"
        if messages_of(mo) != messages_of(fresh):
            return f"{name} changed since it was compiled: run `manage.py compilemessages`"
    return ""


errors = [error for po in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")) if (error := error_in(po))]
print("\n".join(errors))
sys.exit(bool(errors))
