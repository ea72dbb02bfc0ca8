"""A recipient signs with its own key that it received, or deleted, what was provided."""

import base64
import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID

import jsonschema_rs
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField, UUIDField
from django.test import Client

from disclosures.countersigning.actions import countersign, retire_key
from disclosures.countersigning.matters import matter_of
from disclosures.countersigning.sealed_rows import countersignature_columns
from disclosures.models import Countersignature, Disclosure, RecipientKey, RecipientKeyRetirement
from disclosures.reporters.actions import create_reporter
from disclosures.verifying.countersignatures import fault_of
from privacycenter.log.__main__ import record_lines
from privacycenter.log.countersigning import (
    FORMAT,
    StatementError,
    check_countersignature,
    facts_of_row,
    read_statement,
    statement_text,
)
from privacycenter.log.record import Broken, check_countersigned
from tests.support.api import Api
from tests.support.clock import clock_at
from tests.support.commands import fault, old, purge, verify
from tests.support.countersigning import (
    INN_KEY,
    OTHER_KEY,
    body,
    countersigned,
    fingerprint,
    pem,
    registered,
    signed,
    statement,
)
from tests.support.database import at_once, tamper
from tests.support.events import an_event, record
from tests.support.exports import SCHEMA, confirmed, take
from tests.support.exports import body as taken
from tests.support.html import read
from tests.support.incidents import keep_back
from tests.support.log import checked, seal_and_sign
from tests.support.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(editor):
    return registered(editor)


def path(disclosure):
    return f"/disclosures/{disclosure.id}/countersignatures"


# --- Through a service -----------------------------------------------------------------------------------------------


def test_service_hands_in_what_its_recipient_signed(api, hanako, disclosure, key):
    offered = api.get(f"{path(disclosure)}?subject={hanako.subject}").json()
    assert offered["data"] == [] and hanako.subject not in offered["to_sign"]["received"]
    sent = {"subject": hanako.subject, **body(signed(offered["to_sign"]["received"]))}
    first, again = api.post(path(disclosure), sent), api.post(path(disclosure), sent)
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    row = hanako.countersignatures.get()
    assert (row.said, row.key, row.disclosure_id, row.is_by_recipient) == ("received", key, disclosure.id, False)
    assert first.json()["key"] == fingerprint() and row.signed_at.microsecond == 0
    assert len(api.get(f"{path(disclosure)}?subject={hanako.subject}").json()["data"]) == 1


def test_what_the_api_refuses_is_a_problem_with_its_field(api, hanako, disclosure, key, editor):
    def answer(text=None, private=INN_KEY, about=disclosure):
        of = signed(text or statement(disclosure), private)
        sent = api.post(path(about), {"subject": hanako.subject, **body(of)}).json()
        return sent["type"].rpartition(":")[2], sent.get("field")

    assert answer(statement_text({**read_statement(statement(disclosure)), "recipient": "komorebi-toge"})) == (
        "statement-differs", "statement",
    )  # fmt: skip
    assert answer(private=OTHER_KEY) == ("wrong-signature", "signature")
    retire_key(key=key, reason="lost", by=editor)
    assert answer() == ("retired-key", "signature")
    assert not Countersignature.objects.exists()


def test_another_service_person_or_id_is_not_found(api, hanako, taro, disclosure, key):
    stranger, stranger.secret = create_reporter(code="other", title="住まい", services=["suumo"])
    sent = {"subject": hanako.subject, **body(signed(statement(disclosure)))}
    assert Api(stranger).post(path(disclosure), sent).status_code == 404
    assert api.post(path(disclosure), {**sent, "subject": taro.subject}).status_code == 404
    assert api.post(path(disclosure), {**sent, "subject": "nobody"}).status_code == 404
    assert api.get(f"/disclosures/nothing/countersignatures?subject={hanako.subject}").status_code == 404
    assert Api(stranger, scopes=["disclosures:write"]).post(path(disclosure), sent).status_code == 403
    assert not Countersignature.objects.exists()


def test_recipient_that_deleted_it_says_so_beside_the_receipt(disclosure, key, hanako):
    countersigned(disclosure)
    countersigned(disclosure, "deleted")
    assert sorted(hanako.countersignatures.values_list("said", flat=True)) == ["deleted", "received"]


