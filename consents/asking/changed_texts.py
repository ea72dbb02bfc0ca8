"""What changed in the text of a request while the person was reading it. Pure: no SQL."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from disclosures.publishing.differences import FieldDifference, word_parts

Text = dict[str, Any]


def changed_texts(seen: Text, now: Text) -> list[FieldDifference]:
    """Return one difference for each changed passage, in the order of the page.

    Empty if the two texts are in different languages: those are not compared.
    """
    if seen["language"] != now["language"]:
        return []
    before, after = dict(passages(seen)), dict(passages(now))
    labels = [*after, *(label for label in before if label not in after)]
    return [
        FieldDifference(label, label, "", word_parts(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def passages(text: Text) -> Iterator[tuple[str, str]]:
    """Yield the label and the plain text of each passage."""
    recipient, scenario = text["recipient"], text["scenario"]
    yield _("Scene"), scenario["title"]
    yield _("Why"), plain(scenario["body"])
    yield _("Recipient"), recipient["title"]
    yield _("Service that asks"), text["service"]["title"]
    yield _("Country"), recipient["country_title"]
    yield _("Business"), recipient["business"]
    yield _("Address"), recipient["address"]
    yield _("Contact"), recipient["contact"]
    # The text holds either a description or the reason why there is none.
    system = recipient["country_system"] or recipient.get("country_system_unknown", "")
    yield _("Data-protection system of the country"), plain(system)
    yield _("Measures the recipient takes"), plain(recipient["measures"] or recipient.get("measures_unknown", ""))
    for item in text["items"]:
        yield _("%(item)s: what for") % {"item": item["title"]}, item["purpose"]
        yield _("%(item)s: if you leave it out") % {"item": item["title"]}, item["consequence"]


def plain(html: str) -> str:
    return " ".join(strip_tags(html).split())
