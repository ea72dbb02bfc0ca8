"""Publishing: visitors see a frozen state, numbered and hashed."""

import pytest
from django.utils import timezone

from disclosures.content.held_copy import held_copy
from disclosures.content.publications import newest_publication
from disclosures.models import (
    ChangeSet,
    DataItem,
    Link,
    Note,
    Publication,
    Question,
    Recipient,
    Scenario,
    Service,
    Site,
)
from disclosures.packs.actions import load_content
from disclosures.packs.queries import content_pack
from disclosures.publishing.actions import publish_content, republish
from privacycenter.canonical import sha256_of
from privacycenter.errors import NothingToPublish
from privacycenter.models import AppendOnlyError
from tests.support.content import publish_as_it_is, retitle
from tests.support.html import read

pytestmark = pytest.mark.django_db


def title_shown(client) -> str:
    return read(client.get("/where-provided/")).one(id="online-booking").one("h3").text.lstrip("0123456789 ")


def test_change_is_not_seen_before_it_is_published(client):
    retitle("オンライン予約")
    assert title_shown(client) == "ネット予約"


def test_change_is_on_the_next_page_once_published(client):
    client.get("/where-provided/")
    retitle("オンライン予約")
    publish_content(by=None)
    assert title_shown(client) == "オンライン予約"


def test_one_publication_carries_changes_of_all_kinds_and_languages(client):
    retitle("オンライン予約")
    Site.objects.update(as_of="2026-02-03")
    Service.objects.filter(code="jalan").update(i18n={"title_en": "Jalan!", "field_en": "Trips"})
    publish_content(by=None)
    english = read(client.get("/en/where-provided/"))
    assert "Jalan!" in english.text and english.all("time", datetime="2026-02-03")
    assert title_shown(client) == "オンライン予約"


def test_publishing_nothing_new_is_refused():
    with pytest.raises(NothingToPublish):
        publish_content(by=None)
    assert Publication.objects.count() == 1


def test_change_and_change_back_is_nothing_new():
    retitle("オンライン予約")
    retitle("ネット予約")
    with pytest.raises(NothingToPublish):
        publish_content(by=None)


def test_publication_says_who_when_and_why(editor):
    retitle("オンライン予約")
    before = timezone.now()
    made = publish_content(by=editor, reason="わかりやすく")
    stored = Publication.objects.get(number=made.number)
    assert (stored.published_by, stored.reason) == (editor, "わかりやすく")
    assert before <= stored.published_at <= timezone.now()


def test_hash_can_be_verified_from_the_stored_document():
    retitle("オンライン予約")
    publish_content(by=None)
    stored = [(publication.document, publication.sha256) for publication in Publication.objects.all()]
    assert len(stored) == 2 and all(sha256_of(document) == sha256 for document, sha256 in stored)


def test_numbers_follow_each_other_without_a_gap():
    for title in ("一", "二", "三"):
        retitle(title)
        publish_content(by=None)
    assert list(Publication.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]


def test_refused_publishing_leaves_no_gap():
    retitle("一")
    publish_content(by=None)
    with pytest.raises(NothingToPublish):
        publish_content(by=None)
    retitle("二")
    assert publish_content(by=None).number == 3


def test_publication_cannot_be_changed():
    newest = Publication.objects.newest()
    newest.reason = "別の理由"
    with pytest.raises(AppendOnlyError):
        newest.save()


def test_republished_text_is_seen_again_under_a_new_number(client):
    first = Publication.objects.newest()
    retitle("オンライン予約")
    publish_content(by=None)
    again = republish(publication=first, by=None, reason="戻す")
    assert title_shown(client) == "ネット予約"
    assert (again.number, again.sha256) == (3, first.sha256)


def test_what_is_rolled_back_leaves_the_working_copy_and_is_kept_in_a_set():
    first = Publication.objects.newest()
    retitle("オンライン予約")
    publish_content(by=None)
    republish(publication=first, by=None)
    assert Scenario.objects.get(code="online-booking").title == "ネット予約"
    assert held_copy().changes_since(newest_publication()) == []
    (kept,) = ChangeSet.objects.open().get().entries.all()
    assert (kept.code, kept.entry["title"]["ja"]) == ("online-booking", "オンライン予約")


def test_republishing_what_visitors_see_is_refused():
    with pytest.raises(NothingToPublish):
        republish(publication=Publication.objects.newest(), by=None)


def test_nothing_is_pending_just_after_publishing():
    assert held_copy().changes_since(newest_publication()) == []


def test_pending_changes_name_what_was_added_changed_and_removed():
    Link.objects.create(code="new-link", title="新しいリンク", address="/faq/")
    retitle("オンライン予約")
    Question.objects.filter(code="automatic-to-every-client").delete()
    found = {(change.kind, change.code, change.verb) for change in held_copy().changes_since(newest_publication())}
    assert found == {
        ("links", "new-link", "added"),
        ("scenarios", "online-booking", "changed"),
        ("questions", "automatic-to-every-client", "removed"),
    }


def test_pending_changes_count_a_scenario_whose_note_changed_once():
    Note.objects.filter(scenario__code="review-author").update(body="別の注")
    assert [change.code for change in held_copy().changes_since(newest_publication())] == ["review-author"]


def test_pack_loaded_in_between_is_seen_only_when_published(client):
    pack = content_pack()
    pack.pages[0].title["ja"] = "別の題"
    load_content(pack=pack)
    assert read(client.get("/where-provided/")).one("h1").text != "別の題"


# --- Retired ---------------------------------------------------------------------------------------------------------


def retire(model, code) -> dict:
    model.objects.filter(code=code).update(retired_at=timezone.now())
    return publish_as_it_is().document


def test_retired_scenario_stays_in_the_document_and_leaves_the_pages(client):
    document = retire(Scenario, "online-booking")
    assert document["scenarios"]["online-booking"]["retired"] is True
    for path in ("/where-provided/", "/services/jalan/", "/en/where-provided/"):
        assert "online-booking" not in client.get(path).content.decode()


def test_retired_service_stays_in_the_document_and_leaves_the_pages(client):
    document = retire(Service, "zexy")
    assert document["services"]["zexy"]["title"]["ja"] == "ゼクシィ"
    assert client.get("/services/zexy/").status_code == 404
    for path in ("/services/", "/where-provided/"):
        assert "ゼクシィ" not in read(client.get(path)).text


def test_retired_recipient_stays_in_the_document_and_leaves_the_pages(client):
    document = retire(Recipient, "ntt-docomo")
    assert document["recipients"]["ntt-docomo"]["retired"] is True
    assert client.get("/recipients/ntt-docomo/").status_code == 404
    assert "ntt-docomo" not in client.get("/recipients/").content.decode()
    assert "/recipients/ntt-docomo/" not in client.get("/where-provided/").content.decode()


def test_retired_item_stays_in_the_document_and_leaves_the_scenarios(client):
    document = retire(DataItem, "phone")
    assert document["data_items"]["phone"]["retired"] is True
    items = [item.text for item in read(client.get("/where-provided/")).one(id="online-booking").all("li")]
    assert "電話番号" not in items
