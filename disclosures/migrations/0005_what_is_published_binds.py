"""Lists of a scenario that bind, exclusions, recipients on hold, legal route and evidence, and the site's notice."""

import django.db.models.deletion
import modeltrans.fields
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0004_evidence"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataitem",
            name="is_special_care",
            field=models.BooleanField(
                default=False,
                help_text="Special-care-required personal information. Checks allow it only where a scenario names it.",
                verbose_name="needs special care",
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="on_hold_from",
            field=models.DateTimeField(
                blank=True,
                help_text="From then on nothing may be provided to it: checks say no, and a report is flagged.",
                null=True,
                verbose_name="on hold from",
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="on_hold_reason",
            field=models.CharField(
                blank=True,
                help_text="One plain sentence, shown on its page.",
                max_length=300,
                verbose_name="why it is on hold",
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="on_hold_until",
            field=models.DateTimeField(
                blank=True, help_text="Leave it empty if it is not known yet.", null=True, verbose_name="on hold until"
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="evidence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("decision", "the person’s decision"),
                    ("act", "the person’s act in the service: its number there"),
                    ("policy", "the version of the policy"),
                    ("contract", "the reference of a contract"),
                    ("order", "the reference of an order or a legal demand"),
                ],
                help_text="What a report of a service cites for the ground.",
                max_length=30,
                verbose_name="evidence",
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="item_list",
            field=models.CharField(
                choices=[
                    ("complete", "complete: nothing else is provided"),
                    ("examples", "examples, and checks allow only these"),
                    ("open", "examples, and checks allow others, too"),
                ],
                default="examples",
                help_text="With “your approval”, and for special-care items, checks allow only what is named.",
                max_length=20,
                verbose_name="the items named are",
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="route",
            field=models.CharField(
                blank=True,
                choices=[
                    ("consent", "consent (art. 27(1))"),
                    ("exception", "an exception in the law (art. 27(1))"),
                    ("opt_out", "opt-out (art. 27(2))"),
                    ("entrustment", "entrusted handling (art. 27(5)(i))"),
                    ("succession", "succession of a business (art. 27(5)(ii))"),
                    ("joint_use", "joint use (art. 27(5)(iii))"),
                    ("related_information", "information related to a person (art. 31)"),
                    ("anonymised", "anonymized or statistical information"),
                ],
                help_text="The legal way of providing it. Leave it empty if it is not known: it is never guessed.",
                max_length=30,
                verbose_name="legal route",
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="route_abroad",
            field=models.CharField(
                blank=True,
                choices=[
                    ("consent", "consent (art. 28(1))"),
                    ("equal_country", "a country with an equal system (art. 28(1))"),
                    ("equivalent_system", "a recipient with an equivalent system (art. 28(1) and (3))"),
                ],
                help_text="For recipients abroad. Leave it empty if it is not known.",
                max_length=30,
                verbose_name="legal route abroad",
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="route_detail",
            field=models.CharField(
                blank=True,
                help_text="Which exception, for instance.",
                max_length=300,
                verbose_name="more on the legal route",
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="service_list",
            field=models.CharField(
                choices=[
                    ("complete", "complete: no other service may"),
                    ("main", "the main ones: others may, too"),
                    ("example", "the main ones, as our example: nobody has confirmed them yet"),
                ],
                default="main",
                help_text="Another service is refused by a complete list, and warned about by the others.",
                max_length=20,
                verbose_name="the services named are",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="notice",
            field=models.TextField(
                blank=True,
                help_text="Shown on every page, for instance that the content is a sample. Markdown.",
                verbose_name="notice on every page",
            ),
        ),
        migrations.AlterField(
            model_name="correction",
            name="ground",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "Your own act (booking, application and the like)"),
                    (6, "Your consent to the privacy policy"),
                    (2, "Your approval"),
                    (3, "Contract"),
                    (4, "Law"),
                    (5, "None: processed, so not provided as data about one person"),
                ],
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="ground",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "Your own act (booking, application and the like)"),
                    (6, "Your consent to the privacy policy"),
                    (2, "Your approval"),
                    (3, "Contract"),
                    (4, "Law"),
                    (5, "None: processed, so not provided as data about one person"),
                ]
            ),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="i18n",
            field=modeltrans.fields.TranslationField(
                fields=("title", "business", "address", "measures", "measures_unknown", "on_hold_reason"),
                required_languages=(),
                virtual_fields=True,
            ),
        ),
        migrations.AlterField(
            model_name="scenario",
            name="ground",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "Your own act (booking, application and the like)"),
                    (6, "Your consent to the privacy policy"),
                    (2, "Your approval"),
                    (3, "Contract"),
                    (4, "Law"),
                    (5, "None: processed, so not provided as data about one person"),
                ],
                help_text="Why it is allowed. With “your approval” the person is asked.",
                verbose_name="ground",
            ),
        ),
        migrations.AlterField(
            model_name="scenario",
            name="i18n",
            field=modeltrans.fields.TranslationField(
                fields=("title", "body", "recipient_kinds", "route_detail"), required_languages=(), virtual_fields=True
            ),
        ),
        migrations.AlterField(
            model_name="site",
            name="i18n",
            field=modeltrans.fields.TranslationField(
                fields=("title", "operator", "lead", "notice", "disclaimer_title", "disclaimer"),
                required_languages=(),
                virtual_fields=True,
            ),
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        help_text="One plain sentence, shown on the page.", max_length=300, verbose_name="reason"
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(fields=("reason",), required_languages=(), virtual_fields=True),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosures.dataitem",
                        verbose_name="data item",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exclusions",
                        to="disclosures.scenario",
                        verbose_name="scenario",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosures.service",
                        verbose_name="service",
                    ),
                ),
            ],
            options={
                "verbose_name": "exclusion",
                "verbose_name_plural": "exclusions",
                "ordering": ["service__position", "service__code", "item__position", "item__code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scenario", "service", "item"), name="scenario_excludes_an_item_of_a_service_once"
                    )
                ],
            },
        ),
        # SQLite has rebuilt these tables.
        *(refuse("disclosures", model, "DELETE") for model in ("recipient", "scenario", "dataitem")),
    ]
