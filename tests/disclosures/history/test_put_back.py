"""Putting entries: afterwards the working copy says what they say, whatever was done to it meanwhile."""

from copy import deepcopy

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consents.incidents.actions import open_incident
from consents.incidents.hold_actions import hold_recipient
from disclosures.content.parts import part_of
from disclosures.content.working_copy import MODELS, working_document
from disclosures.history.put_back_actions import put_entries, rehearse_entries
from disclosures.history.putting import said_by, whole
from disclosures.models import (
    Country,
    DataItem,
    Definition,
    Exclusion,
    Link,
    MenuEntry,
    Note,
    Page,
    Question,
    Recipient,
    Revision,
    Scenario,
    Section,
    Service,
    Site,
    SiteFile,
    Term,
)
from disclosures.models.content.bases import Reference
from privacycenter.errors import ReferencesMissing, StillInUse
from tests.support.site_files import a_file

pytestmark = pytest.mark.django_db


def declare_everything(code="online-booking"):
    """A situation in which every field says something."""
    scenario = Scenario.objects.get(code=code)
    Scenario.objects.filter(code=code).update(
        item_list="complete", service_list="complete", is_processed=True, route="consent", evidence="act"
    )
    named = {"service": Service.objects.get(code="jalan"), "item": DataItem.objects.get(code="name")}
    Exclusion.objects.create(scenario=scenario, reason="使わないため。", **named)
    Note.objects.create(scenario=scenario, code="more", position=7, body="**注意**", i18n={"body_en": "Mind"})
    Recipient.objects.filter(code="minato-inn").update(
        on_hold_from=timezone.now(), on_hold_reason="確認中", basis_checked_on="2026-01-02", representative="代表"
    )


def spoil():
    """Change, remove and retire a bit of everything, and add what was not there."""
    Site.objects.update(title="別のサイト", as_of="2020-01-01", notice="", i18n={"title_en": "Other"})
    Exclusion.objects.all().delete()
    Note.objects.all().delete()
    Question.objects.all().delete()
    Definition.objects.all().delete()
    Term.objects.all().delete()
    new = Page.objects.create(code="new-page", title="新しいページ")
    section = Section.objects.create(code="new-section", page=new, title="新しい")
    Section.objects.create(code="new-part", page=new, parent=section, title="中")
    Question.objects.create(code="new-question", section=section, question="問い", answer="答え")
    Country.objects.create(code="XX", title="どこか")
    DataItem.objects.create(code="new-item", title="新しい項目")
    Recipient.objects.update(country=Country.objects.get(code="XX"), on_hold_from=None, on_hold_reason="")
    for number, scenario in enumerate(Scenario.objects.order_by("-position"), 1):
        scenario.services.clear()
        scenario.recipients.clear()
        scenario.scenario_items.all().delete()
        Scenario.objects.filter(pk=scenario.pk).update(position=number, section=section, item_list="examples", i18n={})
    Section.objects.exclude(code__startswith="new-").filter(subsections=None).delete()
    Link.objects.filter(position__gt=1).delete()
    DataItem.objects.filter(code="name").update(retired_at=timezone.now())
    Service.objects.update(position=0, title="同じ")


def counted_out(document, code):
    """The document, without the row that cannot be deleted."""
    return {**document, "data_items": {one: entry for one, entry in document["data_items"].items() if one != code}}


def test_everything_says_again_what_it_said(editor):
    declare_everything()
    before = working_document()
    spoil()
    assert put_entries(part=whole(before, working_document()), by=editor) > 100
    after = working_document()
    assert counted_out(after, "new-item") == before
    assert after["data_items"]["new-item"]["retired"] is True


def test_putting_what_is_there_writes_nothing(editor, django_assert_max_num_queries):
    before, newest = working_document(), Revision.objects.count()
    with django_assert_max_num_queries(140):
        assert put_entries(part=whole(before, before), by=editor) == 0
    assert (working_document(), Revision.objects.count()) == (before, newest)


@pytest.mark.parametrize("kind", [kind for kind in MODELS if kind != "site"])
def test_entry_that_went_and_came_back_is_the_same(kind, editor):
    """One of each kind, with what went with it: the last, in which nothing stands."""
    declare_everything()
    Page.objects.create(code="empty-page", title="空のページ", position=999)
    Country.objects.create(code="ZW", title="ジンバブエ")
    a_file()
    MenuEntry.objects.create(code="menu-faq", address="/faq/")
    before = working_document()
    code, gone = next(one for one in reversed(before[kind].items()) if can_go(kind, one[0]))
    put_entries(part={kind: {code: None}}, by=editor)
    if issubclass(MODELS[kind], Reference):
        assert working_document()[kind][code]["retired"] is True
    else:
        assert code not in working_document()[kind]
    put_entries(part=whole(before, working_document()), by=editor)
    assert working_document() == before
    assert working_document()[kind][code] == gone


# A text that is left out while its Japanese is empty has no English alone.
WORDS = st.sampled_from(["新しい文", "more", "別の = 他の"])
TEXTS = st.fixed_dictionaries({"ja": WORDS}, optional={"en": WORDS})


def changed(data, kind, entry):
    """An entry of the same kind that says something else, as an editor might have it."""
    for name, value in entry.items():
        if isinstance(value, dict) and data.draw(st.booleans()):
            texts = data.draw(TEXTS)
            entry[name] = {"source": texts, "html": {}} if "source" in value else texts
        elif isinstance(value, list) and name not in ("notes", "exclusions"):
            entry[name] = data.draw(st.permutations(value))[data.draw(st.integers(0, 2)) :]
        elif name == "position":
            entry[name] = data.draw(st.integers(0, 9))
    return entry


