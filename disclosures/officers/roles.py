"""Roles of the desk, as groups with permissions."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

EDITORS, PUBLISHERS, OFFICERS = "editors", "publishers", "officers"
EDITED = (
    "site", "page", "section", "definition", "question", "scenario", "scenarioitem", "exclusion", "note", "link",
    "menuentry", "sitefile", "term", "synonyms", "dataitem", "service", "country", "recipient",
)  # fmt: skip
APPS = ("disclosures", "consents")
DELETED = (
    "page", "section", "definition", "question", "scenarioitem", "exclusion", "note", "link", "menuentry", "sitefile",
    "term", "synonyms",
)  # fmt: skip
READ = {*(f"view_{model}" for model in EDITED), "view_publication", "view_proposal", "view_revision", "view_changeset"}
AUTHORITIES = ("view_authority", "add_authority", "change_authority")
KEYS = ("view_recipientkey", "add_recipientkey", "add_recipientkeyretirement")
ROLES = {
    EDITORS: {
        *READ,
        *(f"{verb}_{model}" for model in EDITED for verb in ("add", "change")),
        *(f"delete_{model}" for model in DELETED),
        "add_proposal",
        "add_changeset",
        "change_changeset",
        *KEYS,
        *AUTHORITIES,
    },
    PUBLISHERS: {*READ, "add_proposal", "add_proposalapproval", "add_publication"},
    OFFICERS: {
        *READ,
        *("view_reporter", "change_reporter", "view_disclosure", "view_conflict", "view_recordaccess"),
        *("view_withdrawalcase", "add_withdrawalstep", "view_recallcase", "add_recallstep"),
        *("view_webhookendpoint", "change_webhookendpoint", "view_webhookdelivery"),
        *("view_inquiry", "add_inquirystep", "view_case", "add_casestep", "view_heartbeat"),
        *(f"{verb}_answertemplate" for verb in ("view", "add", "change", "delete")),
        *("view_ledgerfault", "add_faultacknowledgement", "view_withholdingstep", "add_withholdingstep"),
        *("view_accountstep", "add_accountstep", "view_refusedmessage", "change_refusedmessage"),
        *KEYS,
        *AUTHORITIES,
        "view_questiontotal",
        *("view_affectedlist", "add_affectedlist", "view_incident", "add_incidentstep", "hold_recipient"),
        "export_for_person",
    },
}


@transaction.atomic
def ensure_roles() -> None:
    """Create the groups of editors, publishers and officers with exactly the permissions listed here.

    Safe to repeat.
    """
    for name, codenames in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(content_type__app_label__in=APPS, codename__in=codenames))
