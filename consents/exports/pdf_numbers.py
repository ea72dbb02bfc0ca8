"""Short numbers for what the record holds: the PDF names things by them; its last section has the identifiers."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from consents.exports.pdf_blocks import Section, section, table
from consents.exports.record import Record
from consents.exports.record.keyset import Entry
from disclosures.ledger.shared_records import other_accounts
from privacycenter.text.joining import in_one_line


@dataclass
class Numbers:
    """Identifier → number, each kind counted from 1. ``corrected``: None until the disclosure was counted."""

    requests: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    disclosures: int = 0
    corrected: dict[str, int | None] = field(default_factory=dict)

    def count(self, disclosure: str) -> int:
        """Return the number of the next disclosure of the file."""
        self.disclosures += 1
        if disclosure in self.corrected:
            self.corrected[disclosure] = self.disclosures
        return self.disclosures

    def answer(self, id: str) -> str:
        return numbered(self.answers.get(id), id)

    def request(self, id: str) -> str:
        return numbered(self.requests.get(id), id)

    def rule(self, id: str) -> str:
        return numbered(self.rules.get(id), id)

    def disclosure(self, id: str) -> str:
        return numbered(self.corrected.get(id), id)


def numbered(number: int | None, id: str) -> str:
    """Return the number in words; of what is not in this file, the identifier."""
    return _("No. %(number)s") % {"number": number} if number else id


def counted(entries: Iterable[Entry]) -> dict[str, int]:
    return {entry["id"]: number for number, entry in enumerate(entries, start=1)}


def identifiers(record: Record, numbers: Numbers, answers: list[Entry]) -> Section:
    """Return the last section: the identifiers and fingerprints behind the numbers, for whoever checks them."""
    fingerprints = {entry["id"]: entry["text_sha256"] for entry in answers if entry["text_sha256"]}
    rows = [
        [_("Person"), in_one_line([record.person.subject, *(one.subject for one in other_accounts(record.person))])],
        [
            _("Names taken from"),
            _("Publication %(number)s, SHA-256 %(hash)s")
            % {"number": record.publication, "hash": f"\n{record.publication_sha256}"},
        ],
    ]
    for kind, found in (
        (_("Request"), numbers.requests),
        (_("Answer"), numbers.answers),
        (_("Rule"), numbers.rules),
        (_("Corrected disclosure"), {id: number for id, number in numbers.corrected.items() if number}),
    ):
        for id, number in found.items():
            lines = [id, *((_("Fingerprint of the text (SHA-256)"), fingerprints[id]) if id in fingerprints else ())]
            rows.append([f"{kind} {numbered(number, id)}", "\n".join(lines)])
    return section(
        _("Identifiers"),
        intro=_("You need these only to name one entry exactly, or to check a text."),
        tables=[table([_("What"), _("Identifier")], [1, 3], rows)],
    )
