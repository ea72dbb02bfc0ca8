"""Mails that this site writes by itself."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def automatic_mail(
    subject: str, template: str, context: dict[str, Any], address: str, headers: Mapping[str, str] | None = None
) -> EmailMessage:
    """Build a mail in the language of the moment. It asks for no automatic replies (RFC 3834)."""
    return EmailMessage(
        subject,
        render_to_string(template, context),
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
    )
