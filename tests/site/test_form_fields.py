"""Every field of a form says beside its label whether it must be filled in; a note is not dressed as an error."""

import pytest

from tests.support.html import read
from tests.support.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PUBLIC = ["/accounts/login/", "/accounts/password/reset/", "/contact/requests/new/", "/contact/requests/"]
OWN = ["/my/settings/", "/my/settings/exit/", "/accounts/password/change/"]
DESK = ["/admin/records/", "/admin/withheld/", "/admin/inquiries/"]


def fields_of(page) -> list:
    """Each field that is filled in, with what stands as its label. Not single boxes, nor what is hidden from people."""
    found = [one for name in ("field", "desk-field") for one in page.all(cls=name)]
    labels = [(one, next(iter([*one.all("legend"), *one.all("label")]))) for one in found]
    return [(one, label) for one, label in labels if label["class"] != "choice"]


@pytest.mark.parametrize(
    ("path", "who"),
    [*((path, "") for path in PUBLIC), *((path, "hanako") for path in OWN), *((path, "officer") for path in DESK)],
)
def test_field_says_whether_it_must_be_filled_in(client, request, path, who):
    visitor = client_of(request.getfixturevalue(who)) if who else client
    fields = fields_of(read(visitor.get(path)))
    assert fields
    for field, label in fields:
        inputs = [one for tag in ("input", "textarea", "select") for one in field.all(tag)]
        must = any("required" in one.attributes for one in inputs)
        assert [one.text for one in label.all("span", cls="badge")] == ["必須" if must else "任意"], label.text


@pytest.mark.parametrize(
    "path", ["/contact/requests/new/?about=online-booking", "/en/contact/requests/new/?about=online-booking"]
)
def test_what_an_inquiry_is_about_is_no_error(client, path):
    page = read(client.get(path))
    assert "online-booking" in page.one("p", cls="message").one("a")["href"] and page.all(cls="alert") == []
