"""Names of models that can stand after a number."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0055_refused_messages_at_the_desk"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="menuentry",
            options={
                "ordering": ["position", "code"],
                "verbose_name": "link of the menu or footer",
                "verbose_name_plural": "links of the menu or footer",
            },
        ),
        migrations.AlterModelOptions(
            name="synonyms",
            options={
                "ordering": ["position", "code"],
                "verbose_name": "set of words that mean the same",
                "verbose_name_plural": "sets of words that mean the same",
            },
        ),
    ]
