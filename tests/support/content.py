"""The content that every test begins with, and changes of it that an editor could not make in one step."""

from pathlib import Path

from disclosures.content.working_copy import working_document
from disclosures.models import Publication, Recipient, Scenario
from disclosures.officers.roles import ensure_roles
from disclosures.packs.actions import load_content
from disclosures.packs.files import read_pack
from disclosures.publishing.actions import append_publication, lock_publishing, publish_content
from privacycenter.canonical import sha256_of

ROOT = Path(__file__).resolve().parents[2]


def load_world() -> None:
    """The starter content and the made-up recipients, published.

    Nobody has to cite anything: what a report that does not is flagged for has tests of its own.
    """
    load_content(pack=read_pack(ROOT / "disclosures" / "starter"))
    Scenario.objects.update(evidence="")
    load_content(pack=read_pack(ROOT / "disclosures" / "demo"))
    Recipient.objects.update(basis_abroad="", basis_checked_on=None)
    ensure_roles()
    if not Publication.objects.exists():
        publish_content(by=None, reason="first")


def publish_as_it_is() -> Publication:
    """The working copy, errors and all: as it may have been published before there was a guard against them."""
    document = working_document()
    return append_publication(document, sha256_of(document), lock_publishing(), None, "")


def retitle(title: str = "オンライン予約") -> None:
    """One change of the working copy, not published."""
    Scenario.objects.filter(code="online-booking").update(title=title)


def a_new_recipient(code="new-inn") -> Recipient:
    """In the working copy, not published."""
    minato = Recipient.objects.get(code="minato-inn")
    return Recipient.objects.create(code=code, title="新しい宿", country=minato.country, position=999)


def texts_in(value):
    """Each text of a document: what has a language for key."""
    if isinstance(value, dict) and "ja" in value:
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)
