"""Each refusal about keys and what is signed with them: it says why, and nothing was written."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.utils import timezone

from disclosures.countersigning.actions import Signed, countersign, register_key, retire_key
from disclosures.countersigning.matters import matter_of
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Disclosure, Recipient
from privacycenter.log.countersigning import statement_text
from tests.support.countersigning import OTHER_KEY, countersigned, pem, registered, signed, statement
from tests.support.events import an_event
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def key(has, public_key=None, **more):
    recipient = Recipient.objects.get(code="minato-inn")
    for name, value in more.items():
        setattr(recipient, name, value)
    return {"recipient": recipient, "public_key": public_key or pem(), "by": has.editor}


def taken(has):
    registered(has.officer)
    return key(has)


def retiring(has, reason="x", *, is_retired=False):
    made = registered(has.editor)
    if is_retired:
        retire_key(key=made, reason="x", by=has.editor)
    return {"key": made, "reason": reason, "by": has.editor}


def signing(has, of=None, *, said="received", at=None, private=None, is_registered=True, is_retired=False, **changed):
    """What the inn signs about hanako's disclosure. ``changed``: texts of the statement that are another."""
    if is_registered:
        made = registered(has.editor)
        registered(has.editor, OTHER_KEY, recipient="komorebi-toge")
        if is_retired:
            retire_key(key=made, reason="x", by=has.editor)
    about = Disclosure.objects.with_references().get(pk=has.disclosure.pk)
    text = statement(of or about, said, at)
    if changed:
        text = statement_text({**json.loads(text), **changed})
    return {"matter": matter_of(about), "signed": signed(text, *([private] if private else [])), "by": has.reporter}


def with_signature(has, signature):
    made = signing(has)
    return {**made, "signed": Signed(made["signed"].statement, signature)}


def another(has):
    assert has.disclosure
    record_disclosures(events=[an_event("event-2")], by=has.reporter)
    return Disclosure.objects.get(event_id="event-2")


def said_before(has):
    made = signing(has, at=timezone.now() - timedelta(minutes=1))
    countersigned(has.disclosure)
    return made


def signed_for_another(has):
    """One report about two people: both rows have one number, and the statement fits either."""
    record_disclosures(events=[an_event(subject=has.taro.subject)], by=has.reporter)
    made = signing(has)
    countersign(**made)
    return {**made, "matter": matter_of(has.taro.disclosures.with_references().get())}


X25519 = pem(X25519PrivateKey.generate())
PRIVATE = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"
LATER, EARLIER = timedelta(hours=1), timedelta(days=9_000)

CASES = [
    Refused(register_key, "no public key", lambda has: key(has, "ssh-ed25519 AAAA")),
    Refused(register_key, "another kind", lambda has: key(has, X25519)),
    Refused(register_key, "private key", lambda has: key(has, PRIVATE)),
    Refused(register_key, "no longer in use", lambda has: key(has, retired_at=timezone.now())),
    Refused(register_key, "registered already", taken),
    Refused(retire_key, "Say why", lambda has: retiring(has, "  ")),
    Refused(retire_key, "retired already", lambda has: retiring(has, is_retired=True)),
    Refused(countersign, "cannot be read as a statement", lambda has: signing(has, said="kept")),
    Refused(countersign, "something else than this", lambda has: signing(has, items=["name", "phone", "email"])),
    Refused(countersign, "something else than this", lambda has: signing(has, another(has))),
    Refused(countersign, "with its offset", lambda has: signing(has, signed_at="2026-11-30 10:00")),
    Refused(countersign, "in the future", lambda has: signing(has, at=timezone.now() + LATER)),
    Refused(countersign, "older than what", lambda has: signing(has, at=timezone.now() - EARLIER)),
    Refused(countersign, "not base64", lambda has: with_signature(has, "no")),
    Refused(countersign, "has 64 bytes", lambda has: with_signature(has, "AAAA")),
    Refused(countersign, "No key of this recipient", lambda has: signing(has, is_registered=False)),
    Refused(countersign, "None of this recipient's keys", lambda has: signing(has, private=OTHER_KEY)),
    Refused(countersign, "is retired", lambda has: signing(has, is_retired=True)),
    Refused(countersign, "signed this before", said_before),
    Refused(countersign, "about something else. Let it sign anew", signed_for_another),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.countersigning", CASES) == []
