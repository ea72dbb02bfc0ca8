"""“Did you mean …?”: a question whose unknown words are spelled as the publication spells them."""

from disclosures.public.search.index import Index
from disclosures.public.search.questions import AskedQuestion, AskedToken
from disclosures.public.search.spellings import WORD
from privacycenter.text.folding import folded_text


def suggestion_for(index: Index, question: AskedQuestion) -> str:
    """Return the question with its unknown words as they are written here. Empty if it has none, or none is near."""
    unknown = {one.spelled for one in question.tokens if one.spelled and one.is_content and is_unknown(index, one)}
    if not unknown:
        return ""
    better = WORD.sub(lambda match: nearest(index, match[0], unknown), question.text)
    return better if better != question.text else ""


def is_unknown(index: Index, asked: AskedToken) -> bool:
    if asked.spelled.isascii():
        return not (len(index.of(asked.token)) or index.beginning_with(asked.token))
    return not index.spellings.has(asked.spelled)


def nearest(index: Index, word: str, unknown: set[str]) -> str:
    folded = folded_text(word)
    return index.spellings.nearest(folded) or word if folded in unknown else word
