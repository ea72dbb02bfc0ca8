"""SVG drawings keep what is drawn, and nothing that runs, links or is fetched."""

import re

import pytest

from disclosures.site_files.cleaning import clean_file, reason_of
from disclosures.site_files.contents import BadFile
from disclosures.site_files.drawings import DEEPEST, MOST_ELEMENTS

ROOT = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 120 40">'


def drawn(inside: str, root: str = ROOT) -> str:
    return clean_file(f"{root}{inside}</svg>".encode()).content.decode()


def refusal(content: str) -> str:
    with pytest.raises(BadFile) as refused:
        clean_file(content.encode())
    assert reason_of(refused.value)
    return refused.value.why


DRAWN = """
<title>流れ</title><desc>Flow</desc>
<defs><linearGradient id="a" x1="0" x2="1"><stop offset="0" stop-color="#fff"/></linearGradient>
<clipPath id="c"><rect width="10" height="10"/></clipPath></defs>
<style>.one{fill:#234a8f;stroke:url(#a)} .two , .three{opacity:.5}</style>
<g class="one" clip-path="url(#c)" transform="translate(1 2)"><path d="M0 0L10 10Z"/></g>
<text x="1" y="2" font-family="Noto Sans, sans-serif"><tspan>本人</tspan> から</text>
<use xlink:href="#c" x="3"/><rect style="fill: red; stroke-width: 2" width="4" height="5"/>
"""


def test_drawing_keeps_what_is_drawn():
    content = drawn(DRAWN)
    for part in (
        "流れ", "linearGradient", 'stop-color="#fff"', ".one{fill:#234a8f;stroke:url(#a)}", 'clip-path="url(#c)"',
        'd="M0 0L10 10Z"', "Noto Sans", "<tspan>本人</tspan> から", 'href="#c"', 'style="fill:red;stroke-width:2"',
    ):  # fmt: skip
        assert part in content
    assert clean_file(f"{ROOT}{DRAWN}</svg>".encode()).left_out == ()


def test_cleaned_again_it_is_the_same():
    content = drawn(DRAWN + '<script>x</script><image href="https://x.example/a.png"/>').encode()
    assert clean_file(content).content == content


HARMFUL = [
    "<script>alert(1)</script>", '<script href="https://x.example/a.js"/>', '<rect onload="alert(1)"/>',
    '<a href="javascript:alert(1)"><rect/></a>', '<a xlink:href="https://x.example/"><text>x</text></a>',
    '<image href="https://x.example/a.png"/>', '<image href="data:image/svg+xml;base64,AAAA"/>',
    '<use href="https://x.example/a.svg#x"/>', '<use xlink:href="data:image/svg+xml,x"/>',
    "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='https://x.example/'/></foreignObject>",
    '<rect fill="url(https://x.example/a.svg#x)"/>', '<rect style="fill:url(//x.example/a)"/>',
    '<rect fill="URL( https://x.example/a )"/>', '<rect style="background:url(https://x.example/)"/>',
    "<style>@import 'https://x.example/a.css';rect{fill:red}</style>", "<style>@import url(//x.example/a);</style>",
    "<style>rect{fill:url(https://x.example/)}</style>", "<style>rect{fill:u\\72l(https://x.example/)}</style>",
    "<style>@font-face{font-family:x;src:url(https://x.example/f)}</style>", "<style>rect{behavior:url(x.example)}</style>",
    '<animate attributeName="href" to="javascript:alert(1)"/>', '<set attributeName="onload" to="alert(1)"/>',
    '<handler xmlns="http://www.w3.org/2001/xml-events">alert(1)</handler>',
    '<filter id="f"><feImage href="https://x.example/a.png"/></filter>', '<text><script>alert(1)</script></text>',
    '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>', "<!-- x.example --><?x.example alert?>",
    '<style>rect{fill:/**/url(//x.example/)}</style>',
    '<rect xml:base="https://x.example/"/>', '<style type="text/css"><![CDATA[rect{fill:url(//x.example/)}]]></style>',
]  # fmt: skip


@pytest.mark.parametrize("inside", HARMFUL)
def test_nothing_of_it_runs_or_leads_elsewhere(inside):
    content = drawn(inside + '<circle r="1"/>')
    assert "<circle" in content
    assert not re.search(r"x\.example|script|alert|onload|\bdata:|@|foreignObject|iframe|image", content, re.IGNORECASE)


def test_what_was_left_out_is_named():
    clean = clean_file(f'{ROOT}<script/><rect onclick="x" width="1"/><use href="https://x.example/"/></svg>'.encode())
    assert clean.left_out == ("href", "onclick", "script")


def test_entities_are_refused():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    assert refusal(f"{bomb}{ROOT}<text>&b;</text></svg>") == "entities"
    outside = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert refusal(f"{outside}{ROOT}<text>&a;</text></svg>") == "entities"


def test_doctype_of_a_drawing_program_is_no_fault():
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert "DTD" not in drawn("<circle r='1'/>", f'<?xml version="1.0"?>{doctype}{ROOT}')


@pytest.mark.parametrize(
    "inside",
    [
        '<g id="a"><circle r="1"/></g><g id="b"><use href="#a"/></g><use href="#b"/>',
        '<use id="a" href="#a"/>',
        '<use id="a" href="#b"/><use id="b" href="#a"/>',
    ],
)
def test_copies_of_copies_are_refused(inside):
    assert refusal(f"{ROOT}{inside}</svg>") == "copies"


def test_drawing_with_too_many_parts_is_refused():
    assert refusal(ROOT + "<g/>" * (MOST_ELEMENTS + 1) + "</svg>") == "large"
    assert refusal(ROOT + "<g>" * (DEEPEST + 1) + "</g>" * (DEEPEST + 1) + "</svg>") == "large"


@pytest.mark.parametrize("content", ["<svg", f"{ROOT}<g></svg>", f"{ROOT}&nothing;</svg>"])
def test_drawing_that_cannot_be_read_is_refused(content):
    assert refusal(content) == "damaged"


def test_other_xml_is_refused():
    assert refusal('<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>') == "type"
    assert refusal("<svg><circle/></svg>") == "type"


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ('viewBox="0 0 120 40"', (120, 40)),
        ('viewBox="0,0,120.4,39.6"', (120, 40)),
        ('width="60px" height="20" viewBox="0 0 120 40"', (60, 20)),
        ('width="100%" height="100%" viewBox="0 0 120 40"', (120, 40)),
        ('width="99999" height="1"', (10_000, 1)),
        ('viewBox="nonsense"', (300, 150)),
    ],
)
def test_size_is_what_the_drawing_says(said, size):
    clean = clean_file(f'<svg xmlns="http://www.w3.org/2000/svg" {said}></svg>'.encode())
    assert (clean.width, clean.height) == size
