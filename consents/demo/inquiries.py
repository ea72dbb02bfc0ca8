"""What people of the made-up world wrote to the operator, and what the privacy officer did about it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from consents.demo.cast import HANAKO, OFFICER, TARO
from consents.demo.clock import Calendar, clock_at
from disclosures.inquiries.actions import Filing, file_inquiry, take_step
from disclosures.inquiry_handling.actions import (
    check_identity,
    extend_inquiry,
    give_inquiry,
    link_inquiry,
    note_inquiry,
)
from disclosures.models import AnswerWay, IdentityState, IdentityWay, Inquiry, InquiryKind, InquiryStatus
from privacycenter.models import User
from privacycenter.outbox.working import work_off

Act = Callable[[Inquiry, User], object]


@dataclass(frozen=True)
class Written:
    """One request. ``by``: the subject of who was logged in, empty for nobody. ``acts``: days ago → what was done."""

    number: int
    days_ago: int
    kind: InquiryKind
    by: str
    name: str
    body: str
    about: str = ""
    acts: tuple[tuple[int, Act], ...] = ()

    @property
    def email(self) -> str:
        """By which a request is known again."""
        return f"demo-{self.number}@example.com"

    def filing(self, asked_at: datetime) -> Filing:
        token = f"{timezone.localtime(asked_at):%y%m}-demo-{self.number}"
        return Filing(token, self.kind, self.name, self.email, self.body, self.about, "ja")


def answered(message: str, status: InquiryStatus = InquiryStatus.ANSWERED, note: str = "") -> Act:
    way = AnswerWay.ON_STATUS_PAGE
    return lambda inquiry, by: take_step(inquiry=inquiry, status=status, message=message, note=note, way=way, by=by)


def taken_charge(inquiry: Inquiry, by: User) -> object:
    return give_inquiry(inquiry=inquiry, owner=by, instead_of=None, by=by)


def extended(reason: str) -> Act:
    def extend(inquiry: Inquiry, by: User) -> object:
        until = timezone.localdate(inquiry.asked_at) + timedelta(days=30)
        return extend_inquiry(inquiry=inquiry, until=until, reason=reason, by=by)

    return extend


def asked_who(words: str) -> Act:
    return lambda inquiry, by: check_identity(inquiry=inquiry, identity=IdentityState.ASKED, words=words, by=by)


def recognized(inquiry: Inquiry, by: User) -> object:
    way = IdentityWay.PHONE
    return check_identity(inquiry=inquiry, identity=IdentityState.CONFIRMED, way=way, note="登録の番号へ電話", by=by)


def connected(inquiry: Inquiry, by: User) -> object:
    reason = "電話でご本人と確認し、アカウントをうかがったため"
    return link_inquiry(inquiry=inquiry, whose=User.objects.get(subject=TARO), reason=reason, by=by)


def noted(note: str) -> Act:
    return lambda inquiry, by: note_inquiry(inquiry=inquiry, note=note, by=by)


WRITTEN = (
    Written(
        1, 24, InquiryKind.CORRECTION, HANAKO, "田中 花子",
        "湯宿 みなとの予約が、前の電話番号のままでした。新しい番号に直してください。", "recipient:minato-inn",
        (
            (23, taken_charge),
            (22, answered("調べています。", InquiryStatus.IN_PROGRESS, "じゃらんnetに照会中")),
            (14, extended("予約を受けた宿にも確かめるため、回答に時間をいただきます。")),
            (4, answered("予約の電話番号を新しいものに直しました。宿にも直すように伝えています。")),
        ),
    ),
    Written(
        2, 5, InquiryKind.DISCLOSURE, HANAKO, "田中 花子",
        "このサイトの記録のほかに、リクナビNEXTに登録した内容も開示してください。",
        acts=((4, taken_charge), (3, noted("リクナビNEXTの担当に、控えの用意を頼んだ。"))),
    ),
    Written(
        3, 60, InquiryKind.QUESTION, TARO, "鈴木 太郎", "予約した宿に渡る項目は、予約のたびに変わりますか。",
        "online-booking",
        (
            (58, answered("渡る項目は、提供シーンごとに決まっています。記録は「自分の記録」でご覧になれます。")),
            (40, answered("ご質問への回答を終えました。", InquiryStatus.CLOSED)),
        ),
    ),
    Written(
        4, 9, InquiryKind.STOP, "", "鈴木 太郎",
        "ログインできなくなりました。わたしの情報を、ほかの会社に渡すのをやめてください。",
        acts=(
            (8, asked_who("登録の電話番号に、10時から17時のあいだにお電話します。ご都合のよい日をお知らせください。")),
            (6, recognized),
            (6, connected),
        ),
    ),
    Written(
        5, 20, InquiryKind.ABROAD, "", "伊藤 実", "外国の会社に渡った情報は、どのように守られていますか。",
    ),
)  # fmt: skip


def write_inquiries(*, days: Calendar) -> int:
    """File those that are not here yet, each with what was done about it. Return how many were new."""
    officer = User.objects.get(subject=OFFICER)
    count = sum(write_inquiry(one, days, officer) for one in WRITTEN)
    if count:
        with mails_unsent():
            work_off()
    return count


@contextmanager
def mails_unsent() -> Iterator[None]:
    """Send nothing: nobody has the addresses of made-up people. Only for the made-up world, like ``clock_at``."""
    real = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = real


def write_inquiry(one: Written, days: Calendar, officer: User) -> bool:
    if Inquiry.objects.filter(email=one.email).exists():
        return False
    by, asked_at = User.objects.with_subject(one.by) if one.by else None, days.ago(one.days_ago, 20)
    with clock_at(asked_at):
        inquiry, _is_new = file_inquiry(filing=one.filing(asked_at), is_mail_sent=False, by=by)
    for number, (days_ago, act) in enumerate(one.acts):
        with clock_at(days.ago(days_ago, 10 + number)):
            act(inquiry, officer)
    return True