@pytest.mark.concurrency
def test_two_signatures_at_once_leave_one(world, hanako, disclosure, editor):
    registered(editor)
    about = matter_of(Disclosure.objects.with_references().get(pk=disclosure.pk))
    texts = [statement(disclosure, at=disclosure.recorded_at + timedelta(seconds=second)) for second in (1, 2)]
    done = at_once(*(lambda text=text: countersign(matter=about, signed=signed(text), by=None) for text in texts))
    assert sum(isinstance(one, tuple) for one in done) == 1
    assert Countersignature.objects.count() == 1


def test_database_takes_no_second_one(disclosure, key):
    row = countersigned(disclosure)
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Countersignature.objects.create(**values, id=disclosure.id)


# --- What its person sees --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "words"), [("", "受領を署名で確認"), ("/en", "Receipt confirmed by signature")])
def test_person_reads_on_the_disclosure_that_its_receipt_is_signed(as_hanako, hanako, disclosure, key, prefix, words):
    address = f"{prefix}/my/disclosures/{disclosure.id}/"
    assert words not in as_hanako.get(address).content.decode()
    countersigned(disclosure)
    shown = read(as_hanako.get(address)).one("main").text
    assert words in shown and fingerprint()[:16] in shown


def test_recipients_page_counts_what_it_signed(as_hanako, disclosure, key):
    countersigned(disclosure)
    shown = read(as_hanako.get("/en/my/recipients/minato-inn/")).one("main").text
    assert "It confirmed receipt by signature, once." in shown


def test_signature_about_what_the_law_keeps_back_is_shown_nowhere(as_hanako, hanako, disclosure, key, officer):
    countersigned(disclosure)
    seal_and_sign()
    keep_back(hanako, "event-1", officer)
    seal_and_sign()
    assert as_hanako.get(f"/my/disclosures/{disclosure.id}/").status_code == 404
    assert json.loads(taken(take(confirmed(hanako), "json")))["countersignatures"] == []
    assert as_hanako.get("/my/record/proof.json").status_code == 404
    assert verify().endswith("as it was written.\n")


def test_file_has_all_that_is_needed_to_check_it(hanako, disclosure, key):
    countersigned(disclosure)
    seal_and_sign()
    browser = confirmed(hanako)
    exported = json.loads(taken(take(browser, "json")))
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), exported)
    (entry,) = exported["countersignatures"]
    assert entry["about"] == {"disclosure": str(disclosure.id)} and entry["fingerprint"] == fingerprint()
    (event,) = [row["event"] for row in exported["proof"]["rows"] if row["event"]["type"] == "countersignature"]
    assert (event["statement"], event["signature"]) == (entry["statement"], entry["signature"])
    table = taken(take(browser, "csv", "/en/my/export/")).decode()
    assert "Receipt confirmed by signature" in table and fingerprint() in table


# --- In the log ------------------------------------------------------------------------------------------------------


def test_it_is_a_row_of_the_record_that_is_checked_with_its_key(hanako, disclosure, key):
    countersigned(disclosure)
    seal_and_sign()
    found = checked(hanako)
    (one,) = found.countersigned
    assert (one.said, one.about, one.id, one.recipient) == ("received", "disclosure", str(disclosure.id), "minato-inn")
    assert one.fingerprint == fingerprint()
    said = "\n".join(record_lines(found))
    assert f"Signed by the key of the recipient minato-inn, fingerprint {fingerprint()}: received 1." in said


def test_program_that_checks_has_the_part_that_checks_signatures(client):
    program = client.get("/log/verify_record.pyz").content
    names = zipfile.ZipFile(io.BytesIO(program)).namelist()
    assert "privacycenter/log/countersigning.py" in names


def test_page_of_the_check_names_it(as_hanako, disclosure, key):
    countersigned(disclosure)
    seal_and_sign()
    assert "Signature of a recipient" in read(as_hanako.get("/en/my/record/")).one("main").text


def test_ledger_with_signatures_verifies(disclosure, key):
    countersigned(disclosure)
    seal_and_sign()
    assert verify().endswith("as it was written.\n")


