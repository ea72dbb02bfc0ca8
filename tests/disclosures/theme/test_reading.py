"""What a theme's folder may say, and what is wrong with one: told with its file and name, never raised."""

import re

import pytest
from django.core.checks import run_checks

from disclosures.theme import tokens
from disclosures.theme.deriving import colours_from
from disclosures.theme.reading import read_theme
from disclosures.theme.tokens import DESK_STYLESHEET, STYLESHEET, TOKENS, standard_colours, unreadable_pairs
from tests.support.themes import LOGO, make_theme

DECLARED_AT_THE_DESK = re.compile(r"(--[a-z-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)")


def told(folder) -> list[str]:
    return [str(fault) for fault in read_theme(folder)[1]]


def test_theme_without_fault_says_nothing(tmp_path):
    assert told(make_theme(tmp_path, logo=LOGO)) == []


def test_standard_colours_are_those_of_the_stylesheet():
    assert standard_colours()["light"]["accent"] == "#234a8f"
    assert set(standard_colours()["dark"]) == set(TOKENS)
    assert list(unreadable_pairs(standard_colours())) == []


def test_too_little_contrast_names_the_pair_and_its_ratio(tmp_path):
    folder = make_theme(tmp_path, 'light: {accent: "#9fd8c0"}\ndark: {accent: "#8cbfac"}')
    assert (
        "theme.yaml: light.accent: #9fd8c0 on paper #faf9f6 has a contrast of 1.53:1; 4.5:1 is needed (WCAG 2.2 AA)."
        in told(folder)
    )


def test_edge_of_what_is_filled_in_needs_three_to_one(tmp_path):
    folder = make_theme(tmp_path, 'light: {edge: "#aaaaaa"}\ndark: {edge: "#7f8996"}')
    assert [one.split(" has ")[0] for one in told(folder)] == [
        "theme.yaml: light.edge: #aaaaaa on paper #faf9f6",
        "theme.yaml: light.edge: #aaaaaa on sheet #ffffff",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("light: [", "theme.yaml: It cannot be read"),
        ("- light", "theme.yaml: It must be a mapping"),
        ("light: green", "theme.yaml: light: It must be a mapping"),
        ('light: {accent: "green"}', "theme.yaml: light.accent: “green” is no colour"),
        ("light: {accent: 1a7e59}", "theme.yaml: light.accent: “1a7e59” is no colour"),
        ('logo_has_name: "yes"', "theme.yaml: logo_has_name: This must be true or false."),
    ],
)  # fmt: skip
def test_wrong_file_is_an_error_that_names_the_place(tmp_path, text, said):
    _theme, faults = read_theme(make_theme(tmp_path, text))
    assert [str(fault).startswith(said) for fault in faults if fault.is_error] == [True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('light: {brand: "#1a7e59"}', "theme.yaml: light.brand: No colour has this name; it is left out."),
        ("font: serif", "theme.yaml: font: Nothing has this name; it is left out."),
        ('light: {accent: "#1a7e59"}', "theme.yaml: light.accent: This colour is set for light alone."),
    ],
)
def test_name_of_another_version_is_left_out_and_said(tmp_path, text, said):
    _theme, faults = read_theme(make_theme(tmp_path, text))
    assert [(str(fault).startswith(said), fault.is_error) for fault in faults] == [(True, False)]


def test_removed_name_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("disclosures.theme.reading", fromlist=["REMOVED"]).REMOVED, "tint", "Use accent.")
    assert told(make_theme(tmp_path, 'dark: {tint: "#000000"}')) == [
        "theme.yaml: dark.tint: This colour is no longer used; it is left out. Use accent."
    ]


def test_picture_that_is_none_is_an_error(tmp_path):
    folder = make_theme(tmp_path, logo="no drawing", icon=b"neither", share=b"nor this")
    assert sum(fault.is_error for fault in read_theme(folder)[1]) == 3
    assert read_theme(folder)[0].pictures == {}


def test_drawing_that_runs_something_is_cleaned(tmp_path):
    folder = make_theme(tmp_path, logo=LOGO.replace("<path", "<script>alert(1)</script><path onclick='x()'"))
    content = read_theme(folder)[0].pictures["logo"].content
    assert b"script" not in content
    assert b"onclick" not in content


