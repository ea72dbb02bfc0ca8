"""manage.py unload_content [PATH]: take a content pack out of the working copy again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosures.management.commands.load_content import STARTER
from disclosures.models import Site
from disclosures.packs.files import read_pack, read_shipped_pack
from disclosures.packs.queries import site_entry
from disclosures.packs.schema import Pack
from disclosures.packs.unloading_actions import unload_content
from privacycenter.errors import PackError, Refusal, StillInUse
from privacycenter.text.languages import speaking_english

MOST_NAMED = 20


class Command(BaseCommand):
    help = (
        "Take a content pack (default: the starter) out of the working copy: what it brought and nobody edited. "
        "Publishes nothing: see publish_content."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=STARTER, help="a folder of YAML files")
        parser.add_argument("--edited", action="store_true", help="also what was edited since")

    def handle(self, *args: Any, path: Path, edited: bool, **options: Any) -> None:
        try:
            with speaking_english():
                pack = read_shipped_pack(path) if path == STARTER else read_pack(path)
                found = unload_content(pack=pack, with_edited=edited)
        except StillInUse as refusal:
            inside = ", ".join(f"{one.kind} {one.code}" for one in refusal.needed_by)
            told = f"{refusal.what} has {inside} in it. Move these first. Nothing was changed."
            raise CommandError(told) from refusal
        except (PackError, Refusal) as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{found.count} removed")
        for told, keys in (("edited since, kept", found.edited), ("needed by what is kept", found.needed)):
            if keys:
                names = ", ".join(f"{kind} {code}" for kind, code in keys[:MOST_NAMED])
                self.stdout.write(f"{len(keys)} {told}: {names}{' …' if len(keys) > MOST_NAMED else ''}")
        if said := words_left(pack):
            self.stdout.write(f"The site itself still says the pack's {', '.join(said)}: see init_site, or the desk.")


def words_left(pack: Pack) -> list[str]:
    """Return the fields of the site that say what the pack says."""
    row = Site.objects.first()
    if row is None or pack.site is None:
        return []
    now, theirs = site_entry(row).model_dump(), pack.site.model_dump(exclude_defaults=True)
    return [name for name, value in theirs.items() if name != "as_of" and now[name] == value]
