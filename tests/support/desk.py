"""The editors' desk: where an entry is edited, and saving it as a browser does."""

from disclosures.models import Scenario
from tests.support.html import filled_in, read


def desk(model, code) -> str:
    row = model.objects.get(code=code)
    return f"/admin/disclosures/{model._meta.model_name}/{row.pk}/change/"


def online_booking() -> str:
    return desk(Scenario, "online-booking")


def form_on(client, path) -> dict:
    """The editor's form as the browser holds it."""
    page = read(client.get(path))
    return filled_in(next(form for form in page.all("form") if (form["id"] or "").endswith("_form")))


def save(client, path, button="_save", **changes):
    response = client.post(path, {**form_on(client, path), **changes, button: "on"})
    assert response.status_code == 302, read(response).one("main").text
    return response
