"""One hash for one document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacycenter.canonical import digest_of_texts, sha256_of

TEXTS = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"])),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inside),
    max_leaves=8,
)


def test_hash_is_sha256_over_canonical_json():
    # sha256sum of {"a":1,"b":"宿"}, by hand.
    assert sha256_of({"b": "宿", "a": 1}) == "65603f7a2f43a21f5591a4b883b1533e1ea4e7503fd1d853c36d33690c7e84a5"


def test_hash_does_not_depend_on_the_order_of_keys():
    assert sha256_of({"a": {"x": 1, "y": 2}, "b": []}) == sha256_of({"b": [], "a": {"y": 2, "x": 1}})


@pytest.mark.parametrize("other", [{"a": [2, 1]}, {"a": [1, 2, 2]}, {"a": ["1", 2]}, {"b": [1, 2]}, {}])
def test_hash_of_another_document_differs(other):
    assert sha256_of({"a": [1, 2]}) != sha256_of(other)


@given(TEXTS)
def test_quick_hash_of_texts_is_the_same_hash(document):
    assert digest_of_texts(document).hex() == sha256_of(document)
