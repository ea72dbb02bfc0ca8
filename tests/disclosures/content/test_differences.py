"""Differences between two documents, as readers and editors are shown them."""

import copy

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from disclosures.content import differences
from disclosures.content.changed_entries import changes_for_readers
from disclosures.content.differences import Part, entry_differences, word_parts
from disclosures.content.moved_entries import moves_in
from disclosures.content.publications import newest_publication

text = st.text(alphabet="個人情報を提供しますカタカナー the word's, a1ａ\n　", max_size=60)


def side(parts, verb) -> str:
    return "".join(part.text for part in parts if part.verb in ("same", verb))


@given(text, text)
def test_parts_make_up_both_texts(old, new):
    parts = word_parts(old, new)
    assert (side(parts, "removed"), side(parts, "added")) == (old, new)


def test_english_changes_by_the_word():
    assert word_parts("We give your name to hotels.", "We give your address to hotels.") == [
        Part("same", "We give your "), Part("removed", "name"), Part("added", "address"), Part("same", " to hotels."),
    ]  # fmt: skip


def test_japanese_changes_by_the_run_of_one_script():
    assert word_parts("氏名を宿泊施設に渡します", "住所を宿泊施設に渡します") == [
        Part("removed", "氏名"), Part("added", "住所"), Part("same", "を宿泊施設に渡します"),
    ]  # fmt: skip


def test_changed_phrase_stays_whole():
    assert [part.text for part in word_parts("the old words here", "the new text here")] == [
        "the ", "old words", "new text", " here",
    ]  # fmt: skip


def test_very_long_texts_are_compared_by_the_line(monkeypatch):
    monkeypatch.setattr(differences, "MOST_PAIRS", 3)
    assert word_parts("one two\nthree\n", "one 2\nthree\n") == [
        Part("removed", "one two\n"), Part("added", "one 2\n"), Part("same", "three\n"),
    ]  # fmt: skip


# --- Entries ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def document(db):
    return newest_publication().document


def differ(document, kind, code, **fields):
    """The differences after these fields of one entry were replaced."""
    new = copy.deepcopy(document)
    new[kind][code].update(fields)
    return entry_differences(document, new)


def test_same_documents_do_not_differ(document):
    assert entry_differences(document, copy.deepcopy(document)) == []


def test_entry_says_what_it_is_and_which_texts_differ(document):
    title = document["services"]["jalan"]["title"]
    [entry] = differ(document, "services", "jalan", title={**title, "en": title["en"] + " travel"})
    assert (entry.kind, entry.code, entry.verb, entry.verb_label) == ("services", "jalan", "changed", "変更")
    [field] = entry.fields
    assert (field.name, field.language, field.language_label) == ("title", "en", "英語")
    assert field.parts[-1] == Part("added", " travel")


def test_rich_text_differs_as_it_was_written(document):
    body = {"source": {"ja": "**太字**の文"}, "html": {"ja": "<p><strong>太字</strong>の文</p>"}}
    [entry] = differ(document, "scenarios", "online-booking", body=body)
    japanese = next(field for field in entry.fields if field.language == "ja")
    assert side(japanese.parts, "added") == "**太字**の文"


def test_list_names_what_came_and_what_went(document):
    with override("en"):
        items = document["scenarios"]["online-booking"]["items"]
        [entry] = differ(document, "scenarios", "online-booking", items=[*items[1:], "survey-answers"])
        [field] = entry.fields
    names = document["data_items"]
    assert field.is_list and field.parts == [
        Part("removed", names[items[0]]["title"]["en"]), Part("added", names["survey-answers"]["title"]["en"]),
    ]  # fmt: skip


def test_other_order_is_said(document):
    items = document["scenarios"]["online-booking"]["items"]
    [entry] = differ(document, "scenarios", "online-booking", items=items[::-1])
    assert [part.verb for part in entry.fields[0].parts] == ["removed", "added"]


def test_ground_date_and_reference_are_in_words(document):
    with override("en"):
        [entry] = differ(document, "scenarios", "online-booking", ground="legal", retired=True)
        assert {field.name: field.parts[-1].text for field in entry.fields} == {
            "ground": "Allowed or required by law",
            "retired": "yes",
        }
        [site] = differ(document, "site", "site", as_of="2026-02-03")
        assert site.fields[0].parts[-1].text == "Feb. 3, 2026"


def test_note_differs_by_its_code(document):
    note = {"code": "new-note", "body": {"source": {"ja": "注意"}, "html": {"ja": "<p>注意</p>"}}}
    notes = [*document["scenarios"]["online-booking"]["notes"], note]
    [entry] = differ(document, "scenarios", "online-booking", notes=notes)
    assert [(field.name, field.parts) for field in entry.fields] == [("notes", [Part("added", "注意")])]


def test_whole_document_is_added_and_removed(document):
    for old, new, verb in (({}, document, "added"), (document, {}, "removed")):
        found = entry_differences(old, new)
        assert len(found) == len(changes_for_readers(old, new)) and {entry.verb for entry in found} == {verb}
        assert {part.verb for entry in found for field in entry.fields for part in field.parts} == {verb}


