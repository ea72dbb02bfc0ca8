"""The action that notes, with each change of the working copy, which translations are older than their text."""

from datetime import datetime

from disclosures.content.source_changes import SourceChanges
from disclosures.models import OlderTranslation
from disclosures.writing.older_translations import older_among


def note_source_changes(changes: SourceChanges, at: datetime) -> None:
    """Note which translations are older from now on, and forget those that are not any more.

    MUST be called in the transaction of the change. At most three SQL statements; none if no translation is concerned.
    """
    known = older_among(changes.codes())
    done = {key for key in changes.settled if key in known}
    done |= {key for key, (_then, now) in changes.older.items() if key in known and known[key].source_then == now}
    if done:
        OlderTranslation.objects.filter(pk__in=[known[key].pk for key in done]).delete()
    new = [
        OlderTranslation(
            kind=place.kind,
            code=place.code,
            field=place.field,
            inside=place.inside,
            language=language,
            source_then=then,
            changed_at=at,
        )
        for (place, language), (then, _now) in changes.older.items()
        if (place, language) not in known
    ]
    OlderTranslation.objects.bulk_create(new, batch_size=200)
