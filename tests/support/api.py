"""The API as a reporter calls it, and the bodies it sends."""

from datetime import timedelta
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from disclosures.reporters.tokens import SCOPES

QUESTION = {
    "subject": "subject-hanako",
    "recipient": "northwind-analytics",
    "service": "jalan",
    "scenario": "survey-results",
    "items": ["name", "survey-answers", "usage"],
}


class Api:
    """The API as a reporter calls it."""

    def __init__(self, reporter, scopes=SCOPES):
        self.client = Client()
        answer = self.client.post(
            "/api/v1/token",
            urlencode(
                {
                    "grant_type": "client_credentials",
                    "client_id": reporter.client_id,
                    "client_secret": reporter.secret,
                    "scope": " ".join(scopes),
                }
            ),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]

    def post(self, path, body, content_type="application/json", key=""):
        headers = {"Authorization": f"Bearer {self.token}", **({"Idempotency-Key": key} if key else {})}
        return self.client.post(f"/api/v1{path}", body, content_type=content_type, headers=headers)

    def get(self, path, **headers):
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}", **headers})

    def report(self, *events):
        return self.post("/disclosures", list(events), "application/cloudevents-batch+json")

    def check(self, **more):
        return self.post("/permission-checks", {**QUESTION, **more})

    def ask(self, **more):
        return self.post("/approval-requests", {**approval_question(), **more})


def approval_question() -> dict:
    return {
        **{key: value for key, value in QUESTION.items() if key != "items"},
        "items": [
            {"code": code, "purpose": f"{code}を使う理由", "consequence": f"{code}を渡さないとき"}
            for code in QUESTION["items"]
        ],
        "expires_at": (timezone.now() + timedelta(days=14)).isoformat(),
        "valid_days": 90,
    }


def cloud_event(id="event-1", **data) -> dict:
    """One CloudEvent of a booking for hanako; ``subject`` and ``time`` may be given among the data."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": "https://booking.example/",
        "type": "privacycenter.disclosure.v1",
        "subject": data.pop("subject", "subject-hanako"),
        "time": data.pop("time", "2026-11-01T10:00:00+09:00"),
        "data": {
            "recipient": "minato-inn",
            "service": "jalan",
            "scenario": "online-booking",
            "items": ["name", "phone"],
            "ground": "person_act",
            **data,
        },
    }


def cloud_correction(about, id="correction-1", **data) -> dict:
    """One CloudEvent that says of an earlier one: it went to another recipient. None among the data leaves a part out."""
    event = cloud_event(id)
    right = {**event["data"], "recipient": "komorebi-toge", "time": "2026-11-01T10:00:00+09:00"}
    told = {"disclosure": str(about), "reason": "取り違えました。", "corrected": right, **data}
    return {**event, "type": "privacycenter.correction.v1", "data": {k: v for k, v in told.items() if v is not None}}
