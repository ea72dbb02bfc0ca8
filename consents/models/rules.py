"""Standing rules: what a person wants refused, or asked each time, without answering each request."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger.events import person_key
from privacycenter.models import AppendOnlyQuerySet, Sealed


class RuleKind(models.TextChoices):
    """What a rule is about. All but the first two kinds need a code."""

    ALL = "all", _("every request")
    ABROAD = "abroad", _("recipients abroad")
    COUNTRY = "country", _("a country")
    SCENARIO = "scenario", _("a situation")
    ITEM = "item", _("an item")
    RECIPIENT = "recipient", _("a recipient")


class RuleSetting(models.TextChoices):
    """What a rule does. No rule allows anything: in doubt, data is not given."""

    REFUSE = "refuse", _("always refuse")
    ASK = "ask", _("ask me each time")
    OFF = "off", _("ended")


class StandingRuleQuerySet(AppendOnlyQuerySet[Any]):
    def about(self, kind: str, code: str) -> "StandingRuleQuerySet":
        return self.filter(kind=kind, code=code)

    def newest_first(self) -> "StandingRuleQuerySet":
        return self.order_by("-made_at", "-id")


class StandingRule(Sealed):
    """One row is one version of one rule: what to do with requests that match ``kind`` and ``code``.

    It applies from ``made_at`` until the next version; a version with ``RuleSetting.OFF`` ends the rule. ``code`` is
    the code of a country, a scenario, a data item or a recipient, and empty for kinds that need none.
    """

    SEALED = {1: ("person", "id", "kind", "code", "version", "setting", "made_at")}

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("standing_rules")
    id = models.UUIDField(editable=False)
    kind = models.CharField(max_length=10, choices=RuleKind.choices)
    code = models.CharField(max_length=100, blank=True)
    version = models.PositiveIntegerField()
    setting = models.CharField(max_length=10, choices=RuleSetting.choices)
    made_at = models.DateTimeField()

    objects = StandingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing rule")
        verbose_name_plural = _("standing rules")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "code", "version"], name="versions_of_a_rule_are_numbered_once"
            )
        ]
