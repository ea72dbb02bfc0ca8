"""What a link leads to, if that is not just what its title says."""

import modeltrans.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0007_recipients_and_operator"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="note",
            field=models.CharField(
                blank=True,
                help_text="If that is not just what the title says: a site's first page, for instance.",
                max_length=200,
                verbose_name="what it leads to",
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="i18n",
            field=modeltrans.fields.TranslationField(
                fields=("title", "note"), required_languages=(), virtual_fields=True
            ),
        ),
    ]
