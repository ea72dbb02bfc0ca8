"""Content packs: loading, writing out, and refusing what is wrong."""

import shutil

import pytest
from django.core.management import call_command
from django.utils import timezone, translation
from django.utils.timezone import localtime
from pydantic import TypeAdapter, ValidationError

from disclosures.content.working_copy import working_document
from disclosures.models import (
    DataItem,
    Definition,
    Note,
    Question,
    Recipient,
    Scenario,
    ScenarioItem,
    Section,
    Service,
    Site,
)
from disclosures.packs.actions import load_content
from disclosures.packs.files import SHAPES, read_pack, write_pack
from disclosures.packs.queries import content_pack
from disclosures.packs.reasons import reason_of
from disclosures.publishing.actions import publish_content
from privacycenter.canonical import sha256_of
from privacycenter.errors import PackError
from tests.support.content import ROOT
from tests.support.database import put_triggers_aside, restore_triggers
from tests.support.html import read

STARTER = ROOT / "disclosures" / "starter"
NOTHING = {"added": 0, "changed": 0}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def fingerprint() -> str:
    return sha256_of(working_document())


@pytest.fixture
def pack_folder(tmp_path):
    """A copy of the starter to break."""
    return shutil.copytree(STARTER, tmp_path / "pack")


def edit(folder, name, old, new):
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old), f"{name} has no {old!r}"
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.django_db
def test_starter_puts_every_scenario_of_its_files_into_the_working_copy():
    pack = read_pack(STARTER)
    codes = [scenario.code for page in pack.pages for section in page.sections for scenario in section.scenarios]
    assert len(codes) == 14
    assert set(Scenario.objects.values_list("code", flat=True)) == set(codes)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["starter", "demo"])
def test_loading_again_changes_nothing(name):
    load_content(pack=read_pack(ROOT / "disclosures" / name))
    before = fingerprint()
    assert load_content(pack=read_pack(ROOT / "disclosures" / name)) == NOTHING
    assert fingerprint() == before


@pytest.mark.django_db
def test_loading_the_export_changes_nothing(tmp_path):
    before = fingerprint()
    write_pack(content_pack(), tmp_path)
    assert load_content(pack=read_pack(tmp_path)) == NOTHING
    assert fingerprint() == before


@pytest.mark.django_db
def test_loading_the_export_changes_nothing_after_a_translation_was_emptied():
    recipient = Recipient.objects.get(code="northwind-analytics")
    recipient.measures_en = ""
    recipient.save()
    assert recipient.i18n["measures_en"] == ""
    before = fingerprint()
    assert load_content(pack=content_pack()) == NOTHING
    assert fingerprint() == before


@pytest.mark.django_db
def test_loading_the_export_brings_back_what_was_changed_since(tmp_path):
    before = fingerprint()
    write_pack(content_pack(), tmp_path)
    change_a_bit_of_everything()
    assert fingerprint() != before
    load_content(pack=read_pack(tmp_path))
    assert fingerprint() == before


def change_a_bit_of_everything():
    scenario = Scenario.objects.get(code="review-author")
    Scenario.objects.filter(pk=scenario.pk).update(
        title="別の題", i18n={}, item_list="complete", service_list="complete", route="", evidence="order"
    )
    scenario.exclusions.all().delete()
    Recipient.objects.filter(code="norannabi-salon").update(on_hold_from=None, on_hold_reason="")
    DataItem.objects.filter(code="resume").update(is_special_care=True)
    Service.objects.filter(code="jalan").update(is_sensitive=True)
    scenario.scenario_items.first().delete()
    scenario.services.clear()
    Note.objects.filter(scenario=scenario).update(body="別の注")
    Definition.objects.update(examples="別の例")
    Question.objects.all().delete()
    Site.objects.update(as_of="2020-01-01")
    Section.objects.filter(code="processed").update(title="別の見出し")


def test_export_makes_the_same_document_in_a_new_database(world, tmp_path):
    empty_database()
    load_content(pack=read_pack(STARTER))
    before = fingerprint()
    write_pack(content_pack(), tmp_path)
    empty_database()
    load_content(pack=read_pack(tmp_path))
    assert fingerprint() == before