def test_document_from_before_a_kind_existed_can_be_compared(document):
    old = {kind: entries for kind, entries in document.items() if kind != "terms"}
    assert {entry.kind for entry in entry_differences(old, {**document, "terms": {"x": {"term": {"ja": "語"}}}})} == {
        "terms"
    }


def test_entry_that_differs_only_in_its_html_has_no_fields(document):
    body = copy.deepcopy(document["scenarios"]["online-booking"]["body"])
    body["html"]["ja"] += "<p></p>"
    [entry] = differ(document, "scenarios", "online-booking", body=body)
    assert entry.fields == []


# --- Order -----------------------------------------------------------------------------------------------------------


def scenarios_in_order(document, section="scenarios"):
    scenarios = document["scenarios"]
    return sorted(
        (code for code in scenarios if scenarios[code]["section"] == section),
        key=lambda code: scenarios[code]["position"],
    )


def arranged(document, codes):
    new = copy.deepcopy(document)
    for number, code in enumerate(codes, 1):
        new["scenarios"][code]["position"] = number * 7
    return new


@pytest.fixture
def codes(document):
    section = document["scenarios"]["online-booking"]["section"]
    found = scenarios_in_order(document, section)
    assert len(found) > 3
    return found


def test_other_numbers_in_the_same_order_are_no_change(document, codes):
    assert entry_differences(document, arranged(document, codes)) == []


def test_two_that_change_places_are_one_that_moved(document, codes):
    first, second, *rest = codes
    with override("en"):
        [entry] = entry_differences(document, arranged(document, [second, first, *rest]))
        assert (entry.verb, entry.verb_label) == ("moved", "moved")
        [field] = entry.fields
        assert field.label == "comes after" and field.parts == [
            Part("removed", document["scenarios"][first]["title"]["en"]), Part("added", "nothing: it is the first"),
        ]  # fmt: skip


def test_one_that_goes_to_the_end_moves_no_other(document, codes):
    [entry] = entry_differences(document, arranged(document, [*codes[1:], codes[0]]))
    assert (entry.code, entry.verb) == (codes[0], "moved")


def test_entry_that_moved_with_the_one_before_it_names_no_other_neighbour(document, codes):
    first, second, *rest = codes
    moved = entry_differences(document, arranged(document, [*rest, first, second]))
    assert [(entry.verb, len(entry.fields)) for entry in moved] == [("moved", 1), ("moved", 0)]


def test_entry_that_changed_and_moved_says_both(document, codes):
    new = arranged(document, [*codes[1:], codes[0]])
    new["scenarios"][codes[0]]["title"] = {"ja": "新しい題"}
    [entry] = entry_differences(document, new)
    assert entry.verb == "changed" and {field.name for field in entry.fields} == {"title", "position"}


def test_entry_that_is_new_moves_no_other(document):
    new = copy.deepcopy(document)
    for page in new["pages"].values():
        page["position"] += 1
    new["pages"]["new"] = {**document["pages"]["faq"], "position": 0}
    assert [(entry.code, entry.verb) for entry in entry_differences(document, new)] == [("new", "added")]


def test_entry_in_another_section_says_only_that(document, codes):
    other = next(code for code in document["sections"] if code != document["scenarios"][codes[0]]["section"])
    [entry] = differ(document, "scenarios", codes[0], section=other, position=99)
    assert [field.name for field in entry.fields] == ["section"]


@given(st.permutations(range(8)))
def test_what_moved_explains_the_new_order(order):
    old = {str(number): {"position": number} for number in range(8)}
    new = {str(number): {"position": place} for place, number in enumerate(order)}
    moved = moves_in("services", old, new)
    stayed = [number for number in order if str(number) not in moved]
    assert stayed == sorted(stayed)


def test_exclusion_that_came_is_named_with_its_service_and_item_and_its_reason(document):
    exclusion = {"service": "zexy", "item": "name", "reason": {"ja": "渡さない約束です。"}}
    [entry] = differ(document, "scenarios", "survey-results", exclusions=[exclusion])
    [field] = entry.fields
    assert field.label == "提供しない項目 (ゼクシィ: 氏名)"
    assert [(part.verb, part.text) for part in field.parts] == [("added", "渡さない約束です。")]


@pytest.mark.parametrize(
    ("changes", "label", "text"),
    [
        ({"service_list": "complete"}, "挙げてあるサービスは", "すべて(ほかのサービスは提供できない)"),
        ({"route": "joint_use"}, "法律上の根拠", "共同利用(第27条第5項第3号)"),
    ],
)
def test_declaration_is_shown_in_words(document, changes, label, text):
    [entry] = differ(document, "scenarios", "survey-results", **changes)
    [field] = entry.fields
    assert (field.label, field.parts[-1].text) == (label, text)


def test_hold_is_shown_with_its_time(document):
    [entry] = differ(document, "recipients", "minato-inn", on_hold_from="2026-11-01T00:00:00+00:00")
    [field] = entry.fields
    assert field.label == "提供を見合わせる期間の始まり" and "2026年11月1日9:00" in field.parts[-1].text.replace(
        " ", ""
    )
