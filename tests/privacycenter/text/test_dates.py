"""Days in words: of the site's time zone, in the language of each page, the same as Django writes."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines

from privacycenter.text.languages import speaking

TEMPLATE = "{% load site %}{{ moment|day }}"


def written(moment):
    return engines["django"].from_string(TEMPLATE).render({"moment": moment})


@pytest.mark.parametrize("moment", [date(2026, 11, 9), datetime(2026, 11, 8, 15, tzinfo=UTC)])
def test_each_language_has_its_own_words(moment):
    for language, expected in (("ja", "2026年11月9日"), ("en", "Nov. 9, 2026"), ("ja", "2026年11月9日")):
        with speaking(language):
            assert written(moment) == expected


def test_day_is_that_of_the_sites_time_zone():
    with speaking("en"):
        assert written(datetime(2026, 11, 8, 14, 59, 59, tzinfo=UTC)) == "Nov. 8, 2026"


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_day_has_no_words(nothing):
    assert written(nothing) == ""
