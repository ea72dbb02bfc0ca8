"""People: those whom the data is about, and staff."""

import uuid
from collections.abc import Set

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.database.compiled_queries import Given, IsAmong, Statement


def new_subject() -> str:
    """Return a subject for an account made here rather than by the company's log-in."""
    return f"local:{uuid.uuid4()}"


class PersonManager(UserManager["User"]):
    def for_subjects(self, subjects: Set[str]) -> dict[str, int]:
        """Return subject → primary key, for those already known. One SQL statement."""
        return dict(BY_SUBJECT.rows(subjects=subjects))

    def lock(self, pk: int) -> "User":
        """Lock this person's row until the transaction ends, so that one person's decisions follow one another."""
        return self.select_for_update().get(pk=pk)

    def with_subject(self, subject: str) -> "User | None":
        """Return the person known by this subject, or None for one not seen before."""
        return self.filter(subject=subject).first()


class User(AbstractUser):
    """One row is one person.

    Services know a person by ``subject`` alone. When a service reports a subject not seen before, the row is made
    without ``username`` and password: nobody can log in to it until the company's single sign-on vouches for the same
    subject.
    """

    username = models.CharField(  # type: ignore[assignment]
        _("user name"), max_length=150, unique=True, null=True, blank=True, default=None,
        validators=[AbstractUser.username_validator],
    )  # fmt: skip
    subject = models.CharField(
        _("subject"), max_length=255, unique=True, default=new_subject,
        help_text=_("The opaque, stable id by which services know this person. Never an e-mail address."),
    )  # fmt: skip
    display_name = models.CharField(_("name shown"), max_length=150, blank=True)
    visited_at = models.DateTimeField(
        _("latest visit"), null=True, blank=True, help_text=_("When the latest visit to their own record began.")
    )

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.display_name or self.username or str(_("Person not seen before"))


BY_SUBJECT = Statement(
    lambda: User.objects.filter(IsAmong("subject", Given("subjects"))).order_by().values_list("subject", "pk")
)
