"""People: those whom the data is about, and staff."""

import uuid
from collections.abc import Set
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from privacycenter.database.compiled_queries import Given, IsAmong, Statement
from privacycenter.database.numbered_cursors import numbered_cursor
from privacycenter.models.viewpoints import Viewpoint

LOCAL_PREFIX = "local:"
# So many accounts can be one person. Lists that are read in pages fetch as many rows more.
MOST_ACCOUNTS = 8


def new_subject() -> str:
    """Return a subject for an account made here rather than by the company's log-in."""
    return f"{LOCAL_PREFIX}{uuid.uuid4()}"


class PersonManager(UserManager["User"]):
    def for_subjects(self, subjects: Set[str]) -> dict[str, int]:
        """Return subject → primary key, for those already known. One SQL statement."""
        return dict(BY_SUBJECT.rows(subjects=subjects))

    def lock(self, pk: int) -> "User":
        """Lock this person until the transaction ends, so that one person's decisions follow one another.

        The lock of a person with several accounts is on the row of the account that the others were put into, and no
        other: so nobody can wait for two of them in another order. Return the account that was named, as it is now. One
        SQL statement if nobody holds it, and one more for an account that was put into another.
        """
        account = None
        while account is None:
            wanted = self.filter(pk=Subquery(self.accounts_locked({pk})))
            if held := next(iter(wanted.select_for_update(skip_locked=True)), None):
                account = self.account_under(held, pk)
                continue
            with transaction.atomic():
                account = self.account_under(wanted.select_for_update().get(), pk)
                # Let go before the right one is waited for: who holds that one may wait for this.
                transaction.set_rollback(account is None)
        return account

    def account_under(self, held: "User", pk: int) -> "User | None":
        """Return the account as it is now, None if its lock is not on this row: it may have been put into another, or
        taken out, meanwhile.
        """
        account = held if held.pk == pk else self.get(pk=pk)
        return account if (account.merged_into_id or pk) == held.pk else None

    def lock_as_seen(self, person: "User") -> "User":
        """Lock this person as ``lock`` does, and return them as they are now, seen through the same eyes as before."""
        account = self.lock(person.pk)
        account.viewpoint = person.viewpoint
        return account

    def lock_all(self, keys: Set[int]) -> None:
        """Lock these people until the transaction ends, as ``lock`` does. One SQL statement, none without people; one
        more if one of them has several accounts.

        Against whoever decides for them, not against rows that only refer to them. In the order of the keys of the rows
        that are locked.
        """
        if not keys:
            return
        held = set[int]()
        while True:
            rows = self.select_for_update(no_key=True).filter(pk__in=Subquery(self.accounts_locked(keys)))
            found = dict(rows.order_by("pk").values_list("pk", "merged_into_id"))
            if found.keys() <= held or (found.keys() == keys and not any(found.values())):
                return
            # One has several accounts, or was put into another, or taken out, while we waited.
            held |= found.keys()

    def accounts_locked(self, keys: Set[int]) -> "QuerySet[Any, Any]":
        """Select the account whose row is locked for each of these: the one it was put into, or itself."""
        return self.filter(pk__in=keys).values_list(Coalesce("merged_into_id", "pk"), flat=True)

    def lock_free(self, keys: Set[int]) -> set[int]:
        """Lock those of these accounts that nobody else holds, until the transaction ends, and return their keys.

        For who clears up behind many people and comes back for those that are busy. Rows that only refer to a person
        need not wait. One SQL statement, none without people.
        """
        if not keys or not connection.features.has_select_for_update_skip_locked:
            return set(keys)
        free = self.select_for_update(no_key=True, skip_locked=True).filter(pk__in=keys).order_by("pk")
        return set(free.values_list("pk", flat=True))

    def lock_accounts(self, keys: Set[int]) -> "list[User]":
        """Lock the rows of just these accounts, in the order of their keys, and return them in it.

        For who puts accounts together or takes them apart: each of them is somebody's lock, before or after.
        """
        return list(self.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))

    def hold(self, subjects: Set[str]) -> dict[str, int]:
        """Return subject → primary key as ``for_subjects`` does, and let nobody erase them until the transaction ends.

        Waits for an erasure under way. One SQL statement. Decisions wait for it, other recordings do not. SQLite has
        one writer at a time.
        """
        if not connection.features.has_select_for_update:
            return self.for_subjects(subjects)
        with numbered_cursor(connections[DEFAULT_DB_ALIAS], is_prepared=True) as cursor:
            cursor.execute(HOLDING, [sorted(subjects)])
            return dict(cursor.fetchall())

    def with_subject(self, subject: str) -> "User | None":
        """Return the person known by this subject, or None for one not seen before."""
        return self.filter(subject=subject).first()


class User(AbstractUser):
    """One row is one account of a person; nearly everybody has one.

    Services know a person by ``subject`` alone. When a service reports a subject not seen before, the row is made
    without ``username`` and password: nobody can log in to it until the company's single sign-on vouches for the same
    subject.

    ``record_keys``: the keys of all accounts that are one person, this one's first; None for the only one. Whatever is
    read of a person is read of all of these, whatever is written is written under the account that it is about.
    ``merged_into``: the account that its owner logs in to instead of this one.

    ``viewpoint``, which is not stored: through whose eyes the person's rows are read. None: through their own.
    """

    viewpoint: Viewpoint | None = None

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
    exit_address = models.URLField(
        _("where leaving leads"), blank=True, default="", help_text=_("Chosen by the person. Empty: the home page.")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("put into")
    )
    record_keys = models.JSONField(_("accounts of this person"), null=True, blank=True, editable=False)

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    @property
    def keys(self) -> list[int]:
        """The keys of all accounts of this person, this one's first."""
        return self.record_keys or [self.pk]

    @property
    def may_decide(self) -> bool:
        """Whether who reads the person's rows may also answer for them: the person, or who represents them so."""
        return self.viewpoint is None or self.viewpoint.may_decide

    def __str__(self) -> str:
        return self.display_name or self.username or str(_("Person not seen before"))


# In the order of keys, as ``lock_all``. Weaker than what Django knows: it hinders erasing and deciding alone.
HOLDING = "SELECT subject, id FROM privacycenter_user WHERE subject = ANY($1) ORDER BY id FOR KEY SHARE"
BY_SUBJECT = Statement(
    lambda: User.objects.filter(IsAmong("subject", Given("subjects"))).order_by().values_list("subject", "pk")
)
