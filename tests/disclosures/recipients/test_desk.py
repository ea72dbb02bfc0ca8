"""Files of recipients at the desk: looked at first, then loaded all at once; nobody sees another's."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from disclosures.models import Recipient, RecipientFile, Revision, Scenario, SearchText
from privacycenter.models import StoredFile
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

FILES = "/admin/recipients/"
NEW = "code,title_ja,title_en,country\nsazanami,湯宿 さざなみ,Yuyado Sazanami,JP\nminato-inn,湯宿 みなと,Minato,JP\n"


def send(client, text=NEW, name="宿.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(FILES, {"file": SimpleUploadedFile(name, content, "text/csv")})


def load(client, address, **more):
    seen = read(client.get(address)).one("input", name="seen")["value"]
    return client.post(address, {"seen": seen, **more})


def test_file_is_looked_at_before_anything_changes(as_editor):
    address = send(as_editor)["Location"]
    page = read(as_editor.get(address)).one("main").text
    assert "Yuyado Sazanami" in page and "宿.csv" in read(as_editor.get(address)).one("h1").text
    assert (
        not Recipient.objects.filter(code="sazanami").exists() and not Revision.objects.filter(code="sazanami").exists()
    )


def test_file_is_loaded_and_waits_to_be_published(as_editor, editor):
    address = send(as_editor)["Location"]
    response = load(as_editor, address)
    assert (response.status_code, response["Location"]) == (302, "/admin/pending/")
    assert Recipient.objects.get(code="sazanami").title_en == "Yuyado Sazanami"
    assert Recipient.objects.get(code="minato-inn").title_en == "Minato"
    made = Revision.objects.filter(changed_by=editor).values_list("code", flat=True)
    assert {*made} == {"sazanami", "minato-inn"}
    assert "\nyuyado sazanami\n" in SearchText.objects.get(kind="recipients", code="sazanami").text
    assert not StoredFile.objects.exists() or RecipientFile.objects.get().loaded_at


def test_file_is_loaded_once(as_editor):
    address = send(as_editor)["Location"]
    seen = read(as_editor.get(address)).one("input", name="seen")["value"]
    as_editor.post(address, {"seen": seen})
    Recipient.objects.filter(code="sazanami").update(title="あとで")
    as_editor.post(address, {"seen": seen})
    assert Recipient.objects.get(code="sazanami").title == "あとで"


def test_file_with_a_wrong_line_changes_nothing(as_editor):
    address = send(as_editor, NEW + "bad,わるい,QQ\n")["Location"]
    response = as_editor.get(address)
    row = read(response).one("tr", cls="is-error")
    assert response.status_code == 422
    assert (row.one("th").text, row.one("code").text) == ("4", "country")
    as_editor.post(address, {"seen": "x"})
    assert not Recipient.objects.filter(code="sazanami").exists()


def test_change_by_somebody_else_meanwhile_is_shown_first(as_editor):
    address = send(as_editor)["Location"]
    seen = read(as_editor.get(address)).one("input", name="seen")["value"]
    Recipient.objects.filter(code="minato-inn").update(business="宿")
    response = as_editor.post(address, {"seen": seen})
    assert response.status_code == 409
    assert not Recipient.objects.filter(code="sazanami").exists()
    assert load(as_editor, address).status_code == 302


def test_retired_recipient_leaves_the_situation_that_names_it(as_editor, editor):
    row = Recipient.objects.get(code="northwind-analytics")
    Scenario.objects.get(code="online-booking").recipients.add(row)
    address = send(as_editor, "code,retired\nnorthwind-analytics,yes\n")["Location"]
    load(as_editor, address)
    assert Recipient.objects.get(code="northwind-analytics").retired_at
    changed = {one.kind for one in Revision.objects.filter(changed_by=editor)}
    assert changed == {"recipients", "scenarios"}


def test_file_of_somebody_else_is_not_there(as_editor):
    address = send(as_editor)["Location"]
    other = client_of(make_user("other", is_staff=True, groups=("editors",)))
    assert other.get(address).status_code == 404
    assert other.post(address, {"seen": "x"}).status_code == 404


@pytest.mark.parametrize("path", [FILES, FILES + "00000000-0000-0000-0000-000000000000/"])
def test_who_does_not_edit_sends_nothing(officer, publisher, path):
    for user in (officer, publisher):
        assert client_of(user).get(path).status_code == 403
        assert client_of(user).post(path).status_code == 403


def test_form_without_a_file_says_so(as_editor):
    response = as_editor.post(FILES, {})
    assert response.status_code == 422 and read(response).all("ul", cls="errorlist")


def test_list_is_downloaded_as_it_is_filtered(as_editor, officer):
    response = as_editor.get("/admin/recipients/recipients.csv?q=minato-inn")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert [line.partition(",")[0] for line in text.splitlines()] == ["code", "minato-inn"]
    assert re.fullmatch(r'attachment; filename="recipients-\d{8}\.csv"', response["Content-Disposition"])
    assert client_of(officer).get("/admin/recipients/recipients.csv").status_code == 200


def test_filter_that_means_nothing_is_no_list(as_editor):
    assert as_editor.get("/admin/recipients/recipients.csv?country__id__exact=x").status_code == 404


def test_name_of_a_file_shows_what_it_is(as_editor):
    send(as_editor, name="a\u202efdp.csv")
    assert RecipientFile.objects.get().name == "afdp.csv"


def test_strangers_download_nothing(as_hanako, client):
    for one in (as_hanako, client):
        assert one.get("/admin/recipients/recipients.csv").status_code in (302, 403)


def test_file_is_gone_after_a_day(as_editor):
    send(as_editor)
    RecipientFile.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    call_command("purge_expired", verbosity=0)
    assert not RecipientFile.objects.exists() and not StoredFile.objects.exists()


def test_file_that_is_gone_from_the_store_is_told(as_editor):
    address = send(as_editor)["Location"]
    StoredFile.objects.all()[0].chunks.all().delete()
    StoredFile.objects.all().delete()
    assert as_editor.get(address).status_code == 200
    assert as_editor.post(address, {"seen": "x"}).status_code == 302
