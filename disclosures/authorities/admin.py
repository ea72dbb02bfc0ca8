"""Data protection authorities in the admin. No part of a publication: what is saved is offered at once."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from disclosures.editing.admin_base import LanguagesBesideAdmin
from disclosures.editing.forms import ContentForm, NamedDateTime, editing_fields
from disclosures.languages.languages_shown import languages_shown
from disclosures.models import Authority
from privacycenter.http.declared_views import NOBODY


@admin.register(Authority)
class AuthorityAdmin(LanguagesBesideAdmin):
    shows = NOBODY
    form = ContentForm
    list_display = ("title", "code", "countries", "retired_at")
    formfield_overrides = {models.DateTimeField: {"widget": NamedDateTime}}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return editing_fields(
            Authority,
            "code",
            "position",
            "title",
            "url",
            "phone",
            "address",
            "how",
            "countries",
            "retired_at",
            languages=languages_shown(request),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is retired instead: packs name it."""
        return False
