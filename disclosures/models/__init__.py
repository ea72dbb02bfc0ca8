"""Models of the published content, the ledger of disclosures, and the desk's work on both."""

from disclosures.models.content.declarations import EvidenceNeeded, ItemList, Route, RouteAbroad, ServiceList
from disclosures.models.content.entries import (
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
from disclosures.models.content.ground import Ground
from disclosures.models.content.menu import MenuEntry, MenuPlace
from disclosures.models.content.recipient_files import RecipientFile
from disclosures.models.content.recipients import Country, Recipient
from disclosures.models.content.search_texts import SearchText
from disclosures.models.content.site_files import FileType, KeptContent, PublishedFile, SiteFile
from disclosures.models.content.synonyms import SearchTask, Synonyms
from disclosures.models.content.translations import ConfirmedTranslation, DeskLanguage, OlderTranslation
from disclosures.models.editing.change_sets import (
    ChangeSet,
    ChangeSetEntry,
    ChangeSetStep,
    ChangeSetStepKind,
    CurrentChangeSet,
    SetState,
)
from disclosures.models.editing.comments import (
    Comment,
    CommentMailChoice,
    CommentMails,
    CommentMention,
    CommentStep,
    CommentStepKind,
)
from disclosures.models.editing.open_forms import OpenForm
from disclosures.models.editing.revisions import Revision
from disclosures.models.inquiries.attachments import Attachment
from disclosures.models.inquiries.handling import (
    AnswerTemplate,
    IdentityState,
    IdentityWay,
    InquiryEvent,
    InquiryEventKind,
    InquiryLaw,
    InquiryStanding,
)
from disclosures.models.inquiries.inquiries import WAITING, Inquiry, InquiryKind, InquiryStatus, InquiryStep
from disclosures.models.inquiries.one_time import AnswerWay, OneTimeEvent, OneTimePage, OneTimeStep, StepDelivery
from disclosures.models.ledger.corrections import Correction
from disclosures.models.ledger.countersignatures import (
    Countersignature,
    RecipientKey,
    RecipientKeyRetirement,
    Said,
    TakenSignature,
)
from disclosures.models.ledger.erasures import ErasedEvent, Erasure
from disclosures.models.ledger.events import Conflict, Disclosure, EventSource, Flag, ItemSet, ReportCount
from disclosures.models.ledger.evidence import CitedEvidence, EvidenceKind
from disclosures.models.ledger.faults import FaultAcknowledgement, LedgerFault
from disclosures.models.ledger.hidden import HiddenRecipient
from disclosures.models.ledger.practice import PracticeCount, PracticeStart, ReceivedCount
from disclosures.models.ledger.shared_records import SharedRecord
from disclosures.models.ledger.withholding import WithholdingGround, WithholdingKind, WithholdingStep
from disclosures.models.officers.accounts import AccountChange, AccountStage, AccountStep
from disclosures.models.officers.affected import AffectedList, AffectedPerson
from disclosures.models.officers.authorities import Authority, AuthorityPack
from disclosures.models.officers.calendar import CalendarAddress
from disclosures.models.officers.cases import (
    Case,
    CaseEvent,
    CaseKind,
    CaseStep,
    CaseStepKind,
    LookScope,
    Lookup,
    RecordAccess,
)
from disclosures.models.officers.incidents import Incident, IncidentStep, IncidentStepKind, WayTold
from disclosures.models.officers.staff_mails import StaffFrequency, StaffMail, StaffMailChoice
from disclosures.models.publishing.approvers import Approver
from disclosures.models.publishing.proposals import Proposal, ProposalApproval, ProposalOutcome, Verdict
from disclosures.models.publishing.publications import Publication
from disclosures.models.receiving.bulk_uploads import DisclosureUpload, UploadBatch, UploadPart, UploadState
from disclosures.models.receiving.consuming import ConsumedQueue, RefusedMessage
from disclosures.models.receiving.coverage import ArrivalCount, DeclaredCount, Heartbeat
from disclosures.models.receiving.rejections import RejectedReport
from disclosures.models.receiving.reporters import FormerSecret, Reporter, ReporterStep, ReporterStepKind

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
    "CalendarAddress",
    "Case",
    "CaseEvent",
    "CaseKind",
    "CaseStep",
    "CaseStepKind",
    "ChangeSet",
    "ChangeSetEntry",
    "ChangeSetStep",
    "ChangeSetStepKind",
    "CitedEvidence",
    "Comment",
    "CommentMailChoice",
    "CommentMails",
    "CommentMention",
    "CommentStep",
    "CommentStepKind",
    "ConfirmedTranslation",
    "Conflict",
    "ConsumedQueue",
    "Correction",
    "Countersignature",
    "Country",
    "CurrentChangeSet",
    "DataItem",
    "DeclaredCount",
    "Definition",
    "DeskLanguage",
    "Disclosure",
    "DisclosureUpload",
    "ErasedEvent",
    "Erasure",
    "EventSource",
    "EvidenceKind",
    "EvidenceNeeded",
    "Exclusion",
    "FaultAcknowledgement",
    "FileType",
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
    "KeptContent",
    "LedgerFault",
    "Link",
    "LookScope",
    "Lookup",
    "MenuEntry",
    "MenuPlace",
    "Note",
    "OlderTranslation",
    "OneTimeEvent",
    "OneTimePage",
    "OneTimeStep",
    "OpenForm",
    "Page",
    "PracticeCount",
    "PracticeStart",
    "Proposal",
    "ProposalApproval",
    "ProposalOutcome",
    "Publication",
    "PublishedFile",
    "Question",
    "ReceivedCount",
    "Recipient",
    "RecipientFile",
    "RecipientKey",
    "RecipientKeyRetirement",
    "RecordAccess",
    "RefusedMessage",
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
    "SearchText",
    "Section",
    "Service",
    "ServiceList",
    "SetState",
    "SharedRecord",
    "Site",
    "SiteFile",
    "StaffFrequency",
    "StaffMail",
    "StaffMailChoice",
    "StepDelivery",
    "Synonyms",
    "TakenSignature",
    "Term",
    "UploadBatch",
    "UploadPart",
    "UploadState",
    "Verdict",
    "WayTold",
    "WithholdingGround",
    "WithholdingKind",
    "WithholdingStep",
]
