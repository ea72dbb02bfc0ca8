"""What would keep a site from being begun, looked for before anything is written. Reads; writes nothing."""

from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from disclosures.adopting.answers import Answers, StaffAnswer, ThemeAnswer
from disclosures.adopting.queries import applied_migrations, is_prepared, site_now
from disclosures.adopting.words import pack_of
from disclosures.content.working_copy import working_document
from disclosures.packs.contents import clean_files_of
from disclosures.packs.entries import entries_of
from disclosures.theme.reading import Fault, read_picture
from privacycenter.errors import InvalidValue, PackError, PackProblem
from privacycenter.models import User


def refuse_what_cannot_begin(answers: Answers) -> None:
    """Raise PackError or InvalidValue for what cannot be used, OperationalError if the database is not reached.

    Codes that a pack leaves to the working copy are looked up there, unless its tables are of an older version.
    """
    has_tables = applied_migrations() > 0
    is_ready = has_tables and is_prepared()
    pack = pack_of(answers, site_now() if is_ready else None, timezone.localdate())
    _taken, problems = clean_files_of(pack)
    if problems:
        raise PackError(*problems)
    if is_ready:
        entries_of(pack, working_document())
        refuse_name_of_another(answers.staff)
    elif not has_tables:
        entries_of(pack, {})


def refuse_name_of_another(staff: StaffAnswer | None) -> None:
    if staff and User.objects.filter(username__iexact=staff.username, is_superuser=False).exists():
        raise InvalidValue("This user name is another account's, which is no administrator's.", "staff.username")


def refuse_unusable_theme(answer: ThemeAnswer) -> None:
    """Raise PackError for pictures that are not there or that no page could show, and for a folder that is a file."""
    if problems := list(theme_problems(answer)):
        raise PackError(*problems)


def theme_problems(answer: ThemeAnswer) -> Iterator[PackProblem]:
    folder = Path(answer.folder)
    if folder.exists() and not folder.is_dir():
        yield PackProblem("", "theme.folder", f"{folder} is a file. Name a folder.")
    for key in ("logo", "icon"):
        path = getattr(answer, key)
        if not path:
            continue
        faults: list[Fault] = []
        if not Path(path).is_file():
            yield PackProblem("", f"theme.{key}", f"There is no file {path}.")
        elif read_picture(Path(path), faults, name=key) is None:
            yield from (PackProblem(fault.file, f"theme.{key}", fault.told) for fault in faults)
