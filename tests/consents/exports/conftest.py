"""A person with something in every part of the record."""

import pytest

from consents.asking.decision_actions import undo_answer
from consents.asking.request_actions import cancel_request
from consents.asking.rule_actions import set_rule
from consents.exports import file_store
from consents.models import RuleKind, RuleSetting, StepKind
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.accounts.actions import change_account
from disclosures.ledger.recording import record_disclosures
from disclosures.models import AccountChange
from disclosures.record.actions import log_access
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, ask
from tests.support.events import a_correction, a_survey_event, an_event
from tests.support.exports import confirmed


@pytest.fixture
def home(hanako):
    return confirmed(hanako)


@pytest.fixture
def hanakos_life(hanako, reporter, officer, decision):
    """Something in every part of the record."""
    record_disclosures(events=[an_event(), a_survey_event(items=("name", "survey-answers"))], by=reporter)
    log_access(person=hanako, what="record", reason="お問い合わせへの回答", by=officer)
    change_account(account=hanako, kind=AccountChange.SESSIONS_ENDED, reason="端末の紛失", by=officer)
    work_off()
    return hanako


@pytest.fixture
def everything_is_long(monkeypatch):
    """As if the record were too long for a file at once."""
    monkeypatch.setattr(file_store, "MOST_ROWS_AT_ONCE", dict.fromkeys(file_store.MOST_ROWS_AT_ONCE, -1))


@pytest.fixture
def decided(hanakos_life, reporter, decision, withdrawal):
    """hanako withdrew; the recipient keeps the data, then deletes it. She undid an answer to another, made a rule that
    answered, and a service cancelled."""
    kept = {"ja": "税法の定めです。", "en": "Tax law."}
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, is_delivery=True, by=reporter)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.KEPT, reason=kept, by=reporter)
    undone = answer(hanakos_life, ask(hanakos_life, reporter, recipient="minato-inn"), "name")
    undo_answer(decision_id=undone.id, language="ja", by=hanakos_life)
    set_rule(kind=RuleKind.RECIPIENT, code="kotori-salon", setting=RuleSetting.REFUSE, by=hanakos_life)
    ask(hanakos_life, reporter, recipient="kotori-salon")
    set_rule(kind=RuleKind.COUNTRY, code="US", setting=RuleSetting.REFUSE, by=hanakos_life)
    cancelled = ask(hanakos_life, reporter, recipient="kobune-wedding")
    cancel_request(request=cancelled, by=reporter)
    return {"decision": decision, "withdrawal": withdrawal, "undone": undone, "cancelled": cancelled}


@pytest.fixture
def corrected(hanakos_life, reporter):
    """Of hanako's booking: first it went to another recipient, then it never was."""
    disclosure = hanakos_life.disclosures.get(event_id="event-1")
    for name, facts in (("c-1", None), ("c-2", False)):
        record_disclosures(events=[a_correction(disclosure, name, facts)], by=reporter)
    return disclosure
