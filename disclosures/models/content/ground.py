"""The ground of a disclosure: why it was allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ground(models.IntegerChoices):
    """Why a disclosure was allowed.

    Stored as a small integer, because the ledger has a billion rows; the API and content packs use ``code``.
    """

    PERSON_ACT = 1, _("Your own act (booking, application and the like)")
    POLICY = 6, _("Your consent to the privacy policy")
    APPROVAL = 2, _("Your approval")
    CONTRACT = 3, _("Contract")
    LEGAL = 4, _("Allowed or required by law")
    NONE = 5, _("None: processed, so not provided as data about one person")

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "Ground":
        """Return the ground with this code. Raise KeyError if the code is unknown."""
        return cls[code.upper()]

    def label_for(self, *, officers: bool) -> str:
        """Return the ground in words. To an officer, “you” would be the wrong one."""
        return str(OF_THE_PERSON.get(self, self.label) if officers else self.label)


OF_THE_PERSON = {
    Ground.PERSON_ACT: _("The person’s own act (booking, application and the like)"),
    Ground.POLICY: _("The person’s consent to the privacy policy"),
    Ground.APPROVAL: _("The person’s approval"),
}
