"""Followers that tell both of a representation, and that write down its end when its time is over."""

from django.utils import timezone

from consents.models import NoticeKind, Representation
from consents.notices.actions import NewNotice, give_notices
from consents.representatives.actions import end_if_over
from consents.representatives.mails import send_news
from consents.representatives.topics import (
    REPRESENTATION_CHANGED,
    REPRESENTATION_OVER,
    AboutRepresentation,
    RepresentationNews,
)
from privacycenter.identifiers import uuid8_from
from privacycenter.models import User
from privacycenter.outbox.followers import Follower, Lane

representations = Follower("representations")
representation_mails = Follower("representation-mails", lane=Lane.OUTSIDE)


@representations.follows(REPRESENTATION_CHANGED)
def notice(told: RepresentationNews) -> None:
    """Give both their notice."""
    row = told_of(told)
    if row is None:
        return
    id = uuid8_from("representation", str(row.id), told.news)
    news = [
        NewNotice(reader, id, NoticeKind.REPRESENTATION, about_id=row.id, state=told.news)
        for reader in (row.person_id, row.representative_id)
    ]
    give_notices(notices=news, at=timezone.now())


@representations.follows(REPRESENTATION_OVER)
def hand_over(due: AboutRepresentation) -> None:
    end_if_over(person=due.person, representation=due.representation)


@representation_mails.follows(REPRESENTATION_CHANGED)
def mail(told: RepresentationNews) -> None:
    """Send both the mail. That somebody was entered is told by the mail about the change to their account."""
    row = told_of(told)
    if row is None or told.news == "entered":
        return
    readers = User.objects.select_related("merged_into").filter(pk__in=(row.person_id, row.representative_id))
    for reader in readers.order_by("pk"):
        send_news(reader=reader.merged_into or reader, representation=row.id, news=told.news)


def told_of(told: RepresentationNews) -> Representation | None:
    """Return the row that both are told of. None if it was erased, or ended before it began."""
    rows = Representation.objects.in_force() if told.news == "begun" else Representation.objects.all()
    return rows.filter(person_id=told.person, id=told.representation).first()
