"""Commands of a sandbox go by its clock, too."""

import django
from django.conf import settings


def go_by_its_clock() -> None:
    """In a sandbox, read how far the clock is ahead before a command does anything."""
    if not settings.SANDBOX:
        return
    django.setup()
    from django.db import connection

    from privacycenter.sandbox.reading import read_clock

    read_clock()
    connection.close()
    # The command may change how it connects, and may start other processes.
    if hasattr(connection, "close_pool"):
        connection.close_pool()
