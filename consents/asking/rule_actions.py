"""Setting standing rules, and applying them to requests."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consents.asking.decision_actions import refuse_by_rule
from consents.asking.rules import newest_versions, rules_in_force, subject_of, verdict
from consents.models import ApprovalRequest, Decision, RuleKind, RuleSetting, StandingRule
from disclosures.ledger.shared_records import together_since
from privacycenter.errors import InvalidValue
from privacycenter.identifiers import uuid7
from privacycenter.models import RowKind, User
from privacycenter.proof.growing import record_grew
from privacycenter.text.languages import speaking

WITHOUT_CODE = (RuleKind.ALL, RuleKind.ABROAD)


@transaction.atomic
def set_rule(*, kind: RuleKind, code: str, setting: RuleSetting, by: User) -> StandingRule:
    """Make, change or end a rule (``RuleSetting.OFF``) by adding a version. Past decisions stay.

    It applies to requests filed from now on. The same setting again returns the version in force. Raises InvalidValue
    for a code that does not fit the kind, for ``RuleSetting.ASK`` on anything but a recipient, and for ending a rule
    that is not in force.
    """
    refuse_bad_rule(kind, code, setting)
    by = User.objects.lock(by.pk)
    versions, since = list(by.standing_rules.about(kind, code).newest_first()), together_since(by)
    newest: StandingRule | None = next(iter(newest_versions(versions, since)), None)
    if newest and newest.setting == setting:
        return newest
    if newest is None and setting == RuleSetting.OFF:
        raise InvalidValue("There is no such rule.", "setting")
    rule = StandingRule.objects.create(
        person=by,
        id=uuid7(),
        kind=kind,
        code=code,
        version=max([rule.version for rule in versions if rule.person_id == by.pk], default=0) + 1,
        setting=setting,
        made_at=max(timezone.now(), since + timedelta(microseconds=1)) if since else timezone.now(),
    )
    record_grew(RowKind.RULE, [rule.pk])
    return rule


def refuse_bad_rule(kind: RuleKind, code: str, setting: RuleSetting) -> None:
    if bool(code) == (kind in WITHOUT_CODE):
        raise InvalidValue("This kind of rule needs a code, or must not have one.", "code")
    if setting == RuleSetting.ASK and kind != RuleKind.RECIPIENT:
        raise InvalidValue("Being asked each time is an exception for one recipient.", "setting")


def apply_rules(*, request: ApprovalRequest, by: User) -> Decision | None:
    """Refuse a newly filed request if a standing rule says so. Return the decision, or None: the person is asked.

    MUST be called in the transaction that files the request, with the person's row locked. ``by`` is the person. Rules
    refuse or ask; they never allow. One SQL statement if no rule applies.
    """
    rule = verdict(rules_in_force(by), subject_of(request)).refuses
    if rule is None:
        return None
    with speaking(settings.LANGUAGE_CODE):
        return refuse_by_rule(request_id=request.id, rule=rule, by=by)
