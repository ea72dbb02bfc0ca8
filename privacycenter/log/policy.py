"""Which log, which witnesses, and how many of them are enough (C2SP tlog-policy).

::

    log <verifier key> [<address>]
    witness <name> <verifier key> [<address>]
    group <name> <any|all|count> <name> …
    quorum <name|none>
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from privacycenter.log.note import COSIGNATURE, ED25519, Note, NoteError, VerifierKey, read_verifier_key, signed_at

NO_QUORUM = "none"


@dataclass(frozen=True)
class Witness:
    """``address``: where it answers, without a slash at the end; empty if it is not asked by this site."""

    name: str
    key: VerifierKey
    address: str = ""


@dataclass(frozen=True)
class Group:
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """``quorum``: the witness or group that has to have signed; ``none`` if nobody has to."""

    logs: tuple[VerifierKey, ...] = ()
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NO_QUORUM

    @property
    def is_witnessed(self) -> bool:
        return self.quorum != NO_QUORUM

    def witnessed_at(self, note: Note) -> int | None:
        """Return since when the checkpoint has its quorum, in Unix seconds; None without one. 0 if none is demanded.

        Raises NoteError if a signature by one of the witnesses is wrong.
        """
        if not self.is_witnessed:
            return 0
        times = {name: signed_at(note, one.key) for name, one in self.witnesses.items()}
        return self._since(self.quorum, times)

    def _since(self, name: str, times: Mapping[str, int | None]) -> int | None:
        if name in self.witnesses:
            return times[name]
        group = self.groups[name]
        signed = sorted(at for one in group.members if (at := self._since(one, times)) is not None)
        return signed[group.least - 1] if len(signed) >= group.least else None


def read_policy(text: str) -> Policy:
    """Read a policy. Raises NoteError, with the number of the line."""
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            reader.take(words)
        except NoteError as error:
            raise NoteError(f"Line {number} of the policy: {error}") from None
    if reader.quorum is None:
        raise NoteError("The policy does not say what its quorum is.")
    return Policy(tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum)


class _Reader:
    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None

    def take(self, words: Sequence[str]) -> None:
        match words:
            case ["log", key] | ["log", key, _]:
                self.logs.append(key_of_kind(key, ED25519))
            case ["witness", name, key]:
                self.add(name, Witness(name, key_of_kind(key, COSIGNATURE)))
            case ["witness", name, key, address]:
                self.add(name, Witness(name, key_of_kind(key, COSIGNATURE), address.rstrip("/")))
            case ["group", name, least, *members] if members:
                self.add_group(name, least, members)
            case ["quorum", name]:
                if self.quorum is not None:
                    raise NoteError("there is one quorum.")
                if name != NO_QUORUM:
                    self.known(name)
                self.quorum = name
            case _:
                raise NoteError(f"“{words[0]}” is not written like this.")

    def add(self, name: str, witness: Witness) -> None:
        self.refuse_taken(name)
        self.witnesses[name] = witness

    def add_group(self, name: str, least: str, members: Sequence[str]) -> None:
        self.refuse_taken(name)
        for member in members:
            self.known(member)
        if len(set(members)) < len(members):
            raise NoteError("a group names each member once.")
        counts = {"any": 1, "all": len(members)}
        count = counts.get(least) or (int(least) if least.isascii() and least.isdigit() else 0)
        if not 1 <= count <= len(members):
            raise NoteError(f"{least} of {len(members)} members is not possible.")
        self.groups[name] = Group(count, tuple(members))

    def refuse_taken(self, name: str) -> None:
        if name == NO_QUORUM or name in self.witnesses or name in self.groups:
            raise NoteError(f"the name {name} is taken.")

    def known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise NoteError(f"nothing above is called {name}.")


def key_of_kind(text: str, kind: int) -> VerifierKey:
    key = read_verifier_key(text)
    if key.kind != kind:
        raise NoteError("this is the key of a log where that of a witness is due, or the other way round.")
    return key