def empty_database():
    put_triggers_aside()
    call_command("flush", interactive=False, verbosity=0)
    restore_triggers()


@pytest.mark.django_db
def test_export_writes_what_a_person_can_read(tmp_path):
    write_pack(content_pack(), tmp_path)
    page = (tmp_path / "pages" / "where-provided.yaml").read_text(encoding="utf-8")
    assert "ja: ネット予約" in page
    assert "\\u" not in page and "retired" not in page


@pytest.mark.django_db
def test_order_of_a_pack_is_the_order_on_the_page(client):
    pack = content_pack()
    pack.services.reverse()
    load_content(pack=pack)
    publish_content(by=None)
    addresses = [link["href"] for link in read(client.get("/services/")).one("main").all("a")]
    shown = [address.split("/")[2] for address in addresses if address.startswith("/services/")]
    assert shown == [service.code for service in pack.services]


@pytest.mark.django_db
def test_order_of_items_in_a_scenario_is_kept():
    pack = read_pack(STARTER)
    booking = pack.pages[0].sections[2].scenarios[0]
    booking.items.reverse()
    load_content(pack=pack)
    assert working_document()["scenarios"]["online-booking"]["items"] == ["phone", "email", "name"]


@pytest.mark.django_db
def test_editors_own_positions_survive_loading_the_export():
    for number, service in enumerate(Service.objects.all(), 1):
        Service.objects.filter(pk=service.pk).update(position=number * 10)
    for number, section in enumerate(Section.objects.all(), 1):
        Section.objects.filter(pk=section.pk).update(position=number * 7)
    before = fingerprint()
    assert load_content(pack=content_pack()) == NOTHING
    assert fingerprint() == before


@pytest.mark.django_db
def test_editors_own_positions_of_items_survive_loading_the_export():
    for number, row in enumerate(ScenarioItem.objects.all(), 1):
        ScenarioItem.objects.filter(pk=row.pk).update(position=number * 3)
    assert load_content(pack=content_pack()) == NOTHING


@pytest.mark.django_db
def test_what_a_pack_leaves_out_stays():
    before = fingerprint()
    part = read_pack(STARTER).model_copy(update={"pages": [], "services": [], "site": None})
    assert load_content(pack=part) == NOTHING
    assert fingerprint() == before


@pytest.mark.django_db
def test_translation_that_a_pack_leaves_out_is_taken_away():
    pack = content_pack()
    del pack.services[0].title["en"]
    load_content(pack=pack)
    assert working_document()["services"][pack.services[0].code]["title"].keys() == {"ja"}


@pytest.mark.django_db
def test_hold_of_a_pack_may_be_given_as_a_day_and_is_exported_as_that_moment(tmp_path):
    recipient = Recipient.objects.get(code="norannabi-salon")
    assert localtime(recipient.on_hold_from).isoformat() == "2025-04-01T00:00:00+09:00"
    write_pack(content_pack(), tmp_path)
    entries = {one.code: one for one in read_pack(tmp_path).recipients}
    assert entries["norannabi-salon"].on_hold_from == recipient.on_hold_from
    assert entries["norannabi-salon"].on_hold_until is None


@pytest.mark.django_db
def test_entry_in_which_nothing_new_is_said_reads_as_it_did_before():
    document = working_document()
    new = {"item_list", "service_list", "exclusions", "route", "route_detail", "route_abroad", "evidence"}
    assert new.isdisjoint(document["scenarios"]["sales-proposals"])
    assert not [
        name
        for entry in document["recipients"].values()
        if entry["country"] == "US"
        for name in entry
        if "hold" in name
    ]
    assert "is_processed" not in document["scenarios"]["online-booking"]
    assert document["scenarios"]["job-scouting"]["is_processed"]
    assert "is_special_care" not in document["data_items"]["name"]
    assert "is_sensitive" not in document["services"]["jalan"]


