"""How often services asked whether data may be provided, counted: for each person, and for all of them together."""

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models import Correction, Disclosure, Recipient, Service
from disclosures.models.ledger.events import person_key, reference
from disclosures.models.ledger.withholding import withheld_from
from privacycenter.identifiers import uuid8_from
from privacycenter.models.owner_keys import owned_by


class QuestionAnswer(models.IntegerChoices):
    """What a permission check answered, by the kind of its reason. Everything but ``ALLOWED`` is a no."""

    ALLOWED = 1, _("Yes")
    PARTLY = 2, _("Only for some of the items")
    NOT_APPROVED = 3, _("No: you had not allowed it")
    REFUSED = 4, _("No: you had refused it or withdrawn your approval")
    NOT_PROVIDED = 5, _("No: we do not provide it")
    PAUSED = 6, _("No: the service’s system was paused, whoever it asked about")

    @property
    def code(self) -> str:
        return self.name.lower()


class QuestionCountQuerySet(models.QuerySet["QuestionCount"]):
    def since(self, day: date) -> "QuestionCountQuerySet":
        return self.filter(asked_on__gte=day)

    def shown_to(self, person: Any) -> "QuestionCountQuerySet":
        """Leave out the questions by which a disclosure goes that the law keeps from this person: they would tell.

        What is asked about the same recipient through the same service is left out with them.
        """
        same = {
            **owned_by(person),
            "recipient_id": models.OuterRef("recipient_id"),
            "service_id": models.OuterRef("service_id"),
        }
        kept = Disclosure.objects.filter(**same, id__in=withheld_from(person))
        put_right = Correction.objects.filter(**same, disclosure_id__in=withheld_from(person))
        return self.exclude(models.Exists(kept)).exclude(models.Exists(put_right))


class QuestionCount(models.Model):
    """One row is how often one service asked on one day about one person and recipient, and was given this answer.

    The day is the site's. ``id`` is made from everything but the person (``id_of_count``), so that the primary key is
    the only index. No question has a row of its own.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("question_counts")
    id = models.UUIDField(editable=False)
    asked_on = models.DateField()
    recipient = reference(Recipient)
    service = reference(Service)
    answer = models.PositiveSmallIntegerField(choices=QuestionAnswer.choices)
    question_count = models.PositiveBigIntegerField(default=0)

    objects = QuestionCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of questions about a person")
        verbose_name_plural = _("counts of questions about people")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.asked_on}"


@lru_cache(maxsize=10_000)
def id_of_count(asked_on: date, recipient: int, service: int, answer: int) -> UUID:
    return uuid8_from("question", asked_on.isoformat(), str(recipient), str(service), str(answer))


class QuestionTotalQuerySet(models.QuerySet["QuestionTotal"]):
    def answered_no(self) -> "QuestionTotalQuerySet":
        """Select the noes that say something about what was asked: a paused reporter is told no whatever it asks."""
        return self.exclude(answer__in=(QuestionAnswer.ALLOWED, QuestionAnswer.PAUSED))

    def of_spikes(self) -> "QuestionTotalQuerySet":
        """Select the counts of days on which they were a spike."""
        same = {name: models.OuterRef(name) for name in ("asked_on", "recipient_id", "service_id")}
        return self.filter(models.Exists(QuestionSpike.objects.filter(**same)))


class QuestionTotal(models.Model):
    """One row is how often one service asked on one day about one recipient, for whomever, and was given this answer.

    Questions about people who are not known here are in it, too.
    """

    asked_on = models.DateField()
    recipient = reference(Recipient)
    service = reference(Service)
    answer = models.PositiveSmallIntegerField(choices=QuestionAnswer.choices)
    question_count = models.PositiveBigIntegerField(default=0)

    objects = QuestionTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of questions of services")
        verbose_name_plural = _("counts of questions of services")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_on", "recipient", "service", "answer"], name="questions_are_counted_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_on}: {self.question_count}"


class QuestionSpike(models.Model):
    """One row is one day on which a service was told no about a recipient far more often than is usual.

    ``refused_count``: how often, when it was noticed. ``usual_count``: the median of the days before.
    """

    asked_on = models.DateField()
    recipient = reference(Recipient)
    service = reference(Service)
    refused_count = models.PositiveBigIntegerField()
    usual_count = models.PositiveBigIntegerField()
    noticed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("spike of refused questions")
        verbose_name_plural = _("spikes of refused questions")
        constraints = [
            models.UniqueConstraint(fields=["asked_on", "recipient", "service"], name="a_spike_is_noticed_once")
        ]

    def __str__(self) -> str:
        return f"{self.asked_on}: {self.refused_count}"
