"""Actions that create item sets."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from disclosures.models import DataItem, ItemSet
from disclosures.models.ledger import digest_of
from privacycenter.database.compiled_queries import Given, IsAmong, Statement


def ensure_item_sets(
    *, combinations: Iterable[tuple[str, ...]], known: Mapping[str, int] | None = None
) -> dict[tuple[str, ...], int]:
    """Return combination → key of its item set, creating missing sets.

    ``known`` holds digest → key of sets already looked up. One SQL statement without it; none if it holds all of them.
    """
    wanted = {digest_of(codes): codes for codes in combinations}
    found = dict(BY_DIGEST.rows(digests=wanted.keys()) if known is None else known)
    for digest in sorted(wanted.keys() - found.keys()):  # in a fixed order, so that two batches cannot deadlock
        found[digest] = add_item_set(digest=digest, codes=sorted(set(wanted[digest]))).pk
    return {codes: found[digest] for digest, codes in wanted.items()}


BY_DIGEST = Statement(lambda: ItemSet.objects.filter(IsAmong("digest", Given("digests"))).values_list("digest", "pk"))


@transaction.atomic
def add_item_set(*, digest: str, codes: list[str]) -> ItemSet:
    """Create the item set, or return the one that a concurrent transaction created."""
    item_set, created = ItemSet.objects.get_or_create(digest=digest, defaults={"codes": codes})
    if created:
        item_set.items.set(DataItem.objects.filter(code__in=codes))
    return item_set
