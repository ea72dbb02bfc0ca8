"""What a record of provision holds of a recipient, and what the law wants said of the operator."""

import modeltrans.fields
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0006_seals"),
    ]

    operations = [
        migrations.AddField(
            model_name="recipient",
            name="basis_abroad",
            field=models.CharField(
                blank=True,
                choices=[
                    ("consent", "consent (art. 28(1))"),
                    ("equal_country", "a country with an equal system (art. 28(1))"),
                    ("equivalent_system", "a recipient with an equivalent system (art. 28(1) and (3))"),
                ],
                help_text="For one abroad. It goes before that of the scenario. Leave it empty if it is not known.",
                max_length=30,
                verbose_name="basis for provision abroad",
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="basis_checked_on",
            field=models.DateField(
                blank=True,
                help_text="Where the basis is an equivalent system: it is checked once a year (APPI art. 28(3)).",
                null=True,
                verbose_name="equivalent system last checked on",
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="representative",
            field=models.CharField(
                blank=True,
                help_text="Of a company: who represents it, with their title. The record of provision has to hold it.",
                max_length=200,
                verbose_name="representative",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="complaint_contact",
            field=models.CharField(blank=True, max_length=300, verbose_name="where to complain"),
        ),
        migrations.AddField(
            model_name="site",
            name="fees",
            field=models.CharField(
                blank=True,
                help_text="What a request for disclosure and the like costs.",
                max_length=300,
                verbose_name="fees",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="operator_address",
            field=models.CharField(blank=True, max_length=300, verbose_name="address of the operator"),
        ),
        migrations.AddField(
            model_name="site",
            name="operator_representative",
            field=models.CharField(
                blank=True,
                help_text="Who represents it, with their title.",
                max_length=200,
                verbose_name="representative of the operator",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="purposes",
            field=models.TextField(
                blank=True,
                help_text="Of all personal data that the operator keeps. Markdown.",
                verbose_name="purposes of use",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="security_measures",
            field=models.TextField(
                blank=True,
                help_text="Markdown: paragraphs, **bold**, lists, links and tables.",
                verbose_name="security measures",
            ),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="i18n",
            field=modeltrans.fields.TranslationField(
                fields=(
                    "title",
                    "business",
                    "address",
                    "representative",
                    "measures",
                    "measures_unknown",
                    "on_hold_reason",
                ),
                required_languages=(),
                virtual_fields=True,
            ),
        ),
        migrations.AlterField(
            model_name="site",
            name="i18n",
            field=modeltrans.fields.TranslationField(
                fields=(
                    "title",
                    "operator",
                    "lead",
                    "notice",
                    "disclaimer_title",
                    "disclaimer",
                    "operator_address",
                    "operator_representative",
                    "purposes",
                    "complaint_contact",
                    "fees",
                    "security_measures",
                ),
                required_languages=(),
                virtual_fields=True,
            ),
        ),
        # SQLite has rebuilt the table.
        refuse("disclosures", "recipient", "DELETE"),
    ]
