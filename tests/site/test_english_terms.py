"""The English of the interface and of the shipped content: American spelling, and one word for each thing."""

import re
from itertools import chain

import pytest
from django.conf import settings

from disclosures.packs.files import read_pack
from tests.support.content import ROOT, texts_in

BRITISH = re.compile(
    r"\b(\w*program(?:me)s?|\w*(?:organ|recogn|author|anonym|util|minim|categor|summar|emphas)is(?:e|es|ed|ing|ations?)"
    r"|analys(?:e|ed|ing)|catalogues?|colour\w*|behaviour\w*|favour\w*|endeavour\w*|centres?|licences?|whilst)\b",
    re.IGNORECASE,
)
OTHER_WORDS = re.compile(r"\b(scenes?|scenarios?)\b", re.IGNORECASE)


MESSAGE = re.compile(r'^msgid(?:_plural)? ((?:".*"\n)+)', re.MULTILINE)


def interface() -> list[str]:
    catalog = (settings.BASE_DIR / "locale" / "ja" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    texts = [text.replace('"\n"', "") for text in MESSAGE.findall(catalog)]
    return [re.sub(r"%\(\w+\)s", "", text) for text in texts]


def content() -> list[str]:
    packs = [read_pack(ROOT / "disclosures" / folder) for folder in ("starter", "demo")]
    found = chain.from_iterable(texts_in(pack.model_dump(mode="json")) for pack in packs)
    texts = [text["en"] for text in found if isinstance(text.get("en"), str)]
    # The code of a situation in an address stays as it is.
    return [re.sub(r"\]\([^)]*\)", "]", text) for text in texts]


@pytest.mark.parametrize("texts", [interface, content])
@pytest.mark.parametrize("wrong", [BRITISH, OTHER_WORDS], ids=["spelling", "situation"])
def test_english_texts_keep_to_the_terms(texts, wrong):
    found = texts()
    assert len(found) > 200
    assert {word for text in found for word in wrong.findall(text)} == set()


def test_country_is_named_apart_from_the_sentence():
    """“Is in United Kingdom” is no English, and no message knows which countries want an article."""
    catalog = (settings.BASE_DIR / "locale" / "ja" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    texts = [text.replace('"\n"', "") for text in MESSAGE.findall(catalog)]
    named = [text for text in texts if "%(country)s" in text]
    assert named and [text for text in named if not re.search(r"[:(] ?%\(country\)s", text)] == []
