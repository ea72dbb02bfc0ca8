"""URLs of the public pages and of the person's record of disclosures."""

from django.urls import path

from disclosures.changes import views as changes
from disclosures.inquiries import answer_views as answers
from disclosures.inquiries import file_views as inquiry_files
from disclosures.inquiries import views as inquiries
from disclosures.public import views as public
from disclosures.public import well_known
from disclosures.record import views as record

urlpatterns = [
    path("", public.home, name="home"),
    path("manifest.webmanifest", well_known.manifest, name="manifest"),
    path("recipients/", public.recipient_list, name="recipient_list"),
    path("recipients/abroad/", public.recipient_list_abroad, name="recipient_list_abroad"),
    path("recipients/<slug:code>/", public.recipient, name="recipient"),
    path("services/", public.service_list, name="service_list"),
    path("services/<slug:code>/", public.service, name="service"),
    path("faq/", public.faq, name="faq"),
    path("glossary/", public.glossary, name="glossary"),
    path("search/", public.search, name="search"),
    path("changes/", changes.change_list, name="change_list"),
    path("changes/<key:number>/", changes.change, name="change"),
    path("contact/", public.contact, name="contact"),
    path("contact/requests/", inquiries.inquiry_lookup, name="inquiry_lookup"),
    path("contact/requests/new/", inquiries.inquiry_create, name="inquiry_create"),
    path("contact/requests/<slug:reference>/", inquiries.inquiry, name="inquiry"),
    path("contact/requests/<slug:reference>/files/", inquiry_files.inquiry_files, name="inquiry_files"),
    path("contact/requests/<slug:reference>/files/<uuid:id>/", inquiry_files.inquiry_file, name="inquiry_file"),
    path("answers/<str:token>/", answers.one_time_answer, name="one_time_answer"),
    path("answers/<str:token>/closings/", answers.one_time_answer_close, name="one_time_answer_close"),
    path("answers/<str:token>/files/<uuid:id>/", answers.one_time_answer_file, name="one_time_answer_file"),
    path("my/disclosures/", record.disclosure_list, name="disclosure_list"),
    path("my/disclosures/<uuid:id>/", record.disclosure, name="disclosure"),
    path("my/recipients/<slug:code>/visibility/", record.recipient_visibility, name="recipient_visibility"),
    path("my/where-provided/", record.own_case, name="own_case"),
    path("my/services/<slug:code>/", record.own_service, name="own_service"),
    path("my/accesses/", record.my_access_list, name="my_access_list"),
    path("my/inquiries/", inquiries.my_inquiry_list, name="my_inquiry_list"),
    path("my/inquiries/<slug:reference>/", inquiries.my_inquiry, name="my_inquiry"),
    path("my/inquiries/<slug:reference>/files/", inquiry_files.my_inquiry_files, name="my_inquiry_files"),
    path("my/inquiries/<slug:reference>/files/<uuid:id>/", inquiry_files.my_inquiry_file, name="my_inquiry_file"),
    # Last: any other path is the code of a page that editors made.
    path("<slug:code>/", public.page, name="page"),
]
