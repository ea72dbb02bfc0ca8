"""Hints of the prepared answers to begin with stand in double brackets, by which the code knows them."""

from django.db import migrations

HINTS = (
    "お渡しする方法をここに書いてください",
    "say here how it is handed over",
    "行った内容をここに書いてください",
    "say here what was done",
    "理由をここに書いてください",
    "say the reason here",
    "やめた内容をここに書いてください",
    "say here what was stopped",
    "会社ごとに、措置の内容と頻度、支障の有無をここに書いてください",
    "say here, for each company, its measures, how often they are checked, and any obstacle",
)


def mark(apps, schema_editor):
    for template in apps.get_model("disclosures", "AnswerTemplate").objects.all():
        marked = {language: marked_in(text) for language, text in template.texts.items()}
        if marked != template.texts:
            template.texts = marked
            template.save(update_fields=["texts"])


def marked_in(text):
    for hint in HINTS:
        text = text.replace(f"({hint})", f"[[{hint}]]")
    return text


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0040_calendar_addresses")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
