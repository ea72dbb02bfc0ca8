"""Receipts: signed, the same bytes each time, and checked without us."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from joserfc import jws
from joserfc.jwk import OKPKey

from consents.asking.decision_actions import undo_answer, withdraw_decision
from consents.asking.request_actions import Asked, file_request
from consents.receipts import views as receipt_views
from consents.receipts.signing import SignatureVerdict, verified
from disclosures.models import Recipient
from privacycenter.log.opening import check_opening
from privacycenter.log.record import trust_in
from privacycenter.text.languages import speaking
from tests.support.api import QUESTION
from tests.support.asking import answer, ask, question
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.html import read
from tests.support.log import seal_and_sign
from tests.support.oracle import Practice
from tests.support.staging import put_into_practice

pytestmark = pytest.mark.django_db

FILES = ("receipt/", "receipt.json", "receipt.jsonld", "receipt.jws", "receipt.pdf")


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


# ISO/IEC TS 27560:2023: what a record has to hold, by section.
HEADER = {"schema_version", "record_id", "pii_principal_id"}
PROCESSING = {"privacy_notice", "language", "purposes"}
PURPOSE = {
    "purpose", "purpose_type", "lawful_basis", "pii_information", "pii_controllers", "collection_method",
    "processing_method", "storage_locations", "retention_period", "jurisdictions", "recipient_third_parties",
    "withdrawal_method", "services",
}  # fmt: skip
INFORMATION = {"pii_type", "pii_attribute_id", "pii_optional", "sensitive_pii_category", "special_pii_category"}
PARTY = {"party_id", "party_name", "party_role", "party_type", "party_address", "party_contact"}
EVENT = {"event_time", "validity_duration", "entity_id", "event_type", "event_state"}


@pytest.fixture
def stated(hanako, reporter):
    """An answer to a request in which of one item it is stated how long it is kept, and of the other it is not."""
    items = [
        Asked("name", {"ja": "集計のため"}, {"ja": "なくても利用できます"}, retention_days=45),
        Asked("usage", {"ja": "集計のため"}, {"ja": "なくても利用できます"}),
    ]
    request, _created = file_request(**{**question(), "items": items}, by=reporter)
    return answer(hanako, request, "name")


def test_receipt_has_every_field_that_the_standard_demands_and_none_is_empty(as_hanako, stated):
    receipt = payload(as_hanako.get(path_of(stated)).content.decode().strip())
    processing = receipt["pii_processing"]
    parts = [
        (receipt, HEADER), (processing, PROCESSING), *((one, PURPOSE) for one in processing["purposes"]),
        *((one, INFORMATION) for purpose in processing["purposes"] for one in purpose["pii_information"]),
        *((one, PARTY) for one in receipt["party_identification"]), *((one, EVENT) for one in receipt["events"]),
    ]  # fmt: skip
    for part, names in parts:
        assert names <= part.keys()
        assert [name for name in names if part[name] in ("", None, [], [""])] == []


def empty_in(value) -> list[str]:
    """The names of all members that hold an empty text."""
    if isinstance(value, dict):
        return [name for name, inside in value.items() if inside == "" or empty_in(inside)]
    return [name for inside in value for name in empty_in(inside)] if isinstance(value, list) else []


@pytest.mark.parametrize("facts", [{}, {"measures": "", "business": "", "contact": "", "address": "", "i18n": {}}])
def test_no_text_in_a_receipt_is_empty(as_hanako, hanako, reporter, facts):
    Recipient.objects.filter(code="northwind-analytics").update(**facts)
    publish_as_it_is()
    decision = answer(hanako, ask(hanako, reporter), "name")
    receipt = payload(as_hanako.get(path_of(decision)).content.decode().strip())
    assert empty_in(receipt) == []
    recipient = receipt["party_identification"][1]
    assert (recipient["measures"] == "not stated") is bool(facts)
    assert recipient["representative"] == recipient["basis_abroad"] == "not stated"


def test_recipient_in_japan_has_nothing_that_is_said_of_those_abroad(as_hanako, hanako, reporter):
    decision = answer(hanako, ask(hanako, reporter, recipient="minato-inn"), "name")
    recipient = payload(as_hanako.get(path_of(decision)).content.decode().strip())["party_identification"][1]
    assert not {"measures", "country_system", "basis_abroad"} & recipient.keys()
    assert "representative" in recipient


def test_basis_abroad_is_that_of_the_text_with_the_day_of_the_check(as_hanako, hanako, reporter):
    Recipient.objects.filter(code="northwind-analytics").update(
        basis_abroad="equivalent_system", basis_checked_on="2026-04-01", representative="代表 風見 北"
    )
    publish_as_it_is()
    decision = answer(hanako, ask(hanako, reporter), "name")
    recipient = payload(as_hanako.get(path_of(decision)).content.decode().strip())["party_identification"][1]
    found = [recipient[name] for name in ("basis_abroad", "basis_checked_on", "representative")]
    assert found == ["equivalent_system", "2026-04-01", "代表 風見 北"]


def test_types_are_terms_and_the_business_has_a_field_of_its_own(as_hanako, stated):
    receipt = payload(as_hanako.get(path_of(stated)).content.decode().strip())
    parties = receipt["party_identification"]
    assert [one["party_type"] for one in parties] == ["organisation"] * 2
    assert parties[1]["party_business"].startswith("市場調査")


def test_notice_leads_to_the_words_that_were_read(as_hanako, stated, settings):
    processing = payload(as_hanako.get(path_of(stated)).content.decode().strip())["pii_processing"]
    address, _sharp, anchor = processing["privacy_notice"].removeprefix(settings.SITE_ADDRESS).partition("#")
    shown = read(as_hanako.get(address)).one(id=anchor).text
    assert all(one["purpose"] in shown for one in processing["purposes"])
    assert processing["publication"].endswith(f"/changes/{stated.publication}/")


def test_notice_is_in_the_language_in_which_it_was_read(as_hanako, hanako, open_request):
    with speaking("en"):
        decision = answer(hanako, open_request, "name")
    processing = payload(as_hanako.get(path_of(decision)).content.decode().strip())["pii_processing"]
    assert "/en/my/decisions/" in processing["privacy_notice"]


def kinds_of(client, decision):
    """The event's type and state, and the status of each item, in the receipt and as linked data."""
    receipt = payload(client.get(path_of(decision)).content.decode().strip())
    event = receipt["events"][0]
    items = {
        one["pii_information"][0]["pii_attribute_id"]: one["consent_status"]
        for one in receipt["pii_processing"]["purposes"]
    }
    document = json.loads(client.get(path_of(decision, "receipt.jsonld")).content)
    statuses = [one["dpv:hasConsentStatus"]["@id"] for one in document["dpv:hasRecordOfActivity"]["dpv:hasProcess"]]
    return event["event_type"], event["event_state"], items, dict(zip(items, statuses, strict=True))


