"""Files that go with requests to the operator, and with its answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.inquiries.inquiries import Inquiry, InquiryStep
from privacycenter.models import AppendOnly


class Attachment(AppendOnly):
    """One row is one file that a person sent with a request, or that the operator sent with a step on it.

    ``step``: the operator's; None for the person's own. ``name`` is cleaned, with the ending that its content has;
    ``content_type`` was found by looking at the content. ``sha256`` (hex) is of the content, and ``file_name`` the
    random name under which it is kept (``privacycenter.storage``).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="attachments", verbose_name=_("request"))
    step = models.ForeignKey(InquiryStep, models.PROTECT, null=True, related_name="attachments", verbose_name=_("step"))
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=60, unique=True)
    attached_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("file with a request")
        verbose_name_plural = _("files with requests")
        ordering = ["attached_at", "name", "id"]

    def __str__(self) -> str:
        return self.name
