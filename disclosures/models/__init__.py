"""Models of the published content, the ledger of disclosures, and the desk's work on both."""

from disclosures.models.accounts import AccountChange, AccountStage, AccountStep
from disclosures.models.affected import AffectedList, AffectedPerson
from disclosures.models.approvers import Approver
from disclosures.models.attachments import Attachment
from disclosures.models.authorities import Authority, AuthorityPack
from disclosures.models.cases import (
    Case,
    CaseEvent,
    CaseKind,
    CaseStep,
    CaseStepKind,
    LookScope,
    Lookup,
    RecordAccess,
)
from disclosures.models.content import (
    DataItem,
    Definition,
    Exclusion,
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
from disclosures.models.countersignatures import (
    Countersignature,
    RecipientKey,
    RecipientKeyRetirement,
    Said,
    TakenSignature,
)
from disclosures.models.coverage import ArrivalCount, DeclaredCount, Heartbeat
from disclosures.models.declarations import EvidenceNeeded, ItemList, Route, RouteAbroad, ServiceList
from disclosures.models.erasures import ErasedEvent, Erasure
from disclosures.models.evidence import CitedEvidence, EvidenceKind
from disclosures.models.faults import FaultAcknowledgement, LedgerFault
from disclosures.models.ground import Ground
from disclosures.models.hidden import HiddenRecipient
from disclosures.models.incidents import Incident, IncidentStep, IncidentStepKind, WayTold
from disclosures.models.inquiries import WAITING, Inquiry, InquiryKind, InquiryStatus, InquiryStep
from disclosures.models.inquiry_handling import (
    AnswerTemplate,
    IdentityState,
    IdentityWay,
    InquiryEvent,
    InquiryEventKind,
    InquiryLaw,
    InquiryStanding,
)
from disclosures.models.ledger import Conflict, Disclosure, EventSource, Flag, ItemSet, ReportCount
from disclosures.models.one_time import AnswerWay, OneTimeEvent, OneTimePage, OneTimeStep, StepDelivery
from disclosures.models.practice import PracticeCount, PracticeStart, ReceivedCount
from disclosures.models.proposals import Proposal, ProposalApproval, ProposalOutcome, Verdict
from disclosures.models.publications import Publication
from disclosures.models.recipients import Country, Recipient
from disclosures.models.rejections import RejectedReport
from disclosures.models.reporters import FormerSecret, Reporter, ReporterStep, ReporterStepKind
from disclosures.models.revisions import Revision
from disclosures.models.shared_records import SharedRecord
from disclosures.models.staff_mails import StaffFrequency, StaffMail, StaffMailChoice
from disclosures.models.synonyms import SearchTask, Synonyms
from disclosures.models.withholding import WithholdingGround, WithholdingKind, WithholdingStep

__all__ = [
    "WAITING",
    "AccountChange",
    "AccountStage",
    "AccountStep",
    "AffectedList",
    "AffectedPerson",
    "AnswerTemplate",
    "AnswerWay",
    "Approver",
    "ArrivalCount",
    "Attachment",
    "Authority",
    "AuthorityPack",
    "Case",
    "CaseEvent",
    "CaseKind",
    "CaseStep",
    "CaseStepKind",
    "CitedEvidence",
    "Conflict",
    "Correction",
    "Countersignature",
    "Country",
    "DataItem",
    "DeclaredCount",
    "Definition",
    "Disclosure",
    "ErasedEvent",
    "Erasure",
    "EventSource",
    "EvidenceKind",
    "EvidenceNeeded",
    "Exclusion",
    "FaultAcknowledgement",
    "Flag",
    "FormerSecret",
    "Ground",
    "Heartbeat",
    "HiddenRecipient",
    "IdentityState",
    "IdentityWay",
    "Incident",
    "IncidentStep",
    "IncidentStepKind",
    "Inquiry",
    "InquiryEvent",
    "InquiryEventKind",
    "InquiryKind",
    "InquiryLaw",
    "InquiryStanding",
    "InquiryStatus",
    "InquiryStep",
    "ItemList",
    "ItemSet",
    "LedgerFault",
    "Link",
    "LookScope",
    "Lookup",
    "Note",
    "OneTimeEvent",
    "OneTimePage",
    "OneTimeStep",
    "Page",
    "PracticeCount",
    "PracticeStart",
    "Proposal",
    "ProposalApproval",
    "ProposalOutcome",
    "Publication",
    "Question",
    "ReceivedCount",
    "Recipient",
    "RecipientKey",
    "RecipientKeyRetirement",
    "RecordAccess",
    "RejectedReport",
    "ReportCount",
    "Reporter",
    "ReporterStep",
    "ReporterStepKind",
    "Revision",
    "Route",
    "RouteAbroad",
    "Said",
    "Scenario",
    "ScenarioItem",
    "SearchTask",
    "Section",
    "Service",
    "ServiceList",
    "SharedRecord",
    "Site",
    "StaffFrequency",
    "StaffMail",
    "StaffMailChoice",
    "StepDelivery",
    "Synonyms",
    "TakenSignature",
    "Term",
    "Verdict",
    "WayTold",
    "WithholdingGround",
    "WithholdingKind",
    "WithholdingStep",
]
