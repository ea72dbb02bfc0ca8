"""Identifiers: the same event is the same id for ever, and later ids sort later."""

import uuid

import pytest

from privacycenter.identifiers import uuid7, uuid8_from


def test_uuid8_of_the_same_parts_is_the_same_for_ever():
    # The ledger's keys hang on this value: if it changes, every retry becomes a new disclosure.
    assert uuid8_from("travel", "https://booking.example/", "event-1") == uuid.UUID(
        "fd5f1460-956f-87ed-86d1-789ccd952769"
    )


@pytest.mark.parametrize(("parts", "others"), [(("ab", "c"), ("a", "bc")), (("a",), ("a", "")), (("宿",), ("\u5bbe",))])
def test_uuid8_of_other_parts_differs(parts, others):
    assert uuid8_from(*parts) != uuid8_from(*others)


@pytest.mark.parametrize(
    ("make", "version"), [(lambda: uuid8_from("a"), 8), (lambda: uuid8_from("b", "c"), 8), (uuid7, 7)]
)
def test_uuid_carries_its_version_and_variant(make, version):
    made = make()
    assert (made.version, made.variant) == (version, uuid.RFC_4122)


def test_uuid7_of_a_later_millisecond_sorts_later(time_machine):
    made = []
    for number in range(100):
        # In the middle of a millisecond: a float has no exact thousandth.
        time_machine.move_to(1_800_000_000 + (number + 0.5) / 1000, tick=False)
        made.append(uuid7())
    assert made == sorted(made)


def test_uuid7_begins_with_its_milliseconds(time_machine):
    time_machine.move_to(0x0123456789AB / 1000, tick=False)
    assert str(uuid7()).startswith("01234567-89ab-7")


def test_uuid7_of_one_millisecond_differ(time_machine):
    time_machine.move_to(1_800_000_000, tick=False)
    assert len({uuid7() for _ in range(1000)}) == 1000
