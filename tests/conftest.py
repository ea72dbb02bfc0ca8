"""Fixtures that every test may use. Ledger rows and decisions come only from actions."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from consents.asking.decision_actions import answer_request, withdraw_decision
from consents.asking.request_actions import Asked, file_request
from consents.asking.requests import request_page
from disclosures.ledger.recording import Event, record_disclosures
from disclosures.models import Ground, Publication
from disclosures.officers.roles import ensure_roles
from disclosures.packs.actions import load_content
from disclosures.packs.files import read_pack
from disclosures.publishing.actions import append_publication, lock_publishing, publish_content
from disclosures.publishing.working_copy import working_document
from disclosures.reporters.actions import create_reporter
from disclosures.reporters.tokens import SCOPES
from privacycenter.api import quotas
from privacycenter.canonical import sha256_of
from privacycenter.models import User

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "correct horse battery staple"
LOGIN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def load_world() -> None:
    """The starter content and the made-up recipients, published."""
    load_content(pack=read_pack(ROOT / "disclosures" / "starter"))
    load_content(pack=read_pack(ROOT / "disclosures" / "demo"))
    ensure_roles()
    if not Publication.objects.exists():
        publish_content(by=None, reason="first")


def publish_as_it_is() -> Publication:
    """The working copy, errors and all: as it may have been published before there was a guard against them."""
    document = working_document()
    return append_publication(document, sha256_of(document), lock_publishing(), None, "")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test begins with the same content, loaded once."""
    with django_db_blocker.unblock():
        load_world()


@pytest.fixture
def world(transactional_db):
    """For tests that commit: content is loaded again, because the test before flushed it; triggers are put aside for
    the flush on SQLite, where it is a DELETE."""
    restore_triggers()
    load_world()
    yield
    put_triggers_aside()


ASIDE: list[str] = []


def put_triggers_aside() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, sql in cursor.fetchall():
            ASIDE.append(sql)
            cursor.execute(f"DROP TRIGGER {name}")


def restore_triggers() -> None:
    with connection.cursor() as cursor:
        while ASIDE:
            cursor.execute(ASIDE.pop())


@pytest.fixture(autouse=True)
def forget_rendered_pages():
    """Pages are kept per process; tests roll publications back."""
    from disclosures.public import page_cache
    from disclosures.publishing import publications

    quotas.forget_shares()
    page_cache.forget_pages()
    publications.forget_newest()


def make_user(username: str, **more) -> User:
    user = User(username=username, subject=f"subject-{username}", display_name=username, **more)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def hanako(db) -> User:
    return make_user("hanako")


@pytest.fixture
def taro(db) -> User:
    return make_user("taro")


@pytest.fixture
def editor(db) -> User:
    from django.contrib.auth.models import Group

    user = make_user("editor", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["editors", "publishers"]))
    return user


@pytest.fixture
def writer(db) -> User:
    """Edits and proposes, but does not publish."""
    from django.contrib.auth.models import Group

    user = make_user("writer", is_staff=True)
    user.groups.add(Group.objects.get(name="editors"))
    return user


@pytest.fixture
def publisher(db) -> User:
    """Publishes, but does not edit."""
    from django.contrib.auth.models import Group

    user = make_user("publisher", is_staff=True)
    user.groups.add(Group.objects.get(name="publishers"))
    return user


@pytest.fixture
def officer(db) -> User:
    from django.contrib.auth.models import Group

    user = make_user("officer", is_staff=True)
    user.groups.add(Group.objects.get(name="officers"))
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=LOGIN_BACKEND)
    return client


@pytest.fixture
def as_hanako(hanako) -> Client:
    return client_of(hanako)


@pytest.fixture
def as_taro(taro) -> Client:
    return client_of(taro)


@pytest.fixture
def as_editor(editor) -> Client:
    return client_of(editor)


@pytest.fixture
def as_officer(officer) -> Client:
    return client_of(officer)


@pytest.fixture
def reporter(db):
    """A reporter that may speak for じゃらんnet and ホットペッパーグルメ."""
    made, made.secret = create_reporter(
        code="travel", title="じゃらんnet予約システム", services=["jalan", "hotpepper-gourmet"]
    )
    return made


