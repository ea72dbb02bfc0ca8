"""Concurrent edits: the second editor to save is told, and sees both texts side by side."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from disclosures.content.entries import field_name, texts_of
from disclosures.content.parts import edited_together
from disclosures.content.publications import Document
from disclosures.content.working_copy import KINDS, code_of
from disclosures.editing.inline_rows import RowsMeanwhile, as_new, as_sent, rebased
from disclosures.history.revisions import revisions_since
from disclosures.languages.languages_shown import BESIDE, in_languages
from disclosures.models import Exclusion, Note, Revision
from privacycenter.canonical import sha256_of
from privacycenter.text.languages import site_languages

SEEN, SEEN_REVISION, TAKE, THEIRS = "seen", "seen_revision", "take:", "theirs:"


@dataclass
class Collision:
    """Another editor changed or deleted (``is_deleted``) what this editor has open.

    ``opened`` holds the entries as they were when the form was opened, as far as revisions tell. ``rows`` maps an
    inline's prefix to what happened to its rows.
    """

    message: str
    opened: Document = field(default_factory=dict)
    rows: dict[str, RowsMeanwhile] = field(default_factory=dict)
    is_deleted: bool = False


@dataclass(frozen=True)
class OtherText:
    """The saved value of a field for which this form has another value.

    ``value`` is what the form would send for it, None if it cannot be taken over with a checkbox. ``is_taken``: this
    editor did not change the field, so the saved value is preselected.
    """

    text: str
    value: str | None
    is_taken: bool
    take_name: str
    theirs_name: str


def collision_between(row: models.Model, sent: QueryDict, languages: list[str]) -> Collision | None:
    """Return how the row and the rows inside its form changed since the form was opened. None if they did not.

    A change in a language that the form does not show is none: saving leaves it as it is.
    """
    now = in_languages(edited_together(row), languages)
    if sha256_of(now) == sent.get(SEEN):
        return None
    revisions = revisions_while_open(now, sent)
    opened: Document = {}
    for revision in revisions:
        opened.setdefault(revision.kind, {}).setdefault(revision.code, revision.before)
    return Collision(f"{message_about(revisions)} {what_to_do()}", opened)


def revisions_while_open(part: Document, sent: QueryDict) -> list[Revision]:
    number = sent.get(SEEN_REVISION, "")
    return revisions_since(int(number), part) if number.isdecimal() and len(number) < 19 else []


def deletion_of(model: type[models.Model], sent: QueryDict) -> Collision:
    """Return the collision for a row that was deleted. Saving once more adds the form's content as a new row."""
    revisions = revisions_while_open({KINDS[model]: [sent.get("code", "")]}, sent)
    told = _("Somebody deleted this while you had it open. Your input is still here, but not saved yet.")
    if revisions and revisions[-1].after is None:
        told = _("%(who)s deleted this while you had it open (%(when)s). Your input is still here, but not saved yet.")
        told %= who_and_when(revisions[-1])
    todo = _("Here is what you had written. Save it to add it as new, or leave this page to let it go.")
    return Collision(f"{told} {todo}", is_deleted=True)


def with_texts_not_shown(model: type[models.Model], sent: QueryDict) -> QueryDict:
    """Return the form of a deleted entry with all languages: those that it did not show as they were last saved."""
    found = sent.copy()
    found.pop(BESIDE, None)
    deleted = {}
    for revision in revisions_while_open({KINDS[model]: [sent.get("code", "")]}, sent):
        deleted[revision.kind, revision.code] = revision.before if revision.after is None else None
    own = deleted.get((KINDS[model], sent.get("code", ""))) or {}
    notes = {note["code"]: note for note in own.get("notes", ())}
    for name, code in [(name, str(code)) for name, code in sent.items() if name == "code" or name.endswith("-code")]:
        prefix, _dash, _code = name.rpartition("code")
        kind = prefix.partition("-")[0]
        entry = notes.get(code, {}) if kind == "notes" else deleted.get((kind, code)) if kind else own
        for column, value in (entry or {}).items():
            for language, text in (texts_of(value) or {}).items():
                found.setdefault(prefix + field_name(column, language), text)
    return found


def rows_as_of_now(formset: Any, sent: QueryDict, collision: Collision) -> QueryDict:
    """Return the data sent for an inline, updated to its current rows; ``collision`` records what that changed."""
    if collision.is_deleted:
        return as_new(formset, sent)
    row = formset.instance
    opened = collision.opened.get(KINDS[type(row)], {}).get(code_of(row))
    data, collision.rows[formset.prefix] = rebased(formset, sent, opened)
    return data


