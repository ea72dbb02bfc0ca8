"""The desk's pages of change sets, and what a form says of other sets."""

from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.change_sets.actions import discard_set, make_set, put_under_embargo
from disclosures.change_sets.attributing_actions import current_set
from disclosures.content.open_sets import patch_of
from disclosures.models import (
    ChangeSet,
    DataItem,
    Link,
    Publication,
    Recipient,
    Revision,
    Scenario,
    Service,
    SetState,
)
from disclosures.publishing.set_actions import publish_set
from tests.support.content import retitle
from tests.support.desk import form_on, online_booking, save
from tests.support.html import read
from tests.support.people import client_of
from tests.support.sets import BOOKING, change, public, relate, saved

pytestmark = pytest.mark.django_db

SETS = "/admin/sets/"


def page_of(change_set) -> str:
    return f"{SETS}{change_set.pk}/"


@pytest.fixture
def as_writer(writer):
    return client_of(writer)


@pytest.fixture
def as_publisher(publisher):
    return client_of(publisher)


def publish(client, change_set, **more):
    seen = read(client.get(page_of(change_set))).one("input", name="seen")["value"]
    return client.post(
        page_of(change_set), {"do": "publish", "reason": "", "publish_at": "", "seen": seen, **more}, follow=True
    )


# --- The list and one set --------------------------------------------------------------------------------------------


def test_sets_are_listed_by_whose_they_are(as_editor, editor, writer):
    mine, theirs, gone = change(editor, title="甲"), change(writer, body="乙"), make_set(name="終わり", by=writer)
    discard_set(change_set=gone, by=writer)
    for show, shown in (("mine", mine), ("others", theirs), ("ended", gone)):
        rows = read(as_editor.get(SETS, {"show": show})).one("table", cls="desk-table").all("th", scope="row")
        # Those that the content came with have ended, too.
        assert [row.one("a")["href"] for row in rows][:1] == [page_of(shown)]
        assert show == "ended" or len(rows) == 1


def test_list_costs_the_same_for_many(as_editor, editor, django_assert_max_num_queries):
    make_set(name="一", by=editor)
    as_editor.get(SETS)
    with django_assert_max_num_queries(40) as few:
        as_editor.get(SETS)
    for number in range(5):
        make_set(name=f"まとまり{number}", by=editor)
    with django_assert_max_num_queries(len(few)):
        as_editor.get(SETS)


def test_made_set_takes_what_is_saved_next(as_editor, editor):
    as_editor.post(SETS, {"do": "make", "name": "年末"})
    save(as_editor, online_booking(), title="年末の予約")
    made = ChangeSet.objects.get(name="年末")
    assert [one.code for one in patch_of(made)] == ["online-booking"]
    assert Revision.objects.latest("pk").change_set == made


def test_set_without_a_name_is_told(as_editor):
    response = as_editor.post(SETS, {"do": "make", "name": " "})
    assert response.status_code == 422 and read(response).all(cls="errorlist")
    assert not ChangeSet.objects.open().exists()


def test_set_shows_its_changes_word_by_word_and_is_published_alone(as_editor, editor, writer):
    mine = change(editor, title="オンライン予約")
    change(writer, body="まだ途中")
    page = read(as_editor.get(page_of(mine)))
    (article,) = page.all("article", cls="revision")
    assert (article.one("ins").text, article.one("del").text) == ("オンライン", "ネット")
    publish(as_editor, mine, reason="改題")
    newest = Publication.objects.newest()
    assert (public(), newest.reason, newest.number) == ("オンライン予約", "改題", 2) and public(
        field="body"
    ) != "まだ途中"


def test_many_changes_are_paged_and_cost_the_same(as_editor, editor, django_assert_max_num_queries):
    mine = change(editor, title="オンライン予約")
    with django_assert_max_num_queries(80) as few:
        as_editor.get(page_of(mine))
    for code in Scenario.objects.exclude(code="online-booking").values_list("code", flat=True):
        change(editor, code, position=99)
    for kind, model in (("recipients", Recipient), ("links", Link), ("data_items", DataItem)):
        for code in model.objects.values_list("code", flat=True):
            change(editor, code, kind, title="別の名称")
    with django_assert_max_num_queries(len(few)):
        page = read(as_editor.get(page_of(mine)))
    assert len(page.all("article", cls="revision")) == 50 and page.all("nav", cls="paginator")


