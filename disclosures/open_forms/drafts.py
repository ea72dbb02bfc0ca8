"""What the desk's pages show of drafts: their names, when they were kept, and where one goes on writing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.content.entries import NAMES, field_name
from disclosures.content.working_copy import MODELS
from disclosures.open_forms.queries import FormKey
from privacycenter.kept_forms.actions import Typed
from privacycenter.kept_forms.draft_actions import UNDO_FOR
from privacycenter.kept_forms.drafts import live_drafts, readable, thrown_away
from privacycenter.kept_forms.middleware import DRAFT
from privacycenter.models import Draft, User
from privacycenter.text.languages import page_language

LONGEST_TITLE = 80


@dataclass(frozen=True)
class DraftLine:
    """One draft. ``address``: its form, filled in. ``until``: when one that was thrown away is gone."""

    id: UUID
    title: str
    kind_label: str
    is_new: bool
    kept_at: datetime
    address: str
    until: datetime | None


def my_drafts(by: User) -> tuple[list[DraftLine], list[DraftLine]]:
    """Return the live drafts of an account and those that can be brought back, newest first. Two SQL statements, and
    one for each kind of entry."""
    live, gone = readable(live_drafts(by)), readable(thrown_away(by))
    pages = pages_of([FormKey.read(draft.form) for draft, _typed in [*live, *gone]])
    return lines_of(live, pages), lines_of(gone, pages)


def lines_of(drafts: Iterable[tuple[Draft, Typed]], pages: dict[FormKey, str]) -> list[DraftLine]:
    """``pages``: the address of each form whose entry is there; the others are opened where they were written."""
    return [draft_line(draft, typed, pages.get(FormKey.read(draft.form), typed.page)) for draft, typed in drafts]


def draft_line(draft: Draft, typed: Typed, page: str) -> DraftLine:
    form = FormKey.read(draft.form)
    return DraftLine(
        id=draft.pk,
        title=title_of(typed) or form.code or _("without a title so far"),
        kind_label=str(MODELS[form.kind]._meta.verbose_name) if form.is_known else form.kind,
        is_new=not form.code,
        kept_at=draft.kept_at,
        address=f"{page}?{DRAFT}={draft.pk}",
        until=draft.ended_at + UNDO_FOR if draft.ended_at else None,
    )


def title_of(typed: Typed) -> str:
    """Return what the form has in the field that names its entry, in the page's language if it is written in it."""
    names = [one for name in NAMES for one in (field_name(name, page_language()), name)]
    for name in (*names, "line", "code"):
        if found := " ".join(typed.values(name)).strip():
            return found if len(found) <= LONGEST_TITLE else f"{found[:LONGEST_TITLE]}…"
    return ""


def pages_of(forms: Iterable[FormKey]) -> dict[FormKey, str]:
    """Return the address of each form that is there. One SQL statement for each kind."""
    wanted: dict[str, set[str]] = {}
    for form in forms:
        if form.is_known:
            wanted.setdefault(form.kind, set()).add(form.code)
    found: dict[FormKey, str] = {}
    for kind, codes in wanted.items():
        model = MODELS[kind]
        found |= {FormKey(kind, code): change_page(model, pk) for code, pk in keys_of(model, codes).items()}
        if "" in codes:
            found[FormKey(kind, "")] = reverse(f"admin:disclosures_{model._meta.model_name}_add")
    return found


def keys_of(model: type[Model], codes: set[str]) -> dict[str, int]:
    rows = model._default_manager.all()
    if MODELS["site"] is model:
        # There is one, and it has no code.
        return dict.fromkeys(codes, rows.values_list("pk", flat=True)[0])
    return dict(rows.filter(code__in=codes).values_list("code", "pk"))


def change_page(model: type[Model], pk: int) -> str:
    return reverse(f"admin:disclosures_{model._meta.model_name}_change", args=[pk])
