"""Why a disclosure was allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ground(models.IntegerChoices):
    """Stored as a small number (the ledger has a billion rows); named by ``code`` in the API and in content packs."""

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
        """Raise KeyError for a code that is not one of ours."""
        return cls[code.upper()]
