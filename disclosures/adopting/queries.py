"""What is there of a site before it is begun, or begun again."""

from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from disclosures.models import MenuEntry, Page, Publication, Scenario, Site
from disclosures.packs.queries import site_entry
from disclosures.packs.schema import SiteEntry
from privacycenter.models import User


def site_now() -> SiteEntry | None:
    """Return what the site says; None before it is begun. One SQL statement."""
    return next((site_entry(row) for row in Site.objects.all()), None)


def is_prepared() -> bool:
    """Return whether the database can be reached and has every table of this version."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def applied_migrations() -> int:
    """Return how many migrations the database has. 0 for one without tables; OperationalError if it is not reached."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return 0  # looking would make the file
    return len(MigrationRecorder(connection).applied_migrations())


def links_asked_for(place: str) -> list[str]:
    """Return the codes of the menu's or footer's links that answers made, in their order. One SQL statement."""
    found = MenuEntry.objects.filter(place=place, code__regex=rf"^{place}-[0-9]+$")
    return list(found.order_by("position", "code").values_list("code", flat=True))


def has_content() -> bool:
    return Page.objects.exists() or Scenario.objects.exists()


def is_published() -> bool:
    return Publication.objects.exists()


def administrators() -> list[str]:
    """Return the user names of those who may do everything, and are not blocked."""
    found = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    return [str(name) for name in found.values_list("username", flat=True)]
