"""How far the verification of the ledger got."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verification(models.Model):
    """The one row (``pk`` 1) that says what ``verify_ledger`` has verified, and what its windows do next.

    ``newest_until``: what was written since the first round began, and before this, was verified in the night after it.
    ``whole_began_at``: everything written before that time was verified since then; None: never.
    ``round_began_at``: of the round under way, which verifies everything written before it in ``nights`` pieces;
    ``nights_done`` of them are, up to rows written at ``reached``. None between two rounds.
    """

    newest_until = models.DateTimeField(null=True)
    whole_began_at = models.DateTimeField(null=True)
    round_began_at = models.DateTimeField(null=True)
    reached = models.DateTimeField(null=True)
    nights = models.PositiveSmallIntegerField(default=1)
    nights_done = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("progress of the verification")
        verbose_name_plural = _("progress of the verification")

    def __str__(self) -> str:
        return f"{self.nights_done}/{self.nights}"
