"""Notes, keys, checkpoints and policies are read in their one right form, and only what is signed is believed."""

import pytest

from privacycenter.log.note import (
    COSIGNATURE,
    Checkpoint,
    NoteError,
    SignerKey,
    VerifierKey,
    decoded,
    encoded,
    open_checkpoint,
    read_checkpoint,
    read_note,
    read_verifier_key,
    signed_at,
    with_signatures,
)
from privacycenter.log.policy import read_policy
from tests.support.memory_log import LOG, ORIGIN, WITNESS, key_of

# The example of Go's sumdb/note, from which C2SP's signed-note comes.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAID = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = (
    f"{SAID}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(32))


def test_note_of_another_implementation_is_verified():
    note = read_note(SIGNED)
    assert note.text == SAID and signed_at(note, read_verifier_key(NEUMANN)) == 0
    with pytest.raises(NoteError, match="wrong"):
        signed_at(read_note(SIGNED.replace("the answer", "an answer")), read_verifier_key(NEUMANN))


def test_key_is_written_as_it_is_read():
    for key in (LOG.verifier, WITNESS.verifier, read_verifier_key(NEUMANN)):
        assert read_verifier_key(str(key)) == key
    assert str(read_verifier_key(NEUMANN)) == NEUMANN


@pytest.mark.parametrize(
    "key",
    ["", "name", "name+c74f20a3", NEUMANN.replace("c74f20a3", "c74f20a4"), NEUMANN.replace("PeterN", "Peter N"),
     NEUMANN[:-4], f"{NEUMANN}=", "a+00000000+", f"a+00000000+{encoded(bytes(33))}", "a+00000000+AQ=="],
)  # fmt: skip
def test_something_else_is_no_key(key):
    with pytest.raises(NoteError):
        read_verifier_key(key)


def test_signature_by_a_key_that_nobody_asked_for_is_passed_over():
    text = CHECKPOINT.text
    other = SignerKey(ORIGIN, key_of("other"))
    note = read_note(with_signatures(text, [other.sign(text), "— new-kind AAAAAAAA\n", LOG.sign(text)]))
    assert signed_at(note, LOG.verifier) == 0 and signed_at(note, WITNESS.verifier) is None


def test_cosignature_carries_its_time_and_signs_it():
    text = CHECKPOINT.text
    line = WITNESS.sign(text, at=1_800_000_000)
    assert signed_at(read_note(with_signatures(text, [line])), WITNESS.verifier) == 1_800_000_000
    name, data = line.split()[1:]
    raw = bytearray(decoded(data))
    raw[11] ^= 1
    with pytest.raises(NoteError, match="wrong"):
        signed_at(read_note(with_signatures(text, [f"— {name} {encoded(bytes(raw))}\n"])), WITNESS.verifier)


def test_same_key_as_log_and_as_witness_are_two():
    as_log = SignerKey("one", key_of("one"))
    as_witness = SignerKey("one", key_of("one"), COSIGNATURE)
    text = CHECKPOINT.text
    assert as_log.verifier.id != as_witness.verifier.id
    assert signed_at(read_note(with_signatures(text, [as_log.sign(text)])), as_witness.verifier) is None


@pytest.mark.parametrize(
    "note",
    ["", "text", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n- name AAAAAAAA\n", "text\n\n— name AAAA\n",
     "text\n\n— name AAAAAAAA", "text\n\n— name  AAAAAAAA\n", "text\n\n— na+me AAAAAAAA\n", "te\rxt\n\n— name AAAAAAAA\n",
     "text\n\n— name AAAAAAA\n", "text\n\n" + "— name AAAAAAAA\n" * 101, "x" * 1_000_001],
)  # fmt: skip
def test_something_else_is_no_note(note):
    with pytest.raises(NoteError):
        read_note(note)