def test_receipt_calls_each_act_what_it_was(as_hanako, hanako, reporter, decision):
    given, refused = "consent given", "consent refused"
    linked = {given: "dpv:ConsentGiven", refused: "dpv:ConsentRefused"}
    items = {"name": given, "usage": given, "survey-answers": refused}
    said = kinds_of(as_hanako, decision)
    assert said == ("explicit consent", "consent given in part", items, {k: linked[v] for k, v in items.items()})
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    kind, _state, items, statuses = kinds_of(as_hanako, withdrawal)
    assert (kind, items["name"], items["survey-answers"]) == ("explicit withdrawal", "consent withdrawn", refused)
    assert (statuses["name"], statuses["survey-answers"]) == ("dpv:ConsentWithdrawn", "dpv:ConsentRefused")


def test_receipt_of_a_refusal_and_of_its_undoing(as_hanako, hanako, open_request):
    refusal = answer(hanako, open_request)
    assert kinds_of(as_hanako, refusal)[:2] == ("explicit refusal", "consent refused")
    undoing = undo_answer(decision_id=refusal.id, language="ja", by=hanako)
    kind, state, items, statuses = kinds_of(as_hanako, undoing)
    assert (kind, state) == ("undoing of an answer", "answer undone")
    assert (set(items.values()), set(statuses.values())) == ({"answer undone"}, {"dpv:ConsentRequested"})
    main = read(as_hanako.get("/en" + path_of(undoing, "receipt/"))).one("main")
    assert main.one("h1").text == "Receipt of an undoing" and "Not allowed" not in main.text


def test_page_of_a_withdrawal_says_withdrawn_of_each_item(as_hanako, withdrawal):
    main = read(as_hanako.get("/en" + path_of(withdrawal, "receipt/"))).one("main")
    assert main.one("h1").text == "Receipt of a withdrawal"
    assert main.all("dl", cls="facts")[1].all("dd")[0].text.startswith("Withdrawn")


