"""Combinations of data items."""

import hashlib
from collections.abc import Iterable

from django.db import transaction

from disclosures.models import DataItem, ItemSet


def digest_of(codes: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(set(codes))).encode()).hexdigest()


def ensure_item_sets(*, combinations: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], ItemSet]:
    """The item set of each combination of codes, made if it is new. One SQL statement when all are known."""
    wanted = {digest_of(codes): codes for codes in combinations}
    found = {row.digest: row for row in ItemSet.objects.filter(digest__in=wanted)}
    for digest in sorted(wanted.keys() - found.keys()):  # in one order, so that two batches never wait for each other
        found[digest] = add_item_set(digest=digest, codes=sorted(set(wanted[digest])))
    return {codes: found[digest] for digest, codes in wanted.items()}


@transaction.atomic
def add_item_set(*, digest: str, codes: list[str]) -> ItemSet:
    """Make the set, or return the one that another transaction made at the same moment."""
    item_set, created = ItemSet.objects.get_or_create(digest=digest, defaults={"codes": codes})
    if created:
        item_set.items.set(DataItem.objects.filter(code__in=codes))
    return item_set
