"""What a first visit weighs: bytes as they are served, of the page and of every file that it names."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from disclosures.content.working_copy import working_document
from tests.support.every_page import UNLISTED_PATHS, in_both_languages, listed_paths
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

KB = 1024
MOST_REQUESTS = 4
MOST_BYTES, MOST_HTML_BYTES = 40 * KB, 14 * KB
# Pages of a person, and those to log in, have a sheet of their own in addition.
MOST_CSS_BYTES, MOST_CSS_BYTES_OF_A_PERSON = 10 * KB, 12 * KB


@pytest.fixture(scope="session")
def as_served(tmp_path_factory):
    """Static files as `manage.py prepare` collects them: named by their content and compressed. Ours alone."""
    served = override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
    )
    with served:
        call_command("collectstatic", interactive=False, verbosity=0)
    return served


@pytest.fixture
def visitor(as_served):
    with as_served:
        yield Client(headers={"Accept-Encoding": "br, gzip"})


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def weight(response) -> int:
    """Body and headers, as HTTP/1.1 sends them."""
    return len(body_of(response)) + sum(len(f"{name}: {value}\r\n".encode()) for name, value in response.items())


def files_of(client, path) -> set[str]:
    """Addresses that a browser loads with this page."""
    page = read(client.get(path, headers={"Accept-Encoding": "identity"}))
    linked = [link["href"] for link in page.all("link") if link["rel"] in ("stylesheet", "icon", "preload")]
    loaded = [element["src"] for element in page.descendants if element["src"]]
    return {*linked, *loaded}


def test_every_public_page_keeps_to_its_budget(visitor):
    weights: dict[str, int] = {}
    too_heavy = {}
    # Logging in is no page of the publication: it brings the scripts of passkeys.
    unlisted = [path for path in in_both_languages(UNLISTED_PATHS) if "/accounts/" not in path]
    for path in [*listed_paths(), *unlisted]:
        files, answer = files_of(visitor, path), visitor.get(path)
        for file in files - weights.keys():
            weights[file] = weight(visitor.get(file))
        total, requests = weight(answer) + sum(weights[file] for file in files), 1 + len(files)
        if total > MOST_BYTES or requests > MOST_REQUESTS or len(answer.content) > MOST_HTML_BYTES:
            too_heavy[path] = total, requests, len(answer.content)
    assert too_heavy == {}


def test_every_listed_page_is_sent_compressed(visitor):
    assert {path for path in listed_paths()[:24] if visitor.get(path).get("Content-Encoding") != "br"} == set()


@pytest.mark.parametrize("path", ["/where-provided/", "/en/where-provided/"])
def test_the_whole_content_of_where_data_goes_fits(visitor, path):
    answer = visitor.get(path)
    assert len(answer.content) <= MOST_HTML_BYTES
    page = read(Client().get(path))
    assert len(page.all("article", cls="scene")) == len(working_document()["scenarios"])
    assert page.all("details") and page.all("figure", cls="overview")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", MOST_CSS_BYTES),
        ("/where-provided/", MOST_CSS_BYTES),
        ("/my/", MOST_CSS_BYTES_OF_A_PERSON),
        ("/admin/login/", MOST_CSS_BYTES_OF_A_PERSON),
    ],
)
def test_style_sheets_of_a_page_are_small(visitor, as_hanako, path, most):
    sheets = [link["href"] for link in read(as_hanako.get(path, follow=True)).all("link", rel="stylesheet")]
    ours = [sheet for sheet in sheets if "/admin/" not in sheet]
    answers = [visitor.get(sheet) for sheet in ours]
    assert ours and {answer["Content-Encoding"] for answer in answers} == {"br"}
    assert sum(len(body_of(answer)) for answer in answers) <= most
