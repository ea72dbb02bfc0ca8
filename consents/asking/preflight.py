"""What publishing would mean for standing approvals: a finding for each text that changes, from a follower's counts."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import ngettext

from consents.asking.published_texts import SHOWN
from consents.models import ApprovalCount
from disclosures.content.publications import Document
from disclosures.guard_rails.findings import Finding, finding
from disclosures.models import Ground
from disclosures.public.titles import Names
from privacycenter.text.languages import site_languages, speaking

# A kind of entry and its code.
Entry = tuple[str, str]


def approval_findings(published: Document | None, document: Document) -> list[Finding]:
    """Return one finding for each published text that changes and that people were shown when they allowed what stands.

    One SQL statement; none if nothing changes.
    """
    if published is None or published == document:
        return []
    return list(changed_under_approvals(published, document))


def changed_under_approvals(published: Document, document: Document) -> Iterator[Finding]:
    for (kind, code), by_language in resting_on(published).items():
        before, after = published.get(kind, {}).get(code), document.get(kind, {}).get(code)
        if before is None or after is None or before == after:
            continue
        languages = changed_fields(kind, code, by_language, (Names(published), Names(document)))
        for field, changed in languages.items():
            count = sum(by_language[language] for language in changed)
            yield finding(kind, code, after, field, said(count), language=language_of(changed), is_error=False)


def language_of(changed: list[str]) -> str:
    """Return the language whose text is to be named: empty if it is more than one, or one that the site had once."""
    return changed[0] if len(changed) == 1 and changed[0] in site_languages() else ""


def said(count: int) -> str:
    return ngettext(
        "%(count)s standing approval rests on the text that changes.",
        "%(count)s standing approvals rest on the text that changes.",
        count,
    ) % {"count": count}


def resting_on(published: Document) -> dict[Entry, Counter[str]]:
    """Return how many standing approvals rest on each published entry, by the language in which it was read.

    One SQL statement.
    """
    found: dict[Entry, Counter[str]] = defaultdict(Counter)
    names = ("recipient__code", "service__code", "scenario__code", "item_set__codes", "language")
    rows = ApprovalCount.objects.standing_on(timezone.localdate()).order_by().values_list(*names)
    for recipient, service, scenario, items, language, count in rows.annotate(count=Sum("approval_count")):
        if published.get("scenarios", {}).get(scenario, {}).get("ground") != Ground.APPROVAL.code:
            continue  # nobody's approval is needed there any more
        country = published.get("recipients", {}).get(recipient, {}).get("country", "")
        entries = [("scenarios", scenario), ("recipients", recipient), ("countries", country), ("services", service)]
        for entry in (*entries, *(("data_items", item) for item in items)):
            found[entry][language] += count
    order = list(SHOWN)
    return dict(sorted(found.items(), key=lambda pair: (order.index(pair[0][0]), pair[0][1])))


def changed_fields(kind: str, code: str, languages: Counter[str], names: tuple[Names, Names]) -> dict[str, list[str]]:
    """Return each field whose text changes, with the languages in which it does. Pure for what is published."""
    changed: dict[str, list[str]] = defaultdict(list)
    for language in sorted(languages):
        with speaking(language):
            before, after = (SHOWN[kind](one, code) for one in names)
        for field in before:
            if before[field] != after.get(field):
                changed[field].append(language)
    return changed
