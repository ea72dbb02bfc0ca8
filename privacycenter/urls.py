"""The URLs of the site. Japanese has no prefix, every other language its own: English lives under /en/."""

from django.contrib import admin
from django.urls import include, path

from privacycenter.accounts import views as account_views
from privacycenter.api.wiring import api
from privacycenter.leaving import views as leaving
from privacycenter.openid import views as openid
from privacycenter.second_factors import recovery_code_views
from privacycenter.second_factors import views as second_factors
from privacycenter.text.languages import in_every_language
from privacycenter.views import api_docs, healthz, metrics, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/v1/docs", api_docs, name="api_docs"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("", include("privacycenter.proof.urls")),
    path("", include("consents.root_urls")),
    path("", include("disclosures.root_urls")),
    in_every_language(
        path("accounts/again/", account_views.log_in_again, name="log_in_again"),
        # These two replace allauth's own client of OpenID Connect.
        path("accounts/oidc/<str:code>/login/", openid.go_there, name="log_in_elsewhere"),
        path("accounts/oidc/<str:code>/login/callback/", openid.come_back, name="log_in_elsewhere_back"),
        # Our settings page replaces these pages of allauth, to which its actions redirect.
        path("accounts/2fa/", account_views.to_log_in_settings),
        path("accounts/sessions/", account_views.to_log_in_settings),
        path("accounts/3rdparty/", account_views.to_log_in_settings),
        # Its pages that ask for a passkey, with challenges that are bound to their page.
        path("accounts/2fa/authenticate/", second_factors.SecondFactor.as_view(), name="mfa_authenticate"),
        path("accounts/2fa/webauthn/login/", second_factors.LogIn.as_view(), name="mfa_login_webauthn"),
        path("accounts/2fa/webauthn/add/", second_factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
        path(
            "accounts/2fa/webauthn/reauthenticate/",
            second_factors.Reauthenticate.as_view(),
            name="mfa_reauthenticate_webauthn",
        ),
        path("accounts/2fa/recovery-codes/", recovery_code_views.View.as_view(), name="mfa_view_recovery_codes"),
        path(
            "accounts/2fa/recovery-codes/generate/",
            recovery_code_views.Generate.as_view(),
            name="mfa_generate_recovery_codes",
        ),
        path(
            "accounts/2fa/recovery-codes/download/",
            recovery_code_views.Download.as_view(),
            name="mfa_download_recovery_codes",
        ),
        path("accounts/", include("allauth.urls")),
        path("my/settings/log-in/", account_views.log_in_settings, name="log_in_settings"),
        path("my/settings/sessions/<key:pk>/ends/", account_views.session_end, name="session_end"),
        path("my/settings/other-sessions/ends/", account_views.other_sessions_end, name="other_sessions_end"),
        path("my/settings/exit/", leaving.exit_settings, name="exit_settings"),
        path("my/exits/", leaving.quick_exit, name="quick_exit"),
        path("admin/", admin.site.urls),
        path("", include("consents.urls")),
        path("", include("disclosures.urls")),
    ),
]

handler404 = "privacycenter.views.page_not_found"
handler500 = "privacycenter.views.server_error"
