"""The public pages, and the person's record of disclosures."""

from django.urls import path

from disclosures.views import glossary, inquiries, ledger, own_case, pages, publications, search

urlpatterns = [
    path("", pages.home, name="home"),
    path("recipients/", pages.recipient_list, name="recipient_list"),
    path("recipients/abroad/", pages.recipient_list_abroad, name="recipient_list_abroad"),
    path("recipients/<slug:code>/", pages.recipient, name="recipient"),
    path("services/", pages.service_list, name="service_list"),
    path("services/<slug:code>/", pages.service, name="service"),
    path("faq/", pages.faq, name="faq"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("search/", search.search, name="search"),
    path("changes/", publications.change_list, name="change_list"),
    path("changes/<int:number>/", publications.change, name="change"),
    path("contact/", pages.contact, name="contact"),
    path("contact/requests/", inquiries.inquiry_lookup, name="inquiry_lookup"),
    path("contact/requests/new/", inquiries.inquiry_create, name="inquiry_create"),
    path("contact/requests/<slug:reference>/", inquiries.inquiry, name="inquiry"),
    path("my/disclosures/", ledger.disclosure_list, name="disclosure_list"),
    path("my/disclosures/<uuid:id>/", ledger.disclosure, name="disclosure"),
    path("my/recipients/<slug:code>/visibility/", ledger.recipient_visibility, name="recipient_visibility"),
    path("my/where-provided/", own_case.own_case, name="own_case"),
    path("my/services/<slug:code>/", own_case.own_service, name="own_service"),
    path("my/exits/", ledger.quick_exit, name="quick_exit"),
    path("my/accesses/", ledger.my_access_list, name="my_access_list"),
    path("my/inquiries/", inquiries.my_inquiry_list, name="my_inquiry_list"),
    path("my/inquiries/<slug:reference>/", inquiries.my_inquiry, name="my_inquiry"),
    # Last: whatever path is left is the code of a page that editors made.
    path("<slug:code>/", pages.page, name="page"),
]
