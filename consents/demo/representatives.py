"""Who acts for whom in the made-up world: hanako for taro, as his agent since two weeks."""

from datetime import datetime, timedelta

from django.utils import timezone

from consents.demo.cast import HANAKO, OFFICER, TARO
from consents.demo.clock import clock_at
from consents.models import RepresentationEvidence, RepresentationKind, RepresentationScope
from consents.representatives.actions import appoint_representative
from consents.representatives.appointments import Appointment
from privacycenter.models import User

ENTERED = timedelta(days=30)
LASTS = timedelta(days=365)


def appoint(*, now: datetime) -> None:
    """Enter it, unless it was entered before."""
    hanako, taro, officer = (User.objects.with_subject(one) for one in (HANAKO, TARO, OFFICER))
    if not (hanako and taro and officer) or taro.representations.exists():
        return
    wanted = Appointment(
        kind=RepresentationKind.AGENT,
        scope=RepresentationScope.DECIDE,
        evidence=RepresentationEvidence.POWER_OF_ATTORNEY,
        until=timezone.localdate(now + LASTS),
        left_out=("zexy",),
    )
    with clock_at(now - ENTERED):
        appoint_representative(
            person=taro, representative=hanako, wanted=wanted, reason="来店時に委任状を確かめた", by=officer
        )
