"""Addresses of entries: those that ``reverse`` makes, in each language."""

from uuid import UUID

import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse

from privacycenter.text.entry_urls import ANY_ID, url_of
from privacycenter.text.languages import speaking

KEYS = [
    ("disclosure", UUID(int=7)), ("disclosure", UUID(int=8)), ("disclosure", ANY_ID),
    ("my_recipient", "minato-inn"), ("my_recipient", "other"), ("service", "minato-inn"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "key"), KEYS)
def test_address_is_that_of_its_route_in_the_pages_language(name, key):
    for language in ("ja", "en", "ja"):
        with speaking(language):
            assert url_of(name, key) == reverse(name, args=[key])


def test_tag_writes_it():
    template = engines["django"].from_string("{% load site %}{% entry_url 'disclosure' id %}")
    with speaking("en"):
        assert template.render({"id": UUID(int=7)}) == "/en/my/disclosures/00000000-0000-0000-0000-000000000007/"


@pytest.mark.parametrize(("name", "key"), [("nothing", "a"), ("nothing", UUID(int=7)), ("my_recipient", "a/b")])
def test_route_that_does_not_exist_is_an_error(name, key):
    with pytest.raises(NoReverseMatch):
        url_of(name, key)
