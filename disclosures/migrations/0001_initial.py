"""All tables, as of the first release."""

import django.core.validators
import django.db.models.deletion
import modeltrans.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("allauth_idp_oidc", "0003_client_allow_uri_wildcards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Country",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="Two letters, ISO 3166-1: JP, US, …",
                        max_length=2,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                        verbose_name="code",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                (
                    "system",
                    models.TextField(
                        blank=True,
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.",
                        verbose_name="data-protection system",
                    ),
                ),
                (
                    "system_unknown",
                    models.TextField(
                        blank=True,
                        help_text="One plain sentence, shown instead of it.",
                        verbose_name="why the system is not described",
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "system", "system_unknown"), required_languages=(), virtual_fields=True
                    ),
                ),
            ],
            options={
                "verbose_name": "country",
                "verbose_name_plural": "countries",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="DataItem",
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
                        help_text="From then on it is not published and no longer accepted. The ledger keeps it for ever.",
                        null=True,
                        verbose_name="retired at",
                    ),
                ),
                (
                    "description",
                    models.TextField(blank=True, help_text="One plain sentence.", verbose_name="description"),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "description"), required_languages=(), virtual_fields=True
                    ),
                ),
            ],
            options={
                "verbose_name": "data item",
                "verbose_name_plural": "data items",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Link",
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
                    "address",
                    models.CharField(
                        help_text="A path of this site (/faq/) or an https address.",
                        max_length=500,
                        verbose_name="address",
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(fields=("title",), required_languages=(), virtual_fields=True),
                ),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Service",
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
                        help_text="From then on it is not published and no longer accepted. The ledger keeps it for ever.",
                        null=True,
                        verbose_name="retired at",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        help_text="What it is about: travel, jobs, housing, …", max_length=100, verbose_name="field"
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "field"), required_languages=(), virtual_fields=True
                    ),
                ),
            ],
            options={
                "verbose_name": "service",
                "verbose_name_plural": "services",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Term",
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
                ("term", models.CharField(max_length=100, verbose_name="term")),
                (
                    "reading",
                    models.CharField(
                        blank=True,
                        help_text="In hiragana: shown above the Japanese term.",
                        max_length=100,
                        verbose_name="reading",
                    ),
                ),
                (
                    "gloss",
                    models.CharField(help_text="One plain sentence.", max_length=500, verbose_name="plain meaning"),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("term", "gloss"), required_languages=(), virtual_fields=True
                    ),
                ),
            ],
            options={
                "verbose_name": "legal term",
                "verbose_name_plural": "legal terms",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "flagged disclosure"),
                            (2, "conflicting report"),
                            (3, "flagged correction"),
                            (4, "rejected report"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                ("disclosure_id", models.UUIDField(verbose_name="disclosure")),
                ("conflict_id", models.UUIDField(verbose_name="conflict")),
                ("flags", models.PositiveSmallIntegerField(default=0, verbose_name="flags")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                (
                    "whose",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_closing", models.BooleanField(default=False, verbose_name="closes the case")),
                ("reason", models.TextField(verbose_name="what was found or done")),
                ("taken_at", models.DateTimeField(verbose_name="when")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="disclosures.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=20, unique=True, verbose_name="reference number")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "See the data you hold about me"),
                            (2, "Correct, complete or delete data about me"),
                            (3, "Stop using data about me or giving it to others"),
                            (4, "Information on how data is handled abroad"),
                            (5, "A question"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("body", models.TextField(verbose_name="text")),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="about")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to the operator",
                "verbose_name_plural": "requests to the operator",
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="InquiryStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "received"),
                            (2, "in progress"),
                            (3, "answered"),
                            (4, "declined, with the reason"),
                            (5, "closed"),
                        ],
                        verbose_name="status",
                    ),
                ),
                ("message", models.TextField(blank=True, verbose_name="message to the person")),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                ("taken_at", models.DateTimeField(verbose_name="when")),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="disclosures.inquiry",
                        verbose_name="request",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ItemSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("codes", models.JSONField()),
                ("items", models.ManyToManyField(related_name="item_sets", to="disclosures.dataitem")),
            ],
            options={
                "verbose_name": "item set",
                "verbose_name_plural": "item sets",
            },
        ),
        migrations.CreateModel(
            name="Page",
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
                    "lead",
                    models.TextField(
                        blank=True,
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.",
                        verbose_name="opening words",
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "lead"), required_languages=(), virtual_fields=True
                    ),
                ),
                (
                    "related",
                    models.ManyToManyField(
                        blank=True, related_name="pages", to="disclosures.link", verbose_name="related pages"
                    ),
                ),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.JSONField(verbose_name="document")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("base_number", models.PositiveIntegerField(verbose_name="based on number")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("publish_at", models.DateTimeField(blank=True, null=True, verbose_name="publish at")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProposalApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("approved_at", models.DateTimeField(verbose_name="approved at")),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval",
                        to="disclosures.proposal",
                        verbose_name="proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval of a proposal",
                "verbose_name_plural": "approvals of proposals",
            },
        ),
        migrations.CreateModel(
            name="ProposalOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "published"),
                            (2, "rejected"),
                            (3, "withdrawn"),
                            (4, "outdated: something else was published meanwhile"),
                        ],
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("publication", models.PositiveIntegerField(null=True, verbose_name="publication")),
                ("ended_at", models.DateTimeField(verbose_name="ended at")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome",
                        to="disclosures.proposal",
                        verbose_name="proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "outcome of a proposal",
                "verbose_name_plural": "outcomes of proposals",
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("document", models.JSONField(verbose_name="document")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("published_at", models.DateTimeField(verbose_name="published at")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
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
                        help_text="From then on it is not published and no longer accepted. The ledger keeps it for ever.",
                        null=True,
                        verbose_name="retired at",
                    ),
                ),
                ("business", models.CharField(blank=True, max_length=200, verbose_name="business")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                (
                    "contact",
                    models.CharField(
                        blank=True, help_text="An e-mail or web address.", max_length=300, verbose_name="contact"
                    ),
                ),
                (
                    "measures",
                    models.TextField(
                        blank=True,
                        help_text="How it protects the data: APPI art. 28, for those abroad.",
                        verbose_name="measures it takes",
                    ),
                ),
                (
                    "measures_unknown",
                    models.TextField(
                        blank=True,
                        help_text="One plain sentence, shown instead of them.",
                        verbose_name="why the measures are not known",
                    ),
                ),
                ("is_example", models.BooleanField(default=False, verbose_name="made up, an example")),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "business", "address", "measures", "measures_unknown"),
                        required_languages=(),
                        virtual_fields=True,
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recipients",
                        to="disclosures.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HiddenRecipient",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("hidden_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="hidden_recipients",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "hidden recipient",
                "verbose_name_plural": "hidden recipients",
            },
        ),
        migrations.CreateModel(
            name="RecordAccess",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("staff_id", models.BigIntegerField()),
                ("role", models.CharField(max_length=60)),
                ("what", models.CharField(max_length=60)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("about_id", models.UUIDField(blank=True, null=True)),
                ("accessed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="record_accesses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "access to a record",
                "verbose_name_plural": "accesses to records",
            },
        ),
        migrations.CreateModel(
            name="Reporter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                (
                    "title",
                    models.CharField(
                        help_text="Shown to people as “reported by”.", max_length=200, verbose_name="title"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="stopped at")),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reporter",
                        to="allauth_idp_oidc.client",
                        verbose_name="credentials",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        related_name="reporters", to="disclosures.service", verbose_name="may speak for"
                    ),
                ),
            ],
            options={
                "verbose_name": "reporter",
                "verbose_name_plural": "reporters",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="RejectedReport",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("row_id", models.UUIDField()),
                ("event", models.JSONField(verbose_name="event")),
                ("problem", models.JSONField(verbose_name="problem")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosures.reporter",
                        verbose_name="reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "rejected report",
                "verbose_name_plural": "rejected reports",
                "ordering": ["-received_at"],
            },
        ),
        migrations.CreateModel(
            name="FormerSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.CharField(max_length=200)),
                ("valid_until", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_secrets",
                        to="disclosures.reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "former secret",
                "verbose_name_plural": "former secrets",
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("disclosure_id", models.UUIDField()),
                ("event", models.JSONField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="conflicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflict",
                "verbose_name_plural": "conflicts",
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Scenario",
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
                        help_text="From then on it is not published and no longer accepted. The ledger keeps it for ever.",
                        null=True,
                        verbose_name="retired at",
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.", verbose_name="text"
                    ),
                ),
                (
                    "ground",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Your own act (booking, application and the like)"),
                            (2, "Your approval"),
                            (3, "Contract"),
                            (4, "Law"),
                            (5, "Nobody can be identified"),
                        ],
                        help_text="Why it is allowed. With “your approval” the person is asked.",
                        verbose_name="ground",
                    ),
                ),
                (
                    "recipient_kinds",
                    models.CharField(
                        blank=True,
                        help_text="Plain words: hotels, restaurants, … Leave it empty if only the named recipients may receive the data.",
                        max_length=300,
                        verbose_name="kinds of recipients",
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "body", "recipient_kinds"), required_languages=(), virtual_fields=True
                    ),
                ),
                (
                    "links",
                    models.ManyToManyField(
                        blank=True, related_name="scenarios", to="disclosures.link", verbose_name="links"
                    ),
                ),
                (
                    "recipients",
                    models.ManyToManyField(
                        blank=True,
                        related_name="scenarios",
                        to="disclosures.recipient",
                        verbose_name="named recipients",
                    ),
                ),
            ],
            options={
                "verbose_name": "scenario",
                "verbose_name_plural": "scenarios",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.SlugField(
                        help_text="Permanent identifier, in lower-case letters, digits and hyphens. It is also the anchor on the page.",
                        max_length=60,
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                (
                    "body",
                    models.TextField(
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.", verbose_name="text"
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(fields=("body",), required_languages=(), virtual_fields=True),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="disclosures.scenario",
                        verbose_name="scenario",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="ScenarioItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scenario_items",
                        to="disclosures.dataitem",
                        verbose_name="data item",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scenario_items",
                        to="disclosures.scenario",
                    ),
                ),
            ],
            options={
                "verbose_name": "data item",
                "verbose_name_plural": "data items",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="scenario",
            name="items",
            field=models.ManyToManyField(
                related_name="scenarios",
                through="disclosures.ScenarioItem",
                to="disclosures.dataitem",
                verbose_name="data items",
            ),
        ),
        migrations.CreateModel(
            name="Section",
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
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.",
                        verbose_name="text",
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "body"), required_languages=(), virtual_fields=True
                    ),
                ),
                (
                    "links",
                    models.ManyToManyField(
                        blank=True, related_name="sections", to="disclosures.link", verbose_name="links"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="disclosures.page",
                        verbose_name="page",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subsections",
                        to="disclosures.section",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="scenario",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scenarios",
                to="disclosures.section",
                verbose_name="section",
            ),
        ),
        migrations.CreateModel(
            name="Question",
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
                ("question", models.CharField(max_length=300, verbose_name="question")),
                (
                    "answer",
                    models.TextField(
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.", verbose_name="answer"
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("question", "answer"), required_languages=(), virtual_fields=True
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="disclosures.section",
                        verbose_name="section",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Definition",
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
                ("term", models.CharField(max_length=200, verbose_name="term")),
                (
                    "body",
                    models.TextField(
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.", verbose_name="text"
                    ),
                ),
                ("examples", models.TextField(blank=True, help_text="One per line.", verbose_name="examples")),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("term", "body", "examples"), required_languages=(), virtual_fields=True
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="definitions",
                        to="disclosures.section",
                        verbose_name="section",
                    ),
                ),
            ],
            options={
                "verbose_name": "definition",
                "verbose_name_plural": "definitions",
                "ordering": ["position", "code"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="scenario",
            name="services",
            field=models.ManyToManyField(
                blank=True, related_name="scenarios", to="disclosures.service", verbose_name="services"
            ),
        ),
        migrations.CreateModel(
            name="ReportCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("disclosure_count", models.PositiveBigIntegerField(default=0)),
                ("removed_count", models.PositiveBigIntegerField(default=0)),
                ("first_reported_at", models.DateTimeField()),
                ("last_reported_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_counts",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_counts",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "report count",
                "verbose_name_plural": "report counts",
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("complete_until", models.DateTimeField()),
                ("event_count", models.PositiveBigIntegerField()),
                ("declared_change", models.BigIntegerField()),
                ("heard_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="heartbeats",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="heartbeats", to="disclosures.service"
                    ),
                ),
            ],
            options={
                "verbose_name": "heartbeat",
                "verbose_name_plural": "heartbeats",
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                (
                    "ground",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Your own act (booking, application and the like)"),
                            (2, "Your approval"),
                            (3, "Contract"),
                            (4, "Law"),
                            (5, "Nobody can be identified"),
                        ]
                    ),
                ),
                ("flags", models.PositiveSmallIntegerField(default=0)),
                ("decision_id", models.UUIDField(blank=True, null=True)),
                ("named_decision_id", models.UUIDField(blank=True, null=True)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("event_id", models.CharField(max_length=255)),
                ("fingerprint", models.BinaryField(max_length=32)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="disclosures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.itemset",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.scenario",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure",
                "verbose_name_plural": "disclosures",
            },
        ),
        migrations.CreateModel(
            name="DeclaredCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("declared_count", models.BigIntegerField(default=0)),
                ("opening_arrived_count", models.BigIntegerField(default=0)),
                ("opening_declared_count", models.BigIntegerField(default=0)),
                ("complete_since", models.DateTimeField()),
                ("complete_until", models.DateTimeField()),
                ("heard_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declared_counts",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declared_counts",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "declared count",
                "verbose_name_plural": "declared counts",
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("disclosure_id", models.UUIDField()),
                ("reason", models.JSONField()),
                (
                    "ground",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Your own act (booking, application and the like)"),
                            (2, "Your approval"),
                            (3, "Contract"),
                            (4, "Law"),
                            (5, "Nobody can be identified"),
                        ],
                        null=True,
                    ),
                ),
                ("occurred_at", models.DateTimeField(null=True)),
                ("flags", models.PositiveSmallIntegerField(default=0)),
                ("decision_id", models.UUIDField(blank=True, null=True)),
                ("corrected_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("event_id", models.CharField(max_length=255)),
                ("fingerprint", models.BinaryField(max_length=32)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="corrections",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.itemset",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.scenario",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
            },
        ),
        migrations.CreateModel(
            name="ArrivalCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_at", models.DateTimeField()),
                ("disclosure_count", models.PositiveBigIntegerField(default=0)),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrival_counts",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrival_counts",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "arrival count",
                "verbose_name_plural": "arrival counts",
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "operator",
                    models.CharField(
                        help_text="The company whose privacy center this is.", max_length=200, verbose_name="operator"
                    ),
                ),
                (
                    "lead",
                    models.TextField(
                        blank=True,
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.",
                        verbose_name="opening words",
                    ),
                ),
                ("disclaimer_title", models.CharField(max_length=200, verbose_name="title of the disclaimer")),
                (
                    "disclaimer",
                    models.TextField(
                        help_text="Markdown: paragraphs, **bold**, lists, links and tables.", verbose_name="disclaimer"
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        help_text="The date in the disclaimer: what is shown was true on this day.",
                        verbose_name="as of",
                    ),
                ),
                (
                    "security_contact",
                    models.CharField(
                        blank=True,
                        help_text="An e-mail address or an https address, published in /.well-known/security.txt (RFC 9116).",
                        max_length=300,
                        verbose_name="contact for security reports",
                    ),
                ),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=("title", "operator", "lead", "disclaimer_title", "disclaimer"),
                        required_languages=(),
                        virtual_fields=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "site",
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_site")],
            },
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("whose", "disclosure_id", "conflict_id"), name="a_case_is_opened_once"
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(fields=["-asked_at"], name="inquiry_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="hiddenrecipient",
            constraint=models.UniqueConstraint(
                fields=("person", "recipient"), name="a_recipient_is_hidden_once_per_person"
            ),
        ),
        migrations.AddIndex(
            model_name="recordaccess",
            index=models.Index(fields=["person", "-accessed_at"], name="access_by_person_newest"),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["kind", "code", "-id"], name="revision_by_entry"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("scenario", "code"), name="note_code_is_unique_in_its_scenario"),
        ),
        migrations.AddConstraint(
            model_name="scenarioitem",
            constraint=models.UniqueConstraint(fields=("scenario", "item"), name="scenario_names_an_item_once"),
        ),
        migrations.AddConstraint(
            model_name="reportcount",
            constraint=models.UniqueConstraint(
                fields=("service", "reporter"), name="one_count_per_service_and_reporter"
            ),
        ),
        migrations.AddIndex(
            model_name="heartbeat",
            index=models.Index(fields=["service", "reporter", "complete_until"], name="heartbeat_by_time"),
        ),
        migrations.AddIndex(
            model_name="disclosure",
            index=models.Index(fields=["person", "-occurred_at"], name="disclosure_by_person_newest"),
        ),
        migrations.AddConstraint(
            model_name="declaredcount",
            constraint=models.UniqueConstraint(
                fields=("service", "reporter"), name="one_declared_per_service_and_reporter"
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["person", "disclosure_id"], name="correction_by_disclosure"),
        ),
        migrations.AddConstraint(
            model_name="arrivalcount",
            constraint=models.UniqueConstraint(
                fields=("service", "reporter", "begins_at"), name="one_arrival_count_at_a_time"
            ),
        ),
    ]
