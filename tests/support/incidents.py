"""A breach at the inn of ``events.an_event``: who is affected, and what they are told."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from disclosures.affected.filters import AffectedFilters
from disclosures.models import WithholdingGround
from disclosures.officers.withholding_actions import withhold_disclosure

OCTOBER, DECEMBER = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
INN = AffectedFilters(since=OCTOBER, until=DECEMBER, recipient="minato-inn")
WHY = "漏えいの調査のため"
JA = {
    "title": "提供先で情報が漏れました", "what": "提供先のサーバーが不正に操作されました。", "harm": "迷惑電話が来ることがあります。",
    "measures": "提供を止めました。", "contact": "窓口: 03-0000-0000",
}  # fmt: skip
EN = {
    "title": "A recipient leaked data", "what": "Its server was broken into.", "harm": "You may get nuisance calls.",
    "measures": "We stopped providing data.", "contact": "Call 03-0000-0000",
}  # fmt: skip
TEXT = {"ja": JA, "en": EN}


def keep_back(person, event_id, officer):
    """Keep one disclosure from its person by law."""
    disclosure = person.disclosures.get(event_id=event_id)
    withhold_disclosure(
        disclosure=disclosure, ground=WithholdingGround.CRIME, until=timezone.now() + timedelta(days=90), reason="x",
        by=officer,
    )  # fmt: skip
    return disclosure
