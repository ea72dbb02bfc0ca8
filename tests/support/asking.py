"""Requests to a person, and the person's answers: through the actions, and through the pages."""

from datetime import timedelta

from django.utils import timezone

from consents.asking.answer_changes import change_of
from consents.asking.decision_actions import answer_request, undo_answer
from consents.asking.decisions import decision_page
from consents.asking.request_actions import Asked, file_request
from consents.asking.requests import request_page
from disclosures.content.publications import newest_document
from disclosures.public.titles import Names
from tests.support.api import QUESTION
from tests.support.clock import clock_at
from tests.support.html import filled_in, read


def asked(*codes) -> list[Asked]:
    """These items, each with a purpose and a consequence of its own."""
    return [Asked(code, {"ja": f"{code}を使う理由"}, {"ja": f"{code}を渡さないとき"}) for code in codes]


def question(*, items=tuple(QUESTION["items"]), days=14, **more) -> dict:
    """What hanako is asked, for ``file_request``. ``days``: until it expires, if ``expires_at`` does not say when."""
    asked_for = {name: QUESTION[name] for name in ("subject", "recipient", "service", "scenario")}
    times = {"expires_at": timezone.now() + timedelta(days=days), "valid_days": 90}
    return {**asked_for, "items": asked(*items), **times, **more}


def ask(person, reporter, **more):
    """A request to this person that waits."""
    request, _created = file_request(**question(subject=person.subject, **more), by=reporter)
    return request


def answer(person, request, *allowed):
    """The person's answer, through the action, with the text of this moment."""
    page = request_page(person, request.id)
    return answer_request(request_id=request.id, allowed=set(allowed), text_sha256=page.text_sha256, by=person)


def answer_again(person, reporter, *allowed):
    """The person's answer to a request whose first answer was undone."""
    request = ask(person, reporter)
    undo_answer(decision_id=answer(person, request).id, language="ja", by=person)
    return answer(person, request, *allowed)


def about(decision) -> tuple:
    """What a decision is about. Those that end or change it are about the same."""
    names = ("person_id", "request_id", "opening", "recipient_id", "service_id", "scenario_id")
    return tuple(getattr(decision, name) for name in names)


def change_page(decision):
    """What the page that changes single items of this answer shows. None if it cannot be changed."""
    document = newest_document()
    return change_of(decision_page(decision.person, decision.id, document), Names(document))


def approve(reporter, person, at, valid_days=90):
    """At that time the person was asked for the name, and allowed it."""
    with clock_at(at):
        return answer(person, ask(person, reporter, items=("name",), days=9, valid_days=valid_days), "name")


def request_path(request, prefix="") -> str:
    return f"{prefix}/my/requests/{request.id}/"


def request_form(page):
    """The form on a request's page that answers it."""
    return next(form for form in page.one("main").all("form") if form["action"].endswith("/decisions/"))


def submit(client, request, button, *ticked, prefix="", **changes):
    """Read the page, tick these boxes, press this button."""
    form = request_form(read(client.get(request_path(request, prefix))))
    data = {**filled_in(form), "valid_days": "30", "allowed": list(ticked), "answer": button, **changes}
    return client.post(form["action"], data)
