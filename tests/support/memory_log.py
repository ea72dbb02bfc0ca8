"""A log in memory, with the record of made-up people: what a verifier is given, and what a bad operator would give."""

import hmac
from collections import defaultdict
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacycenter.log.entries import LABEL_BYTES, Row, commitment_to, label_of
from privacycenter.log.memory import MemoryStore
from privacycenter.log.note import COSIGNATURE, Checkpoint, SignerKey, encoded, with_signatures
from privacycenter.log.policy import read_policy
from privacycenter.log.proving import absence, consistency, end_of_log, inclusion, tree_of
from privacycenter.log.record import FORMAT, Trust, statement_text
from privacycenter.log.writing import append_rows

ORIGIN = "privacy.example/log/1"
AT = 1_800_000_000


def key_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


LOG = SignerKey(ORIGIN, key_of("log"))
WITNESS = SignerKey("witness.example/w", key_of("witness"), COSIGNATURE)
POLICY = f"log {LOG.verifier}\nwitness w {WITNESS.verifier}\nquorum w\n"
TRUST = Trust(LOG.verifier, read_policy(POLICY))


class MemoryLog:
    """``people``: name → what is kept of each of their rows."""

    def __init__(self, signer=LOG, witness=WITNESS):
        self.store, self.size, self.signer, self.witness = MemoryStore(), 0, signer, witness
        self.people = defaultdict(list)

    def key(self, name: str) -> bytes:
        return sha256(b"key of " + name.encode()).digest()

    def add(self, *names: str, at: int = AT) -> None:
        """One more row of each."""
        rows = []
        for name in names:
            number = len(self.people[name]) + 1
            event = {"type": "disclosure", "id": str(number), "subject": name, "recipient": f"hotel-{number % 7}"}
            salt = hmac.digest(self.key(name), b"salt%d" % number, "sha256")[:16]
            rows.append(Row(label_of(self.key(name), number), commitment_to(salt, event)))
            self.people[name].append({"salt": salt, "event": event, "commitment": rows[-1].commitment})
        self.size, places = append_rows(self.store, self.size, rows, at)
        for name, place in zip(names, places, strict=True):
            next(row for row in self.people[name] if "index" not in row)["index"] = place

    def add_others(self, count: int, at: int = AT) -> None:
        """Rows of people who do not matter."""
        rows = [Row(sha256(b"%d" % n).digest()[:LABEL_BYTES], bytes(32)) for n in range(self.size, self.size + count)]
        self.size, _places = append_rows(self.store, self.size, rows, at)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = self.size if size is None else size
        return Checkpoint(self.signer.name, size, tree_of(self.store, size).root())

    def signed(self, size: int | None = None, at: int = AT) -> str:
        text = self.checkpoint(size).text
        lines = [self.signer.sign(text)] + ([self.witness.sign(text, at=at)] if self.witness else [])
        return with_signatures(text, lines)

    def proof(self, name: str, seen_size: int = 0) -> dict:
        tree, rows, key = tree_of(self.store, self.size), self.people[name], self.key(name)
        statement = statement_text(name, key, len(rows), self.checkpoint())
        return {
            "format": FORMAT,
            "log_key": str(self.signer.verifier),
            "policy": POLICY if self.witness else f"log {self.signer.verifier}\nquorum none\n",
            "checkpoint": self.signed(),
            "statement": with_signatures(statement, [self.signer.sign(statement)]),
            "subject": name,
            "key": encoded(key),
            "rows": [self.shown(tree, row) for row in rows],
            **end_of_log(self.store, self.size),
            "absent": absence(self.store, self.size, label_of(key, len(rows) + 1)),
            "consistency": consistency(tree, seen_size),
        }

    def shown(self, tree, row) -> dict:
        opened = {"event": row["event"], "salt": encoded(row["salt"])}
        kept = opened if row.get("salt") else {"commitment": encoded(row["commitment"])}
        return {"index": row["index"], "path": inclusion(tree, row["index"]), **kept}
