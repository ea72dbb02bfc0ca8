"""Combinations of data items."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from disclosures.models import DataItem, ItemSet
from disclosures.models.ledger import digest_of
from privacycenter.database.compiled_queries import Given, IsAmong, Statement


def ensure_item_sets(
    *, combinations: Iterable[tuple[str, ...]], known: Mapping[str, int] | None = None
) -> dict[tuple[str, ...], int]:
    """The key of each combination's item set, which is made if it is new.

    ``known``: digest → key of those that were looked up already. One SQL statement without it, none with it when all
    are known.
    """
    wanted = {digest_of(codes): codes for codes in combinations}
    found = dict(BY_DIGEST.rows(digests=wanted.keys()) if known is None else known)
    for digest in sorted(wanted.keys() - found.keys()):  # in one order, so that two batches never wait for each other
        found[digest] = add_item_set(digest=digest, codes=sorted(set(wanted[digest]))).pk
    return {codes: found[digest] for digest, codes in wanted.items()}


BY_DIGEST = Statement(lambda: ItemSet.objects.filter(IsAmong("digest", Given("digests"))).values_list("digest", "pk"))


@transaction.atomic
def add_item_set(*, digest: str, codes: list[str]) -> ItemSet:
    """Make the set, or return the one that another transaction made at the same moment."""
    item_set, created = ItemSet.objects.get_or_create(digest=digest, defaults={"codes": codes})
    if created:
        item_set.items.set(DataItem.objects.filter(code__in=codes))
    return item_set
