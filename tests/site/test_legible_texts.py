"""What somebody else reads or decides about is refused in every form of the desk if it cannot be read."""

import pytest

from consents.incidents.forms import IncidentForm, IncidentStepForm, TextForm
from consents.models import RecallStepKind, StepKind
from consents.recalls.forms import AnswerForm, RecallStepForm
from consents.withdrawals.forms import WithdrawalStepForm
from disclosures.affected.forms import ListDownloadForm, ListReasonForm
from disclosures.countersigning.forms import RetirementForm
from disclosures.inquiries.forms import StepForm
from disclosures.models import InquiryStatus
from disclosures.officers.case_forms import CaseStepForm
from disclosures.officers.forms import AcknowledgementForm, RecordForm, WithheldStepForm, WithholdForm
from disclosures.proposals.forms import ReasonForm, RejectForm

FORMS = [
    (CaseStepForm, "reason", {"can_tell": False}), (CaseStepForm, "words_ja", {"can_tell": True}),
    (RecallStepForm, "reason_ja", {"kinds": [RecallStepKind.KEPT]}),
    (AnswerForm, "reason", {"kinds": [RecallStepKind.KEPT]}), (IncidentForm, "title", {}), (TextForm, "what_ja", {}),
    (IncidentStepForm, "words_ja", {"is_closed": False}), (ListReasonForm, "reason", {}), (ListDownloadForm, "reason", {}),
    (AcknowledgementForm, "reason", {}), (WithholdForm, "reason", {}),
    (WithheldStepForm, "reason", {}), (RecordForm, "reason", {}), (ReasonForm, "reason", {}), (RejectForm, "note", {}),
    (StepForm, "message", {"offered": [InquiryStatus.RECEIVED], "seen": 0}),
    (RetirementForm, "reason", {}), (WithdrawalStepForm, "reason_ja", {"kinds": [StepKind.KEPT]}),
]  # fmt: skip


@pytest.mark.parametrize("text", ["\u3164" * 20, "照会に\u202eいたえ答した記録です"])
@pytest.mark.parametrize(("form", "name", "more"), FORMS)
def test_text_that_nobody_can_read_is_refused_with_its_field(form, name, more, text):
    assert "illegible" in [error.code for error in form({name: text}, **more).errors.as_data()[name]]


@pytest.mark.parametrize(("form", "name", "more"), FORMS)
def test_text_that_can_be_read_is_taken(form, name, more):
    assert name not in form({name: "照会に答えた記録です。"}, **more).errors
