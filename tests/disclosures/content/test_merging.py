"""Changes put together by field and language: what both changed alike is one change, what differs is a conflict."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosures.content.merging import (
    WHOLE,
    PatchEntry,
    changed_cells,
    compose,
    merged,
    only_cells,
    patch_between,
    rebased,
    reversed_patch,
    without_cells,
)
from disclosures.content.word_merging import merged_text

words = st.dictionaries(st.sampled_from(["ja", "en"]), st.sampled_from(["文", "a "]), max_size=2)


def as_rich(source):
    return {"source": source, "html": {language: f"<p>{text}</p>" for language, text in source.items()}}


entries = st.fixed_dictionaries(
    {"title": words, "body": words.map(as_rich), "items": st.sampled_from([[], ["a"], ["a", "b"]])},
    optional={
        "notice": st.sampled_from([{"ja": "注"}, {"ja": "注", "en": "N"}]).map(as_rich),
        "route": st.sampled_from("xy"),
    },
)
documents = st.fixed_dictionaries({
    "scenarios": st.dictionaries(st.sampled_from("pq"), entries, max_size=2),
    "links": st.dictionaries(st.just("p"), entries, max_size=1),
})  # fmt: skip
# The machine may have other work to do.
given_slowly = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@given_slowly
@given(documents, documents)
def test_patch_on_what_it_was_made_of_gives_what_it_says(old, new):
    assert compose(old, patch_between(old, new)) == (new, [])


@given_slowly
@given(documents, documents)
def test_reversed_patch_gives_back(old, new):
    patch = patch_between(old, new)
    assert compose(compose(old, patch)[0], reversed_patch(patch)) == (old, [])


@given_slowly
@given(documents, documents, documents)
def test_patches_of_other_cells_commute(old, one, other):
    mine = {(entry.kind, entry.code): entry for entry in patch_between(old, one)}
    theirs = []
    for entry in patch_between(old, other):
        touched = mine.get((entry.kind, entry.code))
        if touched is None:
            theirs.append(entry)
        elif WHOLE not in changed_cells(touched.base, touched.entry) | changed_cells(entry.base, entry.entry):
            theirs.append(without_cells(entry, changed_cells(touched.base, touched.entry)))
    first = compose(compose(old, mine.values())[0], theirs)
    second = compose(compose(old, theirs)[0], mine.values())
    assert first == second and first[1] == []


@given_slowly
@given(documents, documents, documents)
def test_every_cell_is_taken_over_or_told_as_a_conflict(old, now, new):
    patch = patch_between(old, new)
    made, conflicts = compose(now, patch)
    told = {(one.kind, one.code, one.cell) for one in conflicts}
    winning, none = compose(now, patch, mine_wins=True)
    assert none == []
    for one in patch:
        entry = made[one.kind].get(one.code)
        left = in_a_language(changed_cells(entry, winning[one.kind].get(one.code)))
        assert left <= {cell for kind, code, cell in told if (kind, code) == (one.kind, one.code)}
        changed = in_a_language(changed_cells(one.base, one.entry))
        assert WHOLE in changed or not changed & changed_cells(winning[one.kind].get(one.code), one.entry)


def in_a_language(cells):
    """A text that is empty in all languages is no language's."""
    return {(name, language) for name, language in cells if language or name not in ("title", "body")}


@given_slowly
@given(documents, documents, documents)
def test_nothing_that_was_given_is_changed(old, now, new):
    before = repr((old, now, new))
    compose(now, patch_between(old, new), mine_wins=True)
    assert repr((old, now, new)) == before


@given_slowly
@given(documents, documents, documents)
def test_rebased_patch_fits_what_it_was_rebased_onto(old, now, new):
    patch = [rebased(one, now[one.kind].get(one.code)) for one in patch_between(old, new)]
    assert compose(now, patch) == compose(now, patch_between(old, new), mine_wins=True)


