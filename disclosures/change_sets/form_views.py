"""Publishing from a content form: what the form is about, as far as it is in one's own set, and what that leaves."""

from collections.abc import Collection, Iterable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.change_sets.actions import LONGEST_NAME
from disclosures.change_sets.conflicts import label_of_field
from disclosures.change_sets.publishing_actions import propose_entries, publish_entries
from disclosures.change_sets.queries import chosen_set, waiting_in_sets
from disclosures.content.merging import PatchEntry, changed_cells
from disclosures.content.open_sets import Key, patch_of
from disclosures.models import Proposal, Publication
from disclosures.proposals.views import publishes_alone, tell_outcome
from privacycenter.models import User
from privacycenter.text.joining import in_one_line


def publish_form(request: HttpRequest, keys: Collection[Key], saved: Iterable[PatchEntry], reason: str) -> None:
    """Publish or propose what one's set changes of these entries; say what of it was not changed just now (``saved``),
    and what stays waiting."""
    user = cast(User, request.user)
    earlier = changed_earlier(user, keys, saved)
    name = reason[:LONGEST_NAME]

    def publish() -> Publication:
        return publish_entries(keys=keys, name=name, reason=reason, by=user)

    def propose() -> Proposal:
        return propose_entries(keys=keys, name=name, reason=reason, by=user)

    if tell_outcome(request, publish, propose, is_at_once=publishes_alone(user)) is None:
        return
    if earlier:
        messages.info(request, _("What you had changed here before went with it: %(fields)s") % {"fields": earlier})
    waiting = waiting_in_sets(user, chosen_set(user))
    if waiting.mine or waiting.others:
        told = ngettext(
            "%(count)s more change stays waiting.",
            "%(count)s more changes stay waiting.",
            waiting.mine + waiting.others,
        )
        messages.info(request, told % {"count": waiting.mine + waiting.others})


def changed_earlier(user: User, keys: Collection[Key], saved: Iterable[PatchEntry]) -> str:
    """Return the labels of the fields that one's set changes in these entries and that were not saved just now."""
    current = chosen_set(user)
    if current is None:
        return ""
    now = {(one.kind, one.code): {name for name, _language in changed_cells(one.base, one.entry)} for one in saved}
    labels = [
        label_of_field(one.kind, name)
        for one in patch_of(current, keys)
        for name in dict.fromkeys(name for name, _language in sorted(changed_cells(one.base, one.entry)))
        if name not in now.get((one.kind, one.code), set())
    ]
    return in_one_line(filter(None, dict.fromkeys(labels)))
