"""What a site says at its beginning: the answers, over what is there already, over words that hold for anybody."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from disclosures.adopting.answers import EMPTY, OF_OPERATOR, STARTER, Answers, MenuAnswer
from disclosures.models import MenuPlace
from disclosures.packs.files import read_pack, read_shipped_pack
from disclosures.packs.schema import MenuLinkEntry, Pack, SiteEntry

BEGINNING = Path(__file__).with_name("beginning.yaml")
STARTER_FOLDER = Path(__file__).resolve().parents[1] / "starter"


def beginning() -> dict[str, dict[str, str]]:
    """Return field → language → the words of a new site."""
    said: dict[str, dict[str, str]] = yaml.safe_load(BEGINNING.read_text(encoding="utf-8"))
    return said


def pack_of(answers: Answers, now: SiteEntry | None, today: date) -> Pack:
    """Return the pack that the answers choose, with the site's own names. Reads the folder of a pack.

    ``now``: what the site says already; it stays where the answers say nothing. Raises PackError.
    """
    chosen = Pack()
    if answers.content == STARTER:
        chosen = read_shipped_pack(STARTER_FOLDER)
    elif answers.content != EMPTY:
        chosen = read_pack(Path(answers.content))
    menu = [*links_of(MenuPlace.HEAD, answers.menu), *links_of(MenuPlace.FOOT, answers.footer)]
    # A pack that came with its bytes keeps them: a copy of the model has them, too.
    own = {"site": site_of(answers, chosen.site, now, today), "menu": [*chosen.menu, *menu]}
    return chosen.model_copy(update=own)


def site_of(answers: Answers, chosen: SiteEntry | None, now: SiteEntry | None, today: date) -> SiteEntry:
    said: dict[str, Any] = {
        name: {language: text for language, text in texts.items() if language in answers.languages}
        for name, texts in beginning().items()
    }
    said["as_of"] = today
    said |= chosen.model_dump(exclude_defaults=True) if chosen else {}
    said |= without_sample(now, answers) if now else {}
    said |= {name: getattr(answers, name) for name in ("title", "operator")}
    said |= {name: texts for name in OF_OPERATOR if (texts := getattr(answers, name))}
    if answers.security_contact:
        said["security_contact"] = answers.security_contact
    return SiteEntry.model_validate(said)


def without_sample(now: SiteEntry, answers: Answers) -> dict[str, Any]:
    """Return what the site says already, without what is still the sample's word for word, unless that is wanted."""
    said = now.model_dump(exclude_defaults=True)
    if answers.content == STARTER:
        return said
    sample = read_shipped_pack(STARTER_FOLDER).site
    theirs = sample.model_dump(exclude_defaults=True) if sample else {}
    return {name: value for name, value in said.items() if name == "as_of" or value != theirs.get(name)}


def links_of(place: MenuPlace, answers: list[MenuAnswer]) -> list[MenuLinkEntry]:
    return [
        MenuLinkEntry(code=f"{place.value}-{number}", place=place, title=one.title, address=one.address, note=one.note)
        for number, one in enumerate(answers, 1)
    ]
