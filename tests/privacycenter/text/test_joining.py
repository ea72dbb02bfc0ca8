"""Names in one line."""

import pytest
from django.utils import translation

from privacycenter.templatetags.site import some_of
from privacycenter.text.joining import in_one_line
from privacycenter.text.words import words_in


@pytest.mark.parametrize("language", ["ja", "en"])
def test_titles_with_commas_of_their_own_stay_apart(language):
    with translation.override(language):
        assert in_one_line(["利用実績、金額", "氏名"]) == "利用実績、金額 / 氏名"
        assert some_of([words_in({language: "利用実績、金額"}), words_in({language: "Name, title"})], 5) == (
            "利用実績、金額 / Name, title"
        )
