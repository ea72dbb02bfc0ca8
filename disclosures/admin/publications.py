"""Publications, read-only, and going back to an earlier one."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.actions.publications import republish
from disclosures.models import Publication
from privacycenter.errors import NothingToPublish
from privacycenter.models import User


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin):
    list_display = ("number", "published_at", "published_by", "reason", "sha256")
    list_select_related = ("published_by",)
    fields = readonly_fields = ("number", "published_at", "published_by", "reason", "sha256")
    actions = ("publish_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        return super().get_queryset(request).defer("document")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("disclosures.add_publication")

    @admin.action(description=gettext_lazy("Publish this one again (roll back)"), permissions=["publish"])
    def publish_again(self, request: HttpRequest, chosen: QuerySet[Publication]) -> None:
        if chosen.count() != 1:
            messages.error(request, _("Choose exactly one publication."))
            return
        old = chosen.get()
        try:
            new = republish(
                publication=old, by=cast(User, request.user), reason=_("Back to number %(n)s") % {"n": old.number}
            )
        except NothingToPublish:
            messages.info(request, _("Visitors see this publication already."))
            return
        messages.success(request, _("Published as number %(number)s. Visitors see it now.") % {"number": new.number})
