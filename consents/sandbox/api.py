"""The sandbox in the API: its clock, made-up people, and what they do. Outside of a sandbox every call is a 404."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from consents.asking.api import ApprovalState
from consents.asking.api import answer as approval_answer
from consents.asking.requests import request_state
from consents.models import MadeUpPerson, RecallKind
from consents.sandbox.actions import answer_as, make_person, move_clock, recall_as, withdraw_as
from consents.sandbox.forms import as_duration
from consents.sandbox.queries import (
    cases_of,
    clock_state,
    log_in_link,
    made_up,
    made_up_people,
    mails_to,
    refuse_outside,
    seen,
)
from disclosures.models import Reporter
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Body, Code, Json, Moment, Problem, Time, with_example
from disclosures.reporters.tokens import SANDBOX_WRITE
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import AlreadyAnswered, InvalidValue, NoLongerOpen, NotFound
from privacycenter.sandbox.reading import read_clock
from privacycenter.text.languages import site_languages
from privacycenter.text.legible import name_like

router = Router(tags=["sandbox"])


class SandboxAuth(ReporterAuth):
    """As ``ReporterAuth``, after looking whether this is a sandbox at all: elsewhere there are no such calls."""

    def __init__(self) -> None:
        super().__init__(SANDBOX_WRITE)

    def __call__(self, request: HttpRequest) -> Reporter | None:
        refuse_outside()
        return super().__call__(request)


AUTH = SandboxAuth()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem, 503: Problem}
# Of those that people are given here: they stand in addresses.
Subject = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$", max_length=150)]
InAddress = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]+$", max_length=150, description="the subject")]


def of_the_site(language: str) -> str:
    if language not in site_languages():
        raise ValueError("the site does not speak that language")
    return language


Language = Annotated[str, StringConstraints(max_length=20), AfterValidator(of_the_site)]
Name = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=150, strip_whitespace=True),
    AfterValidator(name_like),
]
RecallCode = Literal["delete", "correct", "stop"]


class ClockChange(Body):
    """``forward``: a duration of ISO 8601 in days, hours, minutes and seconds. ``to``: the time that it is to show; a
    time that it shows or showed already changes nothing. One of them."""

    model_config = {**Body.model_config, **with_example({"forward": "P14D"})}

    forward: Annotated[str, StringConstraints(pattern=r"^P[0-9DTHMS.]+$", max_length=40)] | None = None
    to: Moment | None = None


class MoveOfTheClock(BaseModel):
    """One time that the clock was put forward; ``moved_at`` is real time."""

    moved_at: Time
    seconds: int
    by: str


class SandboxClock(BaseModel):
    """``now``: what the clock shows. ``due``: how many pieces of work the worker has to do by that time: wait for 0.
    ``moves``: the newest 20, by whom."""

    model_config = with_example(
        {
            "now": "2026-12-15T09:00:00+00:00",
            "ahead_seconds": 1209600,
            "due": 0,
            "moves": [{"moved_at": "2026-12-01T09:00:00+00:00", "seconds": 1209600, "by": "travel"}],
        }
    )

    now: Time
    ahead_seconds: int
    due: int
    moves: list[MoveOfTheClock]


class NewPerson(Body):
    """All of it is optional. ``subject``: your own id for the person. ``name``: as pages show it. ``mails``: how often
    they want mails."""

    model_config = {
        **Body.model_config, **with_example({"subject": "test-42", "name": "テスト 太郎", "mails": "daily"}),
    }  # fmt: skip

    subject: Subject | None = None
    name: Name | None = None
    language: Language | None = None
    mails: Literal["never", "urgent", "weekly", "daily"] | None = None


PERSON: Json = {
    "subject": "test-42",
    "name": "テスト 太郎",
    "address": "6b1e9c4f0d2a4d6f8a3b5c7d9e0f1a2b@sandbox.invalid",
    "made_at": "2026-12-01T09:00:00+00:00",
}


class MadeUp(BaseModel):
    """A made-up person. ``address``: where mails to them go, that is into the mailbox of the sandbox."""

    model_config = with_example(PERSON)

    subject: str
    name: str
    address: str
    made_at: Time


class MadeUpNow(MadeUp):
    """``log_in``: a link at which a browser becomes this person, for a day."""

    model_config = with_example({**PERSON, "log_in": "https://sandbox.privacy.example/sandbox/log-in/NDI:1v…/"})

    log_in: str


class MadeUpPage(BaseModel):
    model_config = with_example({"data": [PERSON], "next": None})

    data: list[MadeUp]
    next: str | None


class Answer(Body):
    """``allow``: the items that the person allows; the others they refuse, and with an empty list all of them.
    ``valid_days``: for how long, at most as long as was asked. ``language``: in which they read it."""

    model_config = {
        **Body.model_config, **with_example({"request": "1-01a2b3c4d5e67f809a1b2c3d4e5f6071", "allow": ["name"]}),
    }  # fmt: skip

    request: Annotated[str, StringConstraints(max_length=60)]
    allow: Annotated[list[Code], Field(max_length=100)]
    valid_days: Annotated[int, Field(ge=1, le=1_095, strict=True)] | None = None
    language: Language = "ja"


class Withdrawal(Body):
    """``decision``: the answer of the person that ends."""

    model_config = {**Body.model_config, **with_example({"decision": "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071"})}

    decision: UUID
    language: Language = "ja"


class RecallAsked(Body):
    """What the person asks: of one recipient, or without one of all that hold something."""

    model_config = {**Body.model_config, **with_example({"kind": "delete", "recipient": "minato-inn"})}

    kind: RecallCode
    recipient: Code | None = None


class RecallFiled(BaseModel):
    """``recalls`` are the cases, one for each recipient and service, as `GET /recalls` names them."""

    model_config = with_example({"recalls": ["1-01a2b3c4d5e67f809a1b2c3d4e5f6073"]})

    recalls: list[str]


class KeptMail(BaseModel):
    model_config = with_example(
        {"subject_line": "[sandbox] 回答をお待ちしています", "text": "…", "sent_at": "2026-12-02T00:00:00+00:00"}
    )

    subject_line: str
    text: str
    sent_at: Time


class KeptMails(BaseModel):
    """The newest 50 mails to the person, the newest first."""

    data: list[KeptMail]


@router.get("/sandbox/clock", auth=AUTH, response={200: SandboxClock, **PROBLEMS}, openapi_extra=may_refuse(NotFound),
            summary="What the sandbox's clock shows")  # fmt: skip
def get_sandbox_clock(request: ReporterRequest) -> HttpResponse:
    """Take the times of your events from here: by your own clock they would lie in the past."""
    return answer(clock_state(timezone.now()))


@router.post("/sandbox/clock", auth=AUTH, response={201: SandboxClock, 200: SandboxClock, **PROBLEMS},
             openapi_extra=may_refuse(NotFound), summary="Put the sandbox's clock forward")  # fmt: skip
def move_sandbox_clock(request: ReporterRequest, change: ClockChange) -> HttpResponse:
    """201 when it was moved, 200 if it shows that time already. It never goes back, and is one clock for all.

    What is due by then is done by the worker, in a moment: ask until `due` is 0. Your token lasts as long as before.
    """
    try:
        forward = as_duration(change.forward) if change.forward else None
    except ValueError as error:
        raise InvalidValue(str(error), "forward") from error
    move = move_clock(forward=forward, to=change.to, by=request.auth.code)
    read_clock()
    return answer(clock_state(timezone.now()), status=201 if move else 200)


@router.post("/sandbox/people", auth=AUTH, response={201: MadeUpNow, 200: MadeUpNow, **PROBLEMS},
             openapi_extra=may_refuse(NotFound), summary="Make up a person")  # fmt: skip
def make_up_person(request: ReporterRequest, person: NewPerson) -> HttpResponse:
    """201 with somebody new; 200 with the one whom you made up under that subject, and a new link."""
    made, is_new = make_person(
        subject=person.subject or "", name=person.name or "", language=person.language,
        mails=person.mails, by=request.auth,
    )  # fmt: skip
    return answer(shown(request.auth, made), status=201 if is_new else 200)


@router.get("/sandbox/people", auth=AUTH, response={200: MadeUpPage, **PROBLEMS},
            openapi_extra=may_refuse(NotFound, InvalidValue), summary="Whom you made up, newest first")  # fmt: skip
def list_made_up_people(
    request: ReporterRequest,
    after: Annotated[str, Query(pattern=r"^([0-9]{1,18})?$", description="`next` of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> HttpResponse:
    """Those of other reporters are theirs alone."""
    return answer(made_up_people(request.auth, int(after) if after else None, limit))


@router.post("/sandbox/people/{subject}/answers", auth=AUTH, response={201: ApprovalState, 409: Problem, **PROBLEMS},
             openapi_extra=may_refuse(NotFound, AlreadyAnswered, NoLongerOpen),
             summary="Answer a request as a made-up person")  # fmt: skip
def answer_as_person(request: ReporterRequest, subject: InAddress, sent: Answer) -> HttpResponse:
    """The same as the person's own answer on the page: decision, receipt, feed and webhooks follow."""
    found = answer_as(
        subject=subject, request=sent.request, allow=set(sent.allow), valid_days=sent.valid_days,
        language=sent.language, by=request.auth,
    )  # fmt: skip
    return approval_answer(request_state(found), status=201)


