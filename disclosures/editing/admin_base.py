"""Base of the desk's content forms: languages side by side, concurrent edits, revisions, retiring, publishing."""

import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.change_sets.attributing_actions import claim_cells
from disclosures.change_sets.form_views import publish_form
from disclosures.change_sets.queries import chosen_set_for
from disclosures.comments.forms import mark_comments
from disclosures.content.entries import edit_url
from disclosures.content.held_copy import held_copy_for, newest_revision
from disclosures.content.merging import patch_between
from disclosures.content.parts import (
    edited_together,
    inside,
    part_of,
    standing_in_the_way,
    together,
    touched_by_deleting,
    touched_by_saving,
)
from disclosures.content.publications import Document, document_for
from disclosures.content.working_copy import KINDS, code_of, rows
from disclosures.editing.choosing import ChoosingAdmin
from disclosures.editing.collisions import (
    collision_between,
    compare_with,
    deletion_of,
    rows_as_of_now,
    take_theirs,
    with_texts_not_shown,
)
from disclosures.editing.deleting import title_instead_of_deleting, without_joins
from disclosures.editing.entry_search import codes_searched
from disclosures.editing.forms import (
    ContentForm,
    MarkdownTextarea,
    NamedDateTime,
    editing_fields,
    mark_missing_translations,
    mark_reading_advice,
)
from disclosures.editing.own_values import OwnValues, cells_written, own_values
from disclosures.editing.preview_urls import preview_address
from disclosures.history.revisions import entry_history
from disclosures.languages.actions import confirm_translation, text_now
from disclosures.languages.forms import language_choice
from disclosures.languages.languages_shown import in_languages, languages_shown
from disclosures.languages.older_marks import mark_older_translations, older_inside, ticked
from disclosures.languages.text_fields import side_by_side
from disclosures.models import Page
from disclosures.models.content.bases import MARKDOWN_FIELDS, Reference
from disclosures.open_forms.queries import FormKey
from disclosures.open_forms.views import draft_elsewhere, keep_from_form, opened, saved, sign
from disclosures.proposals.forms import LONGEST_REASON
from disclosures.proposals.views import publishes_alone
from disclosures.writing.actions import (
    lock_working_copy,
    record_revisions,
    restore_reference,
    retire_reference,
    written_down,
)
from privacycenter.canonical import sha256_of
from privacycenter.http.declared_views import NOBODY
from privacycenter.http.key_addresses import key_in
from privacycenter.kept_forms.fields import KEEP
from privacycenter.kept_forms.rows import rows_typed
from privacycenter.models import User
from privacycenter.text.folding import words_of
from privacycenter.text.languages import other_languages
from privacycenter.text.words import inside_quotes

# Outside of these a line break with blanks around it is one blank.
TEXT_AREA = re.compile(r"(<textarea.*?</textarea>|<pre.*?</pre>)", re.DOTALL)
INDENTATION = re.compile(r"\s*\n\s*")


class TextsAdmin(ChoosingAdmin):
    """Base of forms and inlines with texts: Markdown fields get their own widget."""

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        original = getattr(db_field, "original_name", db_field.name)
        if original in MARKDOWN_FIELDS:
            kwargs["widget"] = MarkdownTextarea()
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ChosenRowsAdmin(admin.ModelAdmin[Any]):
    """Base of the lists in which rows are chosen for an action."""

    def response_action(self, request: HttpRequest, *arguments: Any, **more: Any) -> Any:
        """As Django's, for the chosen rows whose keys are keys: it looks for any other in the database, which fails."""
        given = request.POST.copy()
        keys = given.getlist(ACTION_CHECKBOX_NAME)
        given.setlist(ACTION_CHECKBOX_NAME, [key for key in keys if key_in(key) is not None])
        request.POST = cast(Any, given)
        return super().response_action(request, *arguments, **more)


class LanguagesBesideAdmin(admin.ModelAdmin[Any]):
    """Base of the forms that show the Japanese text and beside it one other language, and offer the choice of it."""

    change_form_template = "languages/language_form.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        for form in forms_of(context):
            mark_missing_translations(form)
        offered = language_choice(languages_shown(request), context.get("original"), context.get("older") or ())
        return super().render_change_form(request, {**context, "language_choice": offered}, *args, **kwargs)


