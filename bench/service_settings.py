"""The product's settings, with one more address (``bench.urls``)."""

from bench.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
