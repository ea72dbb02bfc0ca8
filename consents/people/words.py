"""Kinds of rows in words, for reports."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

# Name of a model → what its rows are.
KINDS = {
    "disclosure": _("disclosures"),
    "conflict": _("conflicting reports"),
    "correction": _("corrections"),
    "withholdingstep": _("steps about withheld entries"),
    "case": _("officers' cases"),
    "rejectedreport": _("rejected reports"),
    "approvalrequest": _("approval requests"),
    "requestcancellation": _("cancellations of requests"),
    "decision": _("decisions"),
    "withdrawalstep": _("steps after withdrawals"),
    "withdrawalcase": _("withdrawal cases"),
    "recall": _("recalls"),
    "recallstep": _("steps of recalls"),
    "recallcase": _("recall cases"),
    "countersignature": _("signatures of recipients"),
    "affectedperson": _("places on lists of affected people"),
    "incidentnotice": _("notes that they were told of an incident"),
    "representation": _("notes of who represents them"),
    "representationending": _("ends of representations"),
    "heldrepresentation": _("notes of whom they represent"),
    "actedfor": _("notes of what was answered for them"),
    "standingrule": _("standing rules"),
    "notice": _("notices"),
    "noticereading": _("read marks"),
    "preference": _("choices of mails"),
    "mailing": _("notes of mails sent"),
    "export": _("notes of files taken home"),
    "authoritypack": _("notes of packs for authorities"),
    "hiddenrecipient": _("hidden recipients"),
    "countedapproval": _("counted approvals"),
    "questioncount": _("counts of questions of services"),
    "emailaddress": _("e-mail addresses"),
    "socialaccount": _("company log-ins"),
    "authenticator": _("passkeys and second factors"),
    "sharedrecord": _("notes of which accounts were one person"),
    "recordaccess": _("notes of who opened the record"),
    "accountstep": _("notes of what staff did to the account"),
    "inquiry": _("requests to the operator"),
    "webhookdelivery": _("webhook deliveries"),
    "webhookattempt": _("tries of webhooks"),
    "feedentry": _("entries of feeds"),
}


def in_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return each kind in words with its count."""
    return [(str(KINDS[kind]), count) for kind, count in sorted(counts.items())]


def both_in_words(counts: Mapping[str, tuple[int, int]]) -> list[tuple[str, int, int]]:
    """Return each kind in words with its count under two accounts."""
    return [(str(KINDS[kind]), *both) for kind, both in sorted(counts.items())]
