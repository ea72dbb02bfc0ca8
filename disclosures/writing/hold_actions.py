"""Putting a recipient on hold at once, and ending that: in the working copy, and in a publication of its own."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.content.entries import field_name, title_in
from disclosures.content.parts import own
from disclosures.content.working_copy import entry_of
from disclosures.guard_rails.held_at_once import held_at_once, with_hold, with_holds_of
from disclosures.models import Publication, Recipient
from disclosures.publishing.actions import append_publication, lock_publishing
from disclosures.writing.actions import written_down
from privacycenter.canonical import sha256_of
from privacycenter.errors import InvalidValue
from privacycenter.models import User
from privacycenter.text.languages import site_languages, speaking
from privacycenter.text.legible import fault_of
from privacycenter.text.words import said

LONGEST_REASON = 300


@transaction.atomic
def publish_hold(*, recipient: str, reason: Mapping[str, str] | None, by: User) -> Publication:
    """Put a recipient on hold from now on, with the reason that everybody reads, or with None end its hold.

    Published at once, by one person alone: the newest publication with this hold, and nothing else of the working copy,
    which has the hold from then on, too. ``reason``: language → text. A hold that an editor set is replaced, for an
    editor can end it. Raises InvalidValue without a reason in the site's first language, for a recipient that is not
    published, one that an officer put on hold already, and, to end it, for one that is not on hold.
    """
    reason = None if reason is None else said(reason)
    refuse_bad_reason(reason)
    newest = lock_publishing()
    now = with_holds_of(None, newest.document) if newest else {"recipients": {}}
    entry = now["recipients"].get(recipient)
    row = Recipient.objects.select_related("country").filter(code=recipient).first()
    if newest is None or row is None or entry is None or (entry["retired"] and reason):
        raise InvalidValue("No recipient with this code is published.", "recipient")
    if reason is not None and recipient in held_at_once():
        raise InvalidValue("It is on hold already.", "recipient")
    if reason is None and "on_hold_from" not in entry:
        raise InvalidValue("It is not on hold.", "recipient")
    # It is public at once, so it waits in no set.
    with written_down(own([row]), into=None, by=by):
        set_hold(row, reason)
    entries = {**now["recipients"], recipient: with_hold(entry, entry_of(row))}
    document = {**now, "recipients": entries}
    return append_publication(document, sha256_of(document), newest, by, why(entry, recipient, is_ended=reason is None))


def refuse_bad_reason(reason: Mapping[str, str] | None) -> None:
    if reason is None:
        return
    if not reason.get(settings.LANGUAGE_CODE):
        raise InvalidValue("Say in Japanese why: everybody reads it.", "reason")
    if any(len(text) > LONGEST_REASON for text in reason.values()):
        raise InvalidValue(f"At most {LONGEST_REASON} characters.", "reason")
    if fault := next(filter(None, map(fault_of, reason.values())), None):
        raise InvalidValue(fault, "reason")


def set_hold(row: Recipient, reason: Mapping[str, str] | None) -> None:
    # To the second, as the desk's form has it.
    row.on_hold_from = timezone.now().replace(microsecond=0) if reason else None
    row.on_hold_until = None
    for language in site_languages():
        setattr(row, field_name("on_hold_reason", language), (reason or {}).get(language, ""))
    row.save(update_fields=["on_hold_from", "on_hold_until", "on_hold_reason", "i18n"])


def why(entry: dict[str, object], code: str, *, is_ended: bool) -> str:
    """Return what the public list of changes says, in the site's first language."""
    with speaking(settings.LANGUAGE_CODE):
        text = _("No longer on hold: %(recipient)s") if is_ended else _("On hold at once: %(recipient)s")
        return text % {"recipient": title_in(entry, code)}
