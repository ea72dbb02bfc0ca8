"""The disclosures of the made-up world that were reported wrongly and corrected a day later."""

from datetime import datetime, timedelta

from consents.demo.cast import HANAKO
from consents.demo.clock import clock_at
from disclosures.ledger.events import CREATED, CorrectionEvent, Facts
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Disclosure, Ground
from privacycenter.models import User

# hanako's latest table at a diner; her phone number was reported with it by mistake.
NUMBER = 15


def correct_all(*, seed: int, now: datetime) -> int:
    """Report the corrections of those disclosures that exist. Return how many were new."""
    hanako = User.objects.get(subject=HANAKO)
    wrong = hanako.disclosures.with_references().filter(event_id=f"demo-{seed}-{HANAKO}-{NUMBER:05d}").first()
    if wrong is None:
        return 0
    corrected_at = min(now, wrong.recorded_at + timedelta(days=1))
    with clock_at(corrected_at):
        results = record_disclosures(events=[correction_of(wrong, seed, corrected_at)], by=wrong.reporter)
    return sum(result.status == CREATED for result in results)


def correction_of(wrong: Disclosure, seed: int, corrected_at: datetime) -> CorrectionEvent:
    return CorrectionEvent(
        source=f"https://{wrong.service.code}.example/demo",
        event_id=f"demo-{seed}-correction-{NUMBER:05d}",
        subject=HANAKO,
        disclosure=wrong.id,
        reason={
            "ja": "お電話番号はお店に渡していませんでした。報告の設定に誤りがあり、直しました。",
            "en": "Your phone number was not given to the restaurant. "
            "The report was set up wrongly. This has been fixed.",
        },
        occurred_at=corrected_at,
        facts=Facts(
            recipient=wrong.recipient.code,
            service=wrong.service.code,
            scenario=wrong.scenario.code,
            items=("name",),
            ground=Ground(wrong.ground),
            occurred_at=wrong.occurred_at,
            evidence=wrong.evidence,
        ),
    )