def message_about(revisions: list[Revision]) -> str:
    if not revisions:
        return _("Somebody changed this while you had it open. Your input is still here, but not saved yet.")
    told = _("%(who)s changed this while you had it open (%(when)s). Your input is still here, but not saved yet.")
    return told % who_and_when(revisions[-1])


def who_and_when(revision: Revision) -> dict[str, str]:
    return {
        "who": str(revision.changed_by or revision.reporter or _("A command")),
        "when": format_date(timezone.localtime(revision.changed_at), get_format("DATETIME_FORMAT")),
    }


def what_to_do() -> str:
    return _(
        "Below each field that differs you see what is saved now. Tick it to take that text, leave it to keep yours. "
        "Then save again."
    )


def take_theirs(request: HttpRequest) -> None:
    """Replace the fields that the editor ticked with the other editor's text."""
    taken = {name.removeprefix(TAKE) for name in request.POST if name.startswith(TAKE)}
    if not taken:
        return
    sent = request.POST.copy()
    for name in taken:
        if THEIRS + name in sent and name in sent:
            sent[name] = str(sent[THEIRS + name])
    request.POST = sent  # type: ignore[assignment]


def compare_with(form: forms.ModelForm[Any], collision: Collision) -> None:
    """Attach the saved value to each field of a submitted form that differs from the working copy.

    Fields that only this editor changed, as far as revisions tell, are left alone.
    """
    model = form._meta.model
    now = model._default_manager.filter(pk=form.instance.pk).first() if form.instance.pk else None
    if now is None:
        return
    # A form of a content row shows its own set's text; here the other's is asked for.
    saved: dict[str, Any] = {"shows_rows": True} if hasattr(form, "shown") else {}
    other = type(form)(instance=now, prefix=form.prefix, **saved)
    opened = texts_when_opened(now, collision)
    if opened is None:
        return
    for name, its_field in form.fields.items():
        if name not in other.fields or its_field.disabled or its_field.widget.is_hidden:
            continue
        mine, theirs = form[name].value(), other[name].value()
        if isinstance(theirs, str) or isinstance(its_field, forms.CharField):
            mine, theirs = as_sent(mine), as_sent(theirs)
            differs = mine != theirs
        else:
            differs = its_field.has_changed(other.get_initial_for_field(its_field, name), form[name].data)
        is_mine_alone = name in opened and opened[name] == as_sent(theirs)
        if differs and not is_mine_alone:
            is_taken = opened.get(name) == mine and isinstance(mine, str)
            its_field.other = other_text(form, other, name, is_taken=is_taken)  # type: ignore[attr-defined]


def other_text(form: forms.ModelForm[Any], other: forms.ModelForm[Any], name: str, *, is_taken: bool) -> OtherText:
    widget, html_name = form.fields[name].widget, form.add_prefix(name)
    is_text = isinstance(widget, (forms.TextInput, forms.Textarea, forms.NumberInput)) and not widget.is_hidden
    value = str(widget.format_value(other[name].value()) or "") if is_text else None
    text = value if value is not None else chosen(other, name)
    return OtherText(text, value, is_taken and value is not None, TAKE + html_name, THEIRS + html_name)


def chosen(form: forms.ModelForm[Any], name: str) -> str:
    """Return the labels of the chosen values of a field."""
    value, its_field = form[name].value(), form.fields[name]
    if isinstance(value, bool):
        return capfirst(_("yes")) if value else capfirst(_("no"))
    values = {str(getattr(one, "pk", one)) for one in (value if isinstance(value, (list, tuple)) else [value])}
    labels = [str(label) for key, label in getattr(its_field, "choices", []) if str(key) in values and str(key)]
    return ", ".join(labels) or ("" if hasattr(its_field, "choices") else str(value or ""))


def texts_when_opened(row: Any, collision: Collision) -> dict[str, str] | None:
    """Return form field → its text when the form was opened, as far as revisions tell.

    None if no other editor changed this entry.
    """
    is_inside = isinstance(row, Note | Exclusion)
    kind, code = ("scenarios", row.scenario.code) if is_inside else (KINDS[type(row)], code_of(row))
    if not collision.opened:
        return {}
    if code not in collision.opened.get(kind, {}):
        return None
    entry = collision.opened[kind][code] or {}
    if isinstance(row, Note):
        entry = next((note for note in entry.get("notes", []) if note["code"] == row.code), {})
    if isinstance(row, Exclusion):
        same = (row.service.code, row.item.code)
        entry = next((one for one in entry.get("exclusions", []) if (one["service"], one["item"]) == same), {})
    found: dict[str, str] = {}
    for name, value in entry.items():
        texts = texts_of(value)
        if texts is not None:
            found |= {field_name(name, language): as_sent(texts.get(language)) for language in site_languages()}
        elif isinstance(value, (str, int)) and not isinstance(value, bool):
            found[name] = as_sent(value)
    return found
