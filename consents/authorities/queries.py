"""What a person can take to which authority, and the packs that they made."""

from dataclasses import dataclass
from uuid import UUID

from disclosures.models import Authority, AuthorityPack
from disclosures.models.content.recipients import HOME_COUNTRY
from disclosures.public.titles import Names
from disclosures.record.disclosure_page import DisclosurePage, disclosure_page
from privacycenter.models import User


@dataclass(frozen=True)
class AuthorityChoice:
    """``is_ours``: the authority of the operator's country; ``is_theirs``: that of the recipient's."""

    authority: Authority
    is_ours: bool
    is_theirs: bool


@dataclass(frozen=True)
class PackPage:
    """``packs``: those made about this disclosure, newest first."""

    page: DisclosurePage
    choices: list[AuthorityChoice]
    packs: list[AuthorityPack]


def pack_page(person: User, disclosure_id: UUID, names: Names, account: int = 1) -> PackPage | None:
    """Return what a pack can be made about: a disclosure of this person with a warning; None if it is none. One SQL
    statement, besides those of ``disclosure_page``."""
    page = disclosure_page(person, disclosure_id, names, account)
    if page is None or not page.flags:
        return None
    country = page.disclosure.recipient.country.code
    found = [choice_of(one, country) for one in Authority.objects.in_use()]
    return PackPage(page, sorted(found, key=lambda one: not (one.is_ours or one.is_theirs)), page.packs)


def choice_of(authority: Authority, country: str) -> AuthorityChoice:
    codes = authority.country_codes
    return AuthorityChoice(authority, HOME_COUNTRY in codes, country != HOME_COUNTRY and country in codes)
