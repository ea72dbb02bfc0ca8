"""Actions that create item sets."""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction

from disclosures.models import DataItem, ItemSet
from disclosures.models.ledger.events import digest_of
from privacycenter.database.compiled_queries import Given, IsAmong, Statement

# The key of an advisory lock: any number, the same everywhere.
ADDING = 746217


def ensure_item_sets(
    *, combinations: Iterable[tuple[str, ...]], known: Mapping[str, int] | None = None
) -> dict[tuple[str, ...], int]:
    """Return combination → key of its item set, creating missing sets.

    ``known`` holds digest → key of sets already looked up. One SQL statement without it; none if it holds all of them.
    A set not seen before, which is rare, costs one more for all of them and a few for each.
    """
    wanted = {digest_of(codes): codes for codes in combinations}
    found = dict(BY_DIGEST.rows(digests=wanted.keys()) if known is None else known)
    new = sorted(wanted.keys() - found.keys())
    if new:
        add_one_at_a_time()
    for digest in new:  # in a fixed order, so that two batches cannot deadlock
        found[digest] = add_item_set(digest=digest, codes=sorted(set(wanted[digest]))).pk
    return {codes: found[digest] for digest, codes in wanted.items()}


def add_one_at_a_time() -> None:
    """Let no other transaction add item sets until this one ends.

    Item sets lie on every machine once tables are spread: two transactions that each write several would lock these
    copies in different orders. SQLite has one writer at a time.
    """
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADDING])


BY_DIGEST = Statement(lambda: ItemSet.objects.filter(IsAmong("digest", Given("digests"))).values_list("digest", "pk"))


@transaction.atomic
def add_item_set(*, digest: str, codes: list[str]) -> ItemSet:
    """Create the item set, or return the one that a concurrent transaction created."""
    item_set, created = ItemSet.objects.get_or_create(digest=digest, defaults={"codes": codes})
    if created:
        item_set.items.set(DataItem.objects.filter(code__in=codes))
    return item_set
