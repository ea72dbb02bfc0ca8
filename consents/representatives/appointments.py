"""What an officer enters about a representative, and why it may not be. Pure, but for ``obstacle_to``."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consents.models import (
    OBJECTION_TIME,
    RepresentationEvidence,
    RepresentationKind,
    RepresentationScope,
)
from consents.models.representatives import EVIDENCE
from disclosures.models import Service
from disclosures.record.effective_record import midnight
from privacycenter.accounts.subjects import ERASED_PREFIX
from privacycenter.models import User

# For how many years somebody may act before the evidence is looked at anew. A child's parent: see the form.
LONGEST = {RepresentationKind.GUARDIAN: 5, RepresentationKind.AGENT: 2}
OF_THOSE_WHO_CANNOT = (RepresentationKind.PARENT, RepresentationKind.GUARDIAN)


@dataclass(frozen=True)
class Appointment:
    """``until``: the first day on which it no longer holds. ``left_out``: codes of services that are not shown."""

    kind: RepresentationKind
    scope: RepresentationScope
    evidence: RepresentationEvidence
    until: date
    left_out: tuple[str, ...] = ()

    def but_not(self, services: tuple[str, ...]) -> "Appointment":
        """Return the same without these services, if it is that of a child's parent."""
        if self.kind is not RepresentationKind.PARENT:
            return self
        return replace(self, left_out=tuple(dict.fromkeys([*self.left_out, *services])))

    @property
    def ends_at(self) -> datetime:
        return midnight(self.until)

    def begins_at(self, entered_at: datetime) -> datetime:
        return entered_at + OBJECTION_TIME if self.kind.can_be_objected_to else entered_at

    def as_detail(self) -> dict[str, Any]:
        """Return it as a step of a change to an account keeps it."""
        return {**asdict(self), "until": self.until.isoformat(), "left_out": list(self.left_out)}

    @classmethod
    def from_detail(cls, detail: dict[str, Any]) -> "Appointment":
        return cls(
            kind=RepresentationKind(detail["kind"]),
            scope=RepresentationScope(detail["scope"]),
            evidence=RepresentationEvidence(detail["evidence"]),
            until=date.fromisoformat(detail["until"]),
            left_out=tuple(detail["left_out"]),
        )


class Obstacle(TextChoices):
    SAME = "same", _("Nobody represents themself.")
    STAFF = "staff", _("An account of staff neither represents a person nor is represented.")
    NO_LOG_IN = "no-log-in", _("The representative needs an account to log in with, which is not blocked.")
    ERASED = "erased", _("One of the two was erased.")
    PUT_IN = "put-in", _("This account was put into another one. Name that one.")
    ALREADY = "already", _("This person represents them already. End that first.")
    CIRCLE = "circle", _("The person represents the other one: nobody can represent each other.")
    REPRESENTED = "represented", _("The representative has a parent or guardian who acts for them here.")
    EVIDENCE = "evidence", _("This evidence does not show this kind of representation.")
    TOO_SHORT = "too-short", _("The end is before the beginning. An agent begins two weeks after being entered.")
    TOO_LONG = "too-long", _("So long nobody represents a person here without being entered anew.")
    SERVICE = "service", _("There is no such service.")


def obstacle_to(person: User, representative: User, wanted: Appointment, now: datetime) -> Obstacle | None:
    """Return why this cannot be entered. None if it can. At most five SQL statements."""
    both = (person, representative)
    found = {
        Obstacle.SAME: bool(set(person.keys) & set(representative.keys)),
        Obstacle.STAFF: any(one.is_staff or one.is_superuser for one in both),
        Obstacle.ERASED: any(one.subject.startswith(ERASED_PREFIX) for one in both),
        Obstacle.PUT_IN: any(one.merged_into_id for one in both),
        Obstacle.NO_LOG_IN: not can_log_in(representative),
        Obstacle.EVIDENCE: wanted.evidence not in EVIDENCE[wanted.kind],
        Obstacle.TOO_SHORT: wanted.ends_at <= wanted.begins_at(now),
        Obstacle.TOO_LONG: wanted.ends_at > latest_end(wanted.kind, now),
        Obstacle.SERVICE: not are_services(wanted.left_out),
        Obstacle.ALREADY: exists(person, representative_id__in=representative.keys),
        Obstacle.CIRCLE: exists(representative, representative_id__in=person.keys),
        Obstacle.REPRESENTED: exists(representative, kind__in=OF_THOSE_WHO_CANNOT),
    }
    return next((obstacle for obstacle, stands in found.items() if stands), None)


def exists(person: User, **what: Any) -> bool:
    rows: Any = person.representations
    return bool(rows.not_over().filter(**what).exists())


def can_log_in(account: User) -> bool:
    return account.is_active and bool(account.username or SocialAccount.objects.filter(user=account).exists())


def are_services(codes: tuple[str, ...]) -> bool:
    return not codes or Service.objects.filter(code__in=codes).count() == len(set(codes))


def latest_end(kind: RepresentationKind, now: datetime) -> datetime:
    """Return the latest end. Of a parent it is that of the youngest child: the form computes it by the birth date."""
    years = LONGEST.get(kind, 18)
    return midnight(anniversary(now.date(), years)) + timedelta(days=1)


def anniversary(day: date, years: int) -> date:
    """Return the same day so many years later; of 29 February in other years 1 March, when the year is full."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
