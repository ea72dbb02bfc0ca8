"""What editors write can never run in a visitor's browser."""

import re

import pytest
from django.utils.translation import override

from privacycenter.text.richtext import ALLOWED, hidden_hosts, render


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=alert(1)>b</b>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](vbscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x](https://evil.example/pixel.gif)",
        '[x](https://a.example "onmouseover=alert(1)")',
        '[x](https://a.example/"onmouseover="alert(1))',
        "<style>*{display:none}</style>",
        "<iframe src=https://evil.example></iframe>",
        "<svg/onload=alert(1)>",
        "<!-- comment -->",
    ],
)
def test_rich_text_of_an_attacker_comes_out_harmless(source):
    html = render(source)
    tags = re.findall(r"<\s*/?\s*([a-zA-Z]+)([^>]*)>", html)
    assert {name for name, _ in tags} <= ALLOWED
    attributes = [pair for _, rest in tags for pair in re.findall(r'([\w-]+)="([^"]*)"', rest)]
    assert {name for name, _ in attributes} <= {"href", "title", "rel", "start"}
    assert all(re.match(r"https?:|/|mailto:", value) for name, value in attributes if name == "href")


def test_rich_text_raw_html_comes_out_as_text():
    assert render("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("段落", "<p>段落</p>"),
        ("**強調**", "<p><strong>強調</strong></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("[FAQ](/faq/)", '<p><a href="/faq/" rel="noopener">FAQ</a></p>'),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("", ""),
    ],
)
def test_rich_text_keeps_what_editors_need(source, expected):
    assert render(source) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/faq/#a", "/en/faq/#a"),
        ("/my/", "/en/my/"),
        ("/en/faq/", "/en/faq/"),
        ("/healthz", "/healthz"),
        ("/no/such/place", "/no/such/place"),
        ("https://other.example/faq/", "https://other.example/faq/"),
    ],
)
def test_rich_text_leads_to_pages_in_its_own_language(address, expected):
    with override("en"):
        assert f'href="{address}"' in render(f"[x]({address})", "ja")
        assert f'href="{expected}"' in render(f"[x]({address})", "en")


def test_rich_text_links_a_bare_address():
    assert 'href="https://www.example.jp/a"' in render("詳しくは https://www.example.jp/a をご覧ください。")


def test_rich_text_draws_a_table():
    assert "<td>1</td>" in render("| a |\n| - |\n| 1 |")


def test_rich_text_has_no_headings_of_its_own():
    assert "<h1" not in render("# 見出し\n\nもう一つ\n===")


@pytest.mark.parametrize("address", ["//evil.example/", "///evil.example/", "//evil.example/faq/"])
def test_link_that_hides_its_host_leads_nowhere(address):
    assert "href" not in render(f"[こちら]({address})")
    assert hidden_hosts(f"- a\n- [こちら]({address}) b") == [address]


@pytest.mark.parametrize(
    "source", ["[x](/\\\\evil.example/)", "[x](<\\\\\\\\evil.example/>)", "[x](</\t/evil.example/>)"]
)
def test_link_with_a_backslash_or_a_tab_stays_on_this_site(source):
    addresses = re.findall(r'href="([^"]*)"', render(source))
    assert not [one for one in addresses if one.startswith("//") or "\\" in one or "\t" in one]


def test_links_that_say_where_they_lead_are_not_hidden():
    assert hidden_hosts("[a](/faq/) [b](https://a.example/) [c](/) <https://b.example> [d](mailto:a@b.example)") == []
