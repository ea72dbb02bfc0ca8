"""The rows that a list of affected people holds, named as they were when it was made, and who of them are one person.

A report whose transaction ends after a list was made may say that it was recorded before. So what is on a list is what
it names, whatever is found later.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

from disclosures.affected.filters import around
from disclosures.ledger.shared_records import together_now
from disclosures.models import AffectedPerson, SharedRecord
from disclosures.models.officers.affected import NAME_LENGTH

DISCLOSURE, CORRECTION = "d", "c"
ACCOUNTS_AT_ONCE = 5_000

# People, and the id of a row of each, as 32 hexadecimal digits.
Keys = tuple[list[int], list[str]]
# Mark and id: a disclosure that counts as it was reported, or a correction by which one counts.
RowName = tuple[str, UUID]


def row_names(rows: str) -> set[RowName]:
    """Return the names in ``AffectedPerson.rows``."""
    starts = range(0, len(rows), NAME_LENGTH)
    return {(rows[start], UUID(rows[start + 1 : start + NAME_LENGTH])) for start in starts}


def listed(lists: Collection[UUID], people: Sequence[int]) -> Iterator[tuple[UUID, int, str]]:
    """Yield list, person and the names of their rows, for those of these people who are on it. One SQL statement."""
    wanted = set(people)
    found = AffectedPerson.objects.filter(around("person_id", people), id__in=lists)
    for one in found.values_list("id", "person_id", "rows"):
        if one[1] in wanted:
            yield one


def names_on(lists: Collection[UUID], people: Sequence[int]) -> dict[UUID, dict[int, set[RowName]]]:
    """Return list → person → the names of their rows, for those of these people who are on it. One SQL statement.

    No names: the list was made before they were kept.
    """
    found: dict[UUID, dict[int, set[RowName]]] = {}
    for list, person, rows in listed(lists, people):
        found.setdefault(list, {})[person] = row_names(rows)
    return found


def keys_on(list: UUID, people: Sequence[int]) -> dict[str, Keys] | None:
    """Return mark → the keys of the rows of these people that a list names. None if it was made before it named them.
    One SQL statement."""
    found: dict[str, Keys] = {DISCLOSURE: ([], []), CORRECTION: ([], [])}
    for _list, person, rows in listed([list], people):
        if not rows:
            return None
        for start in range(0, len(rows), NAME_LENGTH):
            owners, ids = found[rows[start]]
            owners.append(person)
            ids.append(rows[start + 1 : start + NAME_LENGTH])
    return found


def linked_on(lists: Collection[UUID]) -> set[int]:
    """Return the people on these lists who have, or had, other accounts. One SQL statement."""
    people = AffectedPerson.objects.filter(id__in=lists).values("person_id")
    return set(SharedRecord.objects.filter(person_id__in=people).order_by().values_list("person_id", flat=True))


def too_many(accounts: Iterable[int]) -> int:
    """Return by how many these accounts are more than the people whose they are. One SQL statement for each five
    thousand, none without any."""
    keys = sorted(set(accounts))
    people: set[frozenset[int]] = set()
    for start in range(0, len(keys), ACCOUNTS_AT_ONCE):
        some = keys[start : start + ACCOUNTS_AT_ONCE]
        others = together_now(some)
        people |= {frozenset({one, *others.get(one, ())}) for one in some}
    return len(keys) - len(people)


def one_of_each(people: Sequence[int], others: dict[int, set[int]], done: Collection[int]) -> list[int]:
    """Return these accounts without those of whom another account is ``done``, or comes earlier. Pure."""
    seen, found = set(done), []
    for one in people:
        if not others.get(one, set()) & seen:
            found.append(one)
        seen.add(one)
    return found