def test_checkpoint_is_read_as_it_is_written():
    assert read_checkpoint(CHECKPOINT.text) == CHECKPOINT
    assert read_checkpoint(f"{CHECKPOINT.text}an extension\n") == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    ["", "origin\n1\n", f"origin\n01\n{encoded(bytes(32))}\n", f"origin\n-1\n{encoded(bytes(32))}\n",
     f"origin\n²\n{encoded(bytes(32))}\n", f"origin\n{2**63}\n{encoded(bytes(32))}\n", f"origin\n1\n{encoded(bytes(31))}\n",
     f"\n1\n{encoded(bytes(32))}\n", f"origin\n1\n{encoded(bytes(32))}", f"origin\n1\n{encoded(bytes(32))}\n\n"],
)  # fmt: skip
def test_something_else_is_no_checkpoint(text):
    with pytest.raises(NoteError):
        read_checkpoint(text)


def test_checkpoint_of_another_log_is_not_taken():
    text = CHECKPOINT._replace(origin="another.example/log").text
    with pytest.raises(NoteError, match=r"another\.example"):
        open_checkpoint(with_signatures(text, [LOG.sign(text)]), LOG.verifier)


# --- Policies ---------------------------------------------------------------------------------------------------------

WITNESSES = [SignerKey(f"w{number}.example", key_of(f"w{number}"), COSIGNATURE) for number in range(4)]
NAMED = "".join(f"witness w{number} {one.verifier}\n" for number, one in enumerate(WITNESSES))


def note_signed_by(*numbers):
    """Witness n at the time 100 + n."""
    lines = [WITNESSES[number].sign(CHECKPOINT.text, at=100 + number) for number in numbers]
    return read_note(with_signatures(CHECKPOINT.text, [LOG.sign(CHECKPOINT.text), *lines]))


@pytest.mark.parametrize(
    ("rest", "signed", "at"),
    [
        ("quorum none", (), 0),
        ("quorum w1", (1,), 101),
        ("quorum w1", (0, 2), None),
        ("group g any w0 w1\nquorum g", (1,), 101),
        ("group g all w0 w1\nquorum g", (1,), None),
        ("group g all w0 w1\nquorum g", (0, 1), 101),
        ("group g 2 w0 w1 w2\nquorum g", (0, 1, 2), 101),
        ("group a any w0 w1\ngroup b any w2 w3\ngroup both all a b\nquorum both", (1, 3), 103),
        ("group a any w0 w1\ngroup b any w2 w3\ngroup both all a b\nquorum both", (0, 1), None),
    ],
)
def test_quorum_is_reached_when_enough_have_signed(rest, signed, at):
    assert read_policy(f"# a comment\n\n{NAMED}{rest}\n").witnessed_at(note_signed_by(*signed)) == at


def test_address_of_a_witness_is_read():
    policy = read_policy(f"log {LOG.verifier}\nwitness w {WITNESS.verifier} https://witness.example/x/\nquorum w")
    assert policy.witnesses["w"].address == "https://witness.example/x" and policy.logs == (LOG.verifier,)


@pytest.mark.parametrize(
    "policy",
    ["", "quorum w9", "quorum none\nquorum none", f"{NAMED}group g 0 w0\nquorum g", f"{NAMED}group g 3 w0 w1\nquorum g",
     f"{NAMED}group g any\nquorum g", f"{NAMED}group g any w0 w0\nquorum g", f"{NAMED}group w0 any w1\nquorum w0",
     f"{NAMED}group none any w1\nquorum none", f"{NAMED}group g some w1\nquorum g", "unknown word\nquorum none",
     f"witness w {LOG.verifier}\nquorum w", f"log {WITNESS.verifier}\nquorum none", "log x\nquorum none"],
)  # fmt: skip
def test_policy_that_is_not_right_names_its_line(policy):
    with pytest.raises(NoteError):
        read_policy(policy)


def test_wrong_signature_of_a_witness_is_not_passed_over():
    forged = VerifierKey(WITNESSES[0].name, COSIGNATURE, WITNESSES[0].verifier.public)
    line = WITNESSES[0].sign(CHECKPOINT._replace(size=8).text, at=1)
    note = read_note(with_signatures(CHECKPOINT.text, [line]))
    with pytest.raises(NoteError, match="wrong"):
        read_policy(f"witness w {forged}\nquorum w").witnessed_at(note)
