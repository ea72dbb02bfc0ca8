"""Drafts under a new ``SECRET_KEY``. Forms kept for a log-in are gone after a day anyway."""

from privacycenter.encryption import Resealed, reseal_column
from privacycenter.kept_forms.draft_actions import DRAFT_PURPOSE
from privacycenter.models import Draft


def reseal_drafts() -> Resealed:
    """Encrypt each draft anew that is under a former key. One that is kept again meanwhile is left out."""
    return reseal_column(Draft.objects.exclude(sealed=""), "sealed", purpose=DRAFT_PURPOSE)
