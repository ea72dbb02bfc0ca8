"""Django settings. What differs between machines comes from the environment (``operation/environment.py``, README)."""

import django_stubs_ext
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from privacycenter.operation.environment import BASE_DIR, read_environment
from privacycenter.operation.logs import logging_config, start_error_reports

# Make Django's forms, admin classes and paginators accept type parameters at run time, as its stubs do.
django_stubs_ext.monkeypatch()

ENVIRONMENT = read_environment()

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
PORT = ENVIRONMENT.port

INSTALLED_APPS = [
    "privacycenter.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "ninja",
    "csp",
    "modeltrans",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "privacycenter",
    "disclosures",
    "consents",
]

MIDDLEWARE = [
    "disclosures.public.page_cache.published_pages_first",
    "privacycenter.operation.request_log.observed",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "privacycenter.http.middleware.same_bytes_for_everyone",
    "privacycenter.http.middleware.problems_under_the_api",
    "privacycenter.http.middleware.machines_go_straight_to_the_view",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "privacycenter.http.middleware.in_the_language_of_the_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "privacycenter.accounts.reauthentication.fresh_company_log_in",
]

ROOT_URLCONF = "privacycenter.urls"
WSGI_APPLICATION = "privacycenter.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "disclosures.public.context.center",
                "consents.notices.context.notices",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------------------------------------------

DATABASES = {"default": {**ENVIRONMENT.database, "CONN_HEALTH_CHECKS": True}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction takes the write lock at its start, so two writers queue instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    # Opening the file costs more than most requests, so each thread keeps it open.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # A pool and persistent connections exclude each other; the pool also bounds the number of connections.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # Compiling a query to machine code can take a second and saves milliseconds: ours start from one person.
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c jit=off",
        # None would rule out prepared statements. Only numbered parameters use them (``database.bulk_insert``).
        "prepare_threshold": 5,
        **DATABASES["default"].get("OPTIONS", {}),
        # Seconds. A call that gets no connection within ``timeout`` fails: services wait for permission checks. After
        # ``reconnect_timeout`` the next call connects anew; the pool alone would double its pause each time and, after
        # an outage, refuse calls for as long as the outage lasted.
        "pool": {"min_size": 1, "max_size": 16, "timeout": 3, "reconnect_timeout": 4},
    }

# Log-ins count their limits here: all processes together, and nothing goes before its time.
CACHES = {"default": {"BACKEND": "privacycenter.rate_limits.cache.SharedCache"}}

# --- Language and time -----------------------------------------------------------------------------------------------

# The first is the default: its addresses have no prefix, and a text that is not translated falls back to it.
LANGUAGE_CODE = ENVIRONMENT.languages[0]
LANGUAGES = [(code, _(LANG_INFO[code]["name"])) for code in ENVIRONMENT.languages]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["privacycenter.formats"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
# 100,000 and not 100000. In templates, numbers that a machine reads are written with ``unlocalize``.
USE_THOUSAND_SEPARATOR = True
MODELTRANS_ADD_FIELD_HELP_TEXT = False

# --- People and machines that log in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "privacycenter.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_ADAPTER = "privacycenter.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
# A new or changed address is used only after its owner has followed the link sent to it.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
# The owner of an account is told by e-mail when its log-in methods change.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Seconds.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# The service is reached directly or through the operator's own proxy, never through unknown ones.
ALLAUTH_TRUSTED_PROXY_COUNT = 0

SOCIALACCOUNT_ADAPTER = "privacycenter.accounts.adapters.CompanyAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": "SSO",
                "client_id": ENVIRONMENT.oidc_client_id,
                "secret": ENVIRONMENT.oidc_client_secret,
                "settings": {"server_url": ENVIRONMENT.oidc_issuer},
            }
        ]
        if ENVIRONMENT.oidc_issuer
        else [],
    }
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Without HTTPS, browsers offer passkeys on localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.is_production
MFA_FORMS = {"add_webauthn": "privacycenter.accounts.forms.AddPasskeyForm"}
MFA_TOTP_ISSUER = "Privacy Center"

