"""Models of the published content, the ledger of disclosures, and the desk's work on both."""

from disclosures.models.cases import Case, CaseKind, CaseStep, RecordAccess
from disclosures.models.content import (
    DataItem,
    Definition,
    Link,
    Note,
    Page,
    Question,
    Scenario,
    ScenarioItem,
    Section,
    Service,
    Site,
    Term,
)
from disclosures.models.corrections import Correction
from disclosures.models.coverage import ArrivalCount, DeclaredCount, Heartbeat
from disclosures.models.ground import Ground
from disclosures.models.hidden import HiddenRecipient
from disclosures.models.inquiries import Inquiry, InquiryKind, InquiryStatus, InquiryStep
from disclosures.models.ledger import Conflict, Disclosure, Flag, ItemSet, ReportCount
from disclosures.models.proposals import Proposal, ProposalApproval, ProposalOutcome, Verdict
from disclosures.models.publications import Publication
from disclosures.models.recipients import Country, Recipient
from disclosures.models.rejections import RejectedReport
from disclosures.models.reporters import FormerSecret, Reporter
from disclosures.models.revisions import Revision

__all__ = [
    "ArrivalCount",
    "Case",
    "CaseKind",
    "CaseStep",
    "Conflict",
    "Correction",
    "Country",
    "DataItem",
    "DeclaredCount",
    "Definition",
    "Disclosure",
    "Flag",
    "FormerSecret",
    "Ground",
    "Heartbeat",
    "HiddenRecipient",
    "Inquiry",
    "InquiryKind",
    "InquiryStatus",
    "InquiryStep",
    "ItemSet",
    "Link",
    "Note",
    "Page",
    "Proposal",
    "ProposalApproval",
    "ProposalOutcome",
    "Publication",
    "Question",
    "Recipient",
    "RecordAccess",
    "RejectedReport",
    "ReportCount",
    "Reporter",
    "Revision",
    "Scenario",
    "ScenarioItem",
    "Section",
    "Service",
    "Site",
    "Term",
    "Verdict",
]