class Api:
    """The API as a reporter calls it."""

    def __init__(self, reporter, scopes=SCOPES):
        self.client = Client()
        answer = self.client.post(
            "/api/v1/token",
            urlencode(
                {
                    "grant_type": "client_credentials",
                    "client_id": reporter.client_id,
                    "client_secret": reporter.secret,
                    "scope": " ".join(scopes),
                }
            ),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]

    def post(self, path, body, content_type="application/json", key=""):
        headers = {"Authorization": f"Bearer {self.token}", **({"Idempotency-Key": key} if key else {})}
        return self.client.post(f"/api/v1{path}", body, content_type=content_type, headers=headers)

    def get(self, path, **headers):
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}", **headers})

    def report(self, *events):
        return self.post("/disclosures", list(events), "application/cloudevents-batch+json")

    def check(self, **more):
        return self.post("/permission-checks", {**QUESTION, **more})

    def ask(self, **more):
        return self.post("/approval-requests", {**approval_question(), **more})


@pytest.fixture
def api(reporter) -> Api:
    return Api(reporter)


QUESTION = {
    "subject": "subject-hanako",
    "recipient": "northwind-analytics",
    "service": "jalan",
    "scenario": "survey-results",
    "items": ["name", "survey-answers", "usage"],
}


def approval_question() -> dict:
    return {
        **{key: value for key, value in QUESTION.items() if key != "items"},
        "items": [
            {"code": code, "purpose": f"{code}を使う理由", "consequence": f"{code}を渡さないとき"}
            for code in QUESTION["items"]
        ],
        "expires_at": (timezone.now() + timedelta(days=14)).isoformat(),
        "valid_days": 90,
    }


def cloud_event(id="event-1", **data) -> dict:
    """One CloudEvent of a booking for hanako; ``subject`` and ``time`` may be given among the data."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": "https://booking.example/",
        "type": "privacycenter.disclosure.v1",
        "subject": data.pop("subject", "subject-hanako"),
        "time": data.pop("time", "2026-11-01T10:00:00+09:00"),
        "data": {
            "recipient": "minato-inn",
            "service": "jalan",
            "scenario": "online-booking",
            "items": ["name", "phone"],
            "ground": "person_act",
            **data,
        },
    }


def an_event(event_id="event-1", **more) -> Event:
    """The same event as the ledger's action takes it."""
    values = {
        "source": "https://booking.example/",
        "event_id": event_id,
        "subject": "subject-hanako",
        "recipient": "minato-inn",
        "service": "jalan",
        "scenario": "online-booking",
        "items": ("name", "phone"),
        "ground": Ground.PERSON_ACT,
        "occurred_at": datetime(2026, 11, 1, 1, 0, tzinfo=UTC),
    }
    return Event(**{**values, **more})


def a_survey_event(event_id="survey-1", **more) -> Event:
    """A disclosure that needs an approval."""
    values = {
        "recipient": "northwind-analytics",
        "scenario": "survey-results",
        "items": ("name",),
        "ground": Ground.APPROVAL,
        "occurred_at": timezone.now(),
    }
    return an_event(event_id, **{**values, **more})


@pytest.fixture
def disclosure(hanako, reporter):
    """One booking of hanako's."""
    record_disclosures(events=[an_event()], by=reporter)
    return hanako.disclosures.get()


@pytest.fixture
def open_request(hanako, reporter):
    """A request to hanako that waits."""
    request, _created = file_request(
        subject=hanako.subject,
        recipient="northwind-analytics",
        service="jalan",
        scenario="survey-results",
        items=[Asked(code, {"ja": "理由"}, {"ja": "影響"}) for code in QUESTION["items"]],
        expires_at=timezone.now() + timedelta(days=14),
        valid_days=90,
        by=reporter,
    )
    return request


def answer(person, request, *allowed):
    """The person's answer, through the action, with the text of this moment."""
    page = request_page(person, request.id)
    return answer_request(request_id=request.id, allowed=set(allowed), text_sha256=page.text_sha256, by=person)


