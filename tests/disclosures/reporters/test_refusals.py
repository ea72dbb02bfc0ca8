"""Each refusal of the actions on reporters, called directly: it says why, and nothing was written."""

from datetime import timedelta

import pytest

from disclosures.models import Service
from disclosures.reporters.actions import (
    LONGEST_OVERLAP,
    change_reporter,
    create_reporter,
    rotate_secret,
    stop_reporter,
)
from disclosures.reporters.pause_actions import LONGEST_REASON, pause_reporter, resume_reporter, settle_storm
from disclosures.reporters.token_actions import give_token
from disclosures.reporters.tokens import DISCLOSURES_WRITE
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

NEW = {"code": "another", "title": "Another", "services": ["jalan"]}


def retired_service(has):
    Service.objects.filter(code="jalan").update(retired_at=has.reporter.created_at)
    return NEW


def rotating(has, overlap):
    return {"reporter": has.reporter, "overlap": overlap}


def stopped(has):
    stop_reporter(reporter=has.reporter)
    return has.reporter


def log_in(has, **more):
    return {"client_id": has.reporter.client_id, "secret": has.reporter.secret, **more}


def narrowed(has):
    change_reporter(reporter=has.reporter, scopes=[DISCLOSURES_WRITE])
    return log_in(has, scopes=[DISCLOSURES_WRITE, "decisions:read"])


def about(has, **more):
    return {"reporter": has.reporter, "reason": "設定を確かめるため", "by": has.officer, **more}


def paused(has):
    pause_reporter(**about(has))
    return about(has)


CASES = [
    Refused(create_reporter, "code", lambda has: {**NEW, "code": "Not a code"}),
    Refused(create_reporter, "title", lambda has: {**NEW, "title": ""}),
    Refused(create_reporter, "There is a reporter ", lambda has: {**NEW, "code": has.reporter.code}),
    Refused(create_reporter, "There is no service ", lambda has: {**NEW, "services": ["jalan", "nothing"]}),
    Refused(create_reporter, "There is no service ", retired_service),
    Refused(create_reporter, "There is no scope ", lambda has: {**NEW, "scopes": ["everything"]}),
    Refused(change_reporter, "There is no service ", lambda has: {"reporter": has.reporter, "services": ["nothing"]}),
    Refused(change_reporter, "There is no scope ", lambda has: {"reporter": has.reporter, "services": ["suumo"], "scopes": ["all"]}),
    Refused(rotate_secret, "overlap", lambda has: rotating(has, timedelta(seconds=-1))),
    Refused(rotate_secret, "overlap", lambda has: rotating(has, LONGEST_OVERLAP + timedelta(seconds=1))),
    Refused(rotate_secret, " is stopped", lambda has: {"reporter": stopped(has)}),
    Refused(pause_reporter, "Say why", lambda has: about(has, reason=" ")),
    Refused(pause_reporter, "paused or stopped", paused),
    Refused(pause_reporter, "paused or stopped", lambda has: (stopped(has), about(has))[1]),
    Refused(resume_reporter, "Say why", lambda has: {**paused(has), "reason": "あ" * (LONGEST_REASON + 1)}),
    Refused(resume_reporter, "not paused", about),
    Refused(settle_storm, "Say why", lambda has: about(has, reason="")),
    Refused(settle_storm, "No alarm stands", about),
    Refused(settle_storm, "No alarm stands", paused),
    Refused(give_token, "Check client_id", lambda has: log_in(has, secret="wrong")),
    Refused(give_token, "Check client_id", lambda has: log_in(has, client_id="nobody")),
    Refused(give_token, "Check client_id", lambda has: (stopped(has), log_in(has))[1]),
    Refused(give_token, "does not have the scope", lambda has: log_in(has, scopes=["everything"])),
    Refused(give_token, "does not have the scope", narrowed),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.reporters", CASES) == []
