"""Comments of colleagues on texts at the desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0047_open_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("code", models.CharField(max_length=60)),
                ("field", models.CharField(max_length=60)),
                ("text", models.TextField(verbose_name="text")),
                ("written_at", models.DateTimeField(verbose_name="when")),
                (
                    "thread",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="disclosures.comment",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
            },
        ),
        migrations.CreateModel(
            name="CommentMailChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "wanted",
                    models.CharField(
                        choices=[
                            ("taken_part", "When somebody names me, or goes on with a thread in which I wrote"),
                            ("named", "When somebody names me"),
                            ("never", "Never"),
                        ],
                        max_length=10,
                        verbose_name="of which comments",
                    ),
                ),
                ("chosen_at", models.DateTimeField(verbose_name="when")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comment_mail_choices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "choice about mails of comments",
                "verbose_name_plural": "choices about mails of comments",
            },
        ),
        migrations.CreateModel(
            name="CommentMention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mentions", to="disclosures.comment"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comment_mentions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "naming in a comment",
                "verbose_name_plural": "namings in comments",
            },
        ),
        migrations.CreateModel(
            name="CommentStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("edited", "changed"),
                            ("withdrawn", "withdrawn"),
                            ("resolved", "resolved"),
                            ("reopened", "opened again"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("taken_at", models.DateTimeField(verbose_name="when")),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="disclosures.comment"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comment_steps",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a comment",
                "verbose_name_plural": "steps of comments",
            },
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["kind", "code", "field"], name="comment_by_field"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["written_at"], name="comment_by_time"),
        ),
        migrations.AddConstraint(
            model_name="commentmention",
            constraint=models.UniqueConstraint(fields=("comment", "staff"), name="colleague_named_once"),
        ),
        *(
            refuse("disclosures", model, event)
            for model in ("comment", "commentstep", "commentmention", "commentmailchoice")
            for event in ("UPDATE", "DELETE")
        ),
    ]
