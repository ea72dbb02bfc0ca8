"""A theme on the pages: its stylesheet and pictures by their hash, and the pages' validators with them."""

import pytest
from django.test import override_settings

from disclosures.public.page_cache import forget_pages
from tests.support.html import read
from tests.support.themes import LOGO, make_theme

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def themed(tmp_path):
    forget_pages()
    with override_settings(THEME=make_theme(tmp_path / "green", logo=LOGO)):
        yield tmp_path
    forget_pages()


def stylesheet_of(client, path="/") -> str:
    return next(link["href"] for link in read(client.get(path)).all("link") if link["rel"] == "stylesheet")


def test_themed_page_asks_for_one_stylesheet_and_the_logo(client, themed):
    page = read(client.get("/recipients/"))
    assert [link["href"][:13] for link in page.all("link") if link["rel"] == "stylesheet"] == ["/files/theme/"]
    logo = next(one for one in page.all("img") if one["src"].startswith("/files/theme/"))
    assert (logo["width"], logo["height"], logo["alt"]) == ("64", "32", "")


def test_stylesheet_and_logo_are_kept_for_ever(client, themed):
    page = read(client.get("/"))
    for address in (stylesheet_of(client), next(one["src"] for one in page.all("img"))):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["ETag"]
        assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_stylesheet_is_compressed(client, themed):
    answer = client.get(stylesheet_of(client), headers={"Accept-Encoding": "br"})
    assert answer["Content-Encoding"] == "br"
    assert answer["Content-Type"] == "text/css; charset=utf-8"


def test_logo_runs_nothing_and_asks_for_nothing(client, themed):
    address = next(one["src"] for one in read(client.get("/")).all("img"))
    assert "sandbox" in client.get(address)["Content-Security-Policy"]


def test_no_inline_style_comes_with_a_theme(client, themed):
    body = client.get("/").content.decode()
    assert "<style" not in body
    assert " style=" not in body


def test_another_theme_gives_pages_another_etag(client, themed):
    before = client.get("/")["ETag"]
    forget_pages()
    with override_settings(THEME=make_theme(themed / "blue", 'light: {accent: "#123456"}\ndark: {accent: "#a5bdf7"}')):
        assert client.get("/")["ETag"] != before


def test_page_of_another_version_is_never_without_a_stylesheet(client, themed):
    answer = client.get(f"/files/theme/{'0' * 64}.css")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert b"--ai: light-dark(#1a7e59" in answer.content


def test_stylesheet_of_a_theme_that_went_leads_to_the_standard_one(client):
    answer = client.get(f"/files/theme/{'0' * 64}.css")
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (
        302,
        "/static/css/site.css",
        "no-store",
    )


def desk_stylesheets(client) -> list[str]:
    return [link["href"] for link in read(client.get("/admin/")).all("link") if link["rel"] == "stylesheet"]


def test_desk_has_the_colours_of_the_theme_after_its_own(as_editor, client, themed):
    found = desk_stylesheets(as_editor)
    theirs = next(one for one in found if one.endswith(".desk.css"))
    own = found[found.index(theirs) - 1]
    assert own.startswith("/static/css/admin") and theirs.startswith("/files/theme/")
    answer = client.get(theirs)
    assert answer.content.startswith(b":root {\n  --ai: light-dark(#1a7e59, #8cbfac);")
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "text/css; charset=utf-8", "public, max-age=31536000, immutable",
    )  # fmt: skip
    body = as_editor.get("/admin/").content.decode()
    assert "<style" not in body
    assert " style=" not in body


def test_desk_without_a_theme_has_its_own_alone(as_editor):
    assert not [one for one in desk_stylesheets(as_editor) if "theme" in one]


def test_desk_of_another_version_keeps_its_look(client, themed):
    answer = client.get(f"/files/theme/{'0' * 64}.desk.css")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert b"--ai" in answer.content
    with override_settings(THEME=None):
        answer = client.get(f"/files/theme/{'0' * 64}.desk.css")
    assert (answer.status_code, answer.content) == (200, b"")


def test_unknown_picture_is_not_found(client, themed):
    assert client.get(f"/files/theme/{'0' * 64}.svg").status_code == 404


def test_theme_with_an_error_is_not_used_and_said(client, tmp_path, caplog):
    forget_pages()
    with override_settings(THEME=make_theme(tmp_path, 'light: {ink: "#ffffff"}')):
        assert stylesheet_of(client) == "/static/css/site.css"
    assert "The theme is not used: theme.yaml: light.ink" in caplog.text


def test_logo_with_the_name_hides_it_from_view_alone(client, tmp_path):
    forget_pages()
    with override_settings(THEME=make_theme(tmp_path, "logo_has_name: true", logo=LOGO)):
        small = read(client.get("/")).all("small")[0]
    assert small["class"] == "visually-hidden"


def test_manifest_has_the_colours_and_icons_of_the_theme(client, tmp_path):
    forget_pages()
    text = 'light: {paper: "#ffffff"}\ndark: {paper: "#14171c"}'
    with override_settings(THEME=make_theme(tmp_path, text, icon=LOGO)):
        told = client.get("/manifest.webmanifest").json()
    assert told["theme_color"] == "#ffffff"
    assert told["icons"][0]["src"].startswith("/files/theme/")
    forget_pages()


def test_errors_look_the_same(client, themed, settings):
    assert stylesheet_of(client, "/no-such-page/").startswith("/files/theme/")
