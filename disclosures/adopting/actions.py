"""Actions that begin a site. None of them publishes."""

from collections import Counter

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from disclosures.accounts.actions import make_staff
from disclosures.adopting.answers import EMPTY, STARTER, Answers, StaffAnswer
from disclosures.adopting.queries import has_content, links_asked_for, site_now
from disclosures.adopting.words import pack_of
from disclosures.history.put_back_actions import put_entries
from disclosures.models import MenuPlace
from disclosures.packs.actions import load_content, take_files
from privacycenter.errors import InvalidValue
from privacycenter.models import User
from privacycenter.text.languages import speaking


def begin_site(*, answers: Answers) -> Counter[str]:
    """Put what the answers say into the working copy. Returns the number of entries added, changed and removed.

    What is there stays where they say nothing; the same answers again change nothing. A menu or footer that they say is
    all that answers made of it: links that earlier answers had and these have not are removed. MUST be called outside
    of a transaction. Where there is content, the starter is not loaded again: it would overwrite what was edited.
    Raises PackError as ``load_content`` does.
    """
    now = site_now()
    if answers.content == STARTER and now and has_content():
        answers = answers.model_copy(update={"content": EMPTY})
    pack = take_files(pack=pack_of(answers, now, timezone.localdate()))
    with transaction.atomic():
        counts = load_content(pack=pack)
        surplus = surplus_links(answers)
        counts["removed"] = put_entries(part={"menu": dict.fromkeys(surplus)}, by=None) if surplus else 0
    return counts


def surplus_links(answers: Answers) -> list[str]:
    """Return the codes of links that earlier answers made and these have not. Two SQL statements at most."""
    said = {MenuPlace.HEAD: answers.menu, MenuPlace.FOOT: answers.footer}
    return [
        code for place, links in said.items() if links
        for code in links_asked_for(place) if int(code.rpartition("-")[2]) > len(links)
    ]  # fmt: skip


@transaction.atomic
def make_first_administrator(*, staff: StaffAnswer) -> User | None:
    """Make an account that may do everything; its owner chooses the password by a link. None if it is there already.

    Raises InvalidValue if the user name is somebody else's.
    """
    found = User.objects.filter(username__iexact=staff.username).first()
    if found and found.is_superuser:
        return None
    if found:
        raise InvalidValue("This user name is another account's, which is no administrator's.", "staff.username")
    return make_staff(
        username=staff.username, display_name=staff.name or staff.username, email=staff.email, roles=[],
        is_administrator=True, reason="The first administrator, made by init_site.", by=None,
    )  # fmt: skip


def link_to_choose_password(account: User) -> str:
    """Return an address that opens once, as the mail for a forgotten password has it."""
    key = [user_pk_to_url_str(account), default_token_generator.make_token(account)]
    with speaking(settings.LANGUAGE_CODE):
        return settings.SITE_ADDRESS + reverse("account_reset_password_from_key", args=key)
