"""Actions about translations: that one is still right, and the language beside the Japanese."""

from django.db import transaction
from django.utils import timezone

from disclosures.content.parts import part_of
from disclosures.content.texts import Place, Text, texts_of_entry
from disclosures.models import ConfirmedTranslation, DeskLanguage
from disclosures.writing.actions import lock_working_copy
from disclosures.writing.older_translations import older_among
from privacycenter.errors import InvalidValue, TextChanged
from privacycenter.models import User
from privacycenter.text.languages import other_languages


@transaction.atomic
def confirm_translation(*, place: Place, language: str, seen: str, by: User) -> bool:
    """Say that a translation is still right although its Japanese text was changed. False if it is not older.

    ``seen`` is the hash of the Japanese that it was read against. Raises TextChanged if that was changed since.
    """
    lock_working_copy()
    row = older_among({place.code}).get((place, language))
    text = text_now(place)
    if row is None or text is None:
        return False
    if text.source_sha256 != seen:
        raise TextChanged("The Japanese text was changed meanwhile.")
    ConfirmedTranslation.objects.create(
        kind=place.kind,
        code=place.code,
        field=place.field,
        inside=place.inside,
        language=language,
        source_sha256=seen,
        confirmed_at=timezone.now(),
        confirmed_by=by,
    )
    row.delete()
    return True


def text_now(place: Place) -> Text | None:
    """Return a text of the working copy; None if it is not there."""
    entry = part_of({place.kind: {place.code}})[place.kind].get(place.code, {})
    return next((text for text in texts_of_entry(place.kind, place.code, entry) if text.place == place), None)


@transaction.atomic
def choose_language_beside(*, language: str, by: User) -> None:
    """Remember the language that this person wants beside the Japanese. Raises InvalidValue if the site has it not."""
    if language not in other_languages():
        raise InvalidValue("The site has no such language.", "language")
    DeskLanguage.objects.update_or_create(staff=by, defaults={"language": language})
