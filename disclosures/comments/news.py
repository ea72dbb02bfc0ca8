"""What is new about comments, for the mails to staff: for each of them what concerns them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import ngettext

from disclosures.comments.fields import may_see
from disclosures.comments.queries import mail_choice_of
from disclosures.content.working_copy import MODELS
from disclosures.models import Comment, CommentMails, CommentStepKind
from privacycenter.models import User


def comment_news(staff: User, since: datetime, until: datetime) -> Iterable[tuple[str, str]]:
    """Yield how many comments of others concern this member of staff, and the desk's page about them. Two SQL
    statements."""
    wanted = mail_choice_of(staff)
    if wanted == CommentMails.NEVER:
        return
    mine = Q(mentions__staff=staff)
    if wanted == CommentMails.TAKEN_PART:
        mine |= Q(thread__written_by=staff) | Q(thread__replies__written_by=staff) | Q(thread__mentions__staff=staff)
    found = Comment.objects.filter(mine, written_at__gt=since, written_at__lte=until)
    found = found.filter(kind__in=[kind for kind in MODELS if may_see(staff, kind)]).exclude(written_by=staff)
    found = found.exclude(steps__kind=CommentStepKind.WITHDRAWN).distinct()
    if count := found.count():
        words = ngettext("%(count)s comment that concerns you", "%(count)s comments that concern you", count)
        yield words % {"count": count}, "admin:comments"
