"""The URLs of the site. Japanese has no prefix, every other language its own: English lives under /en/."""

from django.contrib import admin
from django.urls import include, path

from privacycenter.accounts import views as account_views
from privacycenter.api.wiring import api
from privacycenter.text.languages import in_every_language
from privacycenter.views import api_docs, healthz, metrics, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/v1/docs", api_docs, name="api_docs"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("", include("consents.root_urls")),
    path("", include("disclosures.root_urls")),
    in_every_language(
        path("accounts/again/", account_views.log_in_again, name="log_in_again"),
        # Our settings page replaces these pages of allauth, to which its actions redirect.
        path("accounts/2fa/", account_views.to_log_in_settings),
        path("accounts/sessions/", account_views.to_log_in_settings),
        path("accounts/3rdparty/", account_views.to_log_in_settings),
        path("accounts/", include("allauth.urls")),
        path("my/settings/log-in/", account_views.log_in_settings, name="log_in_settings"),
        path("my/settings/sessions/<int:pk>/ends/", account_views.session_end, name="session_end"),
        path("my/settings/other-sessions/ends/", account_views.other_sessions_end, name="other_sessions_end"),
        path("admin/", admin.site.urls),
        path("", include("consents.urls")),
        path("", include("disclosures.urls")),
    ),
]

handler404 = "privacycenter.views.page_not_found"
handler500 = "privacycenter.views.server_error"
