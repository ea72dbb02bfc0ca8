"""Text search in a person's record: which entries the words name, in any language and spelling."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from disclosures.public.folding import Folded, fold, stands_in, words_of

# Kind → code → its titles in all languages.
Titles = Mapping[str, Mapping[str, Iterable[str]]]


@dataclass(frozen=True)
class TextMatches:
    """For each searched word: kind → codes of the entries it names, in any language."""

    words: list[dict[str, set[str]]]

    def is_in(self, codes: dict[str, Sequence[str]]) -> bool:
        """Return whether each word names something among these codes (kind → codes)."""
        return all(any(named[kind].intersection(codes[kind]) for kind in named) for named in self.words)


def text_matches(text: str, titles: Titles) -> TextMatches:
    """Return what the words of this text name, regardless of width, case and script (``folding``)."""
    words = words_of(text)
    found: list[dict[str, set[str]]] = [{kind: set() for kind in titles} for _word in words]
    for kind, code, names in folded(titles) if words else ():
        for word, named in zip(words, found, strict=True):
            if stands_in(word, names):
                named[kind].add(code)
    return TextMatches(found)


def folded(titles: Titles) -> Iterator[tuple[str, str, list[Folded]]]:
    for kind, entries in titles.items():
        for code, texts in entries.items():
            yield kind, code, [fold(text) for text in texts]
