"""Queries about one person that their pages make all the time: compiled once, given anew for each person."""

from typing import Any

from privacycenter.database.compiled_queries import PageQuery
from privacycenter.models import User


class PersonQuery(PageQuery):
    """A queryset of one person's rows. ``build`` gets the person, then values by name.

    Whoever has several accounts, or is seen through another's eyes, is few: for them it is built anew.
    """

    def rows(self, person: User, **values: Any) -> list[Any]:  # type: ignore[override]
        """Return what the queryset gives. One SQL statement."""
        if len(person.keys) > 1 or person.viewpoint:
            return list(self.build(person, **values))
        return list(self.filled(values, person))
