"""A company makes a center its own: from nothing to a first disclosure that its person reads, in four languages, and
no word of the sample content is left anywhere."""

import json
import re

import pytest
import yaml

from privacycenter.operation.new_environment import read_lines
from tests.support.content import ROOT
from tests.support.own_database import managing
from tests.support.railway import railway_in

pytestmark = pytest.mark.once

EVENT = {
    "specversion": "1.0", "type": "privacycenter.disclosure.v1", "source": "https://kippu.midorino.example/",
    "id": "booking-1", "time": "2026-11-20T09:30:00+09:00", "subject": "midorino-4711",
    "data": {
        "recipient": "aoba-hotel", "service": "kippu", "scenario": "train-and-room",
        "items": ["passenger-name", "e-mail", "seat"], "ground": "person_act",
        "evidence": {"kind": "act", "reference": "booking:1"},
    },
}  # fmt: skip
# Names of the sample that are words of any language, or of the site's own addresses.
COMMON = {"name", "Name", "email", "phone", "Phone number", "usage", "contact", "faq", "glossary", "leaving"}
JAPANESE_TEXT = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")


def sample_words() -> set[str]:
    """Names and codes of the sample's operator, services, situations and recipients, and of the demo's people."""
    found = {"リクルート", "Recruit", "demo-hanako", "田中 花子", "鈴木 太郎", "高橋 空", "佐藤 澪"}
    for path in [*(ROOT / "disclosures" / "starter").glob("*.yaml"), *(ROOT / "disclosures" / "demo").glob("*.yaml")]:
        if path.stem in ("services", "recipients"):
            for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
                found |= {entry["code"], *entry["title"].values()}
    pages = yaml.safe_load((ROOT / "disclosures/starter/pages/where-provided.yaml").read_text(encoding="utf-8"))
    for scenario in scenarios_in(pages["sections"]):
        found |= {scenario["code"], *scenario["title"].values()}
    return {word for word in found - COMMON if len(word) > 3 or JAPANESE_TEXT.search(word)}


def scenarios_in(sections):
    for section in sections:
        yield from section.get("scenarios", ())
        yield from scenarios_in(section.get("subsections", ()))


SHOW = """
from pathlib import Path
from tests.support.adopted import write_all_that_is_shown
write_all_that_is_shown(Path("{folder}"))
"""
WORDS = sorted(sample_words())


def words_of_the_sample(text: str) -> list[str]:
    """Codes and English names stand alone; in Japanese nothing stands between words."""
    return [
        word
        for word in WORDS
        if (word in text if JAPANESE_TEXT.search(word) else re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text))
    ]


def test_sample_words_are_found_where_they_are():
    assert words_of_the_sample("じゃらんnetの online-booking, Recruit") == ["Recruit", "online-booking", "じゃらんnet"]
    assert words_of_the_sample("recruitment, jalanx, a-online-booking") == []


@pytest.fixture(scope="module")
def center(django_db_setup, tmp_path_factory):
    """The railway's center, for which the starter was loaded first and taken out again. Every page, as files of text."""
    folder = tmp_path_factory.mktemp("railway")
    answers = railway_in(folder)
    env = folder / "site.env"
    manage = managing(
        folder, DEBUG="1", EMAIL_URL=f"file://{folder}/mails", SITE_ADDRESS="https://privacy.midorino.example"
    )
    said = {"starter": manage("init_site", "--from", str(answers), "--env", str(env), "--starter")}
    settings = {**read_lines(env.read_text(encoding="utf-8")), "DEBUG": "1", "EMAIL_URL": f"file://{folder}/mails"}
    said["unloaded"] = manage("unload_content", **settings)
    said["begun"] = manage("init_site", "--from", str(answers), "--env", str(env))
    said["again"] = manage("init_site", "--from", str(answers), "--env", str(env))
    said["published"] = manage("publish_content", "-m", "公開を開始", **settings)
    (folder / "event.jsonl").write_text(json.dumps(EVENT))
    said["reporter"] = manage("create_reporter", "kippu-server", "--services", "kippu", **settings)
    said["recorded"] = manage(
        "import_disclosures", str(folder / "event.jsonl"), "--reporter", "kippu-server", **settings
    )
    (folder / "shown").mkdir()
    manage("shell", "-v", "0", "-c", SHOW.format(folder=folder / "shown"), **settings)
    return said, {path.name: path.read_text(encoding="utf-8") for path in (folder / "shown").iterdir()}


def test_each_step_says_what_it_did(center):
    said, _shown = center
    assert any("Administrator: aoba made." in line for line in said["starter"])
    assert said["starter"][-1].startswith("Published: nothing.")
    assert re.match(r"\d+ removed", said["unloaded"][0])
    assert len(said["unloaded"]) == 2, said["unloaded"]
    assert "Administrator: aoba is there." in said["begun"]
    assert "Working copy: is as answered." in said["again"]
    assert said["published"][0].startswith("published number 1,")
    assert any(re.match(r"created +1\b", line) for line in said["recorded"]), said["recorded"]


def test_no_word_of_the_sample_is_left(center):
    _said, shown = center
    assert len(shown) > 120
    found = {name: words for name, text in shown.items() if (words := words_of_the_sample(text))}
    assert found == {}


def test_no_link_of_the_center_is_dead(center):
    _said, shown = center
    assert shown["dead_links"] == ""


def test_person_reads_the_first_disclosure_in_each_language(center):
    _said, shown = center
    for prefix, words in (
        ("", "青葉湖ホテル"),
        ("_en", "Lake Aoba Hotel"),
        ("_zh-hans", "青叶湖酒店"),
        ("_ko", "아오바호 호텔"),
    ):
        assert words in shown[f"my_{prefix}_"], prefix


def test_mails_and_files_carry_the_name(center):
    _said, shown = center
    assert "みどり野鉄道 プライバシーセンター <privacy@midorino.example>" in shown["mails"]
    assert "みどり野鉄道株式会社" in shown["export_pdf"]


def test_every_page_has_the_look_and_the_menu(center):
    _said, shown = center
    for name in ("public__", "public__ko_recipients_", "my__", "public__faq_"):
        assert "/files/theme/" in shown[name], name
        assert "lost-property" in shown[name], name


def test_words_of_the_interface_and_static_files_name_nobody_of_the_sample():
    texts = [ROOT / "locale" / "ja" / "LC_MESSAGES" / "django.po", *(ROOT / "static").rglob("*.css")]
    texts += [*(ROOT / "static").rglob("*.js"), *(ROOT / "static").rglob("*.svg"), *(ROOT / "templates").rglob("*.*")]
    found = {str(path): words for path in texts if (words := words_of_the_sample(path.read_text(encoding="utf-8")))}
    assert found == {}
