"""People known by their subject alone."""

from privacycenter.models import User


def ensure_people(*, subjects: set[str]) -> dict[str, int]:
    """Subject → primary key, making those not seen before. They cannot log in until the company's SSO vouches."""
    known = User.objects.for_subjects(subjects)
    if new := subjects - known.keys():
        people = [User(subject=subject) for subject in sorted(new)]
        for person in people:
            person.set_unusable_password()
        # Another batch may make the same person at the same moment: whoever was first, both then read the same row.
        User.objects.bulk_create(people, ignore_conflicts=True)
        known |= User.objects.for_subjects(new)
    return known