def test_what_was_not_seen_is_not_published(as_editor, editor):
    mine = change(editor, title="オンライン予約")
    seen = read(as_editor.get(page_of(mine))).one("input", name="seen")["value"]
    change(editor, title="別の題")
    response = as_editor.post(page_of(mine), {"do": "publish", "reason": "理由", "seen": seen})
    assert response.status_code == 409 and Publication.objects.count() == 1
    assert read(response).one("input", name="reason")["value"] == "理由"


def test_writer_proposes_and_publisher_sees_the_set_and_approves(as_writer, as_publisher, writer):
    mine = change(writer, title="オンライン予約")
    publish(as_writer, mine)
    proposal = mine.proposals.get()
    page = read(as_publisher.get(f"/admin/proposals/{proposal.pk}/"))
    assert mine.name in page.one("dl", cls="desk-facts").text
    as_publisher.post(f"/admin/proposals/{proposal.pk}/", {"do": "approve"})
    mine.refresh_from_db()
    assert public() == "オンライン予約" and mine.state == SetState.PUBLISHED


def test_publisher_who_does_not_edit_changes_nothing(as_publisher, editor):
    mine = change(editor, title="オンライン予約")
    assert as_publisher.get(page_of(mine)).status_code == 200
    for sent in ({"do": "discard"}, {"do": "rename", "name": "x"}, {"do": "choose"}):
        assert as_publisher.post(page_of(mine), sent).status_code == 403
    assert as_publisher.post(SETS, {"do": "make", "name": "x"}).status_code == 403
    mine.refresh_from_db()
    assert mine.is_open and mine.name != "x"


def test_strangers_and_what_is_not_there(as_hanako, as_editor):
    assert as_hanako.get(SETS).status_code in (302, 403)
    for path in ("999999/", "999999/merge/", "999999/discard/", "999999/take/"):
        assert as_editor.get(SETS + path).status_code == 404


def test_nonsense_asked_of_a_set_does_nothing(as_editor, editor):
    mine = change(editor, title="オンライン予約")
    assert as_editor.post(page_of(mine), {"do": "burn"}).status_code == 302
    mine.refresh_from_db()
    assert mine.is_open


# --- What is done with one -------------------------------------------------------------------------------------------


def test_embargo_is_shown_and_only_lifted_with_a_reason(as_editor, as_writer, writer, editor):
    secret = change(writer, title="新名称")
    as_writer.post(page_of(secret), {"do": "embargo", "embargo-until": ""})
    page = read(as_editor.get(page_of(secret)))
    assert not page.all("input", name="seen") and "解禁前" in page.one("dl", cls="desk-facts").text
    assert as_editor.post(page_of(secret), {"do": "lift", "lift-reason": ""}).status_code == 422
    as_editor.post(page_of(secret), {"do": "lift", "lift-reason": "本日発表"})
    publish(as_editor, secret)
    assert public() == "新名称"
    assert "本日発表" in read(as_editor.get(page_of(secret))).one("ul", cls="set-steps").text


def test_past_end_is_told(as_editor, editor):
    mine = change(editor, title="甲")
    for sent in ({"do": "limit", "limit-until": "2020-01-01T00:00"}, {"do": "embargo", "embargo-until": "x"}):
        assert as_editor.post(page_of(mine), sent).status_code == 422
    mine.refresh_from_db()
    assert (mine.publish_until, mine.is_embargoed) == (None, False)


def test_discarding_asks_first_and_can_be_undone(as_editor, editor):
    mine = change(editor, title="オンライン予約")
    page = read(as_editor.get(f"{page_of(mine)}discard/"))
    assert page.one("ins").text == "オンライン" and saved() == "オンライン予約"
    as_editor.post(page_of(mine), {"do": "discard"})
    assert saved() == "ネット予約"
    as_editor.post(page_of(mine), {"do": "reopen"})
    assert saved() == "オンライン予約"


def test_ticked_entries_are_moved(as_editor, editor, writer):
    mine, theirs = change(editor, title="オンライン予約"), change(writer, body="乙")
    as_editor.post(page_of(mine), {"do": "move", "entries": [":".join(BOOKING)], "to": theirs.pk})
    assert patch_of(mine) == []
    assert as_editor.post(page_of(mine), {"do": "move", "entries": ["x"], "to": ""}).status_code == 422