def as_sets(entry):
    """What an entry says; what it lists is in the order of what it names."""
    said = said_by(entry)
    return {
        name: sorted(said[name]) if name in ("services", "recipients", "links", "related") else said[name]
        for name in said
    }


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_is_said_and_put_back(data, editor):
    with transaction.atomic():
        if not SiteFile.objects.exists():
            a_file()
            MenuEntry.objects.create(code="menu-faq", address="/faq/", title="質問")
        before = working_document()
        kinds = data.draw(st.lists(st.sampled_from(list(MODELS)), min_size=1, max_size=4, unique=True))
        part = {
            kind: {
                code: changed(data, kind, deepcopy(before[kind][code]))
                for code in data.draw(
                    st.lists(st.sampled_from(sorted(before[kind])), min_size=1, max_size=3, unique=True)
                )
            }
            for kind in kinds
        }
        put_entries(part=part, by=editor)
        said = part_of({kind: set(entries) for kind, entries in part.items()})
        assert {kind: {code: as_sets(entry) for code, entry in entries.items()} for kind, entries in said.items()} == {
            kind: {code: as_sets(entry) for code, entry in entries.items()} for kind, entries in part.items()
        }
        put_entries(part=whole(before, working_document()), by=editor)
        assert working_document() == before
        # The next example begins with the same content, also after one that failed.
        transaction.set_rollback(True)


def test_rehearsal_writes_nothing_and_tells_what_would_change(editor):
    before, newest = working_document(), Revision.objects.count()
    entry = before["services"]["jalan"] | {"title": {"ja": "別の名前"}}
    outcome = rehearse_entries(part={"services": {"jalan": entry}})
    assert outcome.before["services"]["jalan"] == before["services"]["jalan"]
    assert outcome.after["services"]["jalan"]["title"] == {"ja": "別の名前"}
    assert (working_document(), Revision.objects.count()) == (before, newest)


def test_retiring_by_putting_writes_down_every_entry_that_named_it(editor):
    newest = Revision.objects.first().pk
    before = working_document()
    naming = {code for code, entry in before["scenarios"].items() if "jalan" in entry["services"]}
    put_entries(part={"services": {"jalan": None}}, by=editor)
    written = {(one.kind, one.code, one.changed_by) for one in Revision.objects.filter(pk__gt=newest)}
    assert written == {("services", "jalan", editor), *(("scenarios", code, editor) for code in naming)}
    assert naming


def test_old_entry_without_what_came_later_gets_the_defaults(editor):
    declare_everything()
    now = working_document()["scenarios"]["online-booking"]
    old = {
        name: now[name]
        for name in (
            "section",
            "position",
            "retired",
            "title",
            "body",
            "ground",
            "items",
            "services",
            "recipients",
            "recipient_kinds",
            "notes",
            "links",
        )
    }
    put_entries(part={"scenarios": {"online-booking": old}}, by=editor)
    assert working_document()["scenarios"]["online-booking"] == old


def test_kind_that_an_old_document_does_not_know_stays(editor):
    before = working_document()
    old = {kind: entries for kind, entries in before.items() if kind != "synonyms"}
    put_entries(part=whole({**old, "rooms": {"one": {}}}, before), by=editor)
    assert working_document() == before


def test_references_that_are_gone_or_retired_are_named(editor):
    before = working_document()
    entry = {**before["scenarios"]["online-booking"], "links": ["gone"]}
    DataItem.objects.filter(code="name").update(retired_at=timezone.now())
    with pytest.raises(ReferencesMissing) as refused:
        put_entries(part={"scenarios": {"online-booking": entry}}, by=editor)
    assert {(one.kind, one.code, one.is_retired) for one in refused.value.missing} == {
        ("links", "gone", False),
        ("data_items", "name", True),
    }
    both = {"data_items": {"name": before["data_items"]["name"]}, "scenarios": before["scenarios"]}
    put_entries(part=both, by=editor)
    assert working_document() == before


def test_what_stands_in_the_way_of_a_deletion_is_named(editor):
    scenario = Scenario.objects.get(code="online-booking")
    with pytest.raises(StillInUse) as refused:
        put_entries(part={"sections": {scenario.section.code: None}}, by=editor)
    assert "online-booking" in {one.code for one in refused.value.needed_by}


def test_hold_of_an_officer_stays(editor, officer):
    before = working_document()["recipients"]["minato-inn"]
    incident = open_incident(title="漏えい", noticed_at=timezone.now(), by=officer)
    hold_recipient(incident=incident, recipient="minato-inn", reason={"ja": "確認しています。"}, by=officer)
    put_entries(part={"recipients": {"minato-inn": {**before, "title": {"ja": "別の宿"}}}}, by=editor)
    after = working_document()["recipients"]["minato-inn"]
    assert (after["title"], after["on_hold_reason"]) == ({"ja": "別の宿"}, {"ja": "確認しています。"})


def can_go(kind, code):
    row = MODELS[kind]._default_manager.get(code=code)
    inside = {"pages": "sections", "countries": "recipients"}
    if kind == "sections":
        return not row.subsections.exists() and not row.scenarios.exists()
    return kind not in inside or not getattr(row, inside[kind]).exists()
