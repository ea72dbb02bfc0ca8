"""Sets are published alone: what is not in one stays as it was, and what is under embargo waits for its owner."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from disclosures.change_sets.actions import (
    choose_set,
    discard_set,
    lift_embargo,
    limit_set,
    make_set,
    move_entries,
    put_under_embargo,
    reopen_set,
    take_cells,
    take_unexplained,
)
from disclosures.change_sets.attributing_actions import current_set
from disclosures.change_sets.merge_actions import merge_set, reverse_set, take_back_at_end
from disclosures.change_sets.publishing_actions import publish_entries
from disclosures.content.open_sets import patch_of
from disclosures.content.working_copy import working_document
from disclosures.history.put_back_actions import put_entries
from disclosures.models import (
    ChangeSet,
    CurrentChangeSet,
    Link,
    Proposal,
    ProposalOutcome,
    Publication,
    Revision,
    SetState,
    Verdict,
)
from disclosures.proposals.actions import approve_proposal, propose_publication
from disclosures.publishing.actions import publish_content, republish
from disclosures.publishing.set_actions import publish_set
from privacycenter.errors import ChangesCollide, NotPublishable
from privacycenter.outbox.working import work_off
from tests.support.content import retitle
from tests.support.sets import BOOKING, add, change, delete, public, relate, saved

pytestmark = pytest.mark.django_db


def changed(change_set) -> dict:
    """Entry → its fields that the set changes, with their new values."""
    found = {}
    for one in patch_of(change_set):
        base, entry = one.base or {}, one.entry or {}
        found[one.code] = {name: entry.get(name) for name in {*base, *entry} if base.get(name) != entry.get(name)}
    return found


def title(ja, en="Online booking"):
    return {"title": {"ja": ja, "en": saved(language="en")}}


# --- What goes into a set --------------------------------------------------------------------------------------------


def test_what_an_editor_changes_goes_into_their_own_set_field_by_field(editor, writer):
    mine = change(editor, title="オンライン予約")
    theirs = change(writer, body="別の本文")
    assert mine != theirs and str(mine) and (mine.owner, theirs.owner) == (editor, writer)
    assert set(changed(mine)["online-booking"]) == {"title"} and set(changed(theirs)["online-booking"]) == {"body"}
    assert list(Revision.objects.order_by("-pk")[:2].values_list("change_set", flat=True)) == [theirs.pk, mine.pk]


def test_change_and_change_back_leaves_the_set_empty(editor):
    mine = change(editor, title="オンライン予約")
    change(editor, title="ネット予約")
    assert patch_of(mine) == [] and mine.is_open


def test_change_that_goes_into_a_given_set_makes_no_other(editor):
    given = make_set(name="年末", by=editor)
    CurrentChangeSet.objects.all().delete()
    entry = working_document()["links"]
    code = next(iter(entry))
    put_entries(part={"links": {code: {**entry[code], "title": {"ja": "別の名"}}}}, into=given, by=editor)
    assert list(ChangeSet.objects.open()) == [given] and set(changed(given)) == {code}


def test_chosen_set_takes_what_follows(editor):
    first = change(editor, title="オンライン予約")
    campaign = make_set(name="年末", by=editor)
    change(editor, body="年末の本文")
    choose_set(change_set=first, by=editor)
    change(editor, language="en", title="Booking online")
    assert set(changed(campaign)["online-booking"]) == {"body"}
    assert changed(first)["online-booking"]["title"] == {"ja": "オンライン予約", "en": "Booking online"}


def test_entry_that_only_another_set_has_is_changed_there(editor, writer):
    theirs = add(writer, Link(code="new", title="新しい", address="https://example.com/", position=99))
    mine = change(editor, "new", "links", title="もっと新しい")
    assert patch_of(mine) == [] and changed(theirs)["new"]["title"] == {"ja": "もっと新しい"}


def test_deleted_entry_is_in_the_set_and_leaves_with_it(editor):
    publish_set(change_set=add(editor, Link(code="x", title="x", address="https://example.com/", position=99)), by=None)
    mine = delete(editor, "links", "x")
    assert [(one.code, one.entry) for one in patch_of(mine)] == [("x", None)]
    publish_set(change_set=mine, by=editor)
    assert "x" not in Publication.objects.newest().document["links"]


# --- Publishing ------------------------------------------------------------------------------------------------------


def test_only_the_set_is_published(editor, writer):
    mine = change(editor, title="オンライン予約")
    change(writer, body="まだ途中")
    made = publish_set(change_set=mine, reason="改題", by=editor)
    mine.refresh_from_db()
    assert (public(), public(field="body") == "まだ途中") == ("オンライン予約", False)
    assert (mine.state, mine.publication) == (SetState.PUBLISHED, made.number)
    assert current_set(editor) != mine and saved(field="body") == "まだ途中"


def test_publishing_everything_ends_all_sets(editor, writer):
    mine, theirs = change(editor, title="オンライン予約"), change(writer, body="新しい本文")
    publish_content(by=None)
    assert {one.state for one in ChangeSet.objects.filter(pk__in=[mine.pk, theirs.pk])} == {SetState.PUBLISHED}
    assert not ChangeSet.objects.open().exists()


def test_set_that_names_what_only_another_set_has_is_not_publishable(editor, writer):
    theirs = add(writer, Link(code="new", title="新しい", address="https://example.com/", position=99))
    relate(editor, "pages", "how-used", "related", Link.objects.get(code="new"))
    with pytest.raises(NotPublishable, match=str(theirs)):
        publish_set(change_set=current_set(editor), by=editor)
    publish_set(change_set=theirs, by=None)
    publish_set(change_set=current_set(editor), by=editor)
    assert "new" in public("how-used", "related", "pages")


def test_saving_and_publishing_takes_the_entries_of_the_form_alone(editor):
    mine = change(editor, title="オンライン予約")
    change(editor, "name", "data_items", title="お名前")
    publish_entries(keys=[BOOKING], name="予約", by=editor)
    assert (public(), public("name", kind="data_items")) == ("オンライン予約", "氏名")
    assert list(changed(mine)) == ["name"] and mine.is_open and current_set(editor) == mine


# --- Embargo ---------------------------------------------------------------------------------------------------------


def test_nobody_elses_button_publishes_what_is_under_embargo(editor, writer):
    secret = change(writer, title="秘密の新名称")
    put_under_embargo(change_set=secret, by=writer)
    change(editor, body="急ぎの訂正")
    publish_content(by=editor)
    assert (public(), public(field="body"), saved()) == ("ネット予約", "急ぎの訂正", "秘密の新名称")
    secret.refresh_from_db()
    assert secret.is_open


def test_entry_under_embargo_is_not_in_what_everybody_publishes(editor, writer):
    secret = add(writer, Link(code="secret", title="秘密", address="https://example.com/", position=99))
    put_under_embargo(change_set=secret, by=writer)
    change(editor, body="急ぎの訂正")
    publish_content(by=None)
    assert "secret" not in Publication.objects.newest().document["links"]
    assert saved("secret", kind="links") == "秘密"


def test_where_another_set_says_something_else_that_is_published(editor, writer):
    other = change(editor, title="公の新名称")
    secret = change(writer, title="秘密の新名称")
    put_under_embargo(change_set=secret, by=writer)
    publish_content(by=None)
    other.refresh_from_db()
    assert public() == "公の新名称" and other.state == SetState.PUBLISHED


def test_lifted_or_ended_embargo_is_none(editor, writer, time_machine):
    secret = change(writer, title="新名称")
    put_under_embargo(change_set=secret, until=timezone.now() + timedelta(hours=1), by=writer)
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    publish_set(change_set=secret, by=editor)
    assert public() == "新名称"


# --- Time ------------------------------------------------------------------------------------------------------------


def scheduled(by, change_set):
    return propose_publication(publish_at=timezone.now() + timedelta(hours=1), change_set=change_set, by=by)


def test_schedule_survives_other_publications(editor, writer, time_machine):
    mine = change(editor, title="オンライン予約")
    proposal = scheduled(editor, mine)
    change(writer, body="先に公開")
    publish_set(change_set=current_set(writer), by=editor)
    work_off()
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    assert (public(), public(field="body")) == ("オンライン予約", "先に公開")
    assert ProposalOutcome.objects.get(proposal=proposal).verdict == Verdict.PUBLISHED
    mine.refresh_from_db()
    assert mine.state == SetState.PUBLISHED


def test_schedule_that_no_longer_fits_ends_at_once_and_its_owner_is_told(editor, writer):
    editor.email = "editor@example.com"
    editor.save()
    proposal = scheduled(editor, change(editor, title="オンライン予約"))
    publish_set(change_set=change(writer, title="急ぎの改題"), by=editor)
    work_off()
    assert ProposalOutcome.objects.get(proposal=proposal).verdict == Verdict.OUTDATED
    (told,) = [one for one in mail.outbox if one.to == ["editor@example.com"]]
    assert "ネット予約" not in told.body and "オンライン予約" not in told.body
    work_off()
    assert len(mail.outbox) == 1


def test_what_was_written_after_proposing_goes_on_in_a_set_of_its_own(editor, publisher):
    mine = change(editor, title="オンライン予約")
    proposal = propose_publication(change_set=mine, by=editor)
    change(editor, body="あとから")
    approve_proposal(proposal=proposal, by=publisher)
    mine.refresh_from_db()
    later = current_set(editor)
    assert mine.state == SetState.PUBLISHED and public(field="body") != "あとから"
    assert later != mine and set(changed(later)["online-booking"]) == {"body"}
    assert set(changed(mine)["online-booking"]) == {"title"}


def test_proposal_of_everything_does_not_publish_what_came_under_embargo(editor, writer, publisher):
    secret = change(writer, title="秘密の新名称")
    proposal = propose_publication(by=editor)
    put_under_embargo(change_set=secret, by=writer)
    publish_set(change_set=change(editor, body="本文"), by=editor)
    work_off()
    assert ProposalOutcome.objects.get(proposal=proposal).verdict == Verdict.OUTDATED
    assert public() == "ネット予約" and Proposal.objects.count() == 1


# --- Two sets on the same field --------------------------------------------------------------------------------------


@pytest.fixture
def collided(editor, writer):
    """Of two sets that changed one title the first is public."""
    mine = change(editor, title="ネット予約(会員)")
    publish_set(change_set=change(writer, title="オンライン予約"), by=editor)
    return mine


def test_second_is_told_and_puts_both_together(editor, collided):
    with pytest.raises(ChangesCollide):
        publish_set(change_set=collided, by=editor)
    merge_set(
        change_set=collided, choices={"scenarios:online-booking:title:ja": "オンライン予約(会員)"},
        seen=Publication.objects.newest().number, by=editor,
    )  # fmt: skip
    assert saved() == "オンライン予約(会員)"
    publish_set(change_set=collided, by=editor)
    assert public() == "オンライン予約(会員)"


def test_everything_does_not_end_a_set_whose_text_lost(editor, writer):
    first = change(editor, title="甲")
    change(writer, title="乙")
    publish_content(by=None)
    first.refresh_from_db()
    assert public() == "乙" and first.is_open


# --- Taking back -----------------------------------------------------------------------------------------------------


def test_taken_back_set_takes_back_its_own_fields_alone(editor, writer):
    mine = change(editor, title="オンライン予約")
    publish_set(change_set=mine, by=editor)
    publish_set(change_set=change(writer, body="そのあとの本文"), by=editor)
    taking_back = reverse_set(change_set=mine, by=editor)
    assert saved() == "オンライン予約" and reverse_set(change_set=mine, by=editor) == taking_back
    publish_set(change_set=taking_back, by=editor)
    assert (public(), public(field="body"), saved()) == ("ネット予約", "そのあとの本文", "ネット予約")


def test_published_set_is_taken_back_at_its_end(editor, time_machine):
    mine = change(editor, title="年末の予約")
    limit_set(change_set=mine, until=timezone.now() + timedelta(hours=1), by=editor)
    publish_set(change_set=mine, by=editor)
    work_off()
    assert public() == "年末の予約"
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    assert (public(), saved(), Publication.objects.count()) == ("ネット予約", "ネット予約", 3)
    assert take_back_at_end(change_set=mine) is None


def test_set_that_cannot_be_taken_back_at_its_end_is_told_to_its_owner(editor, writer, time_machine):
    editor.email = "editor@example.com"
    editor.save()
    mine = change(editor, title="年末の予約")
    limit_set(change_set=mine, until=timezone.now() + timedelta(hours=1), by=editor)
    publish_set(change_set=mine, by=editor)
    publish_set(change_set=change(writer, title="年始の予約"), by=editor)
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    work_off()
    assert public() == "年始の予約" and mine.reversals.get().is_open
    assert [one.to for one in mail.outbox] == [["editor@example.com"]]


def test_rolled_back_text_does_not_return_with_the_next_publication(editor, writer):
    first = Publication.objects.newest()
    publish_set(change_set=change(editor, title="まちがい"), by=editor)
    kept = change(writer, body="別の仕事")
    republish(publication=first, by=editor)
    assert (public(), saved(), saved(field="body")) == ("ネット予約", "ネット予約", "別の仕事")
    publish_set(change_set=kept, by=editor)
    change(editor, "name", "data_items", title="お名前")
    publish_content(by=None)
    assert public() == "ネット予約"
    aside = ChangeSet.objects.open().get()
    choose_set(change_set=aside, by=editor)
    assert saved() == "まちがい"


# --- Discarding and moving -------------------------------------------------------------------------------------------


def test_discarded_set_leaves_the_working_copy_and_comes_back_when_reopened(editor, writer):
    mine = change(editor, title="オンライン予約")
    change(writer, body="別の仕事")
    discard_set(change_set=mine, by=editor)
    assert (saved(), saved(field="body")) == ("ネット予約", "別の仕事")
    reopen_set(change_set=mine, by=editor)
    mine.refresh_from_db()
    assert saved() == "オンライン予約" and mine.is_open and set(changed(mine)["online-booking"]) == {"title"}


def test_discarding_leaves_what_another_set_says(editor, writer):
    mine = change(editor, title="甲")
    change(writer, title="乙")
    discard_set(change_set=mine, by=editor)
    assert saved() == "乙"


def test_moved_entry_is_published_with_the_other_set(editor, writer):
    mine, theirs = change(editor, title="オンライン予約"), change(writer, "name", "data_items", title="お名前")
    move_entries(change_set=mine, keys=[BOOKING], to=theirs, by=editor)
    assert patch_of(mine) == []
    publish_set(change_set=theirs, by=editor)
    assert (public(), public("name", kind="data_items")) == ("オンライン予約", "お名前")


def test_field_is_taken_from_another_set(editor, writer):
    theirs = change(writer, title="オンライン予約", body="本文")
    mine = take_cells(change_set=theirs, key=BOOKING, cells=[("title", "ja")], by=editor)
    assert (set(changed(mine)["online-booking"]), set(changed(theirs)["online-booking"])) == ({"title"}, {"body"})


def test_what_no_set_explains_is_taken_into_one(editor, writer):
    change(writer, body="別の仕事")
    retitle("昔の変更")
    assert take_unexplained(by=editor) == 1 and take_unexplained(by=editor) == 0
    assert changed(current_set(editor)) == {"online-booking": title("昔の変更")}


def test_lifting_an_embargo_is_written_down(editor, writer):
    secret = change(writer, title="新名称")
    put_under_embargo(change_set=secret, by=writer)
    lift_embargo(change_set=secret, reason="本日発表", by=editor)
    assert [(step.by, step.note) for step in secret.steps.order_by("-pk")[:1]] == [(editor, "本日発表")]
    publish_set(change_set=secret, by=editor)
    assert public() == "新名称"


def test_proposal_of_a_discarded_set_ends(editor, writer):
    mine = change(writer, title="オンライン予約")
    proposal = propose_publication(change_set=mine, by=writer)
    discard_set(change_set=mine, by=writer)
    work_off()
    assert ProposalOutcome.objects.get(proposal=proposal).verdict == Verdict.OUTDATED
