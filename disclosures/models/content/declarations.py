"""What a scenario declares, in words that a machine can obey: how far its lists bind, its legal route, its evidence."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceList(models.TextChoices):
    """How far a scenario's list of services binds. Only a complete one keeps other services out."""

    COMPLETE = "complete", _("complete: no other service may")
    MAIN = "main", _("the main ones: others may, too")
    EXAMPLE = "example", _("the main ones, as our example: nobody has confirmed them yet")


class ItemList(models.TextChoices):
    """How far a scenario's list of data items binds. Examples bind checks as a complete list does, unless opened."""

    COMPLETE = "complete", _("complete: nothing else is provided")
    EXAMPLES = "examples", _("examples, and checks allow only these")
    OPEN = "open", _("examples, and checks allow others, too")


class Route(models.TextChoices):
    """The legal way of providing data that a scenario uses (APPI arts. 27 to 31)."""

    CONSENT = "consent", _("consent (art. 27(1))")
    EXCEPTION = "exception", _("an exception in the law (art. 27(1))")
    OPT_OUT = "opt_out", _("opt-out (art. 27(2))")
    ENTRUSTMENT = "entrustment", _("entrusted handling (art. 27(5)(i))")
    SUCCESSION = "succession", _("succession of a business (art. 27(5)(ii))")
    JOINT_USE = "joint_use", _("joint use (art. 27(5)(iii))")
    RELATED_INFORMATION = "related_information", _("information related to a person (art. 31)")
    ANONYMISED = "anonymised", _("anonymized or statistical information")


# What the law wants published of a route, or asks about it: field of the scenario → what it is called there.
ROUTE_FACTS: dict[str, dict[str, Any]] = {
    Route.JOINT_USE: {
        "route_parties": _("Who uses it jointly"),
        "route_purpose": _("Purpose of the joint use"),
        "route_responsible": _("Responsible for it (name, address, representative)"),
    },
    Route.ENTRUSTMENT: {
        "route_parties": _("Who is entrusted with it"),
        "route_purpose": _("What it is entrusted for"),
        "route_responsible": _("Who supervises it"),
    },
    Route.SUCCESSION: {
        "route_parties": _("From whom to whom the business goes"),
        "route_purpose": _("Purpose, which stays the same"),
    },
    Route.OPT_OUT: {
        "route_purpose": _("What for, and how it is provided"),
        "route_stopping": _("How to have it stopped"),
        "route_responsible": _("Filed with the Personal Information Protection Commission"),
    },
    Route.RELATED_INFORMATION: {
        "route_parties": _("Who relates it to a person"),
        "route_purpose": _("What for"),
        "route_responsible": _("Who obtains the person’s consent, and how that is confirmed"),
    },
}


class RouteAbroad(models.TextChoices):
    """The legal way of providing data to a recipient abroad (APPI art. 28)."""

    CONSENT = "consent", _("consent (art. 28(1))")
    EQUAL_COUNTRY = "equal_country", _("a country with an equal system (art. 28(1))")
    EQUIVALENT_SYSTEM = "equivalent_system", _("a recipient with an equivalent system (art. 28(1) and (3))")


class EvidenceNeeded(models.TextChoices):
    """What a report in a scenario cites for its ground. Never a value of personal data."""

    DECISION = "decision", _("the person’s decision")
    ACT = "act", _("the person’s act in the service: its number there")
    POLICY = "policy", _("the version of the policy")
    CONTRACT = "contract", _("the reference of a contract")
    ORDER = "order", _("the reference of an order or a legal demand")
