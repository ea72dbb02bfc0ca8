"""What the desk says of the menu and the footer: whether they have links of their own."""

from dataclasses import dataclass

from disclosures.models import MenuEntry, MenuPlace


@dataclass(frozen=True)
class Standing:
    """One place, menu or footer. ``is_standard``: it has no links of its own, so visitors see the standard ones."""

    place: MenuPlace
    is_standard: bool


def standing_of() -> list[Standing]:
    """Return both places, menu first. One SQL statement."""
    own = set(MenuEntry.objects.order_by().values_list("place", flat=True).distinct())
    return [Standing(place, place not in own) for place in MenuPlace]
