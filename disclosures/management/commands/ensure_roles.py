"""manage.py ensure_roles: create the groups of editors, publishers and officers."""

from typing import Any

from django.core.management.base import BaseCommand

from disclosures.officers.roles import ensure_roles


class Command(BaseCommand):
    help = "Make the groups of editors and officers, with their permissions. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_roles()
