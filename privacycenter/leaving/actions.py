"""What people choose for leaving quickly."""

from django.db import transaction

from privacycenter.models import User


@transaction.atomic
def choose_exit(*, address: str, by: User) -> None:
    """Set where leaving leads this person; an empty address is the home page. One SQL statement."""
    by.exit_address = address
    by.save(update_fields=["exit_address"])
