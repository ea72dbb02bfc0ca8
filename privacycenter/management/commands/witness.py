"""manage.py witness: sign the checkpoints of other logs, so that none can show different people different things."""

import base64
import os
from argparse import ArgumentParser
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from privacycenter.log.note import COSIGNATURE, NoteError, SignerKey, VerifierKey, is_key_name
from privacycenter.log.policy import read_policy
from privacycenter.log.witnessing import Answer
from privacycenter.proof.witness_actions import add_checkpoint
from privacycenter.receipt_keys import seed_of

LARGEST_BODY = 64 * 1024
KEY = "WITNESS_SIGNING_KEY"


class Command(BaseCommand):
    help = (
        "Serve a witness (C2SP tlog-witness) of the logs that a file names, one line each: “log <verifier key>”. It "
        f"signs with {KEY} (32 random bytes in base64url) and remembers in this site's database what it signed. Put a "
        "proxy with TLS in front of it. Without --port it prints its own verifier key and ends."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the witness's name, for example privacy.example.com/witness")
        parser.add_argument("--logs", metavar="FILE", help="the logs that it knows")
        parser.add_argument("--port", type=int, help="where it listens, on 127.0.0.1")

    def handle(self, *args: Any, name: str, logs: str | None, port: int | None, **options: Any) -> None:
        witness = signer_of(name)
        self.stdout.write(f"witness {name} {witness.verifier}")
        if port is None:
            return
        known = logs_in(logs)
        with ThreadingHTTPServer(("127.0.0.1", port), handler_of(known, witness)) as server:
            self.stdout.write(f"Witnessing {', '.join(sorted(known))} on http://127.0.0.1:{server.server_port}")
            self.stdout.flush()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return


def signer_of(name: str) -> SignerKey:
    if not is_key_name(name):
        raise CommandError("A witness's name has neither spaces nor +.")
    try:
        seed = seed_of(os.environ.get(KEY, ""))
    except ValueError as error:
        example = base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
        raise CommandError(f"{KEY} is wrong: {error}. A new one would be {example}") from None
    return SignerKey(name, Ed25519PrivateKey.from_private_bytes(seed), COSIGNATURE)


def logs_in(file: str | None) -> dict[str, VerifierKey]:
    """Return origin → key."""
    if not file:
        raise CommandError("Say with --logs which logs are witnessed.")
    try:
        text = Path(file).read_text(encoding="utf-8")
        policy = read_policy(text if "quorum" in text else f"{text}\nquorum none\n")
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise CommandError(f"{file}: {error}") from None
    if not policy.logs:
        raise CommandError(f"{file} names no log.")
    return {key.name: key for key in policy.logs}


def handler_of(logs: Mapping[str, VerifierKey], witness: SignerKey) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            try:
                answered = self.answered()
            finally:
                close_old_connections()
            body = answered.text.encode()
            self.send_response(answered.status)
            self.send_header("Content-Type", answered.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def answered(self) -> Answer:
            length = self.headers.get("Content-Length", "")
            if self.path.rpartition("/")[2] != "add-checkpoint":
                return Answer(404, "Only add-checkpoint is here.\n")
            if not length.isascii() or not length.isdecimal() or len(length) > 9 or int(length) > LARGEST_BODY:
                return Answer(413, "A request has at most 64 KB.\n")
            try:
                body = self.rfile.read(int(length)).decode()
            except UnicodeDecodeError:
                return Answer(400, "This is not UTF-8.\n")
            return add_checkpoint(body=body, logs=logs, witness=witness)

        def log_message(self, format: str, *args: Any) -> None:
            """Said by the proxy in front."""

    return Handler