@pytest.mark.parametrize(("allowed", "said"), [(("name",), "See what holds now"), ((), "See what became of it")])
def test_link_to_what_holds_is_there_only_if_something_does(as_hanako, hanako, reporter, allowed, said):
    first = answer(hanako, ask(hanako, reporter, items=("name", "usage")), "name", "usage")
    again = ("usage",) if allowed else ("name", "usage")
    answer(hanako, ask(hanako, reporter, items=again))
    note = read(as_hanako.get("/en" + path_of(first, "receipt/"))).one("main").one(cls="message")
    assert note.one("a").text.startswith(said)


def test_retention_is_of_the_data_and_validity_of_the_answer(as_hanako, stated):
    receipt = payload(as_hanako.get(path_of(stated)).content.decode().strip())
    kept = {
        one["pii_information"][0]["pii_attribute_id"]: one["retention_period"]
        for one in receipt["pii_processing"]["purposes"]
    }
    assert kept == {"name": "P45D", "usage": "not stated"}
    assert receipt["events"][0]["validity_duration"] == "P90D"


def test_party_ids_are_of_this_site_alone(as_hanako, stated, settings):
    settings.SITE_ADDRESS = "https://privacy.example"
    receipt = payload(as_hanako.get(path_of(stated)).content.decode().strip())
    operator, recipient = receipt["party_identification"]
    assert operator["party_id"] == "https://privacy.example/contact/"
    assert recipient["party_id"] == "https://privacy.example/recipients/northwind-analytics/"
    for purpose in receipt["pii_processing"]["purposes"]:
        assert purpose["pii_controllers"] == [operator["party_id"]]
        assert purpose["recipient_third_parties"] == [recipient["party_id"]]


def test_refusal_and_withdrawal_are_valid_for_no_time(as_hanako, withdrawal):
    receipt = payload(as_hanako.get(path_of(withdrawal)).content.decode().strip())
    assert receipt["events"][0]["validity_duration"] == "P0D"


def test_linked_data_says_what_the_receipt_says_and_nothing_that_is_not_stated(as_hanako, stated, hanako):
    response = as_hanako.get(path_of(stated, "receipt.jsonld"))
    assert response["Content-Type"] == "application/ld+json"
    document = json.loads(response.content)
    assert "not stated" not in response.content.decode()
    prefixes = {name.partition(":")[0] for name in names_in(document) if not name.startswith("@")}
    assert prefixes == set(document["@context"]) - {"xsd"}
    record = document["dpv:hasRecordOfActivity"]
    assert record["@id"] == f"urn:uuid:{stated.id}"
    assert record["dpv:hasDataSubject"]["dpv:hasIdentifier"] == hanako.subject
    name, usage = record["dpv:hasProcess"]
    assert name["dpv:hasStorageCondition"]["dpv:hasDuration"]["@value"] == "P45D"
    assert "dpv:hasStorageCondition" not in usage
    assert [one["dpv:hasConsentStatus"]["@id"] for one in (name, usage)] == ["dpv:ConsentGiven", "dpv:ConsentRefused"]
    assert verified(document["dct:source"]).verdict is SignatureVerdict.VALID


