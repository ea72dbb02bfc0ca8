"""What was typed is put into the form of a page, and nothing else of the page changes."""

import pytest

from privacycenter.kept_forms.actions import Typed
from privacycenter.kept_forms.filling import filled

pytestmark = pytest.mark.once

PAGE = """<p>é<form action="/find/" method="get"><input name="q"></form>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="fresh"><input name="seen" value="new" type="hidden">
<textarea name="body">old &amp; older</textarea>
<input type="checkbox" name="on" checked><input type="checkbox" name="kind" value="a"><input type="password" name="secret">
<select name="who"><option value="">-</option><option value="1" selected>One</option><option value="2">Two</option></select>
<input name="title" value="old"><input name="title" value="old"><input disabled name="code" value="x">
<button name="_save">Save</button></form>
<form method="post" action="other/"><input name="body"></form>"""


def typed(*fields, address="/page/") -> Typed:
    return Typed("/page/", address, fields)


def page(*fields, **more) -> str:
    found = filled(PAGE, typed(*fields, **more))
    return found.before + found.after


def test_text_comes_back_as_it_was_typed():
    text = '<b> & "quoted"\nsecond </textarea> line'
    shown = page(("body", text), ("title", "one"), ("title", "t'wo"))
    assert (
        '<textarea name="body">\n&lt;b&gt; &amp; &quot;quoted&quot;\nsecond &lt;/textarea&gt; line</textarea>' in shown
    )
    assert '<input name="title" value="one"><input name="title" value="t&#x27;wo">' in shown
    assert shown.startswith('<p>é<form action="/find/" method="get"><input name="q"></form>')


def test_what_was_ticked_and_chosen_comes_back_and_the_rest_does_not():
    shown = page(("body", "x"), ("kind", "a"), ("who", "2"))
    assert '<input type="checkbox" name="on"><input type="checkbox" name="kind" value="a" checked>' in shown
    assert '<option value="1">One</option><option value="2" selected>Two</option>' in shown


def test_what_the_editor_saw_comes_back_but_no_token_and_nothing_that_cannot_be_typed():
    shown = page(("csrfmiddlewaretoken", "stale"), ("seen", "old"), ("secret", "x"), ("code", "y"))
    assert 'value="fresh"' in shown and 'name="seen" value="old"' in shown
    assert '<input type="password" name="secret">' in shown and '<input disabled name="code" value="x">' in shown


def test_note_has_its_place_at_the_top_of_the_form():
    found = filled(PAGE, typed(("body", "x")))
    assert found.before.endswith('<form method="post">') and found.after.startswith('<input type="hidden" name="csrf')


def test_form_is_known_by_where_it_leads():
    assert '<input name="body" value="x"></form>' in page(("body", "x"), address="/page/other/")
    assert filled(PAGE, typed(("body", "x"), address="/page/third/")) is None
    assert filled(PAGE, typed(("q", "x"), address="/find/")) is None


def test_what_has_no_place_is_named_and_buttons_are_not():
    found = filled(PAGE, typed(("body", "x"), ("gone", "text"), ("empty", " "), ("_save", "Save")))
    assert found.homeless == (("gone", "text"),)
