"""The made-up world of ``manage.py load_demo``."""

import io

from django.core.management import call_command

from privacycenter.models import User


def load(*args: str) -> str:
    """Load the demo, a small one unless told otherwise. Returns what the command said."""
    out = io.StringIO()
    call_command("load_demo", *(args or ("--people", "3", "--disclosures", "30")), stdout=out, stderr=out)
    return out.getvalue()


def person(subject: str) -> User:
    return User.objects.get(subject=subject)
