"""The ground of a disclosure: why it was allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ground(models.IntegerChoices):
    """Why a disclosure was allowed.

    Stored as a small integer, because the ledger has a billion rows; the API and content packs use ``code``.
    """

    PERSON_ACT = 1, _("Your own act (booking, application and the like)")
    APPROVAL = 2, _("Your approval")
    CONTRACT = 3, _("Contract")
    LEGAL = 4, _("Law")
    NONE = 5, _("Nobody can be identified")

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "Ground":
        """Return the ground with this code. Raise KeyError if the code is unknown."""
        return cls[code.upper()]
