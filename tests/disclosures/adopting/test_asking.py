"""The questions at the terminal: a wrong answer is asked again, Enter takes what is there."""

import pytest

from disclosures.adopting.asking import Asking

THERE = {"languages": ["ja", "en"], "time_zone": "Asia/Tokyo"}
BEGINNING = ["", "", "https://privacy.example.com", "privacy@example.com", "センター", "Center", "会社", ""]
# Address, representative, purposes, complaints, fees, measures, security, theme, menu, footer, content.
REST = [*[""] * 7, "", "", "", ""]
STAFF = ["aoba", "aoba@example.com"]


def ask(replies, there=THERE):
    """Return the answers, and what was said between the questions."""
    left, said = iter(replies), []
    answers = Asking(lambda question: next(left), said.append, there).answers()
    assert list(left) == []
    return answers, said


def test_answers_are_asked_one_by_one():
    answers, said = ask([*BEGINNING, *REST, *STAFF])
    assert answers.title == {"ja": "センター", "en": "Center"}
    assert answers.operator == {"ja": "会社"}
    assert (answers.staff.username, answers.content, said) == ("aoba", "empty", [])


@pytest.mark.parametrize(
    ("place", "wrong", "told"),
    [
        (0, "en ja", "must begin with ja"),
        (1, "Tokyo", "“Tokyo” is no time zone."),
        (2, "privacy.example.com", "is no address of a site"),
        (3, "nobody", "is no sender"),
    ],
)
def test_wrong_answer_is_asked_again_with_a_word(place, wrong, told):
    replies = [*BEGINNING, *REST, *STAFF]
    answers, said = ask([*replies[:place], wrong, *replies[place:]])
    assert answers.address == "https://privacy.example.com"
    assert len(said) == 1
    assert told in said[0]


def test_name_in_japanese_is_needed():
    _answers, said = ask([*BEGINNING[:4], "", *BEGINNING[4:], *REST, *STAFF])
    assert said == ["  An answer is needed here."]


def test_enter_takes_what_is_there():
    there = {
        **THERE, "address": "https://privacy.example.com", "sender": "privacy@example.com", "title": {"ja": "センター"},
        "operator": {"ja": "会社"}, "administrators": ["aoba"],
    }  # fmt: skip
    answers, said = ask(["", "", "", "", "", "", "", "", *REST], there)
    assert (answers.address, answers.title, answers.staff) == ("https://privacy.example.com", {"ja": "センター"}, None)
    assert said == ["Administrators: aoba. No other one is made."]


def test_menu_is_paths_with_spaces_between():
    rest = [*[""] * 8, "/faq/ faq", "/faq/ https://example.com", "/faq/ /my/", "", ""]
    answers, said = ask([*BEGINNING, *rest, *STAFF])
    assert [one.address for one in answers.menu] == ["/faq/", "/my/"]
    assert len(said) == 2
    assert "A link to another site needs a title" in said[1]


def test_what_the_law_wants_said_is_asked_in_each_language():
    rest = ["", "", "予約", "Booking", "", "", "暗号化", "", "", "", "", "", ""]
    answers, _said = ask([*BEGINNING, *rest, *STAFF])
    assert answers.purposes == {"ja": "予約", "en": "Booking"}
    assert answers.security_measures == {"ja": "暗号化"}


def test_text_that_no_column_takes_is_asked_again():
    rest = ["x" * 301, "緑野県", *REST[1:]]
    # In English, too, once there is Japanese.
    answers, said = ask([*BEGINNING, *rest[:2], "", *rest[2:], *STAFF])
    assert answers.operator_address == {"ja": "緑野県"}
    assert len(said) == 1


def test_long_text_that_is_there_is_shown_shortened_and_taken_whole():
    asked, purposes = [], "- " + "予約" * 60 + "\n- 乗車"
    left = iter([*BEGINNING, *REST[:3], "", *REST[3:], *STAFF])

    def read(question):
        asked.append(question)
        return next(left)

    answers = Asking(read, print, {**THERE, "purposes": {"ja": purposes}}).answers()
    assert answers.purposes["ja"] == purposes
    assert max(map(len, asked)) < 160
    assert not any("\n" in question for question in asked)


def test_enter_keeps_the_links_that_are_there():
    asked = []
    left = iter([*BEGINNING, *REST, *STAFF])

    def read(question):
        asked.append(question)
        return next(left)

    answers = Asking(read, print, {**THERE, "menu_links": 5}).answers()
    assert answers.menu == []
    assert [one for one in asked if "Enter for the 5 links that are there" in one]


def test_whoever_goes_away_answers_nothing():
    def gone(question):
        raise EOFError

    with pytest.raises(EOFError):
        Asking(gone, print, THERE).answers()