def test_published_set_is_taken_back_by_a_set_that_is_looked_at_first(as_editor, editor):
    mine = change(editor, title="オンライン予約")
    publish(as_editor, mine)
    there = as_editor.post(page_of(mine), {"do": "take_back"})["Location"]
    assert public() == "オンライン予約"
    publish(as_editor, mine.reversals.get())
    assert there == page_of(mine.reversals.get()) and public() == "ネット予約"


def test_what_no_set_explains_is_shown_and_taken(as_editor, editor):
    retitle("昔の変更")
    assert read(as_editor.get(SETS)).all("section", cls="desk-note")
    as_editor.post(SETS, {"do": "take"})
    assert not read(as_editor.get(SETS)).all("section", cls="desk-note")
    assert [one.code for one in patch_of(current_set(editor))] == ["online-booking"]


def test_second_puts_both_together_on_a_page(as_editor, editor, writer):
    mine = change(editor, title="ネット予約(会員)")
    publish_set(change_set=change(writer, title="オンライン予約"), by=None)
    assert f"{page_of(mine)}merge/" in [link["href"] for link in read(as_editor.get(page_of(mine))).all("a")]
    page = read(as_editor.get(f"{page_of(mine)}merge/"))
    field = page.one("textarea")
    assert field.text.strip() == "オンライン予約(会員)"
    sent = {"seen": page.one("input", name="seen")["value"], field["name"]: "オンライン予約(会員)"}
    as_editor.post(f"{page_of(mine)}merge/", sent)
    publish(as_editor, mine)
    assert public() == "オンライン予約(会員)"


def test_nothing_is_preselected_where_it_is_no_text(as_editor, editor, writer):
    mine = change(editor, position=77)
    publish_set(change_set=change(writer, position=78), by=None)
    address = f"{page_of(mine)}merge/"
    page = read(as_editor.get(address))
    choices = page.all("input", type="radio")
    assert len(choices) == 2 and not any("checked" in choice.attributes for choice in choices)
    seen = page.one("input", name="seen")["value"]
    assert as_editor.post(address, {"seen": seen}).status_code == 422
    as_editor.post(address, {"seen": seen, choices[0]["name"]: "now"})
    assert patch_of(mine) == []


def test_merged_text_is_kept_when_something_else_was_published_meanwhile(as_editor, editor, writer):
    mine = change(editor, title="ネット予約(会員)")
    publish_set(change_set=change(writer, title="オンライン予約"), by=None)
    page = read(as_editor.get(f"{page_of(mine)}merge/"))
    sent = {"seen": page.one("input", name="seen")["value"], page.one("textarea")["name"]: "合わせた題"}
    publish_set(change_set=change(writer, title="ウェブ予約"), by=None)
    response = as_editor.post(f"{page_of(mine)}merge/", sent)
    assert response.status_code == 409 and read(response).one("textarea").text.strip() == "合わせた題"


# --- In the forms ----------------------------------------------------------------------------------------------------


def test_form_shows_ones_own_text_and_what_the_other_changes_below_it(as_editor, writer):
    change(writer, title="秘密の新名称")
    page = read(as_editor.get(online_booking()))
    assert page.one("input", name="title")["value"] == "ネット予約"
    (note,) = page.all(cls="other-text")
    assert "秘密の新名称".startswith(note.one("ins").text) or note.one("ins").text in "秘密の新名称"


def test_untouched_field_stays_as_the_other_wrote_it(as_editor, editor, writer):
    theirs = change(writer, title="秘密の新名称")
    save(as_editor, online_booking(), body="わたしの本文")
    assert (saved(), saved(field="body")) == ("秘密の新名称", "わたしの本文")
    (mine,) = patch_of(current_set(editor))
    assert mine.entry["title"]["ja"] == "ネット予約"
    save(as_editor, online_booking(), "_publish", body="公開する本文")
    assert (public(), public(field="body"), saved()) == ("ネット予約", "公開する本文", "秘密の新名称")
    assert patch_of(theirs)[0].entry["title"]["ja"] == "秘密の新名称"


def test_other_sets_services_stay_in_the_row_and_out_of_mine(as_editor, editor, writer):
    booking = Scenario.objects.get(code="online-booking")
    other = Service.objects.exclude(pk__in=booking.services.all()).filter(retired_at=None).first()
    relate(writer, *BOOKING, "services", other)
    form = form_on(as_editor, online_booking())
    assert str(other.pk) not in form["services"]
    save(as_editor, online_booking(), title="わたしの題")
    assert other in booking.services.all()
    assert other.code not in patch_of(current_set(editor))[0].entry["services"]


