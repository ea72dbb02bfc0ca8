"""Making a history and a practice of the oracle come true, through the actions."""

from copy import deepcopy

from consents.asking.decision_actions import answer_request, undo_answer, withdraw_decision
from consents.asking.requests import request_page
from consents.asking.rule_actions import set_rule
from consents.models import Decision, RuleKind, RuleSetting
from disclosures.content.publications import newest_document
from disclosures.models import DataItem, Ground, Recipient, Scenario, Service
from disclosures.publishing.actions import append_publication, lock_publishing
from privacycenter.canonical import sha256_of
from tests.support.api import QUESTION
from tests.support.asking import ask
from tests.support.clock import clock_at
from tests.support.oracle import Practice, Step

RECIPIENT, SCENARIO = QUESTION["recipient"], QUESTION["scenario"]
ROWS = {
    "recipient": (Recipient, RECIPIENT), "service": (Service, QUESTION["service"]), "scenario": (Scenario, SCENARIO),
}  # fmt: skip


def live_through(steps, person, reporter) -> list[Decision]:
    """The decision of each step."""
    made: list[Decision] = []
    for step in steps:
        with clock_at(step.at):
            made.append(decide(step, made, person, reporter))
    return made


def decide(step: Step, made: list[Decision], person, reporter) -> Decision:
    if step.kind == "withdraw":
        return withdraw_decision(decision_id=made[step.ends].id, language="ja", by=person)
    if step.kind == "undo":
        return undo_answer(decision_id=made[step.ends].id, language="ja", by=person)
    items, days = sorted(step.allowed | step.refused), (step.until - step.at).days
    if step.kind == "rule":
        return refused_by_rule(items, days, person, reporter)
    request = ask(person, reporter, items=items, valid_days=days)
    shown = request_page(person, request.id).text_sha256
    return answer_request(request_id=request.id, allowed=set(step.allowed), text_sha256=shown, by=person)


def refused_by_rule(items, days, person, reporter) -> Decision:
    """By a rule that is ended again at once, so that later requests reach the person."""
    rule = {"kind": RuleKind.RECIPIENT, "code": RECIPIENT, "by": person}
    set_rule(**rule, setting=RuleSetting.REFUSE)
    request = ask(person, reporter, items=items, valid_days=days)
    set_rule(**rule, setting=RuleSetting.OFF)
    return person.decisions.get(request_id=request.id)


def put_into_practice(practice: Practice) -> None:
    """Publish it, and retire what it says is retired."""
    if practice == Practice():
        return
    document = deepcopy(newest_document())
    scenario = document["scenarios"][SCENARIO]
    scenario.update(ground=practice.ground, items=sorted(practice.items))
    if practice.ground != "approval":
        # Its recipient is abroad: of that, nothing has to be cited.
        scenario.update(route_abroad="equal_country")
    if practice.is_for_others:
        scenario.update(recipients=["ntt-docomo"], recipient_kinds={})
    service = QUESTION["service"]
    if practice.service != "named":
        scenario.update(services=[code for code in scenario["services"] if code != service])
    if practice.service == "left out":
        scenario.update(service_list="complete")
    if practice.is_open:
        scenario.update(item_list="open")
    scenario["exclusions"] = [
        {"service": service, "item": item, "reason": {"ja": "渡さない約束"}} for item in sorted(practice.excluded)
    ]
    if practice.hold:
        since, until = practice.hold
        times = {"on_hold_from": since.isoformat(), "on_hold_until": until.isoformat() if until else ""}
        document["recipients"][RECIPIENT].update(**times, on_hold_reason={"ja": "確認中"})
    list_as(document["scenarios"], SCENARIO, practice.scenario)
    list_as(document["recipients"], RECIPIENT, practice.recipient)
    append_publication(document, sha256_of(document), lock_publishing(), None, "")
    Scenario.objects.filter(code=SCENARIO).update(ground=Ground.from_code(practice.draft_ground))
    for name, since in practice.retired.items():
        model, code = ROWS.get(name, (DataItem, name))
        model.objects.filter(code=code).update(retired_at=since)


def publish_scenario(code: str, **said) -> int:
    """Publish what the newest publication says, with this of one scenario; the publication's number."""
    document = deepcopy(newest_document())
    document["scenarios"][code].update(said)
    return append_publication(document, sha256_of(document), lock_publishing(), None, "").number


def list_as(entries: dict, code: str, how: str) -> None:
    if how == "missing":
        del entries[code]
    elif how == "as retired":
        entries[code]["retired"] = True