@given_slowly
@given(entries, entries)
def test_part_and_rest_of_a_patch_make_up_the_whole(base, entry):
    one = PatchEntry("links", "p", base, entry)
    some = set(sorted(changed_cells(base, entry))[::2])
    made, conflicts = compose({"links": {"p": base}}, [only_cells(one, some), without_cells(one, some)])
    # Of a text that goes language by language an empty one stays, which says the same as none.
    left = {(name, "") for name, value in made["links"]["p"].items() if value in ({}, {"source": {}, "html": {}})}
    assert conflicts == [] and changed_cells(made["links"]["p"], entry) <= left


def scenario(**fields):
    body = {"source": {"ja": "本文"}, "html": {"ja": "<p>本文</p>"}}
    return {"title": {"ja": "題", "en": "Title"}, "body": body, "items": ["name"], "position": 1, **fields}


def test_html_follows_its_source():
    mine = scenario(body={"source": {"ja": "新"}, "html": {"ja": "<p>新</p>"}})
    theirs = scenario(body={"source": {"ja": "本文", "en": "Text"}, "html": {"ja": "<p>本文</p>", "en": "<p>Text</p>"}})
    made, conflicts = merged(PatchEntry("scenarios", "p", scenario(), mine), theirs)
    assert conflicts == []
    assert made["body"] == {
        "source": {"ja": "新", "en": "Text"}, "html": {"ja": "<p>新</p>", "en": "<p>Text</p>"},
    }  # fmt: skip


def test_same_language_changed_differently_is_a_conflict_and_the_other_language_is_not():
    mine, theirs = scenario(title={"ja": "甲", "en": "A"}), scenario(title={"ja": "乙", "en": "Title"})
    made, (conflict,) = merged(PatchEntry("scenarios", "p", scenario(), mine), theirs)
    assert (conflict.field, conflict.language) == ("title", "ja")
    assert (conflict.base, conflict.now, conflict.mine) == ("題", "乙", "甲")
    assert made["title"] == {"ja": "乙", "en": "A"}


def test_list_is_one_value():
    mine, theirs = scenario(items=["name", "email"]), scenario(items=["name", "phone"])
    made, (conflict,) = merged(PatchEntry("scenarios", "p", scenario(), mine), theirs)
    assert (conflict.field, made["items"]) == ("items", ["name", "phone"])


def test_deleting_what_somebody_changed_is_a_conflict_of_the_whole_entry():
    made, (conflict,) = merged(PatchEntry("scenarios", "p", scenario(), None), scenario(position=2))
    assert conflict.cell == WHOLE and made == scenario(position=2)
    assert merged(PatchEntry("scenarios", "p", scenario(), None), None) == (None, [])


def test_changing_what_somebody_deleted_is_a_conflict_of_the_whole_entry():
    made, (conflict,) = merged(PatchEntry("scenarios", "p", scenario(), scenario(position=2)), None)
    assert conflict.cell == WHOLE and made is None


def test_both_added_the_same_entry_and_differ_in_one_field():
    made, (conflict,) = merged(PatchEntry("scenarios", "p", None, scenario(position=2)), scenario(position=3))
    assert (conflict.field, conflict.now, conflict.mine, made["position"]) == ("position", 3, 2, 3)


# --- Word by word ----------------------------------------------------------------------------------------------------

text = st.text(alphabet="個人情報を渡しますカナ the word, a\n", max_size=30)


@given_slowly
@given(text, text)
def test_text_that_one_side_changed_is_that_sides(base, changed):
    assert merged_text(base, changed, base).text == changed
    assert merged_text(base, base, changed).text == changed
    assert merged_text(base, changed, changed).overlaps == 0


def test_changes_of_other_words_are_both_there():
    found = merged_text("氏名を宿泊施設に渡します", "住所を宿泊施設に渡します", "氏名を宿泊施設に渡しません")
    assert (found.text, found.overlaps) == ("住所を宿泊施設に渡しません", 0)


def test_same_words_changed_twice_both_stand_and_are_counted():
    found = merged_text(
        "We give your name to hotels.", "We give your address to hotels.", "We give your e-mail to hotels."
    )
    assert found.overlaps == 1
    assert "address" in found.text and "e-mail" in found.text and found.text.endswith(" to hotels.")
