"""Recipients and their countries."""

from django.contrib import admin

from disclosures.admin.base import ContentAdmin
from disclosures.models import Country, Recipient


@admin.register(Country)
class CountryAdmin(ContentAdmin):
    field_names = ("code", "title", "system", "system_unknown")
    list_display = ("__str__", "code", "untranslated")
    search_fields = ("code", "title")


@admin.register(Recipient)
class RecipientAdmin(ContentAdmin):
    field_names = (
        "code", "title", "country", "business", "address", "contact", "measures", "measures_unknown", "is_example",
        "position", "retired_at",
    )  # fmt: skip
    list_display = (
        "__str__", "country", "code", "is_example", "retired_at", "untranslated", "shown_in_preview",
    )  # fmt: skip
    list_filter = ("country", "is_example")
    list_select_related = ("country",)
    search_fields = ("code", "title")
