"""GET /catalogue: the codes that a reporter may use."""

from django.http import HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from ninja import Router
from pydantic import BaseModel

from disclosures.content.publications import publication_for
from disclosures.models import EvidenceNeeded, ItemList, Route, RouteAbroad, ServiceList
from disclosures.receiving.catalogue import catalogue_for
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import GroundCode, Problem, Time, Titles, with_example
from disclosures.reporters.tokens import PERMISSIONS_READ
from privacycenter.api.openapi import with_header
from privacycenter.canonical import sha256_of

router = Router(tags=["catalogue"])


class CatalogueEntry(BaseModel):
    code: str
    title: Titles


class CatalogueHold(BaseModel):
    """Null: without a beginning, or without an end that is known."""

    since: Time | None
    until: Time | None


class CatalogueRecipient(CatalogueEntry):
    """While it is ``on_hold``, nothing may be provided to it: permission checks say no."""

    country: str
    on_hold: CatalogueHold | None


class CatalogueExclusion(BaseModel):
    """The service never provides the item in this scenario."""

    service: str
    item: str


class CatalogueScenario(CatalogueEntry):
    """``recipients`` are the only ones that may receive the data; empty if any published recipient may.
    ``item_list`` and ``service_list`` say how far the lists bind, ``evidence`` what a report cites; null: not stated.
    ``is_published`` is false for a scenario that people cannot read about yet, so permission checks say no."""

    ground: GroundCode
    evidence: EvidenceNeeded | None
    route: Route | None
    route_abroad: RouteAbroad | None
    items: list[str]
    item_list: ItemList
    services: list[str]
    service_list: ServiceList
    exclusions: list[CatalogueExclusion]
    recipients: list[str]
    is_published: bool


class CatalogueAnswer(BaseModel):
    """``publication``: the number of the newest, which people are shown today; null while nothing is published."""

    model_config = with_example(
        {
            "publication": 12,
            "services": [{"code": "booking", "title": {"ja": "予約サービス", "en": "Booking service"}}],
            "recipients": [
                {
                    "code": "example-inn",
                    "title": {"ja": "見本の宿", "en": "Example Inn"},
                    "country": "JP",
                    "on_hold": None,
                }
            ],
            "data_items": [
                {"code": "name", "title": {"ja": "氏名", "en": "Name"}},
                {"code": "phone", "title": {"ja": "電話番号", "en": "Phone number"}},
            ],
            "scenarios": [
                {
                    "code": "booking-made",
                    "title": {"ja": "予約したとき", "en": "When you book"},
                    "ground": "person_act",
                    "evidence": "act",
                    "route": "consent",
                    "route_abroad": None,
                    "items": ["name", "phone"],
                    "item_list": "examples",
                    "services": ["booking"],
                    "service_list": "main",
                    "exclusions": [],
                    "recipients": [],
                    "is_published": True,
                }
            ],
        }
    )

    publication: int | None
    services: list[CatalogueEntry]
    recipients: list[CatalogueRecipient]
    data_items: list[CatalogueEntry]
    scenarios: list[CatalogueScenario]


@router.get(
    "/catalogue",
    auth=ReporterAuth(PERMISSIONS_READ),
    response={200: CatalogueAnswer, 304: None, 401: Problem, 403: Problem, 503: Problem},
    openapi_extra=with_header("ETag", 200, 304),
    summary="The codes you may use: your services, the scenarios, data items and recipients",
)
def catalogue(request: ReporterRequest) -> HttpResponse:
    """The response has an ETag: send it back as If-None-Match to get 304 while nothing has changed."""
    newest = publication_for(request)
    body = {
        "publication": newest.number if newest else None,
        **catalogue_for(request.auth, newest.document if newest else None),
    }
    etag = f'"{sha256_of(body)[:32]}"'
    response = JsonResponse(
        body,
        headers={"ETag": etag, "Cache-Control": "private, no-cache"},
        json_dumps_params={"ensure_ascii": False},
    )
    return get_conditional_response(request, etag=etag, response=response) or response
