"""A person leaves quickly, to where nobody wonders."""

import pytest

from tests.support.html import read

pytestmark = pytest.mark.django_db

SETTINGS, EXIT = "/my/settings/exit/", "/my/exits/"
WEATHER = "https://weather.example/today?area=東京&x=%27%3B"


@pytest.fixture
def chosen(as_hanako):
    as_hanako.post(SETTINGS, {"address": WEATHER})


def test_leaving_leads_to_the_address_that_was_chosen(as_hanako, chosen):
    response = as_hanako.post(EXIT)
    page = read(response)
    assert page.one("meta", **{"http-equiv": "refresh"})["content"] == f"0;url={WEATHER}"
    assert page.one("a")["href"] == WEATHER
    assert (response.status_code, response["Clear-Site-Data"]) == (200, '"cache", "storage"')
    assert as_hanako.get("/my/").status_code == 302


def test_page_between_says_nothing_of_where_the_person_was(as_hanako, chosen):
    response = as_hanako.post(EXIT)
    assert "プライバシー" not in response.content.decode() and "hanako" not in response.content.decode()
    assert response["Referrer-Policy"] == "same-origin" and "no-store" in response["Cache-Control"]


def test_leaving_leads_home_for_who_chose_nothing_or_takes_it_back(as_hanako, chosen):
    as_hanako.post(SETTINGS, {"address": ""})
    assert as_hanako.post(EXIT)["Location"] == "/"


@pytest.mark.parametrize(
    "address",
    ["http://weather.example/", "https://user:pw@weather.example/", "javascript:alert(1)", "//weather.example", "/my/", "https://", "https://a b/", "data:text/html,x",
     "https://weather.example/\x00", "https://weather.example/" + "x" * 200, "https://weather.example/\nx", 'https://w.example"><b>/'],
)  # fmt: skip
def test_address_that_is_none_is_a_form_error_and_changes_nothing(as_hanako, hanako, chosen, address):
    assert as_hanako.post(SETTINGS, {"address": address}).status_code == 422
    hanako.refresh_from_db()
    assert hanako.exit_address == WEATHER


def test_settings_show_what_was_chosen_to_the_person_alone(as_hanako, as_taro, client, chosen):
    assert read(as_hanako.get(SETTINGS)).one("input", name="address")["value"] == WEATHER
    assert WEATHER.partition("?")[0] not in as_taro.get(SETTINGS).content.decode()
    assert client.post(SETTINGS, {"address": WEATHER})["Location"].startswith("/accounts/login/")


def test_settings_lead_to_the_page_about_leaving_while_there_is_one(as_hanako):
    assert read(as_hanako.get(SETTINGS)).one("main").one("a", href="/leaving/").text == "すぐに離れたいとき"
    assert as_hanako.get("/leaving/").status_code == 200


def test_settings_ask_the_database_little(as_hanako, django_assert_max_num_queries):
    as_hanako.get(SETTINGS)
    with django_assert_max_num_queries(5):
        as_hanako.get(SETTINGS)
