"""What a look-up of a person is about, and which parts of the record it opens. Never writes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from disclosures.models import (
    AffectedList,
    AffectedPerson,
    Incident,
    IncidentStep,
    Inquiry,
    ItemSet,
    LookScope,
    Recipient,
    Reporter,
    Scenario,
    Service,
)
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


def is_about(scope: Scope, person: User) -> bool:
    """Return whether a look-up of this person may be about it: a request has to be theirs. At most one statement."""
    return scope.kind is not LookScope.INQUIRY or requests_of(person).filter(reference=scope.of).exists()


def requests_of(person: User) -> QuerySet[Inquiry]:
    """Select what they sent while logged in, and what was connected with their record."""
    return Inquiry.objects.filter(Q(asked_by_id__in=person.keys) | Q(standing__whose_id__in=person.keys))


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
    requests. At most two SQL statements; of an incident four, and those for the codes of lists from before their rows
    were kept.
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
    about = requests_of(person).filter(reference=reference).values_list("about", flat=True).first() or ""
    if about.startswith("recipient:"):
        return Q(recipient_id__in=key_of(Recipient, about.removeprefix("recipient:")))
    if id := id_in(about):
        keys = ("recipient_id", "service_id", "scenario_id")
        found = person.disclosures.shown_to(person).filter(id=id).values(*keys).first()
        return Q(**found) if found else NOTHING
    return Q(scenario_id__in=key_of(Scenario, about)) if about else NOTHING


def listed_for(incident: str, person: User) -> Q:
    """The disclosures of this person that the incident's lists name, as they count now. At most four SQL statements,
    those for codes apart."""
    steps = IncidentStep.objects.standing().filter(incident=id_in(incident), list__isnull=False)
    own: list[AffectedPerson] = list(person.affected_lists.filter(id__in=list(steps.values_list("list_id", flat=True))))
    found = Q(id__in=sorted(with_corrections({id for one in own for id in one.row_ids}, person)))
    for made in AffectedList.objects.filter(pk__in=[one.id for one in own if not one.rows]):
        found |= narrowed_as(made)
    return found


def with_corrections(rows: Collection[UUID], person: User) -> set[UUID]:
    """Return the ids of disclosures and corrections, with those of what corrects the same disclosures. Two SQL
    statements, none without any."""
    if not rows:
        return set()
    named = {*rows, *person.corrections.filter(id__in=rows).values_list("disclosure_id", flat=True)}
    return {*named, *person.corrections.filter(disclosure_id__in=named).values_list("id", flat=True)}


def narrowed_as(made: AffectedList) -> Q:
    """Return the condition for what a list is about that was made before its rows were kept."""
    filters = made.filters
    found = between(*(datetime.fromisoformat(filters[name]) for name in ("since", "until")))
    found &= Q(recorded_at__lte=made.asked_at)
    for name, model in LISTED_BY.items():
        if code := filters.get(name):
            found &= Q(**{f"{name}_id__in": key_of(model, code)})
    if items := filters.get("items"):
        found &= Q(item_set_id__in=ItemSet.objects.filter(items__code__in=items).values("pk"))
    return found


LISTED_BY = {"recipient": Recipient, "service": Service, "scenario": Scenario, "reporter": Reporter}


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
