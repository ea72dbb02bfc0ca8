"""The made-up railway company of docs/examples/railway."""

import shutil
from pathlib import Path

from tests.support.content import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "railway"


def railway_in(folder: Path) -> Path:
    """Copy the example, since its theme is written beside it. Returns its file of answers."""
    shutil.copytree(EXAMPLE, folder / "railway")
    return folder / "railway" / "site.yaml"
