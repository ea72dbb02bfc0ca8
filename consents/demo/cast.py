"""The people who can log in to the made-up world, and its reporters."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from consents.demo.clock import clock_at
from disclosures.approvers.actions import notice_approver
from disclosures.models import Reporter
from disclosures.officers.roles import EDITORS, OFFICERS, PUBLISHERS, ensure_roles
from disclosures.reporters.actions import create_reporter
from privacycenter.errors import InvalidValue
from privacycenter.models import User

HANAKO, TARO, SORA, MIO = "demo-hanako", "demo-taro", "demo-0000", "demo-0400"
OFFICER, ADMIN = "demo-officer", "demo-admin"


@dataclass(frozen=True)
class LogIn:
    """One account. ``groups``: its roles at the desk; ``note``: what it shows."""

    username: str
    subject: str
    display_name: str
    note: str
    groups: tuple[str, ...] = ()
    is_superuser: bool = False


LOG_INS = (
    LogIn("hanako", HANAKO, "田中 花子", "a person: 40 disclosures, requests in every state"),
    LogIn("taro", TARO, "鈴木 太郎", "a person: 3 disclosures, 1 open request"),
    LogIn("sora", SORA, "高橋 空", "a person: nothing yet"),
    LogIn("mio", MIO, "佐藤 澪", "a person: 400 disclosures"),
    LogIn("editor", "demo-editor", "編集担当", "edits and publishes content", groups=(EDITORS, PUBLISHERS)),
    LogIn("officer", OFFICER, "プライバシー担当者", "the privacy officer", groups=(OFFICERS,)),
    LogIn("admin", ADMIN, "管理者", "may do everything in the admin", is_superuser=True),
)
REPORTERS = {
    "demo-travel": ("じゃらんnet予約システム", ("jalan", "hotpepper-gourmet", "hotpepper-beauty")),
    "demo-jobs": ("リクナビ応募システム", ("rikunabi", "rikunabi-next", "recruit-agent", "townwork")),
    "demo-home": ("SUUMO資料請求システム", ("suumo", "zexy", "carsensor", "studysapuri")),
}


@transaction.atomic
def ensure_log_ins(*, password: str, spare_password: str) -> list[LogIn]:
    """Make the accounts that are missing. Return those made.

    ``password``, unless empty, becomes the password of all accounts; otherwise new accounts get ``spare_password`` and
    the others keep theirs. Raises InvalidValue if a user name belongs to somebody else.
    """
    ensure_roles()
    made = [log_in for log_in in LOG_INS if ensure_log_in(log_in, password, spare_password)]
    for log_in in made:
        notice_approver(account=User.objects.get(subject=log_in.subject), is_known=True)
    return made


def ensure_log_in(log_in: LogIn, password: str, spare_password: str) -> bool:
    """Make or complete an account. True if it was made.

    A person whom services reported before has a row without a user name, which is completed.
    """
    user = User.objects.with_subject(log_in.subject) or User(subject=log_in.subject)
    is_new = user.username is None
    if is_new:
        if User.objects.filter(username=log_in.username).exists():
            raise InvalidValue(f"There is a user “{log_in.username}” already who is not a demo account.", "username")
        user.username, user.display_name = log_in.username, log_in.display_name
        user.is_superuser = log_in.is_superuser
        user.is_staff = log_in.is_superuser or bool(log_in.groups)
    # An unchanged password is left alone: setting it again would end the person's sessions.
    wanted = password or (spare_password if is_new else "")
    if wanted and (is_new or not user.check_password(wanted)):
        user.set_password(wanted)
        user.save()
    if is_new:
        user.groups.set(Group.objects.filter(name__in=log_in.groups))
    return is_new


def ensure_reporters(*, since: datetime) -> dict[str, Reporter]:
    """Return the reporter of each service, making missing ones as of ``since``.

    Their secrets are discarded: ``create_reporter`` makes credentials for trying the API.
    """
    found: dict[str, Reporter] = {}
    for code, (title, services) in REPORTERS.items():
        reporter = Reporter.objects.filter(code=code).first()
        if reporter is None:
            with clock_at(since):
                reporter, _secret = create_reporter(code=code, title=title, services=services)
        found |= dict.fromkeys(services, reporter)
    return found
