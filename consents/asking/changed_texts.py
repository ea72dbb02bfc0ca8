"""What changed in the text of a request while the person was reading it. Pure: no SQL."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from disclosures.content.differences import FieldDifference, word_parts
from disclosures.models import RouteAbroad
from privacycenter.text.languages import page_language
from privacycenter.text.shown_files import in_words

Text = dict[str, Any]


def changed_texts(seen: Text, now: Text) -> list[FieldDifference]:
    """Return one difference for each changed passage, in the order of the page.

    Empty if the two texts are in different languages: those are not compared.
    """
    if seen["language"] != now["language"]:
        return []
    language = "" if now["language"] == page_language() else now["language"]
    # A text of version 0.1 did not say who represents the recipient, nor the basis abroad: nothing changed there.
    is_full = "representative" in seen["recipient"]
    before, after = dict(passages(seen, is_full)), dict(passages(now, is_full))
    labels = [*after, *(label for label in before if label not in after)]
    return [
        FieldDifference(label, label, language, word_parts(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def passages(text: Text, is_full: bool) -> Iterator[tuple[str, str]]:
    """Yield the label and the plain text of each passage. ``is_full``: also of what version 0.1 did not say."""
    recipient, scenario = text["recipient"], text["scenario"]
    yield _("Situation"), scenario["title"]
    yield _("Why"), plain(scenario["body"])
    yield _("Recipient"), recipient["title"]
    yield _("Service that asks"), text["service"]["title"]
    hold = recipient.get("on_hold") or {"from": "", "until": "", "reason": ""}
    yield _("On hold"), " – ".join(filter(None, (hold["from"][:10], hold["until"][:10], hold["reason"])))
    yield _("Country"), recipient["country_title"]
    yield _("Business"), recipient["business"]
    yield _("Address"), recipient["address"]
    yield pgettext("of a recipient", "Contact"), recipient["contact"]
    if is_full:
        yield _("Representative"), recipient["representative"]
        yield _("Basis for provision abroad"), basis_in(recipient)
    # The text holds either a description or the reason why there is none.
    system = recipient["country_system"] or recipient.get("country_system_unknown", "")
    yield _("Data-protection system of the country"), plain(system)
    yield _("Measures the recipient takes"), plain(recipient["measures"] or recipient.get("measures_unknown", ""))
    for item in text["items"]:
        yield _("%(item)s: what for") % {"item": item["title"]}, item["purpose"]
        yield _("%(item)s: if you leave it out") % {"item": item["title"]}, item["consequence"]
        yield _("%(item)s: how long it is kept") % {"item": item["title"]}, kept_for(item.get("retention_days"))


def basis_in(recipient: Text) -> str:
    """Return the basis for provision abroad in words; empty for a recipient in Japan."""
    if "basis_abroad" not in recipient:
        return ""
    return str(RouteAbroad(basis).label) if (basis := recipient["basis_abroad"]) else _("not stated")


def kept_for(days: int | None) -> str:
    """Return how long a recipient keeps an item, in words. That it is not stated is said as well."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days} if days else _("not stated")


def plain(html: str) -> str:
    return " ".join(strip_tags(in_words(html)).split())
