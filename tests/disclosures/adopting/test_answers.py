"""The file of answers: what is wrong is named with file and key, all at once."""

import pytest

from disclosures.adopting.answers import read_answers
from privacycenter.errors import PackError
from privacycenter.text.languages import speaking_english
from tests.support.railway import EXAMPLE

pytestmark = pytest.mark.once

RIGHT = """
address: https://privacy.example.com
sender: Privacy <privacy@example.com>
title: {ja: センター, en: Center}
operator: {ja: 会社}
"""


def problems(tmp_path, text) -> list[str]:
    path = tmp_path / "site.yaml"
    path.write_text(text, encoding="utf-8")
    # As the command does.
    with speaking_english(), pytest.raises(PackError) as found:
        read_answers(path)
    return [str(one) for one in found.value.problems]


def test_answers_of_the_example_are_read():
    answers = read_answers(EXAMPLE / "site.yaml")
    assert answers.languages == ["ja", "en", "zh-hans", "ko"]
    assert answers.content == str(EXAMPLE / "pack")
    assert answers.theme.logo == str(EXAMPLE / "look" / "logo.svg")


def test_what_is_left_out_has_a_default(tmp_path):
    (tmp_path / "site.yaml").write_text(RIGHT, encoding="utf-8")
    answers = read_answers(tmp_path / "site.yaml")
    assert (answers.languages, answers.time_zone, answers.content) == (["ja", "en"], "Asia/Tokyo", "empty")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("colour: red", "site.yaml: colour: There is no such key."),
        ("staff: {username: aoba, email: a@b.example, pasword: x}", "site.yaml: staff.pasword: There is no such key."),
        ("languages: [en, ja]", "site.yaml: languages: must begin with ja"),
        ("languages: [ja, xx]", "site.yaml: languages: names 'xx'"),
        ("time_zone: Tokyo", "site.yaml: time_zone: “Tokyo” is no time zone."),
        ("fees: {ja: 無料, ko: 무료}", "site.yaml: fees: “ko” is not one of the languages ja, en."),
        ("fees: {en: Free}", "site.yaml: fees: the Japanese text (ja) is missing."),
        ("menu: [{address: faq}]", "site.yaml: menu[0].address: “faq” is not an address"),
        ("theme: {folder: theme, colour: green}", "site.yaml: theme.colour: “green” is no colour."),
        ("staff: {username: a b, email: a@b.example}", "site.yaml: staff.username: Use letters"),
        ("footer: [{address: 'https://a.example'}]", "site.yaml: footer[0]: A link to another site needs a title."),
        ("menu: [{address: /faq/, title: {ja: " + "x" * 61 + "}}]", "site.yaml: menu[0].title.ja: "),
        ("menu: [{address: 'https://u:p@a.example/', title: {ja: x}}]", "site.yaml: menu[0].address: An address here"),
        ("security_contact: https://u:p@a.example/", "site.yaml: security_contact: An address here"),
        ("complaint_contact: {ja: 'https://u:p@a.example/'}", "site.yaml: complaint_contact.ja: An address here"),
        ("address: https://u:p@privacy.example.com", "site.yaml: address: Leave out the user name"),
        ("fees: {ja: " + "x" * 301 + "}", "site.yaml: fees.ja: "),
        ("purposes: {ja: '[x](//b.example)'}", "site.yaml: purposes.ja: "),
        ("staff: {username: aoba, email: nobody}", "site.yaml: staff.email: “nobody” is no e-mail address."),
    ],
)
def test_wrong_answer_names_its_key(tmp_path, more, said):
    found = problems(
        tmp_path,
        RIGHT.replace("address: https://privacy.example.com\n", "") + more
        if more.startswith("address")
        else RIGHT + more,
    )
    assert len(found) == 1
    assert found[0].startswith(said), found


def test_all_problems_are_told_at_once(tmp_path):
    found = problems(tmp_path, "address: nowhere\nsender: nobody\ntitle: {ja: センター}")
    assert [one.split(": ")[1] for one in found] == ["address", "sender", "operator"]


def test_file_that_is_no_yaml_names_the_line(tmp_path):
    assert problems(tmp_path, "title: {ja: a") == [
        "site.yaml: This is not readable as YAML: look at line 1, column 14, and what stands before it. "
        "Put a text in quotes if it has one of : ? # , in it."
    ]


def test_file_that_is_not_there(tmp_path):
    with pytest.raises(PackError, match=r"site\.yaml: It cannot be read: No such file or directory"):
        read_answers(tmp_path / "site.yaml")
