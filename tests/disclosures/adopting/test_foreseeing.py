"""What cannot begin is told before anything is written: neither a table nor a file is there afterwards."""

import pytest

from disclosures.adopting.answers import Answers, ThemeAnswer
from disclosures.adopting.foreseeing import refuse_unusable_theme, refuse_what_cannot_begin
from privacycenter.errors import InvalidValue, PackError
from tests.support.own_database import managing

ANSWERS = """
address: https://privacy.example.com
sender: Privacy <privacy@example.com>
title: {ja: センター}
operator: {ja: 会社}
"""


@pytest.fixture
def begin(tmp_path):
    """Run init_site with more answers, on a database that is not there; return what it said. It must fail."""

    def run(more: str) -> str:
        (tmp_path / "site.yaml").write_text(ANSWERS + more, encoding="utf-8")
        database = tmp_path / "new" / "own.sqlite3"
        manage = managing(tmp_path, DATABASE_URL=f"sqlite:///{database}", DEBUG="1")
        env = tmp_path / "site.env"
        said = "\n".join(manage("init_site", "--from", str(tmp_path / "site.yaml"), "--env", str(env), status=1))
        assert not database.exists()
        assert not env.exists()
        assert not (tmp_path / "look").exists()
        return said

    return run


def make_pack(folder, **files):
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.once
def test_unknown_key_of_the_file_is_told_before_the_database_is_made(django_db_setup, begin):
    assert "site.yaml: colour: There is no such key." in begin("colour: red")


@pytest.mark.once
def test_wrong_pack_is_told_before_the_database_is_made(django_db_setup, begin, tmp_path):
    make_pack(tmp_path / "pack", services="- code: trains\n  title: {ja: 列車}\n  colour: green\n")
    assert "services.yaml: [0].colour" in begin("content: pack")


@pytest.mark.once
def test_broken_reference_is_told_before_the_database_is_made(django_db_setup, begin, tmp_path):
    make_pack(tmp_path / "pack", recipients="- code: hotel\n  title: {ja: ホテル}\n  country: JP\n")
    assert "recipients.yaml: [0].country" in begin("content: pack")


@pytest.mark.once
def test_picture_that_is_not_there_is_told_before_the_database_is_made(django_db_setup, begin):
    assert "theme.logo: There is no file" in begin("theme: {folder: look, logo: nowhere.svg}")


def answers(**more) -> Answers:
    said = {"address": "https://a.example", "sender": "a@b.example", "title": {"ja": "名"}, "operator": {"ja": "会社"}}
    return Answers.model_validate({**said, **more})


@pytest.mark.django_db
def test_reference_to_what_is_there_is_no_fault(tmp_path):
    make_pack(tmp_path / "pack", recipients="- code: hotel\n  title: {ja: ホテル}\n  country: JP\n")
    refuse_what_cannot_begin(answers(content=str(tmp_path / "pack")))


@pytest.mark.django_db
def test_picture_that_is_not_what_its_name_says_is_a_fault(tmp_path):
    name = "0" * 64 + ".png"
    make_pack(tmp_path / "pack", files=f"- {{code: map, title: {{ja: 地図}}, alt: {{ja: 地図}}, file: {name}}}\n")
    (tmp_path / "pack" / "files").mkdir()
    (tmp_path / "pack" / "files" / name).write_bytes(b"no picture")
    with pytest.raises(PackError, match="SHA-256"):
        refuse_what_cannot_begin(answers(content=str(tmp_path / "pack")))


@pytest.mark.django_db
def test_name_of_somebody_who_is_no_administrator_is_a_fault(hanako):
    staff = {"username": hanako.username.upper(), "email": "x@y.example"}
    with pytest.raises(InvalidValue):
        refuse_what_cannot_begin(answers(staff=staff))


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("logo.svg", b"<svg>", "theme.logo"), ("logo.gif", b"GIF89a", "theme.logo"), ("icon.png", b"", "theme.icon")],
)
def test_picture_that_no_page_can_show_is_a_fault(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    answer = ThemeAnswer(folder=str(tmp_path / "look"), **{told.partition(".")[2]: str(tmp_path / name)})
    with pytest.raises(PackError, match=told):
        refuse_unusable_theme(answer)


@pytest.mark.once
def test_theme_folder_that_is_a_file_is_a_fault(tmp_path):
    (tmp_path / "look").write_text("")
    with pytest.raises(PackError, match="is a file"):
        refuse_unusable_theme(ThemeAnswer(folder=str(tmp_path / "look")))
