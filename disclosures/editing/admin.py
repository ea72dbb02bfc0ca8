"""Admin pages of the content: pages, sections, scenarios and the rows they refer to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.editing.admin_base import ContentAdmin, TextsAdmin
from disclosures.editing.choosing import ChoosingAdmin, FixedEntry
from disclosures.editing.forms import ContentForm, PlacedForm, editing_fields
from disclosures.editing.own_values import OtherChange
from disclosures.guard_rails.reserved_urls import is_taken
from disclosures.languages.languages_shown import languages_shown
from disclosures.models import (
    Country,
    DataItem,
    Definition,
    Exclusion,
    Link,
    Note,
    Page,
    Question,
    Recipient,
    Scenario,
    ScenarioItem,
    Section,
    Service,
    Site,
    Synonyms,
    Term,
)
from disclosures.models.content.entries import CONTROL_TEXTS
from privacycenter.text.words import inside_quotes

# The order in which they appear on the pages.
IN_SECTIONS = ("section__page__position", "section__position", "position", "code")


class RowsOfOneSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """Rows that belong to one change set at a time: a publication has them as one list."""

    claimed: Sequence[OtherChange] = ()

    def clean(self) -> None:
        super().clean()
        if self.claimed and self.has_changed():
            told = _(
                "The change set “%(name)s” changes these rows. Move that into yours, or wait until it is published. "
                "Your input is still here, but not saved yet."
            )
            raise ValidationError(told % {"name": inside_quotes(self.claimed[0].change_set.name)})


def without_links_to_forms(form: forms.ModelForm[Any]) -> None:
    """A list of rows is long enough without links from each to the forms of what it refers to."""
    for field in form.fields.values():
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_view_related = False


class ScenarioItemForm(PlacedForm):
    """One item of a situation. Which item a saved row is about stays: another item is another row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = self["item"]
        if self.instance.pk and str(shown.value()) == str(shown.initial):
            self.fields["item"].widget = FixedEntry(str(self.instance.item))


class ScenarioItemFormSet(RowsOfOneSet):
    """A table whose inputs each carry a label, because its header row labels them only visually."""

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if name in ("position", "item", DELETION_FIELD_NAME):
                # The admin wraps the select in links to add and change; the label belongs on the select.
                widget: forms.Widget = getattr(field.widget, "widget", None) or field.widget
                if not isinstance(widget, FixedEntry):
                    widget.attrs["aria-label"] = str(field.label)
        without_links_to_forms(form)


class ExclusionFormSet(RowsOfOneSet):
    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        without_links_to_forms(form)


class ScenarioItemInline(ChoosingAdmin, admin.TabularInline[Any, Any]):
    model = ScenarioItem
    form = ScenarioItemForm
    formset = ScenarioItemFormSet
    fields = ("position", "item")
    extra = 1

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item")


class NoteInline(TextsAdmin, admin.StackedInline[Any, Any]):
    model = Note
    form = ContentForm
    formset = RowsOfOneSet
    template = "editing/inline_stacked.html"
    extra = 1

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return editing_fields(Note, "code", "position", "body", languages=languages_shown(request))


class ExclusionInline(TextsAdmin, admin.StackedInline[Any, Any]):
    model = Exclusion
    form = ContentForm
    formset = ExclusionFormSet
    template = "editing/inline_stacked.html"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("service", "item")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return editing_fields(Exclusion, "service", "item", "reason", languages=languages_shown(request))


class DefinitionInline(TextsAdmin, admin.StackedInline[Any, Any]):
    model = Definition
    form = ContentForm
    template = "editing/inline_stacked.html"
    extra = 1

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return editing_fields(
            Definition, "code", "position", "term", "body", "examples", languages=languages_shown(request)
        )


class QuestionInline(TextsAdmin, admin.StackedInline[Any, Any]):
    model = Question
    form = ContentForm
    template = "editing/inline_stacked.html"
    extra = 1

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return editing_fields(Question, "code", "position", "question", "answer", languages=languages_shown(request))


@admin.register(Site)
class SiteAdmin(ContentAdmin):
    field_names = (
        "title", "operator", "lead", "notice", "disclaimer_title", "disclaimer", "as_of", "operator_address",
        "operator_representative", "purposes", "complaint_contact", "fees", "security_measures", "security_contact",
        *CONTROL_TEXTS,
    )  # fmt: skip
    list_display = ("__str__", "untranslated", "shown_in_preview")
    actions = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PageForm(ContentForm):
    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not self.instance.pk and is_taken(code):
            raise ValidationError(_("The address /%(code)s/ is taken. Choose another code.") % {"code": code})
        return code


@admin.register(Page)
class PageAdmin(ContentAdmin):
    form = PageForm
    field_names = ("code", "title", "lead", "related", "position")
    list_display = ("__str__", "code", "position", "untranslated", "shown_in_preview")
    filter_horizontal = ("related",)
    search_fields = ("code", "title")


