"""The product's settings, with one more URL (``bench.urls``)."""

from bench.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
