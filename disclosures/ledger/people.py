"""People known by their subject alone."""

from collections.abc import Mapping, Set

from privacycenter.models import User


def ensure_people(*, subjects: Set[str], known: Mapping[str, int] | None = None) -> dict[str, int]:
    """Subject → primary key, making those not seen before. They cannot log in until the company's SSO vouches.

    ``known``: subject → key of those that were looked up already. One SQL statement without it, none with it when all
    are known.
    """
    found = dict(User.objects.for_subjects(subjects) if known is None else known)
    if new := subjects - found.keys():
        people = [User(subject=subject) for subject in sorted(new)]
        for person in people:
            person.set_unusable_password()
        # Another batch may make the same person at the same moment: whoever was first, both then read the same row.
        User.objects.bulk_create(people, ignore_conflicts=True)
        found |= User.objects.for_subjects(new)
    return found
