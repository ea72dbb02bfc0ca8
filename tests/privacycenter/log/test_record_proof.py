"""A record is shown to be whole; whatever is changed, taken out, hidden or told otherwise, the check names it."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacycenter.log.entries import Row, commitment_to, label_of
from privacycenter.log.note import encoded, with_signatures
from privacycenter.log.policy import read_policy
from privacycenter.log.proving import absence, consistency, tree_of
from privacycenter.log.record import (
    KEPT_SECONDS,
    Broken,
    Trust,
    Unreadable,
    check_record,
    statement_text,
    trust_in,
)
from privacycenter.log.writing import append_rows
from tests.support.memory_log import AT, LOG, TRUST, WITNESS, MemoryLog, key_of

WHO, OTHER = "hanako", "taro"


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    """More than one merge of the index, and a tail: 18 full bundles and some."""
    made = MemoryLog()
    for _step in range(6):
        made.add(WHO, OTHER, WHO)
        made.add_others(800)
        made.add(OTHER)
    return made


@pytest.fixture
def proof(log) -> dict:
    return json.loads(json.dumps(log.proof(WHO)))


def broken(document, trust=TRUST, seen=None) -> Broken:
    with pytest.raises(Broken) as caught:
        check_record(document, trust, seen)
    return caught.value


def test_whole_record_is_shown_to_be_whole(log, proof):
    checked = check_record(proof, TRUST)
    assert (checked.rows, checked.removed, checked.witnessed_at) == (12, (), AT)
    assert checked.checkpoint == log.checkpoint() and len(proof["absent"]) > 2


@given(counts=st.lists(st.integers(0, 3), min_size=1, max_size=8), others=st.lists(st.integers(0, 700), max_size=8))
@settings(max_examples=20, deadline=None)
def test_every_history_is_shown_at_every_size(counts, others):
    log = MemoryLog()
    for at, count in enumerate(counts):
        log.add_others(others[at] if at < len(others) else 1)
        log.add(*[WHO] * count, OTHER)
    for name, rows in ((WHO, sum(counts)), (OTHER, len(counts)), ("nobody", 0)):
        assert check_record(log.proof(name), TRUST).rows == rows


def test_log_without_an_entry_shows_an_empty_record():
    assert check_record(MemoryLog().proof(WHO), TRUST).rows == 0


# --- What a bad operator does ----------------------------------------------------------------------------------------


def change(row, **values):
    row["event"].update(values)


def hide(log, proof, *numbers):
    """Leave rows out and tell a story that fits otherwise: renumbered, stated anew, absence of the next label."""
    rows = [row for number, row in enumerate(proof["rows"], 1) if number not in numbers]
    return told_anew(log, proof, rows)


def told_anew(log, proof, rows):
    statement = statement_text(WHO, log.key(WHO), len(rows), log.checkpoint())
    return {**proof, "rows": rows, "statement": with_signatures(statement, [LOG.sign(statement)])}


def test_changed_row_is_named(proof):
    proof["rows"][4]["event"]["recipient"] = "another"
    assert (broken(proof).number, str(broken(proof))) == (5, "Row 5: It is not what is in the log.")


def test_number_that_a_row_tells_is_its_own(proof):
    """Where an entry commits to the number, too."""
    proof["rows"][4]["event"]["number"] = "6"
    assert broken(proof).number == 5


def test_two_rows_that_changed_places_are_named(proof):
    proof["rows"][4], proof["rows"][5] = proof["rows"][5], proof["rows"][4]
    assert broken(proof).number == 5


def test_last_row_cannot_be_hidden(log, proof):
    """The label that comes next is in the log, so nobody can show that it is not."""
    assert [] in absence(log.store, log.size, label_of(log.key(WHO), 1))
    hidden = hide(log, proof, 12)
    assert broken(hidden).number == 12
    # Not either with the proof of absence of another label.
    hidden["absent"] = absence(log.store, log.size, label_of(log.key(WHO), 13))
    assert broken(hidden).number == 12


def test_row_in_the_tail_cannot_be_hidden():
    log = MemoryLog()
    log.add(WHO, WHO)
    proof = log.proof(WHO)
    assert "further row" in str(broken(hide(log, proof, 2)))


@pytest.mark.parametrize("number", [1, 6])
def test_row_in_the_middle_cannot_be_hidden(log, proof, number):
    hidden = hide(log, proof, number)
    assert broken(hidden).number == number


def test_one_row_cannot_stand_for_two(log, proof):
    """One label twice: the second is at the place of the first, or in no entry."""
    proof["rows"][5] = copy.deepcopy(proof["rows"][4])
    assert broken(proof).number == 6


def test_rows_of_another_person_are_not_these(log, proof):
    assert broken(told_anew(log, proof, log.proof(OTHER)["rows"])).number == 1


def test_statement_is_about_this_record(log, proof):
    other = log.proof(OTHER)
    for name in ("statement", "subject", "key"):
        assert broken({**proof, name: other[name]})
    assert "statement" in str(broken({**proof, "rows": proof["rows"][:-1]}))


def test_end_of_the_log_cannot_be_cut_or_changed(proof):
    for tail in (proof["tail"][:-1], proof["tail"][1:], [*proof["tail"], proof["tail"][-1]], []):
        assert "end" in str(broken({**proof, "tail": tail}))
    assert broken({**proof, "peaks": proof["peaks"][:-1]})
    assert broken({**proof, "peaks": [proof["peaks"][-1], *proof["peaks"][1:]]})


def test_index_is_the_one_that_the_log_names(proof):
    assert broken({**proof, "runs": proof["runs"][::-1]})
    assert broken({**proof, "runs": proof["runs"][:-1], "absent": proof["absent"][:-1]})
    assert broken({**proof, "absent": proof["absent"][:-1]})


def test_absence_is_shown_in_each_run_by_neighbours(proof):
    for run in range(len(proof["absent"])):
        for wrong in ([], proof["absent"][run][:1], proof["absent"][run][::-1], proof["absent"][run] * 2):
            absent = [*proof["absent"][:run], wrong, *proof["absent"][run + 1 :]]
            if wrong != proof["absent"][run]:
                assert broken({**proof, "absent": absent}).number == 13


def test_checkpoint_is_signed_by_the_log_and_its_witness(log, proof):
    text = log.checkpoint().text
    alone = with_signatures(text, [LOG.sign(text)])
    assert "witnesses" in str(broken({**proof, "checkpoint": alone}))
    assert "did not sign" in str(broken({**proof, "checkpoint": with_signatures(text, [WITNESS.sign(text, at=AT)])}))
    assert broken({**proof, "checkpoint": proof["checkpoint"].replace(f"\n{log.size}\n", f"\n{log.size + 1}\n")})
    assert broken({**proof, "checkpoint": log.signed(log.size - 1)})
    stranger = Trust(type(LOG)(LOG.name, key_of("stranger")).verifier, TRUST.policy)
    assert broken(proof, stranger)


def test_log_without_witnesses_says_so():
    log = MemoryLog(witness=None)
    log.add(WHO)
    proof = log.proof(WHO)
    assert check_record(proof, trust_in(proof)).witnessed_at is None
    assert broken(proof, TRUST)


def resealed(log, number):
    """The same label once more, over something else: the operator shows the new place."""
    row = log.people[WHO][number - 1]
    event = {**row["event"], "recipient": "another"}
    entry = Row(label_of(log.key(WHO), number), commitment_to(row["salt"], event))
    log.size, (place,) = append_rows(log.store, log.size, [entry], AT)
    row.update(event=event, commitment=entry.commitment, index=place)


def test_row_that_is_sealed_a_second_time_is_seen_at_the_end_of_the_log():
    log = MemoryLog()
    log.add(WHO, OTHER, WHO)
    resealed(log, 1)
    assert "twice" in str(broken(log.proof(WHO)))


def test_row_that_is_sealed_a_second_time_is_seen_by_who_checked_before():
    log = MemoryLog()
    log.add(WHO, WHO)
    seen = check_record(log.proof(WHO), TRUST).seen
    log.add_others(700)
    resealed(log, 1)
    log.add_others(700)
    assert check_record(log.proof(WHO), TRUST).rows == 2, "a monitor sees it, and nobody who looks for the first time"
    assert "twice" in str(broken(log.proof(WHO, seen.size), seen=seen))


def test_rows_name_the_person_whose_record_it_is(log, proof):
    """A document that is signed for another subject."""
    statement = statement_text("somebody", log.key(WHO), len(proof["rows"]), log.checkpoint())
    proof |= {"subject": "somebody", "statement": with_signatures(statement, [LOG.sign(statement)])}
    assert (broken(proof).number, "somebody else" in str(broken(proof))) == (1, True)


# --- From one check to the next ---------------------------------------------------------------------------------------


def test_log_continues_what_was_seen():
    log = MemoryLog()
    log.add(WHO, OTHER)
    seen = check_record(log.proof(WHO), TRUST).seen
    assert check_record(log.proof(WHO), TRUST, seen).rows == 1
    log.add_others(700)
    log.add(WHO)
    assert check_record(log.proof(WHO, seen.size), TRUST, seen).rows == 2
    proof = log.proof(WHO, seen.size)
    assert broken({**proof, "consistency": proof["consistency"][:-1]}, seen=seen)
    fork = MemoryLog()
    fork.add(OTHER, WHO)
    fork.add_others(700)
    assert broken(fork.proof(WHO, seen.size), seen=seen)


def test_log_that_was_rolled_back_is_shorter():
    log = MemoryLog()
    log.add(WHO)
    before = log.proof(WHO)
    log.add(WHO, OTHER)
    seen = check_record(log.proof(WHO), TRUST).seen
    assert "there were 2 rows" in str(broken(before, seen=seen))
    assert "shorter" in str(broken(before, seen=seen._replace(rows=1, places=check_record(before, TRUST).places)))


def test_record_under_another_key_is_noticed(proof):
    seen = check_record(proof, TRUST).seen
    assert "another key" in str(broken(proof, seen=seen._replace(key_hash=bytes(32))))


# --- What was removed -------------------------------------------------------------------------------------------------


def with_removed(log, *numbers, aged: int | None = None, at: int = AT - KEPT_SECONDS - 10):
    proof = log.proof(WHO)
    for number in numbers:
        row = log.people[WHO][number - 1]
        proof["rows"][number - 1] = {
            "index": row["index"], "path": proof["rows"][number - 1]["path"], "commitment": encoded(row["commitment"])
        }  # fmt: skip
    if aged is not None:
        tree = tree_of(log.store, log.size)
        proof["aged"] = {"checkpoint": log.signed(aged, at), "consistency": consistency(tree, aged)}
    return proof


@pytest.fixture
def long_log() -> MemoryLog:
    log = MemoryLog()
    log.add(WHO, WHO)
    log.add_others(300)
    log.old_size = log.size
    log.add(WHO)
    return log


def test_rows_removed_by_law_are_told_from_hidden_ones(long_log):
    checked = check_record(with_removed(long_log, 1, 2, aged=long_log.old_size), TRUST)
    assert (checked.rows, checked.removed) == (3, (1, 2))


def test_deletion_before_its_time_is_no_removal_by_law(long_log):
    assert broken(with_removed(long_log, 3, aged=long_log.old_size)).number == 3
    assert broken(with_removed(long_log, 1)).number == 1


def test_old_checkpoint_was_witnessed_long_ago_and_is_of_this_log(long_log):
    assert "three years" in str(broken(with_removed(long_log, 1, aged=long_log.old_size, at=AT - KEPT_SECONDS + 10)))
    assert broken(with_removed(long_log, 1, aged=long_log.old_size) | {"aged": {"checkpoint": "", "consistency": []}})
    proof = with_removed(long_log, 1, aged=long_log.old_size)
    proof["aged"]["consistency"] = proof["aged"]["consistency"][:-1]
    assert broken(proof)


def test_removed_row_still_has_its_own_entry(long_log):
    proof = with_removed(long_log, 1, aged=long_log.old_size)
    proof["rows"][0]["commitment"] = encoded(bytes(32))
    assert broken(proof).number == 1


# --- What is no proof -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [None, [], "x", {}, {"format": "another"}])
def test_something_else_is_unreadable(document):
    with pytest.raises(Unreadable):
        check_record(document, TRUST)


@pytest.mark.parametrize(
    "name", ["checkpoint", "statement", "subject", "key", "rows", "tail", "peaks", "runs", "absent"]
)
@pytest.mark.parametrize("value", [None, 7, "no base64!", [None], [7], {"a": 1}])
def test_every_part_is_needed(proof, name, value):
    with pytest.raises((Unreadable, Broken)):
        check_record({**proof, name: value}, TRUST)


@pytest.mark.parametrize("name", ["index", "salt", "path", "event"])
@pytest.mark.parametrize("value", [None, True, -1, "x", [7], {"number": 1}])
def test_every_part_of_a_row_is_needed(proof, name, value):
    proof["rows"][3][name] = value
    with pytest.raises((Unreadable, Broken)):
        check_record(proof, TRUST)


def test_trust_is_read_from_the_document_where_nobody_names_it(proof):
    assert trust_in(proof) == TRUST
    with pytest.raises(Unreadable):
        trust_in({**proof, "policy": "quorum nobody"})
    assert read_policy("quorum none").is_witnessed is False
