"""Receipts: signed, the same bytes each time, and checked without us."""

import json

import pytest
from django.core.management import CommandError, call_command
from joserfc import jws
from joserfc.jwk import OKPKey

from consents.receipts.signing import SignatureVerdict, verified
from disclosures.models import Recipient
from tests.support.api import QUESTION
from tests.support.html import read

pytestmark = pytest.mark.django_db

FILES = ("receipt/", "receipt.json", "receipt.jws", "receipt.pdf")


def path_of(decision, file="receipt.jws"):
    return f"/my/decisions/{decision.id}/{file}"


@pytest.fixture
def token(as_hanako, decision):
    return as_hanako.get(path_of(decision)).content.decode().strip()


def payload(token):
    return json.loads(jws.extract_compact(token.encode()).payload)


def new_keys(settings, until=None):
    """Another key signs from now on; the one of before is retired."""
    from consents.receipts.signing import current_key

    old = {**current_key().as_dict(private=False), **({"exp": until} if until is not None else {})}
    settings.RECEIPT_RETIRED_KEYS = json.dumps([old])
    settings.RECEIPT_SIGNING_KEY = "A" * 43


def test_receipt_says_what_was_decided_in_the_words_that_were_seen(token, decision, hanako):
    receipt = payload(token)
    event, purposes = receipt["events"][0], receipt["pii_processing"]["purposes"]
    assert (receipt["record_id"], receipt["pii_principal_id"]) == (str(decision.id), hanako.subject)
    assert (event["event_state"], event["allowed"]) == ("consent given in part", ["name", "usage"])
    assert {one["purpose"] for one in purposes} == {f"{code}を使う理由" for code in QUESTION["items"]}
    assert receipt["party_identification"][0]["party_name"] == "リクルート"
    assert receipt["party_identification"][1]["party_country"] == "US"


def test_receipt_is_the_same_bytes_also_when_the_content_changed(as_hanako, token, decision):
    Recipient.objects.filter(code="northwind-analytics").update(title="別の名前")
    assert as_hanako.get(path_of(decision)).content.decode().strip() == token
    for file in FILES[1:]:
        assert as_hanako.get(path_of(decision, file)).content == as_hanako.get(path_of(decision, file)).content


def test_receipt_is_the_same_under_each_name_of_the_site(as_hanako, token, decision, settings):
    settings.SITE_ADDRESS = "https://privacy.example"
    first, second = (
        as_hanako.get(path_of(decision), headers={"host": host}).content for host in ("testserver", "localhost")
    )
    receipt = payload(first.decode().strip())
    assert first == second and receipt["iss"] == "https://privacy.example"
    assert receipt["pii_processing"]["withdrawal_method"].startswith("https://privacy.example/my/")


def test_receipt_of_a_withdrawal_names_what_it_ended(as_hanako, decision, withdrawal):
    receipt = payload(as_hanako.get(path_of(withdrawal)).content.decode().strip())
    assert receipt["events"][0]["event_state"] == "consent withdrawn"
    assert receipt["events"][0]["ends_record_id"] == str(decision.id)


def test_receipt_is_checked_with_the_published_keys_alone(client, token):
    (key,) = client.get("/.well-known/jwks.json").json()["keys"]
    assert "d" not in key
    found = jws.deserialize_compact(token, OKPKey.import_key(key), algorithms=["Ed25519"])
    assert found.headers()["kid"] == key["kid"]


def test_readable_receipt_is_valid_and_a_changed_one_is_not(as_hanako, decision):
    content = as_hanako.get(path_of(decision, "receipt.json")).content.decode()
    assert verified(content).verdict is SignatureVerdict.VALID
    assert verified(json.dumps(json.loads(content))).verdict is SignatureVerdict.VALID
    assert verified(content.replace("usage", "phone")).verdict is SignatureVerdict.CHANGED


def test_receipt_of_a_retired_key_stays_valid(settings, client, token):
    new_keys(settings)
    assert verified(token).verdict is SignatureVerdict.VALID
    assert len(client.get("/.well-known/jwks.json").json()["keys"]) == 2


def test_receipt_dated_after_its_key_was_retired_is_not_valid(settings, token):
    new_keys(settings, until=1)
    assert verified(token).verdict is SignatureVerdict.KEY_RETIRED


def test_receipt_of_an_unknown_key_is_not_ours(settings, token):
    settings.RECEIPT_SIGNING_KEY = "A" * 43
    assert verified(token).verdict is SignatureVerdict.NOT_OURS


@pytest.mark.parametrize("content", ["", "x", "{}", "[]", "a.b.c", '{"receipt": 1, "signature": 2}', "{" * 5000])
def test_what_is_no_receipt_is_unreadable(content):
    assert verified(content).verdict is SignatureVerdict.UNREADABLE


def test_command_says_valid_or_why_not(tmp_path, capsys, token):
    file = tmp_path / "receipt.jws"
    file.write_text(token)
    call_command("verify_receipt", file)
    assert "Valid" in capsys.readouterr().out
    head, body, signature = token.split(".")
    file.write_text(f"{head}.{body[:-4]}AAAA.{signature}")
    with pytest.raises(CommandError, match="changed") as refused:
        call_command("verify_receipt", file)
    assert refused.value.returncode == 1


def test_command_says_that_a_file_is_missing(tmp_path):
    with pytest.raises(CommandError, match="cannot be read") as refused:
        call_command("verify_receipt", tmp_path / "none")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pdf_is_tagged_and_a_file(as_hanako, decision, prefix):
    response = as_hanako.get(prefix + path_of(decision, "receipt.pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert f"receipt-{decision.id}.pdf" in response["Content-Disposition"]
    assert b"/StructTreeRoot" in response.content


def test_page_offers_every_form(as_hanako, decision):
    links = [link["href"] for link in read(as_hanako.get(path_of(decision, "receipt/"))).one("main").all("a")]
    assert {path_of(decision, file) for file in FILES[1:]} <= set(links)


@pytest.mark.parametrize("file", FILES)
def test_receipt_of_another_person_is_not_found(as_taro, decision, file):
    assert as_taro.get(path_of(decision, file)).status_code == 404
