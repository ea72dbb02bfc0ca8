"""Fields that refer to other entries: a select while those are few, a text with codes and a search where they are many.

The text works without JavaScript: a code, or a whole name. ``desk-choose.js`` adds the search to it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.content.working_copy import KINDS
from disclosures.editing.entry_search import codes_named, counted_entries

# More than these make a select long to send and to go through.
MOST_IN_A_SELECT = 50
MOST_LOOKED_UP = 20


def line_of(row: Any) -> str:
    """Return how an entry is written in such a text: its code, then its name, which is not read."""
    return f"{row.code} {' '.join(str(row).split())}"


class ChosenText:
    """What both fields have in common. ``queryset`` holds the entries that may be named."""

    queryset: Any

    @property
    def kind(self) -> str:
        return KINDS[self.queryset.model]

    def rows_named(self, lines: Sequence[str]) -> dict[str, Any]:
        """Return line → its entry, in order. Raises ValidationError, naming each line that is wrong. One SQL statement,
        and one or two more for each line that is no code."""
        codes = {line: line.split(maxsplit=1)[0] for line in lines}
        known = {row.code: row for row in self.queryset.filter(code__in=set(codes.values()))}
        unknown = [line for line in lines if codes[line] not in known]
        named = {line: self.row_called(line) for line in unknown[:MOST_LOOKED_UP]}
        wrong = [named[line] for line in named if isinstance(named[line], ValidationError)]
        if wrong or len(unknown) > len(named):
            raise ValidationError(wrong or [self.nothing_called(unknown[-1])])
        return {line: known.get(codes[line]) or named[line] for line in lines}

    def row_called(self, name: str) -> Any:
        codes = codes_named(self.kind, name)
        found = self.queryset.filter(code__in=codes)[:2] if codes else []
        if len(found) == 1:
            return found[0]
        if not found:
            return self.nothing_called(name)
        told = _("“%(name)s” is the name of several. Write the code: %(codes)s.")
        return ValidationError(told, "several", {"name": name[:60], "codes": ", ".join(codes)})

    def nothing_called(self, name: str) -> ValidationError:
        label = self.queryset.model._meta.verbose_name
        told = _("There is no %(kind)s “%(name)s”. Write its code, or its whole name.")
        return ValidationError(told, "unknown", {"kind": label, "name": name[:60]})

    def search_attrs(self) -> dict[str, Any]:
        return {
            "data-choose": reverse("admin:choose", args=[self.kind]),
            "data-choose-label": _("Search by name or code"),
            "data-choose-none": _("Nothing found."),
            "data-choose-found": _("%(count)s found. Choose with the arrow keys."),
            "data-choose-more": _("More than %(count)s found. Type more to find fewer."),
            "autocomplete": "off",
            "spellcheck": "false",
        }


class CodesField(ChosenText, forms.ModelMultipleChoiceField[Any]):
    """Several entries, one on each line."""

    widget = forms.Textarea

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_text = self.help_text or gettext_lazy("One on each line: its code, or its whole name.")
        self.widget.attrs |= {"rows": 5, "class": "choose-lines", **self.search_attrs()}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(line_of(row) for row in self.rows_of(value))

    def rows_of(self, value: Iterable[Any]) -> list[Any]:
        found = list(value)
        keys = [one for one in found if not isinstance(one, models.Model)]
        return list(self.queryset.filter(pk__in=keys)) if keys else found

    def clean(self, value: Any) -> Any:
        lines = list(dict.fromkeys(filter(None, (line.strip() for line in str(value or "").splitlines()))))
        if not lines and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        rows = self.rows_named(lines) if lines else {}
        return list({row.pk: row for row in rows.values()}.values())

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return {row.pk for row in self.clean(data)} != {row.pk for row in self.rows_of(initial or [])}
        except ValidationError:
            return True


class CodeField(ChosenText, forms.ModelChoiceField[Any]):
    """One entry. ``row``: the one that a form begins with, if it was fetched with it."""

    widget = forms.TextInput
    row: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_text = self.help_text or gettext_lazy("Its code, or its whole name.")
        self.widget.attrs |= {"class": "choose-one", **self.search_attrs()}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        if isinstance(value, models.Model):
            return line_of(value)
        row = self.row if self.row is not None and self.row.pk == value else self.queryset.filter(pk=value).first()
        return line_of(row) if row else ""

    def to_python(self, value: Any) -> Any:
        line = str(value or "").strip()
        return next(iter(self.rows_named([line]).values())) if line else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(str(self.prepare_value(initial) or "").strip() != str(data or "").strip())


class FixedEntry(forms.HiddenInput):
    """The entry that a saved row is about, as text. It is sent along, so that a row is compared as a whole."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.shown = shown

    @property
    def is_hidden(self) -> bool:
        """Its text is shown, in a cell of its own."""
        return False

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return format_html("{}<span>{}</span>", super().render(*args, **kwargs), self.shown)


def rows_by_value(field: forms.Field, values: Iterable[str]) -> dict[str, Any]:
    """Return what was sent for a field that refers to entries → the entry, without what names none."""
    sent = list(dict.fromkeys(filter(None, values)))
    if not isinstance(field, CodeField):
        rows = {str(row.pk): row for row in cast(forms.ModelChoiceField[Any], field).queryset or ()}
        return {value: rows[value] for value in sent if value in rows}
    found = {}
    for value in sent:
        try:
            found[value] = field.to_python(value)
        except ValidationError:
            continue
    return found


def begin_with_fetched(form: forms.ModelForm[Any]) -> None:
    """Spare a statement for each entry that the row was fetched with."""
    for name, field in form.fields.items():
        if isinstance(field, CodeField):
            field.row = form.instance._state.fields_cache.get(name)


class ChoosingAdmin:
    """Base of forms and inlines with fields that refer to other entries."""

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.ForeignKey | models.ManyToManyField) and has_many(db_field, request):
            kind = CodesField if isinstance(db_field, models.ManyToManyField) else CodeField
            field: Any = db_field
            return field.formfield(form_class=kind)
        made = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        # The choices of a list of many are needed only where it is shown, and a form that is sent seldom is.
        is_shown = isinstance(db_field, models.ManyToManyField) and request.method != "POST"
        if made is not None and (is_shown or isinstance(db_field, models.ForeignKey)):
            made.choices = choices_of(made, request)
        return made


def choices_of(field: forms.ModelChoiceField[Any], request: HttpRequest) -> list[Any]:
    """Return the choices of a select. One SQL statement per request for all selects and rows with the same entries."""
    if not hasattr(request, "choosable"):
        request.choosable = {}  # type: ignore[attr-defined]
    choosable: dict[str, list[Any]] = request.choosable  # type: ignore[attr-defined]
    queryset = cast(models.QuerySet[Any], field.queryset)
    query = str(queryset.query)
    if query not in choosable:
        choosable[query] = list(queryset)
    blank = [] if field.empty_label is None else [("", field.empty_label)]
    return [*blank, *map(ModelChoiceIterator(field).choice, choosable[query])]


def has_many(db_field: Any, request: HttpRequest) -> bool:
    """Return whether it refers to too many entries for a select. One SQL statement for each request."""
    kind = KINDS.get(db_field.related_model)
    if kind is None:
        return False
    if not hasattr(request, "counted_entries"):
        request.counted_entries = counted_entries()  # type: ignore[attr-defined]
    counts: dict[str, int] = request.counted_entries  # type: ignore[attr-defined]
    return counts.get(kind, 0) > MOST_IN_A_SELECT