def test_verification_finds_each_change(disclosure, key):
    row = countersigned(disclosure)
    of_another = OTHER_KEY.sign(row.statement.encode())
    tamper("UPDATE disclosures_countersignature SET signature = %s", of_another)
    assert "did not sign this" in fault() and "fingerprint is not that of the row" in fault()
    tamper("UPDATE disclosures_countersignature SET signature = %s", bytes(row.signature))
    tamper("UPDATE disclosures_countersignature SET disclosure_id = %s", connection_uuid())
    assert "a disclosure that is not there" in fault()
    tamper("UPDATE disclosures_recipientkey SET fingerprint = %s", "0" * 64)
    assert "fingerprint is not that of the key" in fault()


def connection_uuid():
    """An id that nothing has, as the database writes it."""
    return UUIDField().get_db_prep_value(UUID(int=1), connection)


def test_verification_finds_what_was_taken_from_a_retired_key(disclosure, key, editor):
    row = countersigned(disclosure)
    retire_key(key=key, reason="x", by=editor)
    assert verify().endswith("as it was written.\n")
    earlier = DateTimeField().get_db_prep_value(row.received_at - timedelta(days=1), connection)
    tamper("UPDATE disclosures_recipientkeyretirement SET retired_at = %s", earlier)
    assert "after its key was retired" in fault()


def test_it_goes_with_its_disclosure_at_the_end_of_its_time(hanako, reporter, key):
    with clock_at(old()):
        record(reporter, an_event(occurred_at=old(20)))
        countersigned(hanako.disclosures.get())
    assert "1 signatures of recipients removed" in purge()
    assert not hanako.countersignatures.exists() and not hanako.disclosures.exists()


def test_young_one_keeps_its_disclosure(hanako, reporter, key):
    with clock_at(old()):
        record(reporter, an_event(occurred_at=old(20)))
    countersigned(hanako.disclosures.get())
    purge()
    assert hanako.countersignatures.exists() and hanako.disclosures.exists()


# --- The statement ---------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"a":1}', '{"a":"b" }', "[" * 9_000, '{"format":"x"}', "x" * 30_000]
)
def test_text_that_is_no_statement_is_none(text):
    with pytest.raises(StatementError):
        read_statement(text)