IDP_OIDC_ADAPTER = "disclosures.reporters.tokens.ReporterTokenAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 15 * 60

# --- Security --------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The company's log-in is a form that redirects to the provider; browsers check the redirect, too.
        "form-action": [SELF, *([ENVIRONMENT.oidc_origin] if ENVIRONMENT.oidc_issuer else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "privacycenter.views.csrf_failure"
# A batch of 1,000 events stays below 1 MiB; the API refuses more, and forms need far less.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

if ENVIRONMENT.is_production:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Exports, kept for some days outside of what is served.
EXPORTS_ROOT = BASE_DIR / "var" / "exports"

# --- E-mail and logs -------------------------------------------------------------------------------------------------

vars().update(ENVIRONMENT.email)
# Seconds. Well below the lease of a worker.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = "privacy-center@localhost"
# The base of links in e-mails sent without a request, and the issuer of receipts.
SITE_ADDRESS = ENVIRONMENT.site_address
LOGGING = logging_config(is_production=ENVIRONMENT.is_production)
if ENVIRONMENT.sentry_dsn:
    start_error_reports(ENVIRONMENT.sentry_dsn)

# --- The privacy center's own ----------------------------------------------------------------------------------------

# Whether each publication needs a second person's approval.
SECOND_PERSON = ENVIRONMENT.second_person
# Calls a minute: of one reporter to the API, and for tokens, of one client id from one address. 0: no limit.
API_RATE_LIMIT = ENVIRONMENT.api_rate_limit
TOKEN_RATE_LIMIT = ENVIRONMENT.token_rate_limit
# Ed25519: the key that signs receipts, and the public keys that signed before.
RECEIPT_SIGNING_KEY = ENVIRONMENT.receipt_signing_key
RECEIPT_RETIRED_KEYS = ENVIRONMENT.receipt_retired_keys
# Webhooks go to public addresses only, over HTTPS; a trial run may also use HTTP.
WEBHOOK_ALLOW_PRIVATE = ENVIRONMENT.webhook_allow_private
WEBHOOK_ALLOW_HTTP = not ENVIRONMENT.is_production
# After how many hours without a report or a heartbeat a reporter counts as silent.
SILENT_AFTER_HOURS = ENVIRONMENT.silent_after_hours
# The function that answers whether a disclosure was allowed. `disclosures` must not import `consents`: by name.
PERMISSION_SOURCE = "consents.asking.permissions.permissions_at"
# What works after a commit. Each says itself what it follows (``outbox.followers``); ``check`` says what does not fit.
FOLLOWERS = [
    "disclosures.coverage.followers.coverage",
    "disclosures.coverage.followers.heartbeats",
    "disclosures.inquiries.followers.mail",
    "disclosures.publishing.followers.publishing",
    "consents.exports.followers.exports",
    "consents.exports.followers.exports_ready",
    "consents.exports.followers.exports_expiring",
    "consents.feed.followers.feed",
    "consents.feed.followers.withdrawals",
    "consents.notices.followers.notices",
    "consents.notices.followers.digests",
    "consents.webhooks.followers.webhooks",
]
# The token that /metrics demands. Without one only this machine may read it, in a trial run.
METRICS_TOKEN = ENVIRONMENT.metrics_token
METRICS_FOR_LOOPBACK = not ENVIRONMENT.is_production
# The functions that read metrics from the database; each returns Prometheus metric families.
METRICS = [
    "privacycenter.operation.metrics.outbox_metrics",
    "disclosures.publishing.metrics.publication_metrics",
    "disclosures.officers.metrics.case_metrics",
    "disclosures.coverage.queries.coverage_metrics",
    "consents.webhooks.queries.webhook_metrics",
]
