"""Data protection authorities, with a few to begin with, and the packs that people make for them."""

import django.core.validators
import django.db.models.deletion
import modeltrans.fields
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early

# Code → position, address, telephone, countries, title and how, by language. What editors change later stays.
FIRST = {
    "ppc": (
        10, "https://www.ppc.go.jp/personalinfo/pipldial/", "03-6457-9849", "JP",
        {"ja": "個人情報保護委員会", "en": "Personal Information Protection Commission (Japan)"},
        {
            "ja": "相談は「個人情報保護法相談ダイヤル」の電話で受け付けています(平日9:30〜17:30)。この資料を手元に置いて電話してください。",
            "en": "It takes questions and complaints by telephone, on weekdays from 9:30 to 17:30. Have the pack at hand when you call.",
        },
    ),
    "eu": (
        20, "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en", "",
        "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO",
        {"ja": "EU・EEA各国のデータ保護当局", "en": "Data protection authorities in the EU and the EEA"},
        {
            "ja": "住んでいる国、働いている国、または問題が起きた国の当局に申し立てます(GDPR第77条)。ページに各国の当局の一覧があります。",
            "en": "You complain to the authority of the country where you live or work, or where it happened (GDPR art. 77). The page lists all of them.",
        },
    ),
    "ico": (
        30, "https://ico.org.uk/make-a-complaint/", "+44 303 123 1113", "GB",
        {"ja": "英国情報コミッショナーオフィス(ICO)", "en": "Information Commissioner’s Office (United Kingdom)"},
        {
            "ja": "ページのフォームから申し立てます。先に、その会社に直接申し出ていることが求められます。",
            "en": "It takes complaints through the form on its page. It expects you to have complained to the company first.",
        },
    ),
}  # fmt: skip


def add_first(apps, schema_editor):
    authorities = apps.get_model("disclosures", "Authority").objects
    for code, (position, url, phone, countries, title, how) in FIRST.items():
        own = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in title else "en"
        others = {
            f"{name}_{one}": texts[one]
            for name, texts in (("title", title), ("how", how))
            for one in texts
            if one != own
        }
        authorities.get_or_create(
            code=code,
            defaults={
                "position": position, "url": url, "phone": phone, "countries": countries, "title": title[own],
                "how": how[own], "i18n": others,
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0032_countersignatures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.SlugField(
                        help_text="Permanent identifier, in lower-case letters, digits and hyphens. It is also the anchor on the page.",
                        max_length=60,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(
                        default=0, help_text="Smaller numbers come first.", verbose_name="position"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "retired_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="From then on it is not published and no longer accepted. Existing records keep it.",
                        null=True,
                        verbose_name="retired at",
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        help_text="Where it says how it takes a complaint.",
                        max_length=300,
                        validators=[django.core.validators.URLValidator(["https"])],
                        verbose_name="address of the page",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="telephone")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                (
                    "how",
                    models.TextField(
                        blank=True,
                        help_text="One or two plain sentences, shown to people.",
                        verbose_name="how it takes a complaint",
                    ),
                ),
                (
                    "countries",
                    models.CharField(
                        blank=True,
                        help_text="Two letters each, ISO 3166-1, separated by spaces.",
                        max_length=300,
                        verbose_name="countries",
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "how"), required_languages=(), virtual_fields=True
                    ),
                ),
            ],
            options={
                "verbose_name": "data protection authority",
                "verbose_name_plural": "data protection authorities",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AuthorityPack",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("disclosure_id", models.UUIDField()),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("made_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.authority",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="authority_packs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "pack for an authority",
                "verbose_name_plural": "packs for authorities",
                "indexes": [models.Index(fields=["person", "disclosure_id"], name="authority_pack_by_disclosure")],
            },
        ),
        migrations.RunPython(add_first, migrations.RunPython.noop),
        refuse("disclosures", "authority", "DELETE"),
        refuse("disclosures", "authoritypack", "UPDATE"),
        refuse_early("disclosures", "authoritypack", "made_at", is_erasable=True),
    ]
