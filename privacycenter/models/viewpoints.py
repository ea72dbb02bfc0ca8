"""Through whose eyes a person's rows are read, if not through their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models


@dataclass(frozen=True)
class Viewpoint:
    """Somebody who represents a person, and what of the person's rows they may see.

    ``representative``: their user id; ``representation``: the row that says so; ``name``: how they are called.
    ``narrow`` leaves out of rows fetched from the person (``person.decisions`` and its like) what they may not see; of
    a table that it does not know it leaves nothing.
    """

    representative: int
    representation: UUID
    name: str
    may_decide: bool
    narrow: Callable[[models.QuerySet[Any]], models.QuerySet[Any]]
