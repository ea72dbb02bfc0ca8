"""The product's settings, with one more URL (``bench.urls``)."""

import os

from bench.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
if os.environ.get("BENCH_UNCOUNTED"):
    QUESTIONS_WRITTEN_SECONDS = None
