"""The questions at the terminal. A wrong answer is asked again, with a word on what is wrong."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf.locale import LANG_INFO

from disclosures.adopting.answers import (
    EMPTY,
    OF_OPERATOR,
    STARTER,
    Answers,
    checked,
    to_be_a_colour,
    to_be_a_sender,
    to_be_a_time_zone,
    to_be_a_user_name,
    to_be_an_address,
    to_be_an_email,
    to_be_kept,
    to_be_languages,
)
from disclosures.models import Site
from disclosures.packs.schema import legible, to_be_linked

ASKED = {
    "operator_address": "Address of the operator",
    "operator_representative": "Its representative, with their title",
    "purposes": "What it uses personal data for, all of it (Markdown)",
    "complaint_contact": "Where to complain",
    "fees": "What a request for disclosure costs",
    "security_measures": "How it keeps personal data safe (Markdown)",
}
# Characters of what is there already that a question shows. Enter takes all of it.
SHOWN = 60


class Asking:
    """Asks one question after the other. ``there``: what is known already, offered in brackets and taken by Enter."""

    def __init__(self, read: Callable[[str], str], say: Callable[[str], None], there: dict[str, Any]) -> None:
        self.read, self.say, self.there = read, say, there

    def answers(self) -> Answers:
        """Return all answers. Raises EOFError or KeyboardInterrupt if whoever answers goes away."""
        said: dict[str, Any] = {}
        there = " ".join(self.there["languages"])
        said["languages"] = self.one("Languages, Japanese (ja) first", lambda text: to_be_languages(words(text)), there)
        languages = said["languages"]
        said["time_zone"] = self.one("Time zone", to_be_a_time_zone, self.there["time_zone"])
        said["address"] = self.one("Address of the site", to_be_an_address, self.there.get("address", ""))
        said["sender"] = self.one("Sender of mails", to_be_a_sender, self.there.get("sender", ""))
        said["title"] = self.texts("Name of the site", "title", languages)
        said["operator"] = self.texts("Name of the operator", "operator", languages)
        for name in OF_OPERATOR:
            said[name] = self.texts(ASKED[name], name, languages, is_needed=False)
        said["security_contact"] = self.one(
            "Contact for security reports (an e-mail or https address)", partial(to_be_a_text, "security_contact"),
            self.there.get("security_contact", ""), is_needed=False,
        )  # fmt: skip
        said |= self.look()
        for place, label in (("menu", "Menu"), ("footer", "Footer")):
            now = self.there.get(f"{place}_links", 0)
            enter = f"the {now} links that are there" if now else "the standard one"
            said[place] = self.links(f"{label}: paths such as /faq/ with spaces between, or Enter for {enter}")
        said["content"] = self.one(
            f"Content to begin with: {EMPTY}, {STARTER}, or the folder of a pack", str.strip,
            self.there.get("content", EMPTY),
        )  # fmt: skip
        said |= self.staff()
        return checked(said, "the answers")

    def look(self) -> dict[str, Any]:
        folder = self.one(
            "Folder of the theme (colours and logo), outside of the program; Enter for the standard look", str.strip,
            self.there.get("theme", ""), is_needed=False,
        )  # fmt: skip
        if not folder:
            return {}
        colour = self.one("Your colour, as #1a5f4a", to_be_a_colour, "", is_needed=False)
        logo = self.one("File of the logo (svg or png)", str.strip, "", is_needed=False)
        icon = self.one("File of the icon (svg or png)", str.strip, "", is_needed=False)
        return {"theme": {"folder": folder, "colour": colour, "logo": logo, "icon": icon}}

    def staff(self) -> dict[str, Any]:
        if self.there.get("administrators"):
            self.say(f"Administrators: {', '.join(self.there['administrators'])}. No other one is made.")
            return {}
        username = self.one("User name of the first administrator", to_be_a_user_name, "")
        email = self.one("Their e-mail address", to_be_an_email, "")
        return {"staff": {"username": username, "email": email}}

    def texts(self, label: str, name: str, languages: list[str], *, is_needed: bool = True) -> dict[str, str]:
        """Ask once for each language. The first is needed for the others; those left out fall back to it."""
        found: dict[str, str] = {}
        for number, language in enumerate(languages):
            there = self.there.get(name, {}).get(language, "")
            question = f"{label}, in {LANG_INFO[language]['name']}"
            text = self.one(question, partial(to_be_a_text, name), there, is_needed=is_needed and number == 0)
            if text:
                found[language] = text
            elif number == 0:
                break
        return found

    def links(self, question: str) -> list[dict[str, str]]:
        def read(text: str) -> list[dict[str, str]]:
            return [{"address": to_be_a_page(address)} for address in words(text)]

        found: list[dict[str, str]] = self.one(question, read, "", is_needed=False) or []
        return found

    def one(self, question: str, check: Callable[[str], Any], there: str, *, is_needed: bool = True) -> Any:
        """Ask until the answer is one. Empty for what is not needed and has nothing to offer."""
        while True:
            text = self.read(f"{question}{f' [{shortened(there)}]' if there else ''}: ").strip() or there
            if not text and not is_needed:
                return ""
            if not text:
                self.say("  An answer is needed here.")
                continue
            try:
                return check(text)
            except ValueError as wrong:
                self.say(f"  {wrong}")


def words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def shortened(text: str) -> str:
    first = text.partition("\n")[0][:SHOWN]
    return first if first == text else f"{first}…"


def to_be_a_text(name: str, text: str) -> str:
    return to_be_kept(Site, name, legible(text))


def to_be_a_page(address: str) -> str:
    if not to_be_linked(address).startswith("/"):
        raise ValueError("A link to another site needs a title: add it at the desk, or give the answers in a file.")
    return address