@pytest.fixture
def decision(hanako, open_request):
    """hanako allowed two of three items."""
    return answer(hanako, open_request, "name", "usage")


@pytest.fixture
def withdrawal(hanako, decision):
    return withdraw_decision(decision_id=decision.id, language="ja", by=hanako)


# --- Reading pages as a browser does ---------------------------------------------------------------------------------

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# One address of each public view. Pages that editors make are found by following links.
PUBLIC_PATHS = (
    "/", "/where-provided/", "/recipients/", "/recipients/abroad/", "/recipients/northwind-analytics/", "/services/",
    "/services/jalan/", "/faq/", "/contact/", "/processing-examples/", "/changes/",
)  # fmt: skip


class Element:
    """One element of a page: ``element["href"]``, ``element.text``, ``element.all("a")``."""

    def __init__(self, tag="", attributes=(), parent=None):
        self.tag, self.attributes, self.parent, self.inside = tag, dict(attributes), parent, []

    def __getitem__(self, name):
        return self.attributes.get(name)

    @property
    def descendants(self):
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part.descendants

    def all(self, tag="", **attributes):
        """Elements of this tag with these attributes, in the order of the page. ``cls``: one of its classes."""
        cls = attributes.pop("cls", None)
        return [
            element
            for element in self.descendants
            if (not tag or element.tag == tag)
            and (not cls or cls in (element["class"] or "").split())
            and all(element[name] == value for name, value in attributes.items())
        ]

    def one(self, tag="", **attributes):
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag or 'of any kind'} with {attributes}"
        return found[0]

    @property
    def words(self):
        """Each piece of text with the element that it stands in."""
        for part in self.inside:
            if isinstance(part, Element):
                yield from part.words
            elif part.strip():
                yield part.strip(), self

    @property
    def text(self):
        return " ".join("".join(self.pieces).split())

    @property
    def pieces(self):
        for part in self.inside:
            yield from part.pieces if isinstance(part, Element) else (part,)

    @property
    def language(self):
        return self["lang"] or (self.parent.language if self.parent else "")

    @property
    def is_in(self):
        """The elements around this one, the nearest first."""
        return [self.parent, *self.parent.is_in] if self.parent else []


class Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.current = Element()

    def handle_starttag(self, tag, attributes):
        element = Element(tag, attributes, self.current)
        self.current.inside.append(element)
        if tag not in VOID:
            self.current = element

    def handle_startendtag(self, tag, attributes):
        self.current.inside.append(Element(tag, attributes, self.current))

    def handle_endtag(self, tag):
        around = [self.current, *self.current.is_in]
        opened = next((element for element in around if element.tag == tag), None)
        assert opened, f"</{tag}> closes nothing"
        self.current = opened.parent

    def handle_data(self, text):
        self.current.inside.append(text)


def read(response) -> Element:
    """The page of a response, parsed."""
    parser = Parser()
    parser.feed(response.content.decode())
    return parser.root


def filled_in(form: Element) -> dict:
    """What a browser would send for this form if nothing were touched, without its buttons."""
    values: dict[str, list[str]] = {}
    for element in form.descendants:
        if element["name"] and (element["disabled"] is None):
            values.setdefault(element["name"], []).extend(sent_by(element))
    return {name: found for name, found in values.items() if found}


def sent_by(element: Element) -> list[str]:
    if element.tag == "textarea":
        # A browser drops the line break after <textarea>.
        return ["".join(element.pieces).removeprefix("\r").removeprefix("\n")]
    if element.tag == "select":
        chosen = [option["value"] for option in element.all("option") if "selected" in option.attributes]
        return chosen or ([] if "multiple" in element.attributes else [o["value"] for o in element.all("option")[:1]])
    if element.tag != "input" or element["type"] in ("submit", "button", "reset", "image", "file"):
        return []
    if element["type"] in ("checkbox", "radio"):
        return [element["value"] or "on"] if "checked" in element.attributes else []
    return [element["value"] or ""]


@pytest.fixture(autouse=True)
def begin_in_japanese():
    """A request leaves its language active in its thread; no test begins in the language of the one before."""
    translation.activate("ja")
