"""The product's own settings for a server that a test starts as in production. Only files are served from their sources:
collecting and compressing them would take longer than all attacks."""

from privacycenter.settings import *  # noqa: F403
from privacycenter.settings import STATIC_ROOT, STORAGES

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