@admin.register(Section)
class SectionAdmin(ContentAdmin):
    field_names = ("page", "parent", "code", "title", "body", "links", "position")
    list_display = ("__str__", "page", "parent", "position", "untranslated", "shown_in_preview")
    list_filter = ("page",)
    ordering = ("page__position", "position", "code")
    list_select_related = ("page", "parent")
    filter_horizontal = ("links",)
    search_fields = ("code", "title", "body")
    inlines = (DefinitionInline, QuestionInline)


@admin.register(Scenario)
class ScenarioAdmin(ContentAdmin):
    field_names = (
        "section", "code", "title", "body", "ground", "evidence", "route", "route_detail", "route_parties",
        "route_purpose", "route_responsible", "route_stopping", "route_abroad", "item_list", "is_processed",
        "services", "service_list", "recipients", "recipient_kinds", "links", "position", "retired_at",
    )  # fmt: skip
    list_display = ("__str__", "section", "ground", "retired_at", "untranslated", "shown_in_preview")
    list_filter = (("section", admin.RelatedOnlyFieldListFilter), "ground", "services")
    ordering = IN_SECTIONS
    list_select_related = ("section__page",)
    filter_horizontal = ("services", "recipients", "links")
    search_fields = ("code", "title", "body")
    inlines = (ScenarioItemInline, ExclusionInline, NoteInline)


@admin.register(DataItem)
class DataItemAdmin(ContentAdmin):
    field_names = ("code", "title", "description", "is_special_care", "position", "retired_at")
    list_display = ("__str__", "code", "is_special_care", "position", "retired_at", "untranslated")
    search_fields = ("code", "title")


@admin.register(Service)
class ServiceAdmin(ContentAdmin):
    field_names = ("code", "title", "field", "is_sensitive", "position", "retired_at")
    list_display = (
        "__str__", "code", "is_sensitive", "position", "retired_at", "untranslated", "shown_in_preview",
    )  # fmt: skip
    search_fields = ("code", "title")


@admin.register(Link)
class LinkAdmin(ContentAdmin):
    field_names = ("code", "title", "address", "note", "position")
    list_display = ("__str__", "address", "position", "untranslated")
    search_fields = ("code", "title", "address")


@admin.register(Definition)
class DefinitionAdmin(ContentAdmin):
    field_names = ("section", "code", "term", "body", "examples", "position")
    list_display = ("__str__", "section", "untranslated", "shown_in_preview")
    ordering = IN_SECTIONS
    list_select_related = ("section__page",)
    search_fields = ("code", "term", "body")


@admin.register(Question)
class QuestionAdmin(ContentAdmin):
    field_names = ("section", "code", "question", "answer", "position")
    list_display = ("__str__", "section", "position", "untranslated", "shown_in_preview")
    ordering = IN_SECTIONS
    list_select_related = ("section__page",)
    search_fields = ("code", "question", "answer")


@admin.register(Term)
class TermAdmin(ContentAdmin):
    field_names = ("code", "term", "reading", "gloss", "position")
    list_display = ("__str__", "reading", "code", "untranslated")
    search_fields = ("code", "term", "reading", "gloss")


@admin.register(Synonyms)
class SynonymsAdmin(ContentAdmin):
    field_names = ("line", "task", "code", "position")
    list_display = ("__str__", "task")
    search_fields = ("code", "line")


@admin.register(Country)
class CountryAdmin(ContentAdmin):
    field_names = ("code", "title", "system", "system_unknown")
    list_display = ("__str__", "code", "untranslated")
    search_fields = ("code", "title")


class NamedBy(admin.SimpleListFilter):
    """Recipients that a service proposed, or those of the editors."""

    title = gettext_lazy("who named it")
    parameter_name = "named_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("service", _("a service")), ("editors", _("the editors"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = self.value()
        return queryset.filter(proposed_by__isnull=asked == "editors") if asked else queryset


@admin.register(Recipient)
class RecipientAdmin(ContentAdmin):
    change_list_template = "recipients/change_list.html"
    field_names = (
        "code", "title", "country", "business", "address", "representative", "contact", "url", "basis_abroad",
        "basis_checked_on", "measures", "measures_unknown",
        "on_hold_from", "on_hold_until", "on_hold_reason", "is_example", "position", "retired_at",
    )  # fmt: skip
    list_display = (
        "__str__", "country", "code", "on_hold_from", "is_example", "retired_at", "untranslated", "shown_in_preview",
    )  # fmt: skip
    # Each has many columns: the page stays below 60 KB.
    list_per_page = 45
    list_filter = ("country", "is_example", NamedBy)
    list_select_related = ("country",)
    search_fields = ("code", "title")