class ContentAdmin(TextsAdmin, ChosenRowsAdmin, LanguagesBesideAdmin):
    """A content form. "Save" changes the working copy; "Save and publish" also publishes what the form is about."""

    shows = NOBODY
    save_on_top = True
    list_per_page = 50
    form = ContentForm
    formfield_overrides = {models.DateTimeField: {"widget": NamedDateTime}}
    field_names: tuple[str, ...] = ()
    actions: tuple[str, ...] = ("change_a_field",)
    change_form_template = "editing/entry_form.html"
    object_history_template = "history/entry_history.html"
    delete_confirmation_template = None

    class Media:
        # Each in a scope of its own, but for the one that desk-paste.js calls.
        js = (
            "js/markdown-from-html.js",
            *(
                Script(f"js/desk-{name}.js", type="module")
                for name in ("markdown", "choose", "link-chooser", "paste", "draft")
            ),
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return editing_fields(self.model, *self.field_names, languages=languages_shown(request))

    # The list --------------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list is named after what it holds: Django's own heading is no sentence in Japanese."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find rows by code and by all their texts, in every language, folded as the public search folds them.

        No SQL statement more: the texts stand beside the rows (``SearchText``). Where no search is offered, such as
        for the site, which has no code, nothing is looked for.
        """
        words = words_of(search_term) if self.get_search_fields(request) else []
        return (queryset.filter(code__in=codes_searched(KINDS[self.model], words)) if words else queryset), False

    @admin.display(description=gettext_lazy("missing translations"))
    def untranslated(self, row: Any) -> str:
        texts = [row.texts(name) for name in side_by_side(self.model)]
        missing = sum(1 for text in texts if text for language in other_languages() if language not in text)
        return format_html('<span class="missing-mark">{}</span>', missing) if missing else ""

    @admin.display(description=gettext_lazy("preview"))
    def shown_in_preview(self, row: Any) -> str:
        address = preview_address(KINDS[self.model], row)
        return format_html('<a href="{}">{}</a>', address, _("Show in preview")) if address else ""

    @admin.action(
        description=gettext_lazy("Change a field of the chosen %(verbose_name_plural)s"), permissions=["change"]
    )
    def change_a_field(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """Lead to the page that changes one field of many entries. The page finds all of a long list again itself."""
        if request.POST.get("select_across") == "1":
            query: dict[str, Any] = {"all": "1", "list": request.GET.urlencode()}
        else:
            query = {"code": list(queryset.order_by().values_list("code", flat=True))}
        return redirect(f"{reverse('admin:bulk_edit', args=[KINDS[self.model]])}?{urlencode(query, doseq=True)}")

    # Concurrent edits ------------------------------------------------------------------------------------------------

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        if request.method == "POST" and KEEP in request.POST:
            return keep_from_form(request, self.form_key(request, object_id))
        if request.method != "POST":
            if getattr(request, "draft", None):
                elsewhere = draft_elsewhere(request, self.form_key(request, object_id))
                if elsewhere:
                    return elsewhere
            self.note_what_is_seen(request, object_id)
            return super().changeform_view(request, self.there(request, object_id), form_url, extra_context)
        with transaction.atomic():
            # Lock before reading the row: of two editors who save at once, the second sees the first one's text.
            lock_working_copy()
            if object_id and self.has_add_permission(request) and self.get_object(request, unquote(object_id)) is None:
                return self.add_what_was_deleted(request, extra_context)
            self.note_what_is_seen(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def form_key(self, request: HttpRequest, object_id: str | None) -> FormKey:
        """Return which form this is; of a row that was deleted, by the code that its form sent or its draft has.

        Raises PermissionDenied for users who may neither change the row nor, if there is none, add one.
        """
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if not (self.has_change_permission(request, row) if row else self.has_add_permission(request)):
            raise PermissionDenied
        if row:
            return FormKey(KINDS[self.model], code_of(row))
        draft = getattr(request, "draft", None)
        code = FormKey.read(draft.form).code if draft else request.POST.get("code", "")
        return FormKey(KINDS[self.model], code if object_id else "")

    def there(self, request: HttpRequest, object_id: str | None) -> str | None:
        """Return the key of the row; None to show the draft of one that was deleted in the form that adds a new row."""
        if object_id and getattr(request, "draft", None) and self.get_object(request, unquote(object_id)) is None:
            return None
        return object_id

    def add_what_was_deleted(self, request: HttpRequest, extra_context: Any) -> Any:
        """Show what was sent for a row that has been deleted, in the form that adds a new row, in every language."""
        request.collision = deletion_of(self.model, request.POST)  # type: ignore[attr-defined]
        request.POST = with_texts_not_shown(self.model, request.POST)  # type: ignore[assignment]
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

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row; for a page that only shows it, read once with all that its entry says, so that what is shown
        is what ``note_what_is_seen`` has stored the hash of."""
        if request.method == "POST" or from_field:
            return super().get_object(request, object_id, from_field)
        if getattr(request, "shown_row", None) is None or request.shown_row[0] != (self.model, object_id):  # type: ignore[attr-defined]
            request.shown_row = (self.model, object_id), self.row_to_show(object_id)  # type: ignore[attr-defined]
        return request.shown_row[1]  # type: ignore[attr-defined]

    def row_to_show(self, object_id: str) -> Any:
        whole, beside = rows(KINDS[self.model]), self.list_select_related
        if isinstance(beside, tuple):
            whole = whole.select_related(*beside)
        try:
            return whole.filter(pk=self.opts.pk.to_python(object_id)).first()
        except ValidationError:
            return None

    def note_what_is_seen(self, request: HttpRequest, object_id: str | None) -> None:
        """Store a hash of what the form is about to show, before reading it, so that later changes are noticed.

        A submitted form is first compared with the current content.
        """
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if row is None or not self.has_change_permission(request, row):
            return
        if request.method == "POST":
            take_theirs(request)
            request.collision = collision_between(row, request.POST, languages_shown(request))  # type: ignore[attr-defined]
            now, revision = edited_together(row), newest_revision()
        else:
            revision, now = held_copy_for(request).revision, edited_together(row, row)
        request.seen = sha256_of(in_languages(now, languages_shown(request))), revision  # type: ignore[attr-defined]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, obj, change, **kwargs)
        made.collision = getattr(request, "collision", None)
        made.own = self.own_values(request, obj) if change else None
        return made

    def own_values(self, request: HttpRequest, row: Any) -> OwnValues | None:
        """Return what one's own set says of the row, read once per request. None for those who do not edit."""
        if row is None or not self.has_change_permission(request, row):
            return None
        if not hasattr(request, "own_values"):
            mine = chosen_set_for(request)
            request.own_values = own_values(row, document_for(request), mine)  # type: ignore[attr-defined]
        return cast(OwnValues, request.own_values)  # type: ignore[attr-defined]

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Let rows inside the form belong to one set at a time."""
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        own = self.own_values(request, obj) if change else None
        for formset in formsets:
            formset.claimed = own.inside.get(formset.prefix, []) if own else []
        return formsets, inlines

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        collision = getattr(request, "collision", None)
        row = context.get("original")
        older = older_inside(forms_of(context)) if row and row.pk else {}
        explain_markdown_once(context)
        explained = held_copy_for(request).explained
        for form in forms_of(context):
            mark_older_translations(form, older, request.POST)
            mark_reading_advice(form, explained)
            if collision and row:
                compare_with(form, collision)
        own = self.own_values(request, row) if row else None
        for name, notes in (own.notes if own else {}).items():
            if name in context["adminform"].form.fields:
                context["adminform"].form.fields[name].others = notes
        if row:
            mark_comments(context["adminform"].form, KINDS[self.model], code_of(row), cast(User, request.user))
        for inline in context["inline_admin_formsets"]:
            inline.formset.meanwhile = collision.rows.get(inline.formset.prefix) if collision else None
        is_written = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        more = {
            "open": opened(request, FormKey(KINDS[self.model], code_of(row) if row else "")) if is_written else None,
            "show_publish": request.user.has_perm("disclosures.add_proposal"),
            "publishes_alone": publishes_alone(cast(User, request.user)),
            "collision": collision,
            "seen": getattr(request, "seen", None),
            "own": own,
            "change_set": chosen_set_for(request),
            "preview_address": preview_address(KINDS[self.model], row) if row else "",
            "arrange_address": arrange_address(row) if row else "",
            "is_reference": isinstance(row, Reference),
            "older": older,
        }
        response = super().render_change_form(request, {**context, **more}, *args, **kwargs)
        cast(TemplateResponse, response).add_post_render_callback(drop_indentation)
        return response

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
        if change:
            self.claim_what_another_says(request, form, after)
        request.saved = patch_between(before, after)  # type: ignore[attr-defined]
        request.entries = [(kind, code) for part in (before, after) for kind in part for code in part[kind]]  # type: ignore[attr-defined]
        confirm_ticked([form, *(one for formset in formsets for one in formset.forms)], request)

    def claim_what_another_says(self, request: HttpRequest, form: Any, after: Document) -> None:
        """Put into one's own set, too, what one wrote and another's set says already: the rows do not tell that."""
        own, (kind, code) = self.own_values(request, form.instance), (KINDS[self.model], code_of(form.instance))
        cells = cells_written(own, form.instance, form.touched) if own else set()
        if cells:
            claim_cells((kind, code), cells, after[kind][code], document_for(request), cast(User, request.user))

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

    # Drafts, and who else is here ------------------------------------------------------------------------------------

    def sign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the signs of an open form that it is still open, and tell it who else has it open."""
        row = self.changeable(request, object_id)
        if request.method != "POST" or row is None:
            return redirect(f"admin:disclosures_{self.opts.model_name}_change", object_id)
        return sign(request, FormKey(KINDS[self.model], code_of(row)))

    # Retiring instead of deleting ------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        names = f"disclosures_{self.model._meta.model_name}"
        sign_path = path("<path:object_id>/signs/", self.admin_site.admin_view(self.sign_view), name=f"{names}_sign")
        if not issubclass(self.model, Reference):
            return [sign_path, *super().get_urls()]
        return [
            sign_path,
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
        saved(request, FormKey(KINDS[self.model], code_of(obj)))
        self.publish_if_asked(request, obj)
        return super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        saved(request, FormKey(KINDS[self.model], code_of(obj)))
        self.publish_if_asked(request, obj)
        return super().response_change(request, obj)

    def publish_if_asked(self, request: HttpRequest, obj: Any) -> None:
        if "_publish" in request.POST and request.user.has_perm("disclosures.add_proposal"):
            name = f"{self.opts.verbose_name}: {obj}"
            publish_form(request, {*request.entries}, request.saved, name[:LONGEST_REASON])  # type: ignore[attr-defined]


def confirm_ticked(forms_sent: list[Any], request: HttpRequest) -> None:
    """Write down for each translation that was ticked that it is still right, of the Japanese as it is saved now."""
    for place, language in ticked(forms_sent, request.POST):
        if text := text_now(place):
            by = cast(User, request.user)
            confirm_translation(place=place, language=language, seen=text.source_sha256, by=by)


def drop_indentation(response: HttpResponse) -> None:
    """Take the blanks at the beginning of lines out of a form: a fifth of its bytes. Texts are left as they are."""
    parts = TEXT_AREA.split(response.content.decode())
    parts[::2] = [INDENTATION.sub("\n", part) for part in parts[::2]]
    response.content = "".join(parts).encode()


def arrange_address(row: Any) -> str:
    """Return the URL where the order around this row is changed. Empty for a row that is on no page."""
    page = getattr(getattr(row, "section", row), "page", None)
    key = row.pk if isinstance(row, Page) else getattr(page, "pk", None)
    return reverse("admin:arrange_page", args=[key]) if key else ""


def explain_markdown_once(context: dict[str, Any]) -> None:
    """Mark the first field of the page that takes Markdown: below it stands how it is written."""
    fields = (field for form in forms_of(context) for field in form.fields.values())
    for field in fields:
        if getattr(field.widget, "is_markdown", False):
            field.has_markdown_help = True  # type: ignore[attr-defined]
            return


def forms_of(context: dict[str, Any]) -> Iterator[forms.ModelForm[Any]]:
    """Yield the form of a change page, then those of its inlines that have translated texts."""
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            if hasattr(form._meta.model, "texts"):
                yield form