def test_rows_inside_a_form_belong_to_one_set_at_a_time(as_editor, as_writer, editor, writer):
    booking = Scenario.objects.get(code="online-booking")
    first = booking.scenario_items.first()
    save(as_writer, online_booking(), **{"scenario_items-0-DELETE": "on"})
    assert first not in booking.scenario_items.all()
    form = form_on(as_editor, online_booking())
    sent = {**form, "scenario_items-0-DELETE": "on", "_save": "on"}
    response = as_editor.post(online_booking(), sent)
    assert (
        response.status_code == 200
        and str(current_set(writer)) in read(response).one(cls="errornote").text + read(response).text
    )
    assert not patch_of(current_set(editor))
    save(as_editor, online_booking(), title="わたしの題")
    assert saved() == "わたしの題"


def test_field_is_taken_into_ones_own_set(as_editor, editor, writer):
    theirs = change(writer, title="新名称")
    address = f"{page_of(theirs)}take/?kind=scenarios&code=online-booking&field=title"
    assert read(as_editor.get(address)).one("ins").text
    as_editor.post(address)
    assert patch_of(theirs) == [] and patch_of(current_set(editor))[0].entry["title"]["ja"] == "新名称"
    assert as_editor.get(address)["Location"] == page_of(theirs)


def test_saving_and_publishing_says_what_went_along_and_what_waits(as_editor, editor, writer):
    change(writer, "name", "data_items", title="お名前")
    save(as_editor, online_booking(), title="オンライン予約")
    response = as_editor.post(
        online_booking(), {**form_on(as_editor, online_booking()), "body": "新しい本文", "_publish": "on"}, follow=True
    )
    told = read(response).one(cls="messagelist").text
    assert (public(), public(field="body"), public("name", kind="data_items")) == (
        "オンライン予約",
        "新しい本文",
        "氏名",
    )
    assert "名称" in told and "1件" in told


def test_saving_and_publishing_under_embargo_saves_and_does_not_publish(as_editor, editor):
    mine = change(editor, title="秘密")
    put_under_embargo(change_set=mine, by=editor)
    save(as_editor, online_booking(), "_publish", body="本文")
    assert Publication.objects.count() == 1 and saved(field="body") == "本文"


# --- Preview and banner ----------------------------------------------------------------------------------------------


def test_preview_of_a_set_shows_its_changes_alone(as_editor, editor, writer):
    mine = change(editor, title="オンライン予約")
    change(writer, body="まだ途中")
    page = as_editor.get(f"/admin/preview/where-provided/?set={mine.pk}").content.decode()
    assert "オンライン予約" in page and "まだ途中" not in page and f"set={mine.pk}" in page
    everything = as_editor.get("/admin/preview/where-provided/").content.decode()
    assert "オンライン予約" in everything and "まだ途中" in everything
    for asked in ("999999", "x"):
        assert as_editor.get(f"/admin/preview/where-provided/?set={asked}").status_code == 404
    assert as_editor.get(f"/admin/preview/?set={mine.pk}").status_code == 200


def test_banner_counts_ones_own_and_others(as_editor, editor, writer):
    mine = change(editor, title="オンライン予約")
    change(writer, "name", "data_items", title="お名前")
    banner = read(as_editor.get("/admin/")).one("p", cls="pending-banner")
    assert page_of(mine) in [link["href"] for link in banner.all("a")]
    assert "2件" in banner.text and banner.text.count("1件") == 2


def test_what_waits_of_one_set_is_on_its_page(as_editor, editor):
    mine = change(editor, title="オンライン予約")
    assert as_editor.get(f"/admin/pending/?set={mine.pk}")["Location"] == page_of(mine)
    assert as_editor.get("/admin/pending/?set=x").status_code == 200


def test_everything_names_the_sets_and_leaves_out_what_is_under_embargo(as_editor, editor, writer):
    secret = change(writer, title="秘密の新名称")
    put_under_embargo(change_set=secret, until=timezone.now() + timedelta(days=1), by=writer)
    change(editor, "name", "data_items", title="お名前")
    page = read(as_editor.get("/admin/pending/"))
    assert page_of(secret) in [link["href"] for link in page.one("section", cls="desk-note").all("a")]
    assert len(page.all("article", cls="revision")) == 1
