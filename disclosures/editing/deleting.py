"""Texts of the desk about deleting: what is deleted along with a row, and what to do if a row cannot be deleted."""

from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from privacycenter.text.words import inside_quotes


def without_joins(told: list[Any], counts: dict[str, Any], *others: Any) -> tuple[Any, ...]:
    """Return the admin's list of what would be deleted, without rows of join tables, which have no name and no form.

    ``told`` is nested lists of names, ``counts`` maps names of kinds → numbers.
    """
    models = apps.get_app_config("disclosures").get_models(include_auto_created=True)
    joins = [model._meta for model in models if model._meta.auto_created]
    names = {join.verbose_name_plural for join in joins}
    beginnings = tuple(f"{capfirst(join.verbose_name)}: " for join in joins)
    return without(told, beginnings), {name: count for name, count in counts.items() if name not in names}, *others


def without(told: list[Any], beginnings: tuple[str, ...]) -> list[Any]:
    """Return nested lists of names without those that start with one of ``beginnings``."""
    return [
        without(one, beginnings) if isinstance(one, list) else one
        for one in told
        if isinstance(one, list) or not str(one).startswith(beginnings)
    ]


def title_instead_of_deleting(row: Any, blocking: list[Any]) -> str:
    """Return the title of the page shown instead of the one that confirms deletion."""
    if blocking:
        return _("Cannot delete %(name)s") % {"name": row._meta.verbose_name}
    name = inside_quotes(str(row))
    return (_("Use “%(name)s” again") if row.retired_at else _("Retire “%(name)s”")) % {"name": name}
