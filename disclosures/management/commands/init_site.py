"""manage.py init_site: begin one's own center, from answers at the terminal or in a file. Publishes nothing."""

import json
import os
import subprocess
import sys
import tempfile
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from disclosures.adopting.actions import begin_site, link_to_choose_password, make_first_administrator
from disclosures.adopting.answers import EMPTY, STARTER, Answers, read_answers, seen_from
from disclosures.adopting.asking import Asking
from disclosures.adopting.foreseeing import refuse_unusable_theme, refuse_what_cannot_begin
from disclosures.adopting.queries import administrators, is_prepared, is_published, links_asked_for, site_now
from disclosures.adopting.settings_file import (
    block,
    changed,
    differences,
    secrets_made_now,
    settings_of,
    write_settings,
)
from disclosures.adopting.theme_files import write_theme
from disclosures.models import MenuPlace
from disclosures.theme.reading import read_theme
from privacycenter.errors import PackError, Refusal
from privacycenter.operation.new_environment import UNTIL_ANSWERED
from privacycenter.text.languages import site_languages, speaking_english


class Command(BaseCommand):
    help = (
        "Begin a site: its names, operator, languages, look, menu, sender and first administrator. Asks at the "
        "terminal, or reads a file. Content goes into the working copy, the rest into the environment. Publishes "
        "nothing. Safe to repeat: what is there stays where the answers say nothing."
    )
    requires_system_checks = ()  # the theme that they look at may not be there yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="answers", type=Path, metavar="FILE", help="answers as YAML (docs/adopt.md)")
        parser.add_argument("--env", type=Path, metavar="FILE", help="write the settings there, do not print them")
        parser.add_argument("--overwrite", action="store_true", help="change settings that the file says otherwise")
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--empty", dest="content", action="store_const", const=EMPTY, help="begin without content")
        chosen.add_argument(
            "--starter", dest="content", action="store_const", const=STARTER,
            help="begin with the starter content, a sample to be rewritten",
        )  # fmt: skip
        # For itself: the second half, in a process with the settings of the answers.
        parser.add_argument("--in-this-environment", action="store_true", help=SUPPRESS)

    def handle(
        self, *args: Any, answers: Path | None, env: Path | None, overwrite: bool, content: str | None,
        in_this_environment: bool, **options: Any,
    ) -> None:  # fmt: skip
        try:
            with speaking_english():
                said = read_answers(answers) if answers else self.asked(env)
                said = said.model_copy(update={"content": content}) if content else said
                if in_this_environment:
                    return self.fill(said)
                there = self.settings_there(said, env, overwrite=overwrite)
                if said.theme:
                    refuse_unusable_theme(said.theme)
                # What can be refused comes first; the files are written when all of it has gone well.
                if self.needs_another_process(said):
                    self.fill_there(said)
                else:
                    self.fill(said)
                self.write_theme(said)
                self.write_environment(said, env, there)
        except (PackError, Refusal) as error:
            raise CommandError(f"{error.detail}\nThe content was not changed, and no file was written.") from error
        self.say(
            "Published: yes; the working copy waits at the desk."
            if is_published()
            else "Published: nothing. Visitors read so until somebody publishes at /admin/."
        )

    # The answers ------------------------------------------------------------------------------------------------------

    def asked(self, env: Path | None) -> Answers:
        if not sys.stdin.isatty():
            raise CommandError("There is no terminal to ask at. Give a file with the answers: --from site.yaml.")
        self.say("Enter takes what stands in brackets. Ctrl-C ends it; nothing is written before the last answer.")
        try:
            found = Asking(input, self.say, self.known(env)).answers()
            if input("Write this? [y/n] ").strip().lower() not in ("y", "yes"):
                raise CommandError("Nothing was changed.")
        except (EOFError, KeyboardInterrupt) as gone:
            raise CommandError("\nNothing was changed.") from gone
        return seen_from(Path.cwd(), found)

    def known(self, env: Path | None) -> dict[str, Any]:
        """Return what is there already, as defaults of the questions."""
        there: dict[str, Any] = {"languages": site_languages(), "time_zone": settings.TIME_ZONE}
        if os.environ.get("SITE_ADDRESS"):
            there["address"] = settings.SITE_ADDRESS
        if settings.DEFAULT_FROM_EMAIL not in (UNTIL_ANSWERED["DEFAULT_FROM_EMAIL"], "privacy-center@localhost"):
            there["sender"] = settings.DEFAULT_FROM_EMAIL
        if settings.THEME:
            there["theme"] = str(settings.THEME)
        if is_prepared():
            site = site_now()
            there |= site.model_dump(exclude_defaults=True) if site else {}
            there["administrators"] = administrators()
            there |= {f"{place.value}_links": len(links_asked_for(place)) for place in MenuPlace}
        return there

    # The environment --------------------------------------------------------------------------------------------------

    def settings_there(self, answers: Answers, env: Path | None, *, overwrite: bool) -> str | None:
        """Return what the file of settings says, None without one. Refuses one that says something else."""
        if env is None:
            return None
        if not env.parent.is_dir():
            raise CommandError(f"There is no folder {env.parent} for --env. Nothing was changed.")
        if not env.exists():
            return None
        text = env.read_text(encoding="utf-8")
        others = [one for one in differences(text, answers) if one.there is not None]
        if others and not overwrite:
            told = "\n".join(f"  {one.name}: there “{one.there}”, answered “{one.wanted}”" for one in others)
            raise CommandError(
                f"{env} says other settings than the answers:\n{told}\n"
                "Give --overwrite to change these lines, or change the answers. Nothing was changed."
            )
        return text

    def write_theme(self, answers: Answers) -> None:
        if answers.theme:
            self.say(f"Theme: {answers.theme.folder}: {', '.join(write_theme(answers.theme))}.")
            for fault in read_theme(Path(answers.theme.folder))[1]:
                self.say(f"  {'error' if fault.is_error else 'left out'}: {fault}")

    def write_environment(self, answers: Answers, env: Path | None, there: str | None) -> None:
        differing = differences(there, answers) if there is not None else []
        if env is None:
            self.say("Environment, for the file that your service reads:\n")
            self.say(block(answers, os.environ))
        elif there is None:
            write_settings(env, block(answers, os.environ))
            self.say(f"Environment: written to {env}, which you alone can read.")
        elif differing:
            write_settings(env, changed(there, differing))
            self.say(f"Environment: {', '.join(one.name for one in differing)} changed in {env}.")
        else:
            self.say(f"Environment: {env} is as answered.")

    def needs_another_process(self, answers: Answers) -> bool:
        """Content in a language, and days in a time zone, are of a process that has them."""
        wanted = settings_of(answers)
        return (site_languages(), settings.TIME_ZONE, settings.SITE_ADDRESS) != (
            answers.languages, answers.time_zone, wanted["SITE_ADDRESS"]
        )  # fmt: skip

    def fill_there(self, answers: Answers) -> None:
        environment = {**os.environ, **settings_of(answers), **secrets_made_now()}
        # It may not be there yet, and no page is made.
        environment.pop("THEME", None)
        with tempfile.TemporaryDirectory() as folder:
            # JSON is YAML.
            path = Path(folder) / "answers.yaml"
            path.write_text(json.dumps(answers.model_dump(mode="json", exclude_defaults=True)), encoding="utf-8")
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "init_site", "--from", str(path)]
            sys.stdout.flush()
            done = subprocess.run([*command, "--in-this-environment"], env=environment, check=False)  # noqa: S603  ours
        if done.returncode:
            raise SystemExit(done.returncode)  # it has said why

    # The database -----------------------------------------------------------------------------------------------------

    def fill(self, answers: Answers) -> None:
        try:
            refuse_what_cannot_begin(answers)
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {' '.join(str(error).split())}") from error
        call_command("prepare", no_static=True, is_begun=True, stdout=self.stdout)
        counts = begin_site(answers=answers)
        removed = f", {counts['removed']} removed" if counts["removed"] else ""
        told = f"{counts['added']} added, {counts['changed']} changed{removed}" if counts.total() else "is as answered"
        self.say(f"Working copy: {told}.")
        if answers.staff:
            account = make_first_administrator(staff=answers.staff)
            self.say(
                f"Administrator: {answers.staff.username} made. They choose a password within three days at\n"
                f"  {link_to_choose_password(account)}"
                if account
                else f"Administrator: {answers.staff.username} is there."
            )
        elif not administrators():
            self.say("Administrator: none yet. Answer `staff`, or run manage.py createsuperuser.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
