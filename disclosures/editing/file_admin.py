"""The desk's pages of pictures and documents."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.content.working_copy import file_entry
from disclosures.editing.admin_base import ContentAdmin
from disclosures.editing.file_forms import Sent, SiteFileForm, TakenFile, sent_file
from disclosures.editing.file_uses import desk_address, uses_of
from disclosures.models import SiteFile
from disclosures.site_files.actions import keep_content
from privacycenter.text.joining import in_one_line

log = logging.getLogger(__name__)


@admin.register(SiteFile)
class SiteFileAdmin(ContentAdmin):
    form = SiteFileForm
    field_names = ("upload", "kept_upload", "code", "title", "alt", "is_decorative", "caption", "position")
    list_display = ("__str__", "code", "facts", "untranslated")
    list_filter = ("content_type",)
    search_fields = ("code", "title", "alt", "caption")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*(["content"] if obj else []), *super().get_fields(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("content",) if obj else ()

    @admin.display(description=gettext_lazy("file"))
    def facts(self, row: SiteFile) -> str:
        return TakenFile(row.content_type, row.sha256, row.size_bytes, row.width, row.height).said

    @admin.display(description=gettext_lazy("content"))
    def content(self, row: SiteFile) -> SafeString:
        """What is kept now, the Markdown that shows it, and the texts that do."""
        context = {
            "row": row,
            "facts": self.facts(row),
            "address": desk_address(file_entry(row)),
            "uses": uses_of(row.code),
        }
        return render_to_string("editing/_file_content.html", context)

    # The file is looked at and kept before the form is saved: saving waits for no store, and holds up nobody.

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        may = self.has_change_permission(request) if object_id else self.has_add_permission(request)
        if request.method == "POST" and may:
            self.take(request, sent_file(request.FILES.get("upload")))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def take(self, request: HttpRequest, sent: Sent) -> None:
        """Keep the file that came with a form, and say what was left out of it."""
        request.fault, request.taken = sent.fault, None  # type: ignore[attr-defined]
        if sent.clean is None:
            return
        try:
            keep_content(clean=sent.clean)
        except OSError:
            log.exception("a picture or document could not be kept")
            request.fault = _("The file could not be stored just now. Please try again later.")  # type: ignore[attr-defined]
            return
        request.taken = taken = TakenFile.of(sent.clean)  # type: ignore[attr-defined]
        if taken.left_out:
            told = _("Left out of the file: %(parts)s. Look at it before you publish it.")
            messages.warning(request, told % {"parts": in_one_line(taken.left_out)})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        made.taken, made.fault = getattr(request, "taken", None), getattr(request, "fault", "")
        return made
