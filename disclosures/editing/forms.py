"""Forms of content rows: languages side by side, Markdown, a permanent code, a position."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltrans.fields import TranslationField

from disclosures.editing.collisions import Collision
from disclosures.editing.page_outline import next_position
from disclosures.publishing.entries import field_name
from privacycenter.text.languages import site_languages
from privacycenter.text.legible import fault_of
from privacycenter.text.richtext import hidden_host_told, hidden_hosts


def side_by_side(model: type[models.Model]) -> dict[str, list[str]]:
    """Return field → its name and those of its translations, as one row of a form."""
    translation = cast(TranslationField, model._meta.get_field("i18n"))
    rows = {name: [name] for name in translation.fields}
    for field in translation.get_translated_fields():
        # The field without a language is an alias for the active one; the default text is the original field.
        if field.language not in (None, settings.LANGUAGE_CODE):
            rows[field.original_name].append(field.name)
    return rows


def text_languages(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Each field that holds a text in one language, with that language."""
    for field in side_by_side(model):
        for language in site_languages():
            yield field_name(field, language), language


def editing_fields(model: type[models.Model], *names: str) -> list[str | list[str]]:
    """Return form rows for these fields, each with its translations."""
    pairs = side_by_side(model)
    return [pairs.get(name, name) for name in names]


class MarkdownTextarea(AdminTextareaWidget):
    """A text in Markdown. The form's template adds the help, and a script the live preview from the given address."""

    is_markdown = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-markdown": reverse("admin:markdown"), **(attrs or {})})


class NamedDateTime(AdminSplitDateTime):
    """The admin's two inputs for day and time, each with a label, which Django does not give them."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, (gettext_lazy("Day"), gettext_lazy("Time of day")), strict=True):
            widget.attrs["aria-label"] = name


class PlacedForm(forms.ModelForm[Any]):
    """Form of a row with a position. A new row without one comes last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields and not self.instance.pk:
            position = self.fields["position"]
            position.required, position.initial = False, None
            position.widget.attrs["placeholder"] = _("last")
            if position.help_text:
                position.help_text = _("Smaller numbers come first. Left empty, it comes last.")

    def save(self, commit: bool = True) -> Any:
        if "position" in self.fields and self.cleaned_data["position"] is None:
            self.instance.position = next_position(self.instance)
        return super().save(commit)


class ContentForm(PlacedForm):
    """Form of a content row. ``collision`` is set if another editor changed what this editor has open."""

    collision: Collision | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A code cannot change: the ledger, the API and links refer to it.
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True
        for name, language in text_languages(self._meta.model):
            if name in self.fields:
                self.fields[name].widget.attrs.setdefault("lang", language)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        for name, value in [*cleaned.items()]:
            if isinstance(value, str):
                # Browsers send CRLF; normalised, so that an untouched text stays the same.
                cleaned[name] = value.replace("\r\n", "\n")
                if fault := fault_of(value):
                    self.add_error(name, fault)
        self.refuse_hidden_hosts(cleaned)
        if self.collision:
            raise ValidationError(self.collision.message, code="changed-meanwhile")
        return cleaned

    def refuse_hidden_hosts(self, cleaned: dict[str, Any]) -> None:
        for name in [name for name in cleaned if isinstance(self.fields[name].widget, MarkdownTextarea)]:
            for address in hidden_hosts(cleaned[name])[:1]:
                self.add_error(name, hidden_host_told(address))


def mark_missing_translations(form: forms.ModelForm[Any]) -> None:
    """Mark empty fields whose text in the default language is not empty."""
    for first, *others in side_by_side(form._meta.model).values():
        if first in form.fields and form[first].value():
            for name in others:
                if name in form.fields and not form[name].value():
                    form.fields[name].is_untranslated = True  # type: ignore[attr-defined]
