"""What a look-up of a person is about, and which parts of the record it opens. Never writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from disclosures.models import AffectedList, Incident, IncidentStep, Inquiry, LookScope, Recipient, Scenario, Service
from disclosures.public.titles import Names
from disclosures.record.effective_record import between
from privacycenter.models import User
from privacycenter.text.words import Phrase


class Part(StrEnum):
    """The parts of a record, each with a page for officers. ``ACCOUNT``: who somebody is, and their accounts."""

    ENTRIES = "entries"
    ANSWERS = "answers"
    INQUIRIES = "inquiries"
    RECALLS = "recalls"
    FILING = "filing"
    ACCESSES = "accesses"
    ACCOUNT = "account"


PARTS = {
    LookScope.WHOLE: tuple(Part),
    LookScope.RECIPIENT: (Part.ENTRIES, Part.ANSWERS, Part.RECALLS),
    LookScope.SERVICE: (Part.ENTRIES, Part.ANSWERS, Part.RECALLS),
    LookScope.INQUIRY: (Part.INQUIRIES, Part.ENTRIES, Part.ANSWERS),
    LookScope.INCIDENT: (Part.ENTRIES,),
    LookScope.IDENTITY: (Part.ACCOUNT, Part.ACCESSES),
}
# Nothing of these parts.
NOTHING = Q(recipient_id__in=())


@dataclass(frozen=True)
class Scope:
    """``of``: the code of the recipient or service, the reference number of the request, or the incident's id."""

    kind: LookScope
    of: str = ""

    @property
    def is_whole(self) -> bool:
        return self.kind is LookScope.WHOLE

    def covers(self, part: Part) -> bool:
        return part in PARTS[self.kind]


def is_there(scope: Scope) -> bool:
    """Return whether what the look-up is about exists. At most one SQL statement."""
    match scope.kind:
        case LookScope.RECIPIENT | LookScope.SERVICE:
            return MODELS[scope.kind]._default_manager.filter(code=scope.of).exists()
        case LookScope.INQUIRY:
            return Inquiry.objects.filter(reference=scope.of).exists()
        case LookScope.INCIDENT:
            id = id_in(scope.of)
            return id is not None and Incident.objects.filter(pk=id).exists()
    return not scope.of


MODELS: Mapping[LookScope, type[Model]] = {LookScope.RECIPIENT: Recipient, LookScope.SERVICE: Service}


def id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# --- What of the record it opens -------------------------------------------------------------------------------------


def matter_of(scope: Scope, person: User) -> Q:
    """Return the condition for what has a recipient, a service and a scenario: disclosures, corrections, answers,
    requests. At most two SQL statements.
    """
    match scope.kind:
        case LookScope.WHOLE:
            return Q()
        case LookScope.RECIPIENT:
            return Q(recipient_id__in=key_of(Recipient, scope.of))
        case LookScope.SERVICE:
            return Q(service_id__in=key_of(Service, scope.of))
        case LookScope.INQUIRY:
            return asked_about(scope.of, person)
        case LookScope.INCIDENT:
            return listed_for(scope.of, person)
    return NOTHING


def key_of(model: type[Any], code: str) -> list[int]:
    return list(model.objects.filter(code=code).values_list("pk", flat=True))


def asked_about(reference: str, person: User) -> Q:
    """What a request to the operator names: a recipient, a scenario, or one of the person's disclosures."""
    about = Inquiry.objects.filter(reference=reference).values_list("about", flat=True).first() or ""
    if about.startswith("recipient:"):
        return Q(recipient_id__in=key_of(Recipient, about.removeprefix("recipient:")))
    if id := id_in(about):
        keys = ("recipient_id", "service_id", "scenario_id")
        found = person.disclosures.shown_to(person).filter(id=id).values(*keys).first()
        return Q(**found) if found else NOTHING
    return Q(scenario_id__in=key_of(Scenario, about)) if about else NOTHING


def listed_for(incident: str, person: User) -> Q:
    """What the incident's lists are about that have this person: disclosures alone, in a period."""
    listed = IncidentStep.objects.filter(incident=id_in(incident), list__isnull=False).values_list("list_id", flat=True)
    lists = person.affected_lists.filter(id__in=list(listed)).values_list("id", flat=True)
    found = NOTHING
    for filters in AffectedList.objects.filter(pk__in=list(lists)).values_list("filters", flat=True):
        period = between(*(datetime.fromisoformat(filters[name]) for name in ("since", "until")))
        for name, model in {"recipient": Recipient, "service": Service, "scenario": Scenario}.items():
            if code := filters.get(name):
                period &= Q(**{f"{name}_id__in": key_of(model, code)})
        found |= period
    return found


# --- In words --------------------------------------------------------------------------------------------------------


def scope_words(kind: str, of: str, names: Names) -> Phrase | str:
    """Return how much was opened, for the person; empty for looks from before scopes were kept, and single pages."""
    match kind:
        case LookScope.RECIPIENT:
            return Phrase(_("Only what concerns %(what)s"), {"what": names.recipient(of)})
        case LookScope.SERVICE:
            return Phrase(_("Only what concerns %(what)s"), {"what": names.service(of)})
        case LookScope.INQUIRY:
            return Phrase(_("Only what concerns the request %(what)s"), {"what": of})
        case LookScope.INCIDENT:
            return _("Only what concerns an incident")
        case LookScope.IDENTITY:
            return _("Only who you are here")
        case LookScope.WHOLE:
            return _("Everything could be opened")
    return ""
