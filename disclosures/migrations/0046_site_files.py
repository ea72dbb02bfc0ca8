"""Pictures and documents of the site, the bytes that are kept of them, and which of those are public."""

import django.core.validators
import modeltrans.fields
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0045_translations"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptContent",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="SHA-256")),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "kept content",
                "verbose_name_plural": "kept contents",
            },
        ),
        migrations.CreateModel(
            name="PublishedFile",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="SHA-256")),
                (
                    "content_type",
                    models.CharField(
                        choices=[
                            ("image/png", "PNG picture"),
                            ("image/jpeg", "JPEG picture"),
                            ("image/svg+xml", "SVG drawing"),
                            ("application/pdf", "PDF document"),
                        ],
                        max_length=40,
                    ),
                ),
                ("size_bytes", models.PositiveIntegerField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "published file",
                "verbose_name_plural": "published files",
            },
        ),
        migrations.CreateModel(
            name="SiteFile",
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
                    "alt",
                    models.CharField(
                        blank=True,
                        help_text="For whoever does not see the picture: what it says, not what it looks like.",
                        max_length=500,
                        verbose_name="alternative text",
                    ),
                ),
                (
                    "is_decorative",
                    models.BooleanField(
                        default=False,
                        help_text="The picture says nothing that the text does not say. Screen readers pass over it.",
                        verbose_name="decorative",
                    ),
                ),
                (
                    "caption",
                    models.CharField(
                        blank=True, help_text="Shown below the picture.", max_length=300, verbose_name="caption"
                    ),
                ),
                (
                    "content_type",
                    models.CharField(
                        choices=[
                            ("image/png", "PNG picture"),
                            ("image/jpeg", "JPEG picture"),
                            ("image/svg+xml", "SVG drawing"),
                            ("application/pdf", "PDF document"),
                        ],
                        max_length=40,
                        verbose_name="type of file",
                    ),
                ),
                (
                    "sha256",
                    models.CharField(
                        max_length=64,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{64}$")],
                        verbose_name="SHA-256",
                    ),
                ),
                ("size_bytes", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("width", models.PositiveIntegerField(blank=True, null=True, verbose_name="width")),
                ("height", models.PositiveIntegerField(blank=True, null=True, verbose_name="height")),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "alt", "caption"), required_languages=(), virtual_fields=True
                    ),
                ),
            ],
            options={
                "verbose_name": "picture or document",
                "verbose_name_plural": "pictures and documents",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        refuse("disclosures", "publishedfile", "UPDATE", "DELETE"),
    ]
