"""Which translations are older than their text, who said that one is still right, and the language of a desk.

What is older already is found in the revisions: the same that is noted with each change from now on.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse


def note_what_is_older(apps, schema_editor):
    """Go through the revisions, oldest first. One at a time is in memory."""
    older = {}
    revisions = apps.get_model("disclosures", "Revision").objects.order_by("pk")
    for revision in revisions.iterator(chunk_size=200):
        entry = (revision.kind, revision.code)
        before, after = (dict(texts_of_entry(one or {})) for one in (revision.before, revision.after))
        for place, then in before.items():
            now = after.get(place, {})
            for language in then.keys() - {settings.LANGUAGE_CODE}:
                note(older, (*entry, *place, language), then, now, language, revision.changed_at)
    model = apps.get_model("disclosures", "OlderTranslation")
    names = ("kind", "code", "field", "inside", "language")
    rows = [
        model(**dict(zip(names, key, strict=True)), source_then=source, changed_at=at)
        for key, (source, at) in older.items()
    ]
    model.objects.bulk_create(rows, batch_size=200)


def note(older, key, then, now, language, at):
    source_then, source_now = then.get(settings.LANGUAGE_CODE, ""), now.get(settings.LANGUAGE_CODE, "")
    if not then[language]:
        return
    if then[language] != now.get(language) or not source_now:
        older.pop(key, None)
    elif source_then and source_then != source_now:
        older.setdefault(key, (source_then, at))
    if key in older and older[key][0] == source_now:
        del older[key]


def texts_of_entry(entry):
    for field, value in entry.items():
        if isinstance(value, dict):
            yield (field, ""), value.get("source", value)
    for one in entry.get("notes", ()):
        yield ("notes", one["code"]), one["body"].get("source", one["body"])
    for one in entry.get("exclusions", ()):
        yield ("exclusions", f"{one['service']}/{one['item']}"), one["reason"]


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0044_recipients_in_thousands"),
        ("privacycenter", "0013_stored_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskLanguage",
            fields=[
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="desk_language",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("language", models.CharField(max_length=20, verbose_name="language")),
            ],
            options={
                "verbose_name": "language at the desk",
                "verbose_name_plural": "languages at the desk",
            },
        ),
        migrations.CreateModel(
            name="ConfirmedTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("field", models.CharField(max_length=40, verbose_name="field")),
                ("inside", models.CharField(blank=True, max_length=130, verbose_name="inside")),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                ("source_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the Japanese text")),
                ("confirmed_at", models.DateTimeField(verbose_name="when")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmed translation",
                "verbose_name_plural": "confirmed translations",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="OlderTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("field", models.CharField(max_length=40, verbose_name="field")),
                ("inside", models.CharField(blank=True, max_length=130, verbose_name="inside")),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                ("source_then", models.TextField(verbose_name="text that was translated")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
            ],
            options={
                "verbose_name": "translation older than its text",
                "verbose_name_plural": "translations older than their text",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "code", "field", "inside", "language"), name="translation_is_older_once"
                    )
                ],
            },
        ),
        *(refuse("disclosures", "confirmedtranslation", event) for event in ("UPDATE", "DELETE")),
        migrations.RunPython(note_what_is_older, migrations.RunPython.noop, elidable=True),
    ]
