"""Messages to the next page, in a cookie whose name has the prefix of all our cookies."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class PrefixedCookieStorage(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class PrefixedStorage(FallbackStorage):
    """As Django's default: in the cookie, and what is too long for it in the session."""

    storage_classes = (PrefixedCookieStorage, SessionStorage)
