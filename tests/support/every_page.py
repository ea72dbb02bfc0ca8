"""Every page of the site, for what has to hold on each: bytes, valid HTML, accessibility."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import resolve
from django.utils.translation import get_language_from_path, override

from consents.asking.decision_actions import withdraw_decision
from disclosures.content.working_copy import working_document
from disclosures.inquiries.actions import Filing, file_inquiry
from disclosures.inquiries.numbers import new_token
from disclosures.ledger.recording import record_disclosures
from disclosures.models import InquiryKind, MenuEntry, Scenario
from disclosures.proposals.actions import propose_publication
from disclosures.record.actions import log_access
from disclosures.reporters.actions import create_reporter
from disclosures.writing.actions import record_revisions
from privacycenter.models import User
from tests.support.asking import answer, ask
from tests.support.events import a_survey_event, an_event
from tests.support.people import client_of, make_user
from tests.support.site_files import a_file

# Public, but not for search engines, so not in the sitemap.
UNLISTED_PATHS = (
    "/search/", "/search/?q=メール", "/search/?q=ありません", "/contact/requests/", "/contact/requests/new/?kind=correction",
    "/where-provided/?item=email&service=jalan", "/where-provided/?service=zexy", "/where-provided/?by=item",
    "/where-provided/?by=service", "/where-provided/?item=x", "/no-such-page/",
    "/accounts/login/", "/accounts/password/reset/",
)  # fmt: skip
# What one person, one scenario, … more shows nothing new of.
ALIKE = re.compile(r"^(/en)?/(recipients|services|changes)/(?!abroad/)[^/]+/$")
ONE_OF_THEM = ("/recipients/minato-inn/", "/recipients/northwind-analytics/", "/services/jalan/", "/changes/1/")


@dataclass(frozen=True)
class Site:
    """A site in which every page has something to show, and who may see it."""

    hanako: User
    admin: User


def filled_site() -> Site:
    """Of everything that pages show, one: a record with a warning, a question and answers, letters, texts that wait."""
    hanako, admin, writer = (
        make_user(name, is_staff=name != "hanako", is_superuser=name == "admin")
        for name in ("hanako", "admin", "writer")
    )
    writer.groups.add(Group.objects.get(name="editors"))
    reporter, _secret = create_reporter(
        code="travel", title="じゃらんnet予約システム", services=["jalan", "hotpepper-gourmet"]
    )
    record_disclosures(events=[an_event(), a_survey_event()], by=reporter)
    record_disclosures(events=[an_event(items=("name",))], by=reporter)
    first, _second = (ask(hanako, reporter, service=service) for service in ("jalan", "hotpepper-gourmet"))
    decision = answer(hanako, first, "name", "usage")
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    filing = Filing(new_token(), InquiryKind.CORRECTION, "花子", "hanako@example.jp", "電話番号が違います。", "", "ja")
    file_inquiry(filing=filing, by=hanako)
    log_access(person=hanako, what="record", reason="本人からの請求に答えるため", by=admin)
    a_file()
    MenuEntry.objects.create(code="menu-faq", address="/faq/")
    let_texts_wait(writer)
    return Site(hanako, admin)


def let_texts_wait(writer) -> None:
    """One proposed text, one changed since, one without its English."""
    before = working_document()
    Scenario.objects.filter(code="online-booking").update(title="オンライン予約")
    propose_publication(reason="わかりやすく", by=writer)
    for scenario in Scenario.objects.filter(code="inquiry"):
        scenario.title_en, scenario.body = "", scenario.body + "\n\n<b>HTML</b>"
        scenario.save()
    record_revisions(before=before, after=working_document(), by=writer)


def in_both_languages(paths) -> list[str]:
    return [f"{prefix}{path}" for path in paths for prefix in ("", "/en")]


def listed_paths() -> list[str]:
    """All that the sitemap names."""
    with override("ja"):
        listed = re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", Client().get("/sitemap.xml").content.decode())
    assert len(listed) > 50
    return listed


def public_paths() -> list[str]:
    """Each public page, in both languages; of pages that differ only by whom they name, one of each sort."""
    pages = [path for path in listed_paths() if not ALIKE.match(path)]
    return [*pages, *in_both_languages([*ONE_OF_THEM, *UNLISTED_PATHS])]


# --- What only some may see --------------------------------------------------------------------------------------------

LINKS = re.compile(r'<a\s[^>]*?href="([^"#?]*)')
# Of a person's pages those that links reach with a query alone.
ASKED_BY_QUERY = ("/my/?by=item", "/my/?by=time", "/my/items/name/", "/my/stop/?what=all:")
# Each of these would show the same again, or ends the visit.
LEFT_ALONE = re.compile(r"/(logout|en|packs/content\.zip|jsi18n)(/|$)")
# The admin makes these the same way for every model.
SAME_FOR_EVERY_MODEL = re.compile(r"^admin:.*_(add|delete|history)$")


def sort_of(path: str) -> str:
    # Requests leave their language behind, which need not be that of this address.
    with override(get_language_from_path(path) or "ja"):
        name = resolve(path).view_name
    alike = SAME_FOR_EVERY_MODEL.match(name)
    return alike[1] if alike else name


def pages_from(client, start: str) -> list[str]:
    """The pages below this one, reached by links: of each sort (by the name of its address) the first.

    What is not HTML is left out. Raises AssertionError for a link that leads nowhere.
    """
    found: dict[str, str] = {}
    waiting, seen = [start], {start}
    while waiting:
        path = waiting.pop(0)
        sort = sort_of(path)
        if sort in found:
            continue
        response = client.get(path)
        if response.status_code == 302:
            continue
        assert response.status_code == 200, f"{path} answers {response.status_code}"
        if not response["Content-Type"].startswith("text/html"):
            continue
        found[sort] = path
        for link in LINKS.findall(response.content.decode()):
            address = urljoin(path, unescape(link))
            if address.startswith(start) and address not in seen and not LEFT_ALONE.search(address):
                seen.add(address)
                waiting.append(address)
    assert len(found) > 10, f"from {start} only {sorted(found)} were found"
    return list(found.values())


def persons_paths(site: Site) -> list[str]:
    return in_both_languages([*pages_from(client_of(site.hanako), "/my/"), *ASKED_BY_QUERY])


def desk_client(site: Site) -> Client:
    """An administrator who has said why they open hanako's record."""
    client = client_of(site.admin)
    client.post(
        "/admin/records/", {"who": site.hanako.subject, "scope": "whole", "reason": "本人からの請求に答えるため"}
    )
    return client


def desk_paths(site: Site) -> list[str]:
    return [*pages_from(desk_client(site), "/admin/"), f"/admin/records/{site.hanako.pk}/", "/en/admin/"]
