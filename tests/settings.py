"""The product's settings, as the tests run them: a demo environment, cheap hashes, no pool, mail kept in memory."""

import os

os.environ.setdefault("DEMO", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 5)

from privacycenter.operation.environment import BASE_DIR as BASE_DIR
from privacycenter.settings import *  # noqa: F403
from privacycenter.settings import DATABASES, STATIC_ROOT, STORAGES

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# The test database is dropped at the end; a pool would hold connections to it.
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
# WhiteNoise warns of a folder that is not there; the tests serve static files from their sources.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Each test client makes its middleware anew: without this, WhiteNoise would list all static files for each of them.
WHITENOISE_AUTOREFRESH = True
# The first call in a minute takes a share of the limit, in SQL: tests that count statements would depend on the clock.
API_RATE_LIMIT = TOKEN_RATE_LIMIT = 0
# Counted questions are written when a test says so, not by a thread in the middle of another.
QUESTIONS_WRITTEN_SECONDS = 0
