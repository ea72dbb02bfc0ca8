"""Reporters: the machines of services that call the API."""

from typing import Any

from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.content.entries import Service
from privacycenter.database.compiled_queries import Given, Statement
from privacycenter.models import AppendOnly, NeverDeleted, NeverDeletedQuerySet
from privacycenter.sandbox.database_clock import Now
from privacycenter.text.words import Words, words_in


class ReporterQuerySet(NeverDeletedQuerySet["Reporter"]):
    def with_token(self, token_hash: str) -> "Reporter | None":
        """Return the reporter that holds this access token, with ``scopes``: those of the token that the credentials
        still have.

        None if the token is unknown, revoked or expired, or the reporter was stopped. One SQL statement.
        """
        for token_scopes, client_scopes, *values in BY_TOKEN.rows(hash=token_hash):
            found = self.model.from_db(self.db, COLUMNS, values)
            found.scopes = frozenset(token_scopes.split()) & frozenset(client_scopes.split())
            return found
        return None

    def for_client(self, client_id: str) -> "Reporter | None":
        """Return the reporter behind these credentials, unless it was stopped. None for any other client."""
        return self.filter(client_id=client_id, stopped_at__isnull=True).select_related("client").first()


class Reporter(NeverDeleted):
    """One row is one machine that may report and query, for its own services only. Its secret is stored hashed.

    The ledger refers to it, so it is stopped, never deleted. While ``paused_at`` is set, its calls that write are to be
    sent again later, and its checks are answered with a no; why, and by whom, is in its steps (``ReporterStep``).
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200, help_text=_("Shown to people as “reported by”."))
    client = models.OneToOneField(Client, models.PROTECT, related_name="reporter", verbose_name=_("credentials"))
    services = models.ManyToManyField(Service, related_name="reporters", verbose_name=_("may speak for"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True, editable=False)

    objects = ReporterQuerySet.as_manager()
    # What the caller's token allows; set by ``with_token``.
    scopes: frozenset[str] = frozenset()

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> Words:
        """The title, which has no translations: it is in the site's first language."""
        return words_in({settings.LANGUAGE_CODE: self.title})


COLUMNS = [field.attname for field in Reporter._meta.concrete_fields]


def with_live_token() -> models.QuerySet[Any]:
    """Select the scopes of the token, the scopes of the credentials, and the columns of the reporter."""
    found = Reporter.objects.filter(
        stopped_at__isnull=True,
        client__token__type=Token.Type.ACCESS_TOKEN,
        client__token__hash=Given("hash"),
        client__token__expires_at__gt=Now(),
    )
    return found.order_by().values_list("client__token__scopes", "client__scopes", *COLUMNS)


BY_TOKEN = Statement(with_live_token)


class ReporterStepKind(models.IntegerChoices):
    """What happened with a reporter's reports, and what an officer did about it."""

    STORM = 1, _("unusually many events that need a look")
    SETTLED = 2, _("looked into: it may go on")
    PAUSED = 3, _("paused")
    RESUMED = 4, _("resumed")


class ReporterStep(AppendOnly):
    """One row is an alarm about a reporter, or what an officer did. The latest one says what holds: whether an alarm
    stands, and whether the reporter is paused.

    ``event_count``: how many events of cases came within the hour before the alarm. ``taken_by``: the user id of the
    officer, without a constraint because this table points to content; None for an alarm.
    """

    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="steps", verbose_name=_("reporter"))
    kind = models.PositiveSmallIntegerField(_("kind"), choices=ReporterStepKind.choices)
    event_count = models.PositiveIntegerField(default=0)
    reason = models.TextField(_("Reason"), blank=True)
    taken_at = models.DateTimeField(_("when"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False,
        verbose_name=_("by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("step about a reporter")
        verbose_name_plural = _("steps about reporters")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.reporter_id}: {self.get_kind_display()}"


class FormerSecret(models.Model):
    """One row is a replaced secret that still works until ``valid_until``, so that machines can switch one after
    another.

    Stored hashed, like the current one.
    """

    reporter = models.ForeignKey(Reporter, models.CASCADE, related_name="former_secrets")
    secret = models.CharField(max_length=200)
    valid_until = models.DateTimeField()

    class Meta:
        verbose_name = _("former secret")
        verbose_name_plural = _("former secrets")

    def __str__(self) -> str:
        return f"{self.reporter_id}: {self.valid_until}"
