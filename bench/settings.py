"""The product's settings, as the measurements run them: static files in a folder of their own."""

import os
from pathlib import Path

from privacycenter.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
