"""Results of a search, best first, with what was found marked in their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from disclosures.content.working_copy import MODELS
from disclosures.public.search.entries import SearchEntry
from disclosures.public.search.index import Index
from disclosures.public.search.questions import AskedQuestion, AskedToken, cleaned, question_of
from disclosures.public.search.suggestions import suggestion_for
from privacycenter.text.folding import Folded, hits, is_latin
from privacycenter.text.words import Words, language_by_script

PER_PAGE, MOST_PAGES = 20, 10
# Characters of an excerpt before its first hit, and in total.
BEFORE_HIT, EXCERPT = 40, 160
# The most work of one search, in postings. Rare tokens come first: they say the most.
MOST_POSTINGS = 60_000
# Of these many, the best, it is asked whether the question stands in them as it was typed.
LOOKED_AT = 200
# A result that holds only some of the words has to come this near to the best.
NEAR_THE_BEST = 0.45
# How much each kind counts. Questions are written as people ask, situations are what this site is about, and a page
# says more than a word that is explained.
KIND_WEIGHTS = {"pages": 1.3, "questions": 1.3, "scenarios": 1.25, "definitions": 0.9, "terms": 0.9, "recipients": 0.9}


@dataclass(frozen=True)
class Piece:
    """A piece of a text. ``is_hit``: it matches the search."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True)
class SearchResult:
    """One result. ``excerpt`` begins near the first hit and is empty if the entry has no text."""

    entry: SearchEntry
    title: list[Piece]
    excerpt: list[Piece]

    @property
    def excerpt_lang(self) -> str:
        """As ``SearchEntry.lang``, but where the entry's other texts fell back and its title did not; else empty."""
        language = language_by_script("".join(piece.text for piece in self.excerpt), self.entry.language)
        return "" if language in ("", self.entry.language) else language

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.entry.kind]._meta.verbose_name)


@dataclass(frozen=True)
class SearchResults:
    """One page of results, best first. ``number`` and ``pages`` count from 1; ``count`` covers all pages.

    ``has_all``: the first holds every word of the query. ``tasks`` are what the query looks like, ``suggestion`` is
    the query with its unknown words as they are written here, empty without any.
    """

    query: str
    count: int
    number: int
    pages: int
    results: list[SearchResult]
    has_all: bool = True
    tasks: Sequence[str] = ()
    suggestion: str = ""

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


@dataclass(frozen=True)
class Found:
    """An entry that was found. ``has_all``: it holds every word of the question."""

    entry: SearchEntry
    score: float
    has_all: bool


def results_of(index: Index, query: str, number: int = 1) -> SearchResults:
    """Return the entries that hold words of the query, first those that hold all of them.

    A page number beyond the last gives the last page. The work is bounded, whatever the query and however many entries.
    """
    question = question_of(index, cleaned(query))
    found = ranked(index, question)[: PER_PAGE * MOST_PAGES]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(number, 1), pages)
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return SearchResults(
        query=question.text,
        count=len(found),
        number=number,
        pages=pages,
        results=[result_of(one.entry, question) for one in shown],
        has_all=not found or found[0].has_all,
        tasks=question.tasks,
        suggestion=suggestion_for(index, question),
    )


def ranked(index: Index, question: AskedQuestion) -> list[Found]:
    scores, missing = scored(index, question.tokens)
    best = sorted(scores, key=lambda number: (missing[number], -scores[number], number))[:LOOKED_AT]
    found = [
        Found(index.entries[number], scores[number] * closeness(index.entries[number], question), not missing[number])
        for number in best
    ]
    found.sort(key=lambda one: (not one.has_all, -one.score))
    least = NEAR_THE_BEST * max((one.score for one in found), default=0)
    return [one for one in found if one.has_all or one.score >= least]


def scored(index: Index, asked: Sequence[AskedToken]) -> tuple[dict[int, float], dict[int, int]]:
    """Return the score of each entry that holds any of the tokens, and how many tokens of content it lacks."""
    scores: dict[int, float] = {}
    held: dict[int, int] = {}
    contents = work = 0
    for one in sorted(asked, key=lambda one: (not one.is_content, len(index.of(one.token)))):
        tokens = [one.token] if len(index.of(one.token)) else index.beginning_with(one.token)
        counts = {number for token in tokens for number in index.of(token).numbers} if one.is_content else set()
        work += sum(len(index.of(token)) for token in tokens)
        if work > MOST_POSTINGS:
            break
        contents += one.is_content
        for number in counts:
            held[number] = held.get(number, 0) + 1
        for token in tokens:
            factor = one.weight * index.rarity(token)
            postings = index.of(token)
            for number, weight in zip(postings.numbers, postings.weights, strict=True):
                scores[number] = scores.get(number, 0.0) + factor * weight
    return scores, {number: contents - held.get(number, 0) for number in scores}


def closeness(entry: SearchEntry, question: AskedQuestion) -> float:
    """Return the factor for an entry that has the question as it was typed: as its name, in its name, in its text."""
    kind, phrase = KIND_WEIGHTS.get(entry.kind, 1.0), question.phrase
    if not phrase:
        return kind
    if phrase in entry.folded_names:
        return kind * 4
    if entry.folded_names[0].startswith(phrase):
        return kind * 2.5
    if any(phrase in name for name in entry.folded_names):
        return kind * 1.8
    return kind * (1.3 if phrase in entry.folded_body else 1)


def result_of(entry: SearchEntry, question: AskedQuestion) -> SearchResult:
    names, body = entry.title, entry.body
    title = marked(names, hits(names, question.words), 0, len(names.original))
    spans = hits(body, question.words)
    first = next(iter(hits(body, [question.phrase]) or spans), (0, 0))[0]
    return SearchResult(entry, title, excerpt(body, spans, first))


def excerpt(text: Folded, spans: Sequence[tuple[int, int]], first: int) -> list[Piece]:
    """Return the part of the original around its first hit, cut between words, with … where it is cut."""
    original = text.original
    start = 0 if first <= BEFORE_HIT else outside_a_word(original, first - BEFORE_HIT, first)
    end = min(len(original), start + EXCERPT)
    end = max((stop for begin, stop in spans if begin < end < stop), default=end)
    while 0 < end < len(original) and is_latin(original[end - 1]) and is_latin(original[end]):
        end += 1
    pieces = marked(text, spans, start, end)
    before, after = [Piece("…")] if start else [], [Piece("…")] if end < len(original) else []
    return [*before, *pieces, *after]


def outside_a_word(original: str, at: int, limit: int) -> int:
    """Return the first position from ``at``, up to ``limit``, that is not inside a Latin word."""
    while at < limit and is_latin(original[at - 1]) and is_latin(original[at]):
        at += 1
    return at


def marked(text: Folded, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for begin, stop in spans:
        begin, stop = max(begin, start), min(stop, end)
        if begin < stop:
            pieces += [Piece(text.original[at:begin]), Piece(text.original[begin:stop], is_hit=True)]
            at = stop
    return [piece for piece in (*pieces, Piece(text.original[at:end])) if piece.text]


# --- Examples --------------------------------------------------------------------------------------------------------


def examples(index: Index) -> list[Words]:
    """Return a few published names to search for: services, items, recipients."""
    chosen = []
    for kind, count in (("services", 4), ("data_items", 4), ("recipients", 2)):
        entries = (entry for entry in index.entries if entry.kind == kind and not entry.is_fallback)
        chosen += [Words(entry.names[0], entry.language) for entry in islice(entries, count)]
    return chosen
