"""The product takes its time from one place, so that a sandbox can put it forward. What goes by real time is listed."""

import re

from tests.support.content import ROOT

ANOTHER_CLOCK = re.compile(
    r"datetime\.(?:now|utcnow|today)\(|date\.today\(|\btime\.time(?:_ns)?\(|functions import .*\bNow\b|import now\b"
)
# Each for a reason: others' clocks, limits, what lasts minutes, or the clock itself.
REAL_TIME = {
    "privacycenter/sandbox/clock.py",  # the clock itself
    "privacycenter/identifiers.py",  # adds what the clock is ahead
    "privacycenter/http/safe_http.py",  # a date that another server says
    "privacycenter/rate_limits/limits.py", "privacycenter/rate_limits/cache.py",  # limits are against real floods
    "privacycenter/management/commands/work.py",  # removes what limits have left
    "privacycenter/openid/protocol.py", "privacycenter/openid/views.py",  # tokens of a provider
    "privacycenter/second_factors/ceremonies.py", "privacycenter/accounts/reauthentication.py",  # minutes of one visit
    "privacycenter/proof/sealing_actions.py", "privacycenter/proof/witness_actions.py",  # what witnesses read
    "privacycenter/log/witnessing.py", "privacycenter/log/__main__.py",
    "disclosures/public/well_known.py",  # until when security.txt holds
}  # fmt: skip


def test_no_code_takes_the_time_from_another_clock():
    files = [path for app in ("privacycenter", "disclosures", "consents") for path in (ROOT / app).rglob("*.py")]
    found = {
        str(path.relative_to(ROOT))
        for path in files
        if "migrations" not in path.parts and ANOTHER_CLOCK.search(path.read_text(encoding="utf-8"))
    }
    assert found - REAL_TIME == set(), "timezone.now(), or sandbox.database_clock.Now in SQL"
