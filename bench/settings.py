"""The product's settings for measurements: a folder of its own for static files."""

import os
from pathlib import Path

from privacycenter.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
