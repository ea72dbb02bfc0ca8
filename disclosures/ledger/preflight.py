"""What publishing would mean for what services report: a finding for each, from counts that a follower keeps."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.content.entries import title_in
from disclosures.content.holds import hold_of
from disclosures.content.publications import Document
from disclosures.guard_rails.findings import Finding, finding
from disclosures.ledger.code_lookup import CodedRow, Resolved
from disclosures.ledger.conformance import Published, ScenarioTerms, only_recipients
from disclosures.models import Ground, PracticeCount, ReceivedCount
from disclosures.models.ledger.practice import LOOKED_BACK_DAYS

NOBODY = CodedRow(0, "", None, 0)
# What would become of what was reported → the field in which it is decided, and what the editor is told.
GONE, SERVICE, ITEM, NOT_NAMED, ITEM_NOT_NAMED = "gone", "service", "item", "not named", "item not named"
MESSAGES: dict[str, tuple[str, Any]] = {
    GONE: ("title", _("It would no longer be published. Disclosures in the last 90 days: %(count)s.")),
    SERVICE: ("services", _("“%(service)s” would be undeclared. Disclosures in the last 90 days: %(count)s.")),
    ITEM: (
        "items",
        _("“%(item)s” of “%(service)s” would be undeclared. Disclosures in the last 90 days: %(count)s."),
    ),
    NOT_NAMED: ("services", _("“%(service)s” is not named on the page. Disclosures in the last 90 days: %(count)s.")),
    ITEM_NOT_NAMED: (
        "items",
        _("“%(item)s” of “%(service)s” is not named on the page. Disclosures in the last 90 days: %(count)s."),
    ),
}

NO_LONGER = _("It might no longer receive data in “%(scenario)s”. Disclosures in the last 90 days: %(count)s.")


def practice_findings(published: Document | None, document: Document) -> list[Finding]:
    """Return what of the last 90 days would become undeclared, and what the pages do not name. Two SQL statements; one
    if nothing changes about who may receive what."""
    return [*undeclared_practice(published or {}, document), *undeclared_recipients(published or {}, document)]


def undeclared_practice(published: Document, document: Document) -> Iterator[Finding]:
    """Yield what services would no longer be declared to do, and what open lists do not name, in each scenario."""
    before, after = Published(published), Published(document)
    totals = Counter[tuple[str, str, str, str]]()
    for service, scenario, items, count in counted(PracticeCount, "service__code", "scenario__code", "item_set__codes"):
        rows = resolved(service, scenario, items)
        for what, item in outcomes(before.terms_of(rows), after.terms_of(rows)):
            totals[scenario, what, service if what != GONE else "", item] += count
    for (scenario, what, service, item), count in sorted(totals.items()):
        entry = document.get("scenarios", {}).get(scenario) or published["scenarios"][scenario]
        field, message = MESSAGES[what]
        named = {
            "service": title_in(document.get("services", {}).get(service), service),
            "item": title_in(document.get("data_items", {}).get(item), item),
            "count": count,
        }
        yield finding("scenarios", scenario, entry, field, message % named, is_error=False)


def outcomes(old: ScenarioTerms, new: ScenarioTerms) -> Iterator[tuple[str, str]]:
    """Yield what would become of one combination of service and items in a scenario, with the item it is about."""
    if not new.is_scenario_declared:
        if old.is_scenario_declared:
            yield GONE, ""
        return
    if not new.is_service_declared and old.is_service_declared:
        yield SERVICE, ""
    for departure in new.not_named:
        yield (NOT_NAMED, "") if departure.name == "service" else (ITEM_NOT_NAMED, departure.code)
    for code in sorted(new.barred_items - (old.barred_items if old.is_scenario_declared else frozenset())):
        yield ITEM, code


def undeclared_recipients(published: Document, document: Document) -> Iterator[Finding]:
    """Yield the recipients that no longer might receive what they did, by scenario.

    There are as many counts as recipients in a day, so only those are read that are about what changes.
    """
    recipients, scenarios = changing(published, document, "recipients"), changing(published, document, "scenarios")
    if not recipients and not scenarios:
        return
    about = Q(recipient__code__in=recipients) | Q(scenario__code__in=scenarios)
    for recipient, scenario, count in counted(ReceivedCount, "recipient__code", "scenario__code", about=about):
        if not is_in_use(document, "scenarios", scenario):
            continue
        if may_receive(published, recipient, scenario) and not may_receive(document, recipient, scenario):
            entry = document.get("recipients", {}).get(recipient)
            title = title_in(document.get("scenarios", {}).get(scenario), scenario)
            said = NO_LONGER % {"scenario": title, "count": count}
            yield finding("recipients", recipient, entry or {}, "title", said, is_error=False)


def changing(published: Document, document: Document, kind: str) -> list[str]:
    """Return the codes of the recipients or scenarios of which what ``may_receive`` asks becomes another."""
    asked = {"recipients": may_receive_at_all, "scenarios": who_may_receive}[kind]
    codes = {*published.get(kind, {}), *document.get(kind, {})}
    return sorted(code for code in codes if asked(published, code) != asked(document, code))


def counted(
    model: type[PracticeCount] | type[ReceivedCount], *names: str, about: Q | None = None
) -> Iterable[Sequence[Any]]:
    """Return each combination of the last 90 days with its number of disclosures. One SQL statement."""
    since = timezone.localdate() - timedelta(days=LOOKED_BACK_DAYS)
    rows = model._default_manager.filter(about or Q(), reported_on__gte=since).order_by().values_list(*names)
    return rows.annotate(count=Sum("disclosure_count")).order_by(*names)


def may_receive(document: Document, recipient: str, scenario: str) -> bool:
    """Return whether the document lets this recipient receive data in this scenario now."""
    named = who_may_receive(document, scenario)
    return named is not None and (not named or recipient in named) and may_receive_at_all(document, recipient)


def who_may_receive(document: Document, scenario: str) -> list[str] | None:
    """Return the only recipients of a scenario, none if it names none; None if it is not in use."""
    return only_recipients(document["scenarios"][scenario]) if is_in_use(document, "scenarios", scenario) else None


def may_receive_at_all(document: Document, recipient: str) -> bool:
    if not is_in_use(document, "recipients", recipient):
        return False
    hold = hold_of(document["recipients"][recipient])
    return not (hold and hold.covers(timezone.now()))


def is_in_use(document: Document, kind: str, code: str) -> bool:
    entry = document.get(kind, {}).get(code)
    return entry is not None and not entry["retired"]


def resolved(service: str, scenario: str, items: Sequence[str]) -> Resolved:
    """Return these codes as rows in use; to whom it went does not matter here."""
    return Resolved(
        recipient=NOBODY,
        service=CodedRow(0, service, None, 0),
        scenario=CodedRow(0, scenario, None, Ground.NONE),
        items=tuple(items),
        retired_items=(),
        retired_declared=frozenset(),
    )
