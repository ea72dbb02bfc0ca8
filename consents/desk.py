"""The staff site with consents: adds what officers follow up: withdrawals, recalls, incidents, questions."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path

from consents.exports import behalf_views
from consents.incidents import desk_views as desk_incidents
from consents.people import merging_views
from consents.people import record_views as record
from consents.people import views as people
from consents.question_log import desk_views as desk_questions
from consents.recalls import desk_views as desk_recalls
from consents.representatives import desk_views as desk_representatives
from consents.withdrawals import views as desk_withdrawals
from disclosures.desk import EditorSite


class Desk(EditorSite):
    def get_urls(self) -> list[Any]:
        return [
            path("withdrawals/", self.admin_view(desk_withdrawals.withdrawal_list), name="withdrawals"),
            path("withdrawals/<key:pk>/", self.admin_view(desk_withdrawals.withdrawal), name="withdrawal"),
            path("incidents/", self.admin_view(desk_incidents.incident_list), name="incidents"),
            path("incidents/<uuid:id>/", self.admin_view(desk_incidents.incident), name="incident"),
            path(
                "incidents/<uuid:id>/report.txt",
                self.admin_view(desk_incidents.incident_report),
                name="incident_report",
            ),
            path(
                "incidents/<uuid:id>/unreachable.csv",
                self.admin_view(desk_incidents.incident_unreachable),
                name="incident_unreachable",
            ),
            path("questions/", self.admin_view(desk_questions.question_list), name="questions"),
            path("recalls/", self.admin_view(desk_recalls.recall_list), name="recalls"),
            path("recalls/<key:pk>/", self.admin_view(desk_recalls.recall), name="recall"),
            path("records/<key:pk>/recall/", self.admin_view(desk_recalls.recall_for_person), name="recall_for_person"),
            path("records/<key:pk>/answers/", self.admin_view(record.record_answers), name="record_answers"),
            path(
                "records/<key:pk>/answers/<uuid:id>/receipt.jws",
                self.admin_view(record.record_receipt),
                name="record_receipt",
            ),
            path("records/<key:pk>/inquiries/", self.admin_view(record.record_inquiries), name="record_inquiries"),
            path("records/<key:pk>/recalls/", self.admin_view(record.record_recalls), name="record_recalls"),
            path("representatives/", self.admin_view(desk_representatives.representative_list), name="representatives"),
            path(
                "records/<key:pk>/representatives/",
                self.admin_view(desk_representatives.representatives_of),
                name="representatives_of",
            ),
            path(
                "records/<key:pk>/representatives/<uuid:id>/",
                self.admin_view(desk_representatives.representation),
                name="representation",
            ),
            path("records/<key:pk>/export/", self.admin_view(behalf_views.record_export), name="record_export"),
            path(
                "records/<key:pk>/export/<uuid:id>/",
                self.admin_view(behalf_views.record_export_file),
                name="record_export_file",
            ),
            path("erasures/", self.admin_view(people.change_list), name="erasures"),
            path("records/<key:pk>/erasure/", self.admin_view(people.erasure), name="erasure"),
            path("records/<key:pk>/merging/", self.admin_view(merging_views.merging), name="merging"),
            path("records/<key:pk>/separating/", self.admin_view(merging_views.separating), name="separating"),
            path("records/<key:person>/changes/<uuid:id>/", self.admin_view(people.change), name="person_change"),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        more = {**desk_withdrawals.front_page(request), **desk_recalls.front_page(request)}
        more |= desk_incidents.front_page(request) | desk_questions.front_page(request)
        return super().index(request, {**more, **(extra_context or {})})
