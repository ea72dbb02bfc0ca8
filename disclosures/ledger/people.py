"""People who are known by their subject only."""

from collections.abc import Mapping, Set

from privacycenter.models import User


def ensure_people(*, subjects: Set[str], known: Mapping[str, int] | None = None, hold: bool = True) -> dict[str, int]:
    """Return subject → primary key, creating people not seen before. They can log in once the company's SSO confirms
    them.

    Those who were not known are held (``PersonManager.hold``); not with ``hold=False``, for who locks them next: two
    that hold the same row would wait for each other. ``known`` holds subject → key of people already looked up. One SQL
    statement without it; none if it holds all of them.
    """
    found = dict(User.objects.for_subjects(subjects) if known is None else known)
    if new := subjects - found.keys():
        people = [User(subject=subject) for subject in sorted(new)]
        for person in people:
            person.set_unusable_password()
        # A concurrent batch may create the same person; both then read the same row.
        User.objects.bulk_create(people, ignore_conflicts=True)
        found |= User.objects.hold(new) if hold else User.objects.for_subjects(new)
    return found


def lock_person(subject: str) -> User:
    """Lock the person with this subject, who is created if not seen before. Never one who is erased meanwhile."""
    while (person := User.objects.lock(ensure_people(subjects={subject}, hold=False)[subject])).subject != subject:
        pass
    return person
