"""A person takes a flagged disclosure to an authority: a pack with facts, texts, receipts and proofs."""

import io
import json
import re
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from consents.models import RecallKind
from consents.recalls.about import About, AboutKind
from consents.recalls.actions import file_recall
from disclosures.models import Authority, AuthorityPack, Case
from disclosures.officers.actions import take_case_step
from privacycenter.log.__main__ import opening_lines
from privacycenter.log.opening import check_opening
from privacycenter.log.record import trust_in
from privacycenter.rate_limits.limits import RateLimit
from tests.support.commands import verify
from tests.support.countersigning import countersigned, registered
from tests.support.database import statements
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.exports import confirmed
from tests.support.html import read
from tests.support.incidents import keep_back
from tests.support.log import seal_and_sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def flagged(hanako, taro, reporter, decision):
    """Items that hanako had not allowed went to a firm abroad; taro's went there too."""
    items = ("name", "survey-answers")
    record(
        reporter,
        a_survey_event("flagged-1", items=items, occurred_at=decision.decided_at),
        a_survey_event("taros-own", items=items, occurred_at=decision.decided_at, subject=taro.subject),
    )
    return hanako.disclosures.get(event_id="flagged-1")


@pytest.fixture
def home(hanako):
    return confirmed(hanako)


def path(disclosure, prefix="") -> str:
    return f"{prefix}/my/disclosures/{disclosure.id}/authority/"


def made(client, disclosure, prefix="", authority="ppc") -> dict[str, bytes]:
    answer = client.post(path(disclosure, prefix), {"authority": authority})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    assert re.search(r'attachment; filename="authority-pack-\d{4}-\d\d-\d\d\.zip"', answer["Content-Disposition"])
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {name: archive.read(name) for name in archive.namelist()}


# --- What is in it ---------------------------------------------------------------------------------------------------


def test_pack_has_facts_text_of_the_day_receipts_and_proofs(home, hanako, flagged, decision, editor, reporter):
    registered(editor, recipient="northwind-analytics")
    countersigned(flagged)
    record(reporter, a_correction(flagged, facts={"recipient": "komorebi-toge"}))
    file_recall(kind=RecallKind.DELETE, about=About(AboutKind.RECIPIENT, "komorebi-toge"), by=hanako)
    seal_and_sign()
    files = made(home, flagged)
    assert files["facts.pdf"].startswith(b"%PDF-") and "アンケート" in files["published-text.html"].decode()
    facts = json.loads(files["facts.json"])
    assert facts["authority"]["code"] == "ppc" and facts["disclosures"][0]["id"] == str(flagged.id)
    assert facts["disclosures"][0]["flags"] and len(facts["corrections"]) == 1
    assert facts["countersignatures"][0]["recipient"] == "northwind-analytics"
    assert [case["recipient"] for one in facts["recalls"] for case in one["cases"]] == ["komorebi-toge"]
    assert {name.partition("-")[0] for name in files if name.startswith("proofs/")} == {
        "proofs/disclosure", "proofs/correction", "proofs/countersignature",
    }  # fmt: skip
    assert f"receipts/receipt-{decision.id}.jws" in files and f"receipts/receipt-{decision.id}.json" in files
    assert f"proofs/disclosure-{flagged.id}.tlog-proof" in files
    (signed,) = [name for name in files if name.startswith("proofs/countersignature")]
    proof = json.loads(files[signed])
    lines = opening_lines(check_opening(proof, trust_in(proof)))
    assert any(line.startswith("Signed by the key of the recipient northwind-analytics") for line in lines)
    for name in files:
        assert name in files["README.txt"].decode() or name == "README.txt"


def test_each_proof_in_it_holds_alone(home, flagged, decision):
    seal_and_sign()
    files = made(home, flagged)
    proof = json.loads(files[f"proofs/disclosure-{flagged.id}.json"])
    assert check_opening(proof, trust_in(proof)).event["event_id"] == "flagged-1"
    receipt = json.loads(files[f"receipts/receipt-{decision.id}.json"])
    assert check_opening(receipt["proof"], trust_in(receipt["proof"])).event["id"] == str(decision.id)
    assert json.loads(files["facts.json"])["proofs"] == [proof]


def test_nothing_of_anybody_else_and_no_key_is_in_it(home, hanako, taro, flagged):
    seal_and_sign()
    key = hanako.log_keys.get().key
    everything = b"\n".join(made(home, flagged).values())
    assert taro.subject.encode() not in everything and b"taros-own" not in everything
    assert bytes(key) not in everything and bytes(key).hex().encode() not in everything


def test_what_the_officer_found_is_told(home, flagged, officer):
    case = flagged_case(flagged)
    take_case_step(
        case=case,
        is_closing=True,
        reason="checked",
        words={"ja": "同意の取得前に送られていました。", "en": "Sent too early."},
        by=officer,
    )
    facts = json.loads(made(home, flagged)["facts.json"])
    assert facts["findings"][0]["words"]["en"] == "Sent too early."


