"""A recipient signs, with a key of its own, what it received or deleted: docs/proof.md says what that shows.

    python countersign.py new private.pem                       makes a key, and prints the public one to be registered
    python countersign.py sign private.pem statement.json       prints the signature over the file, in base64

Needs ``cryptography`` alone. The statement is what the service gets from ``GET /disclosures/<id>/countersignatures``
under ``to_sign``, or what the page of a recall shows. Read it before you sign: it says what, about which disclosure.
"""

import base64
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


def make_key(file: Path) -> str:
    """Write a new private key, which nobody but its owner may read, and return the public one in PEM."""
    key = Ed25519PrivateKey.generate()
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign(file: Path, statement: str) -> str:
    """Return the signature over the statement in base64. Raises ValueError for something else than a statement."""
    if json.loads(statement)["format"] != "privacycenter-countersignature/1":
        raise ValueError("This is no statement that a recipient signs.")
    key = load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("The key is of another kind than Ed25519.")
    return base64.b64encode(key.sign(statement.encode())).decode()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["new", key]:
            print(make_key(Path(key)), end="")
        case ["sign", key, file]:
            # Signed byte for byte; editors like to end a file with a line break, which is no part of the statement.
            print(sign(Path(key), Path(file).read_text(encoding="utf-8").rstrip("\n")))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
