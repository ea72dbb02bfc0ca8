"""Forms of content rows: languages side by side, Markdown, a permanent code, a position."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.content.entries import field_name
from disclosures.content.reading_advice import advice_on
from disclosures.editing.choosing import begin_with_fetched
from disclosures.editing.collisions import Collision
from disclosures.editing.own_values import OwnValues
from disclosures.editing.page_outline import next_position
from disclosures.languages.text_fields import side_by_side, text_languages
from privacycenter.text.addresses import fault_of_addresses
from privacycenter.text.languages import site_languages
from privacycenter.text.legible import fault_of
from privacycenter.text.richtext import hidden_host_told, hidden_hosts


def editing_fields(
    model: type[models.Model], *names: str, languages: Sequence[str] | None = None
) -> list[str | list[str]]:
    """Return form rows for these fields, each text in these languages (default: all), side by side."""
    texts = side_by_side(model)
    shown = languages or site_languages()
    return [[field_name(name, language) for language in shown] if name in texts else name for name in names]


class MarkdownTextarea(AdminTextareaWidget):
    """A text in Markdown. The form's template adds the help, and scripts the live preview from the given address and a
    button that puts links and pictures in."""

    is_markdown = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        chooser = {
            "data-link-chooser": reverse("admin:linkable_list"),
            "data-link-label": _("Insert a link or picture…"),
        }
        super().__init__({"data-markdown": reverse("admin:markdown"), **chooser, **(attrs or {})})


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
        begin_with_fetched(self)
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
    """Form of a content row. ``collision`` is set if another editor changed what this editor has open.

    ``own``: what the editor's change set says where the row has another set's text. It is shown, and what stays
    untouched leaves the row as it is.
    """

    collision: Collision | None = None
    own: OwnValues | None = None

    def __init__(self, *args: Any, shows_rows: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = {} if shows_rows or self.own is None else {**self.own.shown}
        self.touched: set[str] = set()
        self.initial.update({name: value for name, value in self.shown.items() if name in self.fields})
        # A code cannot change: the ledger, the API and links refer to it.
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True
        for name, language in text_languages(self._meta.model):
            if name in self.fields:
                self.fields[name].widget.attrs.setdefault("lang", language)

    def clean(self) -> dict[str, Any] | None:
        cleaned = self.without_what_was_not_sent(super().clean() or self.cleaned_data)
        for name, value in [*cleaned.items()]:
            if isinstance(value, str):
                # Browsers send CRLF; normalised, so that an untouched text stays the same.
                cleaned[name] = value.replace("\r\n", "\n")
                if fault := fault_of(value) or fault_of_addresses(value):
                    self.add_error(name, fault)
        self.leave_untouched(cleaned)
        self.refuse_hidden_hosts(cleaned)
        if self.collision:
            raise ValidationError(self.collision.message, code="changed-meanwhile")
        return cleaned

    def leave_untouched(self, cleaned: dict[str, Any]) -> None:
        """Keep another set's text in the row where this editor did not touch the field. Note where they did."""
        for name, value in self.shown.items():
            if name not in cleaned:
                continue
            is_same = cleaned[name] == value if isinstance(value, str) else name not in self.changed_data
            if is_same:
                in_row = getattr(self.instance, name)
                cleaned[name] = in_row.all() if isinstance(in_row, models.Manager) else in_row
            else:
                self.touched.add(name)

    def without_what_was_not_sent(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Leave translations as they are that the form did not have: a browser sends what was emptied, too."""
        for name, language in text_languages(self._meta.model):
            if language != settings.LANGUAGE_CODE and self.add_prefix(name) not in self.data:
                cleaned.pop(name, None)
        return cleaned

    def refuse_hidden_hosts(self, cleaned: dict[str, Any]) -> None:
        for name in [name for name in cleaned if isinstance(self.fields[name].widget, MarkdownTextarea)]:
            for address in hidden_hosts(cleaned[name])[:1]:
                self.add_error(name, hidden_host_told(address))


def mark_reading_advice(form: forms.ModelForm[Any], explained: set[str]) -> None:
    """Attach to each text in Markdown what could be read more easily, for browsers without scripts."""
    for name, language in text_languages(form._meta.model):
        if name in form.fields and isinstance(form.fields[name].widget, MarkdownTextarea):
            text = str(form[name].value() or "")
            form.fields[name].advice = advice_on(text, language, explained)  # type: ignore[attr-defined]


def mark_missing_translations(form: forms.ModelForm[Any]) -> None:
    """Mark empty fields whose text in the default language is not empty."""
    for first, *others in side_by_side(form._meta.model).values():
        if first in form.fields and form[first].value():
            for name in others:
                if name in form.fields and not form[name].value():
                    form.fields[name].is_untranslated = True  # type: ignore[attr-defined]
