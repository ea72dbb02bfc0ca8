"""How far a person stops: one recipient, all of them abroad, or everything. Pure: no SQL."""

from collections.abc import Iterable
from dataclasses import dataclass

from consents.models import Decision, RuleKind
from disclosures.models import Recipient

SEPARATOR = ":"
KINDS = (RuleKind.RECIPIENT, RuleKind.ABROAD, RuleKind.ALL)


@dataclass(frozen=True)
class Scope:
    """What is stopped, as a standing rule names it. ``code``: of the recipient; empty for the other kinds."""

    kind: RuleKind
    code: str = ""

    @property
    def value(self) -> str:
        """The same as text, as it stands in forms and addresses."""
        return f"{self.kind.value}{SEPARATOR}{self.code}"

    def covers(self, recipient: Recipient) -> bool:
        match self.kind:
            case RuleKind.ALL:
                return True
            case RuleKind.ABROAD:
                return bool(recipient.country.is_abroad)
        return bool(recipient.code == self.code)

    def of(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Return those of these decisions that are about what is stopped."""
        return [one for one in decisions if self.covers(one.recipient)]


EVERYTHING, ABROAD = Scope(RuleKind.ALL), Scope(RuleKind.ABROAD)


def scope_in(value: str) -> Scope | None:
    """Read a scope from text; None if it is none."""
    kind, _separator, code = value.partition(SEPARATOR)
    if kind not in KINDS or bool(code) != (kind == RuleKind.RECIPIENT):
        return None
    return Scope(RuleKind(kind), code)
