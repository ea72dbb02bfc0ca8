"""The language in which a member of staff is written to."""

from django.conf import settings

from disclosures.models import StaffMailChoice
from privacycenter.models import User


def language_of(staff: User) -> str:
    """Return the language that a member of staff chose for mails, or the site's first. One SQL statement."""
    chosen = StaffMailChoice.objects.filter(staff=staff).newest_first().values_list("language", flat=True).first()
    return chosen or settings.LANGUAGE_CODE
