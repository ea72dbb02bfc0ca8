"""Base of the desk's content forms: languages side by side, concurrent edits, revisions, retiring, publishing."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.editing.actions import (
    lock_working_copy,
    record_revisions,
    restore_reference,
    retire_reference,
    written_down,
)
from disclosures.editing.collisions import collision_between, compare_with, deletion_of, rows_as_of_now, take_theirs
from disclosures.editing.deleting import title_instead_of_deleting, without_joins
from disclosures.editing.forms import (
    ContentForm,
    MarkdownTextarea,
    NamedDateTime,
    editing_fields,
    mark_missing_translations,
    side_by_side,
)
from disclosures.editing.preview_urls import preview_address
from disclosures.editing.revisions import entry_history
from disclosures.models import Page
from disclosures.models.content import MARKDOWN_FIELDS, Reference
from disclosures.proposals.forms import LONGEST_REASON
from disclosures.proposals.views import publish_or_propose, publishes_alone
from disclosures.publishing.entries import edit_url
from disclosures.publishing.held_copy import newest_revision
from disclosures.publishing.parts import (
    edited_together,
    inside,
    part_of,
    standing_in_the_way,
    together,
    touched_by_deleting,
    touched_by_saving,
)
from disclosures.publishing.publications import document_for
from disclosures.publishing.working_copy import KINDS, code_of
from privacycenter.canonical import sha256_of
from privacycenter.http.declared_views import NOBODY
from privacycenter.kept_forms.rows import rows_typed
from privacycenter.models import User
from privacycenter.text.folding import fold, stands_in, words_of
from privacycenter.text.languages import other_languages
from privacycenter.text.words import inside_quotes


class TextsAdmin:
    """Base of forms and inlines with texts: Markdown fields get their own widget."""

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        original = getattr(db_field, "original_name", db_field.name)
        if original in MARKDOWN_FIELDS:
            kwargs["widget"] = MarkdownTextarea()
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class ContentAdmin(TextsAdmin, admin.ModelAdmin[Any]):
    """A content form. "Save" changes the working copy; "Save and publish" also publishes it."""

    shows = NOBODY
    save_on_top = True
    list_per_page = 50
    form = ContentForm
    formfield_overrides = {models.DateTimeField: {"widget": NamedDateTime}}
    field_names: tuple[str, ...] = ()
    change_form_template = "editing/entry_form.html"
    object_history_template = "editing/entry_history.html"
    delete_confirmation_template = None

    class Media:
        js = ("js/desk-markdown.js",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return editing_fields(self.model, *self.field_names)

    # The list --------------------------------------------------------------------------------------------------------

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find rows as the public search compares texts, and in every language. One SQL statement more."""
        words = words_of(search_term)
        if not words:
            return queryset, False
        fields = list(self.get_search_fields(request))
        translated = [name for field in fields for name in side_by_side(self.model).get(field, ())[1:]]
        found = []
        for pk, i18n, *texts in queryset.order_by().values_list("pk", "i18n", *fields):
            folded = [fold(text) for text in (*texts, *((i18n or {}).get(name) for name in translated)) if text]
            if all(stands_in(word, folded) for word in words):
                found.append(pk)
        return queryset.filter(pk__in=found), False

    @admin.display(description=gettext_lazy("missing translations"))
    def untranslated(self, row: Any) -> str:
        texts = [row.texts(name) for name in side_by_side(self.model)]
        missing = sum(1 for text in texts if text for language in other_languages() if language not in text)
        return format_html('<span class="missing-mark">{}</span>', missing) if missing else ""

    @admin.display(description=gettext_lazy("preview"))
    def shown_in_preview(self, row: Any) -> str:
        address = preview_address(KINDS[self.model], row)
        return format_html('<a href="{}">{}</a>', address, _("Show in preview")) if address else ""

    # Concurrent edits ------------------------------------------------------------------------------------------------

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        if request.method != "POST":
            self.note_what_is_seen(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            # Lock before reading the row: of two editors who save at once, the second sees the first one's text.
            lock_working_copy()
            if object_id and self.has_add_permission(request) and self.get_object(request, unquote(object_id)) is None:
                return self.add_what_was_deleted(request, extra_context)
            self.note_what_is_seen(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def add_what_was_deleted(self, request: HttpRequest, extra_context: Any) -> Any:
        """Show what was sent for a row that has been deleted, in the form that adds a new row."""
        request.collision = deletion_of(self.model, request.POST)  # type: ignore[attr-defined]
        address = reverse(f"admin:disclosures_{self.opts.model_name}_add")
        return super().changeform_view(request, None, address, extra_context)

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        found = super().get_formset_kwargs(request, obj, inline, prefix)
        collision = getattr(request, "collision", None)
        if collision and "data" in found:
            rows_now = inline.get_formset(request, obj)(instance=obj, prefix=prefix, queryset=found["queryset"])
            found["data"] = rows_as_of_now(rows_now, found["data"], collision)
        return found

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Iterator[Any]:
        """Show as many rows as a form had that is filled in again (``privacycenter.kept_forms``)."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            if rows := rows_typed(request, formset.get_default_prefix()):
                saved = formset.model._default_manager.filter(**{formset.fk.name: obj}).count() if obj else 0
                formset.extra = max(formset.extra, rows - saved)
            yield formset, inline

    def note_what_is_seen(self, request: HttpRequest, object_id: str | None) -> None:
        """Store a hash of what the form is about to show, before reading it, so that later changes are noticed.

        A submitted form is first compared with the current content.
        """
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if row is None or not self.has_change_permission(request, row):
            return
        if request.method == "POST":
            take_theirs(request)
            request.collision = collision_between(row, request.POST)  # type: ignore[attr-defined]
        request.seen = sha256_of(edited_together(row)), newest_revision()  # type: ignore[attr-defined]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, obj, change, **kwargs)
        made.collision = getattr(request, "collision", None)
        return made

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        collision = getattr(request, "collision", None)
        row = context.get("original")
        for form in forms_of(context):
            mark_missing_translations(form)
            if collision and row:
                compare_with(form, collision)
        for inline in context["inline_admin_formsets"]:
            inline.formset.meanwhile = collision.rows.get(inline.formset.prefix) if collision else None
        more = {
            "show_publish": request.user.has_perm("disclosures.add_proposal"),
            "publishes_alone": publishes_alone(cast(User, request.user)),
            "collision": collision,
            "seen": getattr(request, "seen", None),
            "preview_address": preview_address(KINDS[self.model], row) if row else "",
            "arrange_address": arrange_address(row) if row else "",
            "is_reference": isinstance(row, Reference),
        }
        return super().render_change_form(request, {**context, **more}, *args, **kwargs)

    # History ---------------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        request.touched = touched_by_saving(obj) if change else {}  # type: ignore[attr-defined]
        request.before = part_of(request.touched)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before, touched = request.before, request.touched  # type: ignore[attr-defined]
        # With what was added inside the form.
        after = part_of(together(touched, inside(form.instance)))
        record_revisions(before=before, after=after, by=cast(User, request.user))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            lock_working_copy()
            with written_down(touched_by_deleting([obj]), by=cast(User, request.user)):
                super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            lock_working_copy()
            with written_down(touched_by_deleting(list(queryset)), by=cast(User, request.user)):
                super().delete_queryset(request, queryset)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        row = self.get_object(request, unquote(object_id))
        kind, number = KINDS[self.model], request.GET.get("p", "")
        found = entry_history(kind, code_of(row), number, document_for(request)) if row else None
        return super().history_view(request, object_id, {**(extra_context or {}), "history": found})

    # Retiring instead of deleting ------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        if not issubclass(self.model, Reference):
            return super().get_urls()
        names = f"disclosures_{self.model._meta.model_name}"
        return [
            path("<path:object_id>/retire/", self.admin_site.admin_view(self.retire_view), name=f"{names}_retire"),
            path("<path:object_id>/restore/", self.admin_site.admin_view(self.restore_view), name=f"{names}_restore"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if issubclass(self.model, Reference):
            return False
        return super().has_delete_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        row = self.get_object(request, unquote(object_id))
        blocking = standing_in_the_way(row) if row and not isinstance(row, Reference) else []
        if row is None or not (blocking or isinstance(row, Reference)):
            return super().delete_view(request, object_id, extra_context)
        # Nobody may delete it, but those who may change it are told why, and what to do instead.
        self.changeable(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": title_instead_of_deleting(row, blocking),
            "opts": self.opts,
            "original": row,
            "blocking": [(one, edit_url(KINDS[type(one)], code_of(one))) for one in blocking],
        }
        status = 403 if request.method == "POST" else 200
        return TemplateResponse(request, "editing/cannot_delete.html", context, status=status)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return without_joins(*super().get_deleted_objects(objs, request))

    def retire_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.changeable(request, object_id)
        if row and request.method == "POST" and retire_reference(row=row, by=cast(User, request.user)):
            messages.success(
                request,
                _("“%(name)s” is retired. Visitors see it until you publish.") % {"name": inside_quotes(str(row))},
            )
        return redirect(f"admin:disclosures_{self.opts.model_name}_change", object_id)

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.changeable(request, object_id)
        if row and request.method == "POST" and restore_reference(row=row, by=cast(User, request.user)):
            messages.success(request, _("“%(name)s” is in use again.") % {"name": inside_quotes(str(row))})
        return redirect(f"admin:disclosures_{self.opts.model_name}_change", object_id)

    def changeable(self, request: HttpRequest, object_id: str) -> Any:
        """Return the row, or None if there is none. Raises PermissionDenied for users who may not change it."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    # Publishing ------------------------------------------------------------------------------------------------------

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.publish_if_asked(request, obj)
        return super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.publish_if_asked(request, obj)
        return super().response_change(request, obj)

    def publish_if_asked(self, request: HttpRequest, obj: Any) -> None:
        if "_publish" in request.POST and request.user.has_perm("disclosures.add_proposal"):
            publish_or_propose(request, f"{self.opts.verbose_name}: {obj}"[:LONGEST_REASON])


def arrange_address(row: Any) -> str:
    """Return the URL where the order around this row is changed. Empty for a row that is on no page."""
    page = getattr(getattr(row, "section", row), "page", None)
    key = row.pk if isinstance(row, Page) else getattr(page, "pk", None)
    return reverse("admin:arrange_page", args=[key]) if key else ""


def forms_of(context: dict[str, Any]) -> Iterator[forms.ModelForm[Any]]:
    """Yield the form of a change page, then those of its inlines that have translated texts."""
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            if hasattr(form._meta.model, "texts"):
                yield form