WRONG = {
    "unknown key": ("site.yaml", "as_of:", "colour: red\nas_of:", ["site.yaml", "colour"]),
    "unknown key deep inside": (
        "pages/where-provided.yaml", "        ground: person_act", "        colour: red\n        ground: person_act",
        ["pages/where-provided.yaml", "sections[2].scenarios[0].colour"],
    ),
    "missing Japanese": (
        "services.yaml", "{ja: じゃらんnet, en: Jalan net}", "{en: Jalan net}", ["services.yaml", "[0]", "title", "ja"],
    ),
    "empty text": ("services.yaml", "ja: じゃらんnet,", 'ja: " ",', ["services.yaml", "[0].title"]),
    "invisible text": ("services.yaml", "ja: じゃらんnet,", 'ja: "\\u3164",', ["services.yaml", "[0].title"]),
    "text in another order": ("services.yaml", "ja: じゃらんnet,", 'ja: "\\u202eじゃらん",', ["services.yaml", "[0].title"]),
    "unknown language": (
        "services.yaml", "en: Jalan net}", "en: Jalan net, fr: Jalan}", ["services.yaml", "[0].title", "fr"],
    ),
    "bad YAML": ("links.yaml", "- code: faq", "- code: [faq", ["links.yaml", "YAML"]),
    "bad date": ("site.yaml", "2023-06-16", "yesterday", ["site.yaml", "as_of"]),
    "unknown ground": (
        "pages/where-provided.yaml", "ground: policy", "ground: because",
        ["pages/where-provided.yaml", "sections[2].scenarios[2].ground", "legal"],
    ),
    "unknown extent of a list": (
        "pages/where-provided.yaml", "service_list: example", "service_list: some",
        ["pages/where-provided.yaml", "sections[2].scenarios[0].service_list", "complete"],
    ),
    "exclusion named twice": (
        "pages/where-provided.yaml", "        exclusions:\n",
        "        exclusions:\n          - {service: rikunabi, item: name, reason: {ja: 理由}}\n",
        ["pages/where-provided.yaml", "sections[2].scenarios[5].exclusions", "rikunabi: name", "twice"],
    ),
    "broken reference of an exclusion": (
        "pages/where-provided.yaml", "            item: name", "            item: no-such-item",
        ["pages/where-provided.yaml", "sections[2].scenarios[5].exclusions[0].item", "no-such-item"],
    ),
    "hold without a time": (
        "recipients.yaml", "  country: JP", "  country: JP\n  on_hold_from: soon", ["recipients.yaml", "on_hold_from"],
    ),
    "bad code": ("services.yaml", "- code: suumo", "- code: Suumo House", ["services.yaml", "[7].code"]),
    "page under another name": (
        "pages/contact.yaml", "code: contact\n", "code: contacts\n", ["pages/contact.yaml", "code", "contact"],
    ),
    "order names no file": ("pages/order.yaml", "- contact", "- contacts", ["pages/order.yaml", "pages/contacts.yaml"]),
    "broken reference to an item": (
        "pages/where-provided.yaml", "items: [name, email, phone]", "items: [name, no-such-item, phone]",
        ["pages/where-provided.yaml", "sections[2].scenarios[0].items[1]", "no-such-item"],
    ),
    "broken reference to a service": (
        "pages/where-provided.yaml", "services: [rikunabi-next]", "services: [no-such-service]",
        ["pages/where-provided.yaml", "sections[3].scenarios[3].services[0]", "no-such-service"],
    ),
    "broken reference to a link": (
        "pages/contact.yaml", "related: [faq,", "related: [no-such-link,",
        ["pages/contact.yaml", "related[0]", "no-such-link"],
    ),
    "item named twice": (
        "pages/where-provided.yaml", "items: [name, email, phone]", "items: [name, email, name]",
        ["pages/where-provided.yaml", "sections[2].scenarios[0].items", "[2]", "name", "twice"],
    ),
    "code given twice": (
        "services.yaml", "- code: suumo", "- code: zexy", ["services.yaml", "zexy", "twice"],
    ),
    "code of another page's section": (
        "pages/contact.yaml", "- code: contact-requests", "- code: scenarios",
        ["pages/contact.yaml", "sections", "scenarios", "twice", "pages/where-provided.yaml"],
    ),
    "broken reference to a country": (
        "recipients.yaml", "country: JP", "country: XX", ["recipients.yaml", "country", "XX"],
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_pack_is_refused_with_file_key_and_reason_and_changes_nothing(pack_folder, wrong):
    name, old, new, named = WRONG[wrong]
    edit(pack_folder, "data_items.yaml", "ja: 氏名", "ja: 名前")
    edit(pack_folder, name, old, new)
    before = fingerprint()
    with pytest.raises(PackError) as refusal:
        load_content(pack=read_pack(pack_folder))
    assert [part for part in named if part not in refusal.value.detail] == []
    assert fingerprint() == before
    assert DataItem.objects.get(code="name").title == "氏名"


# What somebody may write in services.yaml → what they are told, in both languages.
TOLD = {
    "- {code: cave, title: {ja: 洞窟}, field: {ja: 旅行}, titel: x}": ("no such key", "キーはありません"),
    "- {code: cave, title: {ja: 洞窟}}": ("missing", "ありません"),
    '- {code: cave, title: {ja: " "}, field: {ja: 旅行}}': ("empty", "空"),
    "- {code: cave, title: {ja: 12}, field: {ja: 旅行}}": ("must be text", "文字"),
    "- {code: cave, title: 洞窟, field: {ja: 旅行}}": ("key: value", "キー"),
    "- {code: Cave, title: {ja: 洞窟}, field: {ja: 旅行}}": ("“Cave” is not a code", "「Cave」"),
    "- {code: cave, title: {en: Cave}, field: {ja: 旅行}}": ("the Japanese text (ja) is missing", "日本語"),
    "- {code: cave, title: {ja: 洞窟, fr: Grotte}, field: {ja: 旅行}}": ("“fr” is not a language", "「fr」"),
    "cave": ("must be a list", "リスト"),
    "- {code: cave": ("line 1", "1行"),
}


@pytest.mark.parametrize("written", TOLD)
def test_what_is_wrong_is_said_in_plain_words_of_both_languages(pack_folder, written):
    (pack_folder / "services.yaml").write_text(written, encoding="utf-8")
    for language, told in zip(("en", "ja"), TOLD[written], strict=True):
        with translation.override(language), pytest.raises(PackError) as refusal:
            read_pack(pack_folder)
        assert told in refusal.value.detail
        assert "Input should" not in refusal.value.detail and "Value error" not in refusal.value.detail


def test_every_error_of_a_shape_has_words_of_its_own():
    for kind, shape in SHAPES.items():
        for wrong in (7, "x", [7], [{"code": 7}], {"x": 1}, [{"code": "x" * 61, "is_example": "maybe", "as_of": "x"}]):
            with pytest.raises(ValidationError) as refused:
                TypeAdapter(shape).validate_python(wrong)
            told = [reason_of(found) for found in refused.value.errors()]
            assert [one for one in told if "not as it must be" in one] == [], (kind, wrong)


def test_entry_is_named_beside_its_number(pack_folder):
    edit(pack_folder, "services.yaml", "- code: suumo", "- code: suumo\n  titel: x")
    with pytest.raises(PackError) as refusal:
        read_pack(pack_folder)
    (found,) = refusal.value.problems
    assert (found.key, found.entry) == ("[7].titel", "suumo") and "[7].titel (suumo)" in str(found)


@pytest.mark.parametrize("name", ["notes.txt", "service.yaml", "pages/deeper.txt"])
def test_unknown_file_is_refused_by_name(pack_folder, name):
    (pack_folder / name).write_text("x")
    with pytest.raises(PackError, match=name):
        read_pack(pack_folder)


def test_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PackError, match="nowhere"):
        read_pack(tmp_path / "nowhere")


@pytest.mark.django_db
def test_retired_rows_are_not_exported():
    Service.objects.filter(code="zexy").update(retired_at=timezone.now())
    assert "zexy" not in [service.code for service in content_pack().services]


@pytest.mark.django_db
def test_loading_the_export_changes_nothing_while_a_service_in_use_is_retired():
    Service.objects.filter(code="zexy").update(retired_at=timezone.now())
    before = fingerprint()
    load_content(pack=content_pack())
    assert fingerprint() == before
