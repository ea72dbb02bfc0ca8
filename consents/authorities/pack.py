"""The pack itself, a ZIP file: facts to read, the same for programs, the text of the day, receipts and proofs."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from consents.authorities.facts import Facts, as_json, as_pdf_data, facts_about
from consents.receipts.queries import proof_of, receipt_for
from consents.receipts.signing import readable, signed
from disclosures.models import Authority
from disclosures.record.disclosure_page import DisclosurePage
from privacycenter.models import RowKind, User
from privacycenter.pdf.rendering import render_pdf
from privacycenter.proof.openings import Opened, openings_of
from privacycenter.proof.queries import tlog_proof_of
from privacycenter.proof.sources import Key
from privacycenter.text.languages import page_language

Named = tuple[RowKind, Key]
FACTS_PDF, FACTS_JSON, README = "facts.pdf", "facts.json", "README.txt"


def pack_of(person: User, page: DisclosurePage, authority: Authority, made_at: datetime) -> bytes:
    """Return the ZIP file in the page's language. Nothing of anybody else is in it. Some fifty SQL statements at most,
    however long the record is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(person, page, authority, made_at):
            info = zipfile.ZipInfo(name, timezone.localtime(made_at).timetuple()[:6])
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def files_of(
    person: User, page: DisclosurePage, authority: Authority, made_at: datetime
) -> Iterator[tuple[str, bytes]]:
    facts = facts_about(person, page, authority, made_at)
    receipts = dict(receipt_files(person, facts))
    opened = openings_of(page.disclosure.person, rows_told(facts))
    proofs = {named: one.proof for named, one in opened.items() if one.proof}
    text = dict(text_files(page))
    tlog = tlog_file(page)
    names = [*text, *receipts, *(proof_name(named) for named in proofs), *tlog]
    yield README, readme(facts, names).encode()
    yield FACTS_PDF, render_pdf(
        "exports/record.typ", as_pdf_data(facts, entry_words(opened), sorted(receipts)),
        created_at=made_at.replace(microsecond=0),
    )  # fmt: skip
    yield FACTS_JSON, as_json(facts, list(proofs.values()))
    yield from {**text, **receipts}.items()
    for named, proof in proofs.items():
        yield proof_name(named), as_text(proof)
    yield from tlog.items()


def as_text(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


# --- The text of the day ---------------------------------------------------------------------------------------------


def text_files(page: DisclosurePage) -> Iterator[tuple[str, bytes]]:
    """Yield what was published of the situation on that day, if it was: as a page that needs nothing else."""
    then = page.text_then
    if then and then.scenario:
        context = {"then": then, "language": page_language()}
        yield "published-text.html", render_to_string("authorities/published_text.html", context).encode()


# --- Receipts --------------------------------------------------------------------------------------------------------


def receipt_files(person: User, facts: Facts) -> Iterator[tuple[str, bytes]]:
    """Yield the receipts of the answers that the report named, and that it was judged by: three at most."""
    row = facts.page.disclosure
    for id in dict.fromkeys(filter(None, (row.decision_id, row.named_decision_id, row.basis_id))):
        found = receipt_for(person, id, facts.record.names.document)
        if found:
            page, receipt = found
            yield f"receipts/receipt-{id}.json", as_text(readable(receipt, proof_of(page)))
            yield f"receipts/receipt-{id}.jws", (signed(receipt) + "\n").encode()


# --- Proofs ----------------------------------------------------------------------------------------------------------


def rows_told(facts: Facts) -> list[Named]:
    """Return the sealed rows that the pack tells of."""
    account = facts.page.disclosure.person_id
    own = [(RowKind.DISCLOSURE, (account, facts.page.disclosure.id))]
    corrected = [(RowKind.CORRECTION, (account, one.correction.id)) for one in facts.page.corrections]
    return [*own, *corrected, *((RowKind.COUNTERSIGNATURE, (account, id)) for id in facts.signed_ids)]


def proof_name(named: Named) -> str:
    kind, (_account, id) = named
    return f"proofs/{kind.code}-{id}.json"


def entry_words(opened: dict[Named, Opened]) -> list[str]:
    return [
        _("%(file)s: entry %(place)s of the log %(log)s")
        % {"file": proof_name(named), "place": one.proof["index"], "log": one.proof["log_key"].partition("+")[0]}
        for named, one in opened.items()
        if one.proof
    ]


def tlog_file(page: DisclosurePage) -> dict[str, bytes]:
    """Return the disclosure's inclusion for programs of others (C2SP tlog-proof); empty if it is not sealed."""
    row = page.disclosure
    text = tlog_proof_of(row.person, RowKind.DISCLOSURE, row.id)
    return {f"proofs/disclosure-{row.id}.tlog-proof": text.encode()} if text else {}


# --- What to do with it ----------------------------------------------------------------------------------------------


def readme(facts: Facts, names: list[str]) -> str:
    authority = facts.authority
    contact = [authority.name.text, authority.url, authority.phone, authority.address]
    lines = [
        _("This pack is about one disclosure of your personal data. Show it to the authority, or send it there."),
        "",
        _("The authority:"),
        *(f"  {line}" for line in contact if line),
        *([f"  {how}"] if (how := authority.words("how").text) else []),
        "",
        _("The files:"),
        f"  {FACTS_PDF}: " + _("the facts, to read and to hand on. Begin with it."),
        f"  {FACTS_JSON}: " + _("the same for programs, with the proofs."),
        *(f"  {name}: {file_words(name)}" for name in names),
        "",
        _("A receipt shows what you had answered. A proof shows that the row was in the public log, unchanged."),
        _("Check one with: python verify_record.pyz FILE"),
        _("The program is at %(address)s. It checks the .json files in “proofs” and “receipts”.")
        % {"address": f"{settings.SITE_ADDRESS}/log/verify_record.pyz"},
        _("The pack names you. Give it only to whom you want to read it."),
    ]
    return "\n".join(lines) + "\n"


def file_words(name: str) -> str:
    if name.endswith(".html"):
        return _("what was published of the situation on that day.")
    if name.endswith(".jws"):
        return _("the same receipt, signed, for programs of others.")
    if name.endswith(".tlog-proof"):
        return _("the proof of the disclosure for programs of others.")
    return _("the receipt of an answer.") if name.startswith("receipts/") else _("the proof of an entry in the log.")