def names_in(value):
    if isinstance(value, dict):
        for name, inside in value.items():
            if name != "@context":
                yield name
                yield from names_in(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from names_in(inside)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_person_reads_before_answering_how_long_it_is_kept(as_hanako, hanako, reporter, stated, prefix):
    said = {"": ("45日間保存します", "示されていません"), "/en": ("keeps it for 45 days", "is not stated")}
    for path in (f"/my/decisions/{stated.id}/", path_of(stated, "receipt/"), f"/my/requests/{stated.request_id}/"):
        text = read(as_hanako.get(prefix + path)).one("main").text
        assert all(words in text for words in said[prefix])


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
    assert receipt["pii_processing"]["purposes"][0]["withdrawal_method"].startswith("https://privacy.example/my/")


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


ENDINGS = {
    "replaced": ("Nothing in it holds now.", "いま有効な内容はありません。"),
    "withdrawn": ("Nothing in it holds now.", "いま有効な内容はありません。"),
    "undone": ("Nothing in it holds now.", "いま有効な内容はありません。"),
    "expired": ("Nothing in it holds now.", "いま有効な内容はありません。"),
    "suspended": ("Nothing in it holds now.", "いま有効な内容はありません。"),
    "partly_allowed": ("Not everything in it holds now.", "いまは、内容の全部が有効とは限りません。"),
}


@pytest.fixture
def printed(monkeypatch):
    """What PDFs are made of."""
    given = []
    monkeypatch.setattr(receipt_views, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    return given


def end(how, decision, reporter):
    person = decision.person
    match how:
        case "replaced":
            answer(person, ask(person, reporter, items=("name", "usage")), "name", "usage")
        case "withdrawn":
            withdraw_decision(decision_id=decision.id, language="ja", by=person)
        case "undone":
            undo_answer(decision_id=decision.id, language="ja", by=person)
        case "suspended":
            put_into_practice(Practice(hold=(decision.decided_at, None)))
        case "partly_allowed":
            answer(person, ask(person, reporter, items=("name",)))


@pytest.mark.parametrize("how", ENDINGS)
def test_page_and_pdf_say_the_same_of_what_became_of_the_answer(as_hanako, hanako, reporter, printed, how):
    decision = answer(hanako, ask(hanako, reporter, items=("name", "usage")), "name", "usage")
    end(how, decision, reporter)
    later = decision.decided_at + timedelta(days=91 if how == "expired" else 0, minutes=1)
    with clock_at(later):
        as_hanako.force_login(decision.person)
        for prefix, said in zip(("/en", ""), ENDINGS[how], strict=True):
            note = read(as_hanako.get(prefix + path_of(decision, "receipt/"))).one("main").one(cls="message")
            as_hanako.get(prefix + path_of(decision, "receipt.pdf"))
            assert said in note.text and printed[-1]["note"].startswith(said)
            assert note.one("strong").text == printed[-1]["note_title"]
            assert printed[-1]["note"].endswith(note.one(cls="status").text.strip())
    assert printed[0]["note_title"] == "This receipt says what was decided then"


def test_pdf_with_a_note_is_made(as_hanako, decision, withdrawal):
    assert as_hanako.get(path_of(decision, "receipt.pdf")).content.startswith(b"%PDF")


def test_receipt_of_what_holds_has_no_note(as_hanako, decision, printed):
    as_hanako.get(path_of(decision, "receipt.pdf"))
    assert (printed[0]["note"], printed[0]["note_title"]) == ("", "")
    assert read(as_hanako.get(path_of(decision, "receipt/"))).one("main").all(cls="message") == []


def test_undoing_never_says_that_nothing_of_it_holds(as_hanako, decision, printed):
    undoing = undo_answer(decision_id=decision.id, language="ja", by=decision.person)
    as_hanako.get("/en" + path_of(undoing, "receipt.pdf"))
    assert "Nothing in it" not in printed[0]["note"]


def test_page_offers_every_form(as_hanako, decision):
    links = [link["href"] for link in read(as_hanako.get(path_of(decision, "receipt/"))).one("main").all("a")]
    assert {path_of(decision, file) for file in FILES[1:]} <= set(links)


@pytest.mark.parametrize("file", FILES)
def test_receipt_of_another_person_is_not_found(as_taro, decision, file):
    assert as_taro.get(path_of(decision, file)).status_code == 404


# --- The entry in the log ---------------------------------------------------------------------------------------------


def test_receipt_names_its_entry_once_it_is_sealed(as_hanako, decision):
    before = as_hanako.get(path_of(decision)).content
    assert "公開の台帳の番号" not in as_hanako.get(path_of(decision, "receipt/")).content.decode()
    assert "proof" not in as_hanako.get(path_of(decision, "receipt.json")).json()
    seal_and_sign()
    file = as_hanako.get(path_of(decision, "receipt.json"))
    proof = file.json()["proof"]
    event = check_opening(proof, trust_in(proof)).event
    assert (event["type"], event["id"], event["allowed"]) == ("decision", str(decision.id), decision.allowed_set.codes)
    assert verified(file.content.decode()).verdict is SignatureVerdict.VALID
    assert as_hanako.get(path_of(decision)).content == before, "what is signed stays the same"
    named = f"{proof['log_key'].partition('+')[0]} の {proof['index']}番"
    page = as_hanako.get(path_of(decision, "receipt/")).content.decode()
    assert named in page and "verify_record.pyz" in page


def test_pdf_names_the_entry(as_hanako, decision, monkeypatch):
    seal_and_sign()
    printed = []
    monkeypatch.setattr(receipt_views, "render_pdf", lambda name, content, **more: printed.append(content) or b"")
    as_hanako.get(path_of(decision, "receipt.pdf"))
    assert [value for label, value in printed[0]["numbers"] if label == "公開の台帳の番号"]


def test_file_says_nothing_of_the_rest_of_the_record(hanako, as_hanako, decision):
    seal_and_sign()
    proof = as_hanako.get(path_of(decision, "receipt.json")).json()["proof"]
    assert "number" not in proof["event"] and "key" not in proof and "statement" not in proof
