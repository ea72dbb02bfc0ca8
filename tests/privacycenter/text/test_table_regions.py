"""Tables that editors write can be scrolled on a narrow screen, with the keyboard too."""

from django.utils.translation import override

from privacycenter.text.richtext import render
from privacycenter.text.words import Words
from tests.support.html import parse

TABLE = "文\n\n| 種類 | [例](/faq/) & ほか |\n| - | - |\n| 1 | 2 |\n\n後"


def shown(html, **more):
    return parse(str(Words(html, "ja", is_html=True, **more)))


def test_table_stands_in_a_region_with_a_name():
    region = shown(render(TABLE)).one(role="region")
    assert (region["tabindex"], region["aria-label"]) == ("0", "表:種類 / 例 & ほか")
    assert region.one("table").all("td")


def test_reading_of_a_term_is_no_part_of_the_name():
    html = "<table><thead><tr><th><ruby>法<rp>(</rp><rt>ほう</rt><rp>)</rp></ruby></th></tr></thead></table>"
    assert shown(html).one(role="region")["aria-label"] == "表:法"


def test_every_table_has_its_region():
    with override("en"):
        regions = shown(render(f"{TABLE}\n\n| |\n| - |\n| 3 |"), is_fallback=True).all(role="region")
    assert [region["aria-label"] for region in regions] == ["Table: 種類 / 例 & ほか", "Table"]


def test_text_without_a_table_stays_as_it_is():
    assert str(Words("<p>文</p>", "ja", is_html=True)) == "<p>文</p>"
    assert str(Words("<table></table>", "ja")) == "&lt;table&gt;&lt;/table&gt;"
