"""The parts of a record, by their names in the files."""

from consents.exports.record.consent_parts import (
    decision_entries,
    question_entries,
    recall_entries,
    request_entries,
    rule_entries,
    withdrawal_step_entries,
)
from consents.exports.record.countersignature_part import countersignature_entries
from consents.exports.record.disclosure_part import correction_entries, disclosure_entries
from consents.exports.record.other_parts import (
    access_entries,
    account_change_entries,
    finding_entries,
    hidden_recipient_entries,
    incident_entries,
    inquiry_entries,
    mailing_entries,
    notice_entries,
    preference_entries,
)
from consents.exports.record.record import Record
from consents.exports.record.representation_parts import act_entries, representation_entries

# Name in the files → the part. Filters apply to disclosures and corrections; the others are in whole records only.
PARTS = {
    "disclosures": disclosure_entries,
    "corrections": correction_entries,
    "requests": request_entries,
    "decisions": decision_entries,
    "rules": rule_entries,
    "withdrawal_steps": withdrawal_step_entries,
    "recalls": recall_entries,
    "countersignatures": countersignature_entries,
    "questions": question_entries,
    "incidents": incident_entries,
    "findings": finding_entries,
    "representations": representation_entries,
    "acts": act_entries,
    "inquiries": inquiry_entries,
    "accesses": access_entries,
    "account_changes": account_change_entries,
    "notices": notice_entries,
    "mailings": mailing_entries,
    "preferences": preference_entries,
    "hidden_recipients": hidden_recipient_entries,
}
PARTS_OF_A_NARROWED_RECORD = ("disclosures", "corrections")


def parts(record: Record) -> list[str]:
    """Return the names of the parts in this record, in order."""
    return list(PARTS) if record.is_whole else list(PARTS_OF_A_NARROWED_RECORD)