def written(facts):
    """As RFC 8785 writes it, whatever the values are."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


HOSTILE = [None, 7, 1.5, True, [], {}, [[]], [{}], {"a": []}, ["x", 7]]
NAMED = ("origin", "said", "about", "id", "recipient", "service", "items", "reference", "at", "signed_at", "format")


@pytest.mark.parametrize("value", HOSTILE, ids=str)
def test_statement_with_something_else_than_texts_is_refused_wherever_it_comes_from(
    api, hanako, disclosure, key, value
):
    row = Countersignature.objects.with_key().get(pk=countersigned(disclosure).pk)
    event, facts = countersignature_columns(row, {}), read_statement(row.statement)
    for name in NAMED:
        if name == "items" and value == []:
            continue  # a list of no texts, which is about something else
        text = written({"format": FORMAT, **facts, name: value})
        with pytest.raises(StatementError):
            read_statement(text)
        with pytest.raises(Broken):
            check_countersigned([{**event, "type": "countersignature", "statement": text}], facts["origin"])
        sent = api.post(path(disclosure), {"subject": hanako.subject, **body(signed(text))})
        assert (sent.status_code, sent.json()["type"].rpartition(":")[2]) == (422, "statement-differs")
    assert hanako.countersignatures.count() == 1


@pytest.mark.parametrize("at", ["[]", '"2026-13-45T00:00:00Z"', '"x"', "{}"])
def test_verification_finds_a_changed_statement_whatever_it_says(disclosure, key, at):
    row = Countersignature.objects.with_key().get(pk=countersigned(disclosure).pk)
    row.statement = written({**json.loads(row.statement), "signed_at": json.loads(at)})
    row.signature = base64.b64decode(signed(row.statement).signature)
    assert fault_of(row, None, {(row.person_id, row.disclosure_id)})


@pytest.mark.once
@pytest.mark.parametrize("row", [
    {"type": "disclosure", "evidence": "x"}, {"type": "disclosure", "evidence": None, "id": 7}, {"type": "recall"},
    {"type": "recall", "targets": "x"}, {"type": "recall", "targets": [1, {"case": []}]}, {"type": "decision"}, {},
])  # fmt: skip
def test_row_of_another_shape_says_nothing_to_be_compared(row):
    assert all(isinstance(id, str) for _kind, id in facts_of_row(row))


def test_row_about_both_a_disclosure_and_a_recall_is_refused(disclosure, key):
    row = Countersignature.objects.with_key().get(pk=countersigned(disclosure).pk)
    event = countersignature_columns(row, {})
    origin = read_statement(row.statement)["origin"]
    assert check_countersignature(event, origin).said == "received"
    for change in ({"case": str(row.id)}, {"said": "deleted"}, {"recipient": "x"}, {"key": "AAAA"}, {"key": None},
                   {"signature": "?"}, {"statement": "{}"}, {"disclosure": str(row.id)}):  # fmt: skip
        with pytest.raises(StatementError):
            check_countersignature({**event, **change}, origin)
    with pytest.raises(StatementError):
        check_countersignature(event, "another.example/log/1")
    assert check_countersignature(event, f"{origin.rpartition('/')[0]}/2")


# --- Keys ------------------------------------------------------------------------------------------------------------


def test_editor_registers_a_key_and_officer_retires_it(as_editor, as_officer, editor):
    made = as_editor.post("/en/admin/keys/", {"recipient": "minato-inn", "public_key": pem()}, follow=True)
    key = RecipientKey.objects.get()
    assert fingerprint() in read(made).one("main").text and pem().splitlines()[1] in made.content.decode()
    assert (key.registered_by, key.recipient.code) == (editor, "minato-inn")
    retired = as_officer.post(f"/en/admin/keys/{key.pk}/", {"reason": "The inn changed its system."}, follow=True)
    assert "The inn changed its system." in read(retired).one("main").text
    assert as_officer.post(f"/en/admin/keys/{key.pk}/", {"reason": "again"}).status_code == 409
    assert "retired on" in read(as_editor.get("/en/admin/keys/")).one("main").text


@pytest.mark.parametrize(
    "sent",
    [{}, {"recipient": "nobody", "public_key": pem()}, {"recipient": "minato-inn", "public_key": "ssh-ed25519 AAAA"}],
)
def test_key_that_cannot_be_registered_is_said(as_editor, sent):
    assert as_editor.post("/en/admin/keys/", sent).status_code == 422
    assert not RecipientKey.objects.exists()


def test_private_key_is_refused_and_not_shown_again(as_editor):
    private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcH\n-----END PRIVATE KEY-----"
    answer = as_editor.post("/en/admin/keys/", {"recipient": "minato-inn", "public_key": private})
    assert answer.status_code == 422 and "MC4CAQAw" not in answer.content.decode()
    assert "should make another pair" in answer.content.decode()


def test_same_key_twice_and_no_reason_are_said(as_editor, key):
    assert as_editor.post("/en/admin/keys/", {"recipient": "komorebi-toge", "public_key": pem()}).status_code == 422
    assert as_editor.post(f"/en/admin/keys/{key.pk}/", {"reason": " "}).status_code == 422
    assert RecipientKey.objects.count() == 1 and not RecipientKeyRetirement.objects.exists()


def test_who_may_neither_edit_nor_watch_sees_no_keys(as_hanako, publisher, key):
    as_publisher = client_of(publisher)
    for who, status in ((Client(), 302), (as_hanako, 302), (as_publisher, 403)):
        assert who.get("/en/admin/keys/").status_code == status
        assert who.post(f"/en/admin/keys/{key.pk}/", {"reason": "x"}).status_code == status
    assert as_publisher.get("/en/admin/keys/999/").status_code == 403
    assert not RecipientKeyRetirement.objects.exists()


def test_keys_are_published_with_their_history(client, key, editor, django_assert_num_queries):
    retire_key(key=key, reason="for the desk alone", by=editor)
    registered(editor, OTHER_KEY, recipient="komorebi-toge")
    with django_assert_num_queries(1):
        answer = client.get("/.well-known/recipient-keys.json")
    assert answer["Content-Type"] == "application/jwk-set+json" and "desk alone" not in answer.content.decode()
    first, second = answer.json()["keys"]
    assert (first["kid"], first["recipient"], bool(first["retired_at"])) == (fingerprint(), "minato-inn", True)
    assert (second["kty"], second["crv"], second["retired_at"]) == ("OKP", "Ed25519", None)