def test_unknown_file_is_left_out_and_said(tmp_path):
    folder = make_theme(tmp_path)
    (folder / "style.css").write_text("body { color: red }")
    assert [one.split(";")[0] for one in told(folder)] == ["style.css: A theme has no such file"]


def test_colours_come_after_the_stylesheet_in_the_same_layer(tmp_path):
    css = read_theme(make_theme(tmp_path))[0].stylesheet.decode()
    assert css.startswith(STYLESHEET.read_text(encoding="utf-8"))
    assert "@layer tokens {\n  :root {\n    --ai: light-dark(#1a7e59, #8cbfac);" in css[-200:]


@pytest.mark.parametrize("accent", ["#00695c", "#ffcc00", "#e60012", "#000000", "#ffffff", "#7f7f7f"])
def test_colours_made_from_one_can_be_read(accent):
    made = colours_from(accent)
    assert list(unreadable_pairs({scheme: {**standard_colours()[scheme], **made[scheme]} for scheme in made})) == []


def test_check_names_errors_and_what_is_left_out(tmp_path, settings):
    settings.THEME = make_theme(tmp_path, 'light: {ink: "#ffffff", brand: "#000000"}\ndark: {ink: "#ffffff"}')
    found = [(one.id, one.msg) for one in run_checks() if one.id in ("disclosures.E001", "disclosures.W001")]
    assert (
        "disclosures.W001",
        "Theme: theme.yaml: light.brand: No colour has this name; it is left out. Known: " + ", ".join(TOKENS) + ".",
    ) in found
    assert any(id == "disclosures.E001" and "light.ink: #ffffff on paper #faf9f6" in said for id, said in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [x, x]\nlight: *a\ndark: {}", "an alias (*a) is used"),
        ("[" * 5000, "nested too deep"),
        ("# " + "x" * 70_000 + "\nlight: {}", "larger than 64 KiB"),
    ],
)
def test_file_that_would_be_too_much_is_refused_and_not_read(tmp_path, text, said):
    _theme, faults = read_theme(make_theme(tmp_path, text))
    assert [one.is_error for one in faults] == [True]
    assert said in str(faults[0])


def test_desk_has_the_standard_colours_of_the_site():
    declared = dict(DECLARED_AT_THE_DESK.findall(DESK_STYLESHEET.read_text(encoding="utf-8")))
    assert {name: declared[variable] for name, variable in TOKENS.items()} == {
        name: f"{standard_colours()['light'][name]}, {standard_colours()['dark'][name]}" for name in TOKENS
    }


def test_desk_puts_no_colour_of_its_own_on_one_of_the_theme():
    """What is not made of the tokens is named here, each with what stands on it."""
    rules = DESK_STYLESHEET.read_text(encoding="utf-8").partition("html:root, html:root[data-theme]")[2]
    fixed = [line.strip() for line in rules.splitlines() if re.search(r"#[0-9a-f]{3,6}\b", line)]
    assert [line.partition("{")[0].partition(":")[0].strip() for line in fixed] == [
        "--message-warning-bg", ".sandbox-line", ".file-content img", ".link-thumbnail",
    ]  # fmt: skip


def test_colours_of_the_desk_are_those_of_the_theme_alone(tmp_path):
    css = read_theme(make_theme(tmp_path))[0].desk_stylesheet.decode()
    assert css == (":root {\n  --ai: light-dark(#1a7e59, #8cbfac);\n  --ai-wash: light-dark(#eff6f3, #1b2c2d);\n}\n")
    assert read_theme(make_theme(tmp_path, "logo_has_name: false"))[0].desk_stylesheet == b""


def test_ink_that_cannot_be_read_on_a_warning_of_the_desk_is_an_error(monkeypatch):
    fixed = {("ink", "warning"): ({"light": "#565f6d", "dark": "#33291a"}, 4.5)}
    monkeypatch.setattr(tokens, "FIXED_GROUNDS", fixed)
    assert [(one.scheme, one.above, one.below) for one in unreadable_pairs(standard_colours())] == [
        ("light", "ink", "warning")
    ]


def test_check_is_silent_without_a_theme(settings):
    settings.THEME = None
    assert [one for one in run_checks() if one.id.startswith("disclosures.E001")] == []
