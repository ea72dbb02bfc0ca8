"""Notices to a person, their e-mail preferences, and the digests sent to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consents.models.withdrawals import kept_back
from disclosures.models import Recipient
from disclosures.models.ledger.events import is_warned, person_key
from disclosures.models.ledger.withholding import withheld_from
from privacycenter.models import AppendOnly, AppendOnlyQuerySet
from privacycenter.models.owner_keys import of_same_person


class NoticeKind(models.IntegerChoices):
    """What a notice is about."""

    REQUEST = 1, _("a request waits for your answer")
    NEW_RECIPIENT = 2, _("a company received your data for the first time")
    FLAGGED = 3, _("a disclosure with a warning")
    APPROVAL_ENDING = 4, _("an approval ends soon")
    WITHDRAWAL_MOVED = 5, _("a withdrawal went on")
    EXPORT_READY = 6, _("your file is ready")
    SHOWN_AGAIN = 7, _("a disclosure that the law had kept from you is shown")
    NEW_DEVICE = 8, _("a log-in from a new device")
    RECALL_MOVED = 9, _("a recall went on")
    INCIDENT = 10, _("an incident with your data")
    CASE_TOLD = 11, _("what we found about a disclosure")
    REPRESENTATION = 12, _("somebody who acts for another")

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def is_urgent(self) -> bool:
        """Whether the person should act soon. Also mailed to those who chose ``Frequency.URGENT``."""
        return self in URGENT


# Mailed at once, so in no digest.
MAILED_AT_ONCE = (NoticeKind.EXPORT_READY, NoticeKind.NEW_DEVICE, NoticeKind.INCIDENT, NoticeKind.REPRESENTATION)
URGENT = (NoticeKind.REQUEST, NoticeKind.FLAGGED, NoticeKind.APPROVAL_ENDING)


class NoticeQuerySet(AppendOnlyQuerySet["Notice"]):
    def newest_first(self) -> "NoticeQuerySet":
        return self.order_by("-noticed_at", "-id")

    def shown_to(self, person: Any) -> "NoticeQuerySet":
        """Leave out those about disclosures that the law keeps from this person.

        A notice stays where what it says is true, at its own time, of a disclosure that the person sees. Steps after a
        withdrawal go where its case does.
        """
        shown = person.disclosures.shown_to(person)
        withheld = person.disclosures.filter(id__in=withheld_from(person))
        moved = models.Q(kind=NoticeKind.WITHDRAWAL_MOVED, about_id__in=kept_back(person))
        about_one = (NoticeKind.SHOWN_AGAIN, NoticeKind.CASE_TOLD)
        again = models.Q(kind__in=about_one, about_id__in=withheld_from(person))
        return self.exclude(is_told_by(withheld) & ~is_told_by(shown)).exclude(moved | again)

    def older_than(self, noticed_at: datetime, id: UUID) -> "NoticeQuerySet":
        """Select the notices that follow this one in newest-first order."""
        return self.filter(noticed_at__lte=noticed_at).exclude(noticed_at=noticed_at, id__gte=id)

    def with_read_mark(self, person: Any) -> "NoticeQuerySet":
        """Annotate ``is_read`` of one person's notices in the same SQL statement."""
        return self.annotate(is_read=models.Exists(readings(person)))

    def unread(self, person: Any) -> "NoticeQuerySet":
        """Leave out what this person, whose notices these are, has read."""
        return self.filter(~models.Exists(readings(person)))


def readings(person: Any) -> models.QuerySet[Any]:
    """Return the read mark of the outer query's notice, joined by person and id."""
    return NoticeReading.objects.filter(**of_same_person(person), id=models.OuterRef("id"))


def is_told_by(disclosures: models.QuerySet[Any]) -> models.Q:
    """Return the condition for notices that tell of one of these disclosures of their person.

    The notice of a new recipient tells of all that had been recorded by its time, since the first is among them; the
    notice of a warning tells of those that were recorded with it.
    """
    same = disclosures.filter(recipient_id=models.OuterRef("recipient_id")).order_by()
    by_then = same.filter(recorded_at__lte=models.OuterRef("noticed_at"))
    with_it = same.filter(is_warned(), recorded_at=models.OuterRef("noticed_at"))
    return models.Q(models.Exists(by_then), kind=NoticeKind.NEW_RECIPIENT) | models.Q(
        models.Exists(with_it), kind=NoticeKind.FLAGGED
    )


class Notice(AppendOnly):
    """One row is one notice to one person.

    ``id`` is the UUIDv8 of what happened, so repeated work adds no second notice. ``about_id`` is the row that the
    notice is about: a request, a decision or an export; ``state`` the step that a withdrawal or a recall
    reached. ``mail_on`` is the day of the digest that includes it (site time zone), None if none does.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("notices")
    id = models.UUIDField(editable=False)
    kind = models.PositiveSmallIntegerField(choices=NoticeKind.choices)
    recipient = models.ForeignKey(
        Recipient, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    about_id = models.UUIDField(null=True)
    state = models.CharField(max_length=40, blank=True)
    noticed_at = models.DateTimeField()
    mail_on = models.DateField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["person", "-noticed_at"], name="notice_by_person_newest")]

    @property
    def kind_code(self) -> str:
        return NoticeKind(self.kind).code


class NoticeReading(AppendOnly):
    """One row is one notice that its person has read. It shares the notice's id."""

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("notice_readings")
    id = models.UUIDField(editable=False)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")


class Frequency(models.TextChoices):
    """How often a person wants a digest by e-mail."""

    DAILY = "daily", _("Once a day, if there is something new")
    WEEKLY = "weekly", _("Once a week, on Monday, if there is something new")
    URGENT = "urgent", _("Only what is urgent: requests, warnings, approvals that end (at most once a day)")
    NEVER = "never", _("No e-mail. I look here myself")


class PreferenceQuerySet(AppendOnlyQuerySet["Preference"]):
    def newest_first(self) -> "PreferenceQuerySet":
        return self.order_by("-chosen_at", "-id")


class Preference(AppendOnly):
    """One row is one choice of a person about e-mail. The newest counts; without one, ``default_preference``.

    ``is_by_link``: chosen through the link in an e-mail, without logging in.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("preferences")
    id = models.UUIDField(editable=False)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)
    language = models.CharField(max_length=10)
    is_by_link = models.BooleanField(default=False)
    chosen_at = models.DateTimeField()

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")


def default_preference() -> Preference:
    """Return the preference of somebody who never chose. It is not in the database."""
    return Preference(frequency=Frequency.DAILY, language=settings.LANGUAGE_CODE)


class Mailing(AppendOnly):
    """One row is one e-mail with notices that was sent to a person.

    ``id`` is the UUIDv8 of what it was sent for (the digest of a day, a file). It is looked up before sending, so
    nothing is sent twice.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("mailings")
    id = models.UUIDField(editable=False)
    notice_count = models.PositiveIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
