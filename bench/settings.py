"""The product's settings, as the measurements run them: static files and, if wanted, languages of their own."""

import os
from pathlib import Path

from privacycenter.settings import *  # noqa: F403
from privacycenter.settings import LANGUAGES

STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
# Codes, separated by commas: a site in more languages than ours has.
if codes := os.environ.get("BENCH_LANGUAGES"):
    names = dict(LANGUAGES)
    LANGUAGES = [(code, names.get(code, code)) for code in codes.split(",")]
