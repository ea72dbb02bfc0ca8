"""Where a sandbox's mails go: into a table, and nowhere else."""

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from privacycenter.models import SandboxMail

MARK = "[sandbox]"


class Mailbox(BaseEmailBackend):
    """Keeps each mail, one row for each address that it is to. Files that are attached are named, not kept."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [row for message in email_messages for row in rows_of(message)]
        SandboxMail.objects.bulk_create(rows)
        return len(email_messages)


def rows_of(message: EmailMessage) -> list[SandboxMail]:
    files = [name_of(one) for one in message.attachments]
    text = str(message.body) + ("\n\n" + "\n".join(f"[{name}]" for name in files) if files else "")
    subject = f"{MARK} {message.subject}"[:250]
    return [
        SandboxMail(address=address[:254], subject=subject, text=text, sent_at=timezone.now())
        for address in message.recipients()
    ]


def name_of(attached: Any) -> str:
    """The name of an attachment: a tuple that begins with it, or a part of a mail."""
    return str(attached[0] if isinstance(attached, tuple) else attached.get_filename())
