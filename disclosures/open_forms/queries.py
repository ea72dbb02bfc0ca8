"""Who else has an entry's form open, and who saved the entry since a form was opened. Never writes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from disclosures.content.working_copy import MODELS
from disclosures.models import OpenForm, Revision
from privacycenter.models import User


@dataclass(frozen=True)
class FormKey:
    """Which form: the kind of its entry, and the entry's code; empty for the form that adds a new one."""

    kind: str
    code: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.code}"

    @classmethod
    def read(cls, text: str) -> "FormKey":
        kind, _slash, code = text.partition("/")
        return cls(kind, code)

    @property
    def is_known(self) -> bool:
        return self.kind in MODELS


def who_else(form: FormKey, id: UUID, by: User) -> list[str]:
    """Return a sentence about each other person with this form open, and one if ``by`` has, too. One SQL statement.

    Of their own windows those count that gave a sign: without scripts, each visit to the page would be one more.
    """
    rows = OpenForm.objects.filter(form=str(form), until__gt=timezone.now()).exclude(pk=id)
    rows = rows.exclude(staff=by, has_signs=False)
    first: dict[User, datetime] = {}
    for row in rows.select_related("staff").order_by("opened_at"):
        first.setdefault(row.staff, row.opened_at)
    return [told(who, since, by) for who, since in first.items()]


def told(who: User, since: datetime, by: User) -> str:
    if who == by:
        return _("You have this open in another window, too, since %(time)s.") % {"time": time_of(since)}
    return _("%(who)s has had this open since %(time)s.") % {"who": who, "time": time_of(since)}


def saved_since(form: FormKey, revision: str) -> list[str]:
    """Return a sentence about who saved the entry last after that revision, if anybody did. One SQL statement.

    ``revision``: the number that the form was opened with; empty, or no number, for none.
    """
    if not revision.isdecimal() or len(revision) > 18:
        return []
    newer = Revision.objects.filter(kind=form.kind, code=form.code, pk__gt=int(revision)).select_related("changed_by")
    last = newer.order_by("-pk").first()
    if last is None:
        return []
    words = _("%(who)s saved this at %(time)s. When you save, you see both texts, and nothing is lost.")
    return [words % {"who": last.changed_by or _("A command"), "time": time_of(last.changed_at)}]


def time_of(moment: datetime) -> str:
    """Return the time of day, and the day too if it is not today."""
    here = timezone.localtime(moment)
    is_today = here.date() == timezone.localdate()
    return format_date(here, get_format("TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT"))
