"""Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature), with Ed25519.

A note is a text, an empty line, and a line for each signature: ``— name base64``. Signatures by keys that nobody asked
for are passed over, so logs and witnesses may add kinds that this code does not know.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from privacycenter.log.tree import HASH_BYTES

ED25519, COSIGNATURE = 1, 4
PUBLIC_KEY_BYTES = 32
KEY_ID_BYTES = 4
LONGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100
LARGEST_SIZE = 2**63 - 1


class NoteError(Exception):
    """What is read is no note, no key, no checkpoint, or not signed by whom it should be."""


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """Raises NoteError if the text is not base64 as it is written here: standard, padded, nothing around it."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("This is not base64.") from None
    if encoded(data) != text:
        raise NoteError("This is not base64 in its one right form.")
    return data


# --- Keys -------------------------------------------------------------------------------------------------------------


def is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name) and name.isprintable()


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name. ``kind``: that of a log, or that of a witness, whose signatures carry their time."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def verifies(self, signature: bytes, message: str) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message.encode())
        except InvalidSignature:
            return False
        return True


def read_verifier_key(text: str) -> VerifierKey:
    """Read ``name+id+key``. Raises NoteError with the reason."""
    name, _plus, rest = text.partition("+")
    key_id, plus, data = rest.partition("+")
    if not plus or not is_key_name(name):
        raise NoteError("A verifier key is written name+id+key.")
    raw = decoded(data)
    if not raw or raw[0] not in (ED25519, COSIGNATURE) or len(raw) != 1 + PUBLIC_KEY_BYTES:
        raise NoteError("The key is not an Ed25519 key of a log or of a witness.")
    key = VerifierKey(name, raw[0], raw[1:])
    if key.id.hex() != key_id:
        raise NoteError("The id is not that of the key.")
    return key


@dataclass(frozen=True)
class SignerKey:
    name: str
    private: Ed25519PrivateKey
    kind: int = ED25519

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str, *, at: int = 0) -> str:
        """Return the line of the signature. ``at``: Unix seconds, of a cosignature."""
        if self.kind == COSIGNATURE:
            data = at.to_bytes(8, "big") + self.private.sign(cosigned(text, at).encode())
        else:
            data = self.private.sign(text.encode())
        return f"— {self.name} {encoded(self.verifier.id + data)}\n"


def cosigned(text: str, at: int) -> str:
    """What a witness signs: that it saw this checkpoint, with everything before it, at this time."""
    return f"cosignature/v1\ntime {at}\n{text}"


# --- Notes ------------------------------------------------------------------------------------------------------------


class Signature(NamedTuple):
    name: str
    key_id: bytes
    data: bytes


class Note(NamedTuple):
    """``text`` ends with a line break."""

    text: str
    signatures: list[Signature]


def read_note(note: str) -> Note:
    """Take a note apart. Raises NoteError with the reason. Nothing is verified."""
    if len(note) > LONGEST_NOTE:
        raise NoteError("The note is too long.")
    if any(ord(letter) < 0x20 and letter != "\n" for letter in note):
        raise NoteError("The note holds a control character.")
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise NoteError("The note has no signatures.")
    found = [read_signature(line) for line in lines[:-1].split("\n")]
    if len(found) > MOST_SIGNATURES:
        raise NoteError("The note has too many signatures.")
    return Note(text + "\n", found)


def read_signature(line: str) -> Signature:
    dash, _space, rest = line.partition(" ")
    name, space, data = rest.partition(" ")
    if dash != "—" or not space or not is_key_name(name):
        raise NoteError("A signature is written “— name base64”.")
    raw = decoded(data)
    if len(raw) <= KEY_ID_BYTES:
        raise NoteError("A signature is empty.")
    return Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def signed_at(note: Note, key: VerifierKey) -> int | None:
    """Return when this key signed the note, in Unix seconds, 0 if its signatures carry no time; None if it did not.

    Raises NoteError if a signature that names this key is not by it.
    """
    for signature in note.signatures:
        if (signature.name, signature.key_id) != (key.name, key.id):
            continue
        at = int.from_bytes(signature.data[:8], "big") if key.kind == COSIGNATURE else 0
        data, message = (signature.data[8:], cosigned(note.text, at)) if key.kind == COSIGNATURE else (
            signature.data, note.text
        )  # fmt: skip
        if not key.verifies(data, message):
            raise NoteError(f"The signature of {key.name} is wrong.")
        return at
    return None


# --- Checkpoints ------------------------------------------------------------------------------------------------------


class Checkpoint(NamedTuple):
    """What a log says of itself: how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; lines after the third are passed over. Raises NoteError."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or lines[-1] or "" in lines[:-1]:
        raise NoteError("A checkpoint has an origin, a size and a root.")
    if not lines[1].isascii() or not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        raise NoteError("The size of a checkpoint is a number.")
    if int(lines[1]) > LARGEST_SIZE:
        raise NoteError("The size of the checkpoint is too large.")
    root = decoded(lines[2])
    if len(root) != HASH_BYTES:
        raise NoteError("The root of a checkpoint has 32 bytes.")
    return Checkpoint(lines[0], int(lines[1]), root)


def open_checkpoint(note: str, log: VerifierKey) -> tuple[Checkpoint, Note]:
    """Return what the log signed. Raises NoteError unless this is a checkpoint of the log whose key this is."""
    found = read_note(note)
    if signed_at(found, log) is None:
        raise NoteError(f"{log.name} did not sign this checkpoint.")
    checkpoint = read_checkpoint(found.text)
    if checkpoint.origin != log.name:
        raise NoteError(f"This is a checkpoint of {checkpoint.origin}, not of {log.name}.")
    return checkpoint, found


def with_signatures(text: str, lines: Iterable[str]) -> str:
    return f"{text}\n{''.join(lines)}"
