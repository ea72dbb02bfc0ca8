"""Recipients that services propose, files of them that editors send, and what the desk's search compares."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse
from privacycenter.text.folding import folded_text

# Kind of a publication's document → its model, and the field that holds the name.
SEARCHED = {
    "site": ("Site", "title"),
    "pages": ("Page", "title"),
    "sections": ("Section", "title"),
    "definitions": ("Definition", "term"),
    "scenarios": ("Scenario", "title"),
    "questions": ("Question", "question"),
    "terms": ("Term", "term"),
    "synonyms": ("Synonyms", "line"),
    "links": ("Link", "title"),
    "data_items": ("DataItem", "title"),
    "services": ("Service", "title"),
    "countries": ("Country", "title"),
    "recipients": ("Recipient", "title"),
}
# What is compared of a row beside its name and its translations, where it has that.
TEXTS = (
    "title", "term", "question", "line", "reading", "gloss", "lead", "body", "answer", "examples", "description",
    "field", "address", "contact", "business", "representative", "measures", "measures_unknown", "system", "note",
    "system_unknown", "operator", "notice", "disclaimer", "recipient_kinds", "on_hold_reason",
)  # fmt: skip
AT_ONCE = 500


def fill(apps, schema_editor):
    """Note what each row is found by, as every change does from now on (``writing.search_texts``)."""
    made = apps.get_model("disclosures", "SearchText")
    for kind, (model, name) in SEARCHED.items():
        rows = apps.get_model("disclosures", model).objects.order_by("pk")
        found = (made(kind=kind, **said(row, name)) for row in rows.iterator(AT_ONCE))
        batch = []
        for one in found:
            batch.append(one)
            if len(batch) == AT_ONCE:
                made.objects.bulk_create(batch)
                batch = []
        made.objects.bulk_create(batch)


def said(row, name):
    code, others = getattr(row, "code", "site"), {key: text for key, text in (row.i18n or {}).items() if text}
    titles = {settings.LANGUAGE_CODE: getattr(row, name)}
    prefix = f"{name}_"
    titles |= {
        key.removeprefix(prefix).replace("_", "-"): text for key, text in others.items() if key.startswith(prefix)
    }
    texts = [code, *(getattr(row, one, "") for one in TEXTS), *others.values()]
    folded = dict.fromkeys(folded_text(text) for text in texts if isinstance(text, str) and text)
    return {"code": code, "titles": titles, "text": "\n".join(["", *folded, ""])}


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0043_change_sets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="recipient",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recipients",
                to="disclosures.reporter",
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="url",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The recipient’s own, with https://.",
                max_length=300,
                validators=[django.core.validators.URLValidator(["https", "http"])],
                verbose_name="web page",
            ),
            preserve_default=False,
        ),
        # SQLite has rebuilt the table.
        refuse("disclosures", "recipient", "DELETE"),
        migrations.AddField(
            model_name="revision",
            name="reporter",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="disclosures.reporter",
                verbose_name="reporter",
            ),
        ),
        migrations.CreateModel(
            name="RecipientFile",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("file_name", models.CharField(max_length=60, unique=True)),
                ("size_bytes", models.PositiveIntegerField()),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                ("loaded_at", models.DateTimeField(blank=True, null=True)),
                ("added_count", models.PositiveIntegerField(default=0)),
                ("changed_count", models.PositiveIntegerField(default=0)),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of recipients",
                "verbose_name_plural": "files of recipients",
                "ordering": ["-sent_at"],
            },
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("titles", models.JSONField()),
                ("text", models.TextField()),
            ],
            options={
                "verbose_name": "text to search",
                "verbose_name_plural": "texts to search",
                "ordering": ["kind", "code"],
                "constraints": [models.UniqueConstraint(fields=("kind", "code"), name="entry_is_searched_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
