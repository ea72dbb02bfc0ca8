"""manage.py reseal_secrets: stored secrets go under the newest SECRET_KEY, so that a former one may go."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from privacycenter.encryption import Resealed


class Command(BaseCommand):
    help = (
        "Encrypt secrets of webhooks, authenticator apps and recovery codes anew under SECRET_KEY, so that a former "
        "key may leave SECRET_KEY_FALLBACKS. Safe to repeat, and while the site runs."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        counted = sum((import_string(name)() for name in settings.RESEALING), Resealed())
        self.stdout.write(f"{counted.done} secrets are under the newest SECRET_KEY now.")
        # By name: privacycenter imports neither disclosures nor consents.
        if settings.SECRET_KEY_FALLBACKS and apps.get_model("disclosures", "ErasedEvent").objects.exists():
            self.stdout.write(
                "People were erased: their events are known again by keyed hashes, which cannot be made anew. Keep the "
                "keys that were in use then in SECRET_KEY_FALLBACKS."
            )
        if counted.unreadable:
            raise CommandError(f"{counted.unreadable} secrets are under no key that is there: they stay as they are.")
