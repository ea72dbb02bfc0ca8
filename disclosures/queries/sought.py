"""Words that a person seeks in their record: what they name, in any language and however they are typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F, Value

from disclosures.folding import fold, stands_in
from disclosures.models import DataItem, Recipient, Scenario, Service

NAMED = {"recipients": Recipient, "services": Service, "scenarios": Scenario, "data_items": DataItem}


@dataclass(frozen=True)
class Sought:
    """For each word that was sought: kind → the codes of what is called so, in any language."""

    words: list[dict[str, set[str]]]

    def is_in(self, codes: dict[str, Sequence[str]]) -> bool:
        """Whether each word names something among these codes (kind → codes)."""
        return all(any(named[kind].intersection(codes[kind]) for kind in named) for named in self.words)


def sought(text: str) -> Sought:
    """What the words of this text name, whatever their width, case or script (``folding``). One SQL statement."""
    words = [word for part in text.split() if (word := fold(part).text.strip())]
    found: list[dict[str, set[str]]] = [{kind: set() for kind in NAMED} for _word in words]
    for kind, code, title in titles() if words else ():
        for word, named in zip(words, found, strict=True):
            if stands_in(word, title):
                named[kind].add(code)
    return Sought(found)


def titles() -> Iterator[tuple[str, str, str]]:
    """Kind, code and folded titles of all that a disclosure can name, also of what is retired or not published."""
    first, *others = (
        model.objects.order_by().values_list(Value(kind), F("code"), F("title"), F("i18n"))
        for kind, model in NAMED.items()
    )
    for kind, code, title, other in first.union(*others, all=True):
        further = [text for name, text in (other or {}).items() if name.startswith("title_") and text]
        yield kind, code, "\n".join(fold(text).text for text in (title, *further))
