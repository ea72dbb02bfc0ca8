"""What a translator is told beside a text. Pure."""

from typing import Any

from django.utils.translation import gettext as _

from disclosures.translating.units import State, Unit


def hints_of(unit: Unit) -> list[str]:
    """Return sentences in the language of the interface."""
    found = []
    if unit.place.is_markdown:
        found.append(_("Markdown: keep its marks (**, -, |) and leave the addresses of links as they are."))
    column: Any = unit.place.model._meta.get_field(unit.place.column)
    limit = column.max_length
    if limit:
        found.append(_("At most %(limit)s characters, in one line.") % {"limit": limit})
    if unit.state is State.OLDER:
        found.append(
            _("The Japanese was changed after this translation. It was: %(text)s") % {"text": unit.source_then}
        )
    return found