def flagged_case(disclosure):
    return Case.objects.get(events__whose=disclosure.person_id, events__disclosure_id=disclosure.id)


def test_pack_is_in_the_language_of_the_page(home, flagged):
    assert "個人情報保護委員会" in made(home, flagged)["README.txt"].decode()
    english = made(home, flagged, "/en")
    assert "Personal Information Protection Commission" in english["README.txt"].decode()
    assert 'lang="en"' in english["published-text.html"].decode()


def test_readme_says_where_the_program_is_and_what_each_file_is(home, flagged, decision, settings):
    seal_and_sign()
    lines = made(home, flagged, "/en")["README.txt"].decode().splitlines()
    assert [line for line in lines if f"{settings.SITE_ADDRESS}/log/verify_record.pyz" in line and ".json" in line]
    assert f"  receipts/receipt-{decision.id}.json: the receipt of an answer." in lines
    assert f"  proofs/disclosure-{flagged.id}.json: the proof of an entry in the log." in lines


def test_pack_before_anything_is_sealed_has_no_proofs(home, flagged):
    files = made(home, flagged)
    assert not [name for name in files if name.startswith("proofs/")]
    assert json.loads(files["facts.json"])["proofs"] == []


# --- That it was made ------------------------------------------------------------------------------------------------


def test_record_says_that_it_was_made_and_for_whom(home, hanako, flagged, as_hanako):
    made(home, flagged, authority="ico")
    row = hanako.authority_packs.get()
    assert (row.authority.code, row.disclosure_id, row.language) == ("ico", flagged.id, "ja")
    shown = read(as_hanako.get(f"/en/my/disclosures/{flagged.id}/")).one("main").text
    assert "you made a pack for this authority: Information Commissioner" in shown
    assert "Packs so far" in read(home.get(path(flagged, "/en"))).one("main").text
    assert verify().endswith("as it was written.\n")


# --- Who may, and of what --------------------------------------------------------------------------------------------


def test_page_names_each_authority_with_what_it_is_for(home, flagged):
    page = read(home.get(path(flagged, "/en"))).one("main")
    assert [one["value"] for one in page.all("input", type="radio")] == ["ppc", "eu", "ico"]
    assert not [one for one in page.all("input", type="radio") if "checked" in one.attributes]
    assert "03-6457-9849" in page.text and "for our country" in page.text


def test_retired_authority_is_offered_no_more(home, flagged):
    Authority.objects.filter(code="ico").update(retired_at=timezone.now())
    assert home.post(path(flagged), {"authority": "ico"}).status_code == 422
    assert "ico" not in str(
        [one["value"] for one in read(home.get(path(flagged))).one("main").all("input", type="radio")]
    )


@pytest.mark.parametrize("sent", [{}, {"authority": ""}, {"authority": "nobody"}])
def test_without_an_authority_none_is_made(home, flagged, sent):
    answer = home.post(path(flagged), sent)
    assert answer.status_code == 422 and not AuthorityPack.objects.exists()


def test_disclosure_without_a_warning_and_another_persons_are_not_found(home, hanako, taro, flagged, reporter):
    record(reporter, an_event("fine"))
    for other in (hanako.disclosures.get(event_id="fine"), taro.disclosures.get(event_id="taros-own")):
        assert home.get(path(other)).status_code == 404
        assert home.post(path(other), {"authority": "ppc"}).status_code == 404
    assert not AuthorityPack.objects.exists()


def test_withheld_disclosure_is_not_found(home, hanako, flagged, officer):
    keep_back(hanako, "flagged-1", officer)
    assert home.post(path(flagged), {"authority": "ppc"}).status_code == 404


def test_stranger_is_sent_to_log_in_and_the_password_is_asked_again(flagged, as_hanako):
    assert Client().post(path(flagged), {"authority": "ppc"}).status_code == 302
    assert "reauthenticate" in as_hanako.post(path(flagged), {"authority": "ppc"})["Location"]
    assert not AuthorityPack.objects.exists()


def test_many_packs_in_a_short_time_are_refused(home, flagged, monkeypatch):
    monkeypatch.setattr("consents.authorities.views.MAKING", RateLimit("authority-pack", amount=1, seconds=3600))
    made(home, flagged)
    assert home.post(path(flagged), {"authority": "ppc"}).status_code == 429
    assert AuthorityPack.objects.count() == 1


def test_page_takes_the_same_statements_for_a_long_record(home, hanako, flagged, reporter):
    before = statements(home, path(flagged))
    record(reporter, *(a_survey_event(f"more-{number}") for number in range(30)))
    assert statements(home, path(flagged)) == before <= 25


def test_pack_takes_the_same_statements_for_a_long_record(home, flagged, reporter, django_assert_max_num_queries):
    record(reporter, *(a_survey_event(f"more-{number}") for number in range(30)))
    seal_and_sign()
    with django_assert_max_num_queries(90):
        made(home, flagged)
