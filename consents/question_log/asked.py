"""What is counted of a question."""

from datetime import date
from typing import NamedTuple

# In place of a person who is not known here.
NOBODY = 0


class Asked(NamedTuple):
    """About whom (or ``NOBODY``), when, about which recipient, by which service, and the answer: keys and no words."""

    person: int
    asked_on: date
    recipient: int
    service: int
    answer: int
