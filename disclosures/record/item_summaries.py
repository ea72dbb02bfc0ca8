"""What was provided of a person's data, item by item. Pure: no SQL beyond that of ``Names``."""

from collections.abc import Iterable
from dataclasses import dataclass

from disclosures.public.titles import Names
from disclosures.record.effective_record import Combination
from privacycenter.text.words import Words


@dataclass(frozen=True)
class ItemSummary:
    """One item: how many recipients received it, how often.

    ``share``: its recipients, in per cent of those of the most frequent item, as the width of a bar.
    """

    code: str
    title: Words
    recipient_count: int
    count: int
    share: str


def item_summaries(found: Iterable[Combination], names: Names) -> list[ItemSummary]:
    """Return the items in the record, those with most recipients first."""
    recipients: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for one in found:
        for code in one.items:
            recipients.setdefault(code, set()).add(one.recipient)
            counts[code] = counts.get(code, 0) + one.count
    most = max((len(some) for some in recipients.values()), default=1)
    in_order = sorted(names.ordered(recipients), key=lambda code: (-len(recipients[code]), -counts[code]))
    return [
        ItemSummary(
            code=code,
            title=names.title("data_items", code),
            recipient_count=len(recipients[code]),
            count=counts[code],
            share=f"{100 * len(recipients[code]) / most:.0f}",
        )
        for code in in_order
    ]
