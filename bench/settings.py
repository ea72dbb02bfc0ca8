"""The product's settings for measurements: a folder of its own for static files and, if wanted, more languages."""

import os
from pathlib import Path

from privacycenter.settings import *  # noqa: F403
from privacycenter.settings import LANGUAGES

STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
# Codes, separated by commas, for a site in more languages.
if codes := os.environ.get("BENCH_LANGUAGES"):
    names = dict(LANGUAGES)
    LANGUAGES = [(code, names.get(code, code)) for code in codes.split(",")]