@router.post("/sandbox/people/{subject}/withdrawals", auth=AUTH,
             response={201: ApprovalState, 409: Problem, **PROBLEMS}, openapi_extra=may_refuse(NotFound, NoLongerOpen),
             summary="Withdraw as a made-up person")  # fmt: skip
def withdraw_as_person(request: ReporterRequest, subject: InAddress, sent: Withdrawal) -> HttpResponse:
    """The case that it opens, if something was reported before, is in the feed."""
    found, _withdrawal = withdraw_as(
        subject=subject, decision=sent.decision, language=sent.language, by=request.auth
    )  # fmt: skip
    return approval_answer(request_state(found), status=201)


@router.post("/sandbox/people/{subject}/recalls", auth=AUTH, response={201: RecallFiled, 409: Problem, **PROBLEMS},
             openapi_extra=may_refuse(NotFound, NoLongerOpen), summary="File a recall as a made-up person")  # fmt: skip
def recall_as_person(request: ReporterRequest, subject: InAddress, sent: RecallAsked) -> HttpResponse:
    """Of what was reported about them. Those about your services are in `GET /recalls`."""
    recall = recall_as(subject=subject, kind=RecallKind(sent.kind), recipient=sent.recipient or "", by=request.auth)
    return answer({"recalls": cases_of(recall)}, status=201)


@router.get("/sandbox/people/{subject}/mails", auth=AUTH, response={200: KeptMails, **PROBLEMS},
            openapi_extra=may_refuse(NotFound), summary="The mails to a made-up person")  # fmt: skip
def list_mails_to_person(request: ReporterRequest, subject: InAddress) -> HttpResponse:
    """A sandbox sends no mail to anybody: it keeps them."""
    return answer({"data": mails_to(request.auth, subject)})


def shown(reporter: Reporter, made: MadeUpPerson) -> dict[str, Any]:
    person = made_up(reporter, made.subject)
    return {**seen(made, person.display_name), "log_in": log_in_link(person)}


def answer(body: dict[str, Any], *, status: int = 200) -> JsonResponse:
    never_kept = {"Cache-Control": "no-store"}
    return JsonResponse(body, status=status, headers=never_kept, json_dumps_params={"ensure_ascii": False})
