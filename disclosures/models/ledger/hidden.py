"""Recipients that a person hides from the overview. Hiding changes nothing in the record."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.content.recipients import Recipient
from disclosures.models.ledger.events import person_key, reference


class HiddenRecipient(models.Model):
    """One row is one recipient that one person hides from the overview, because others may see the same screen.

    The recipient stays in every list, in the counts and in exports. Showing it again deletes the row.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("hidden_recipients")
    id = models.UUIDField(editable=False)
    recipient = reference(Recipient)
    hidden_at = models.DateTimeField()

    class Meta:
        verbose_name = _("hidden recipient")
        verbose_name_plural = _("hidden recipients")
        constraints = [
            models.UniqueConstraint(fields=["person", "recipient"], name="a_recipient_is_hidden_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}"
