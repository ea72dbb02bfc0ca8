"""The product's own settings for a server that a test starts as in production. Only files are served from their sources:
collecting and compressing them would take longer than all attacks."""

import os
from pathlib import Path

from privacycenter.settings import *  # noqa: F403
from privacycenter.settings import STATIC_ROOT, STORAGES

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# A test of static files has a few in a folder of its own.
STATIC_ROOT = Path(os.environ.get("TEST_STATIC_ROOT", STATIC_ROOT))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
