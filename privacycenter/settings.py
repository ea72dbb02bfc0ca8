"""Django settings. What differs between machines comes from the environment (``operation/environment.py``, README)."""

import django_stubs_ext
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from privacycenter.operation.environment import BASE_DIR, read_environment
from privacycenter.operation.logs import logging_config, start_error_reports
from privacycenter.sandbox import clock

# Make Django's forms, admin classes and paginators accept type parameters at run time, as its stubs do.
django_stubs_ext.monkeypatch()

ENVIRONMENT = read_environment()

# An installation to try out the API in: a clock that can be put forward, made-up people, no mail to the outside.
SANDBOX = ENVIRONMENT.sandbox
if SANDBOX:
    clock.install()

SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = ENVIRONMENT.former_secret_keys
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
PORT = ENVIRONMENT.port
# Visitors of a trial run come without a proxy, so the port that is listened on is in its addresses.
VISITED_DIRECTLY = not ENVIRONMENT.is_production

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
    "privacycenter.http.front_gate.strict_front_gate",
    "disclosures.public.page_cache.published_pages_first",
    "privacycenter.operation.request_log.observed",
    "django.middleware.security.SecurityMiddleware",
    "privacycenter.http.policy.SamePolicyEverywhere",
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
    "privacycenter.accounts.session_ends.sessions_that_end",
    "privacycenter.kept_forms.middleware.forms_outlive_log_ins",
    "consents.representatives.acting_views.acting_for_somebody",
]

if SANDBOX:
    MIDDLEWARE.insert(1, "privacycenter.sandbox.middleware.sandbox")

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
    # Compiling a query to machine code can take a second and saves milliseconds: ours start from one person. For the
    # same reason one plan of a prepared statement does for everybody, and the server need not try others.
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c jit=off -c plan_cache_mode=force_generic_plan",
        # None would rule out prepared statements. Only numbered parameters use them (``database.prepared_cursor``).
        "prepare_threshold": 5,
        **DATABASES["default"].get("OPTIONS", {}),
        # Seconds. A call that gets no connection within ``timeout`` fails: services wait for permission checks. After
        # ``reconnect_timeout`` the next call connects anew; the pool alone would double its pause each time and, after
        # an outage, refuse calls for as long as the outage lasted.
        "pool": {"min_size": 1, "max_size": 16, "timeout": 3, "reconnect_timeout": 4},
    }

# A copy of the database for reading, streamed by PostgreSQL (``replica``). Without one, nothing of this is there.
if ENVIRONMENT.replica:
    DATABASES["replica"] = {
        **DATABASES["default"],
        **ENVIRONMENT.replica,
        "OPTIONS": {
            **DATABASES["default"]["OPTIONS"],
            **ENVIRONMENT.replica.get("OPTIONS", {}),
            # Seconds, and milliseconds. One that does not answer is noticed soon, and then left alone.
            "connect_timeout": 2,
            "tcp_user_timeout": 3000,
            "pool": {"min_size": 1, "max_size": 16, "timeout": 1, "reconnect_timeout": 4},
        },
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["privacycenter.replica.router.ReplicaRouter"]
    MIDDLEWARE.append("privacycenter.replica.pages.persons_pages_from_replica")
# The pages of a person that show what is there, and decide nothing: names of their addresses.
REPLICA_PAGES = frozenset({
    "overview", "my_recipient_list", "my_recipient", "my_item", "disclosure_list", "disclosure", "own_case",
    "own_service", "request_list", "approval_request", "decision_list", "decision", "receipt", "receipt_json",
    "receipt_jsonld", "receipt_jws", "receipt_pdf", "rule_list", "my_recall_list", "my_recall", "my_incident",
    "my_access_list", "notice_list",
})  # fmt: skip
# Whose pages are read from the primary all the same: functions of a person.
REPLICA_EXEMPTIONS = ["disclosures.models.ledger.withholding.is_ever_withheld"]

# Log-ins count their limits here: all processes together, and nothing goes before its time.
CACHES = {"default": {"BACKEND": "privacycenter.rate_limits.cache.SharedCache"}}

# --- Language and time -----------------------------------------------------------------------------------------------

# The first is the default: its addresses have no prefix, and a text that is not translated falls back to it.
LANGUAGE_CODE = ENVIRONMENT.languages[0]
LANGUAGES = [(code, _(LANG_INFO[code]["name"])) for code in ENVIRONMENT.languages]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["privacycenter.formats"]
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True
# 100,000 and not 100000. In templates, numbers that a machine reads are written with ``unlocalize``.
USE_THOUSAND_SEPARATOR = True
MODELTRANS_ADD_FIELD_HELP_TEXT = False

# --- People and machines that log in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "privacycenter.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "privacycenter.accounts.passwords.ComposedArgon2PasswordHasher",
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
ACCOUNT_FORMS = {"add_email": "privacycenter.accounts.forms.NewAddressForm"}
# The owner of an account is told by e-mail when its log-in methods change.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Seconds.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# The way in by mail, for an owner whose name strangers make wait (``accounts.log_in_limits``).
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Passwords and codes are limited there, too: by name, address, account and device. Links by mail: so many for each.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reset_password": "20/m/ip,5/h/key",
    "confirm_email": "1/180s/key,5/d/key",
}
# The front gate has put the visitor's address into REMOTE_ADDR, as far as TRUSTED_PROXIES are to be believed.
ALLAUTH_TRUSTED_PROXY_COUNT = 0

SOCIALACCOUNT_ADAPTER = "privacycenter.accounts.adapters.CompanyAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
# The log-ins elsewhere: that of the company for people, and that of staff (``openid.views``).
LOG_INS_ELSEWHERE = {
    code: {"issuer": issuer, "client_id": client_id, "client_secret": client_secret}
    for code, (issuer, client_id, client_secret) in ENVIRONMENT.log_ins_elsewhere.items()
    if issuer
}
# Claim → value → roles at the desk, which the log-in of staff gives anew each time.
STAFF_ROLES = ENVIRONMENT.staff_roles
# allauth keeps the accounts that the company's log-in opened, and lists it.
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
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
# Challenges are bound to their purpose, and codes are used up (``second_factors.ceremonies``).
MFA_FORMS = {
    "activate_totp": "privacycenter.second_factors.forms.ActivateAppForm",
    "authenticate": "privacycenter.second_factors.forms.SecondFactorCodeForm",
    "reauthenticate": "privacycenter.second_factors.forms.ReauthenticateCodeForm",
    "add_webauthn": "privacycenter.second_factors.forms.AddPasskeyForm",
    "edit_webauthn": "privacycenter.second_factors.forms.RenamePasskeyForm",
    "login_webauthn": "privacycenter.second_factors.forms.LogInWithPasskeyForm",
    "authenticate_webauthn": "privacycenter.second_factors.forms.SecondFactorPasskeyForm",
    "reauthenticate_webauthn": "privacycenter.second_factors.forms.ReauthenticatePasskeyForm",
}
# Secrets of second factors are encrypted (``encryption``).
MFA_ADAPTER = "privacycenter.second_factors.adapters.SecondFactorAdapter"
# Its limit of passkey log-ins counts all visitors behind a proxy together; ``second_factors.views`` has its own.
MFA_RATE_LIMITS = {"webauthn_login": ""}
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
        "form-action": [SELF, *ENVIRONMENT.oidc_origins],
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
COOKIE_PREFIX = ""
MESSAGE_STORAGE = "privacycenter.http.messages.PrefixedStorage"
SESSION_COOKIE_HTTPONLY = True
# All in seconds. A person's session ends when it was not used for so long, and however much it is used.
SESSION_ENGINE = "privacycenter.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_LONGEST_SECONDS = 30 * 24 * 60 * 60
STAFF_SESSION_IDLE_SECONDS = 30 * 60
STAFF_SESSION_LONGEST_SECONDS = 12 * 60 * 60
# Whether a password alone opens the desk: in a trial run, which says so there.
DESK_NEEDS_SECOND_FACTOR = ENVIRONMENT.is_production
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "privacycenter.views.csrf_failure"
# A batch of 1,000 events stays below 1 MiB; the API refuses more, and forms need far less.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# How many proxies are in front of the site, or their networks: whose word about visitors' addresses and HTTPS counts.
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if ENVIRONMENT.is_production:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    # Browsers keep a cookie of this prefix only from HTTPS, for this host alone and all its paths: neither a sibling
    # domain nor an unencrypted page can set one.
    COOKIE_PREFIX = "__Host-"
    SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
    CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
    LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"

# --- Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files that people send and take home (``storage``).
    "kept": ENVIRONMENT.storage,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# The largest picture or document that an editor may add to the site.
PUBLIC_FILE_MB = ENVIRONMENT.public_file_mb
# How large a file of disclosures may be that a reporter uploads in parts (``disclosures.bulk_uploads.limits``).
UPLOAD_MB = ENVIRONMENT.upload_mb
# The queue that ``manage.py consume`` reads, and in whose name. Empty: as its arguments say.
CONSUME_URL = ENVIRONMENT.consume_url
CONSUME_REPORTER = ENVIRONMENT.consume_reporter
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# The folder with the operator's own colours, logo and icons. None: the standard look.
THEME = ENVIRONMENT.theme

FILE_UPLOAD_HANDLERS = [
    "privacycenter.http.uploads.TooMuchIsDropped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- E-mail and logs -------------------------------------------------------------------------------------------------

vars().update(ENVIRONMENT.email)
if SANDBOX:
    EMAIL_BACKEND = "privacycenter.sandbox.mailbox.Mailbox"
# Seconds. Well below the lease of a worker.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENVIRONMENT.default_from_email
# The base of all links in e-mails, and the issuer of receipts.
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
# The law under which requests to the operator come in, and in how many days the operator means to answer where the law
# says only "without delay" (disclosures.inquiries.laws).
INQUIRY_LAW = ENVIRONMENT.inquiry_law
INQUIRY_DAYS = ENVIRONMENT.inquiry_days
# At this age of a child, who acts for it as its parent no longer does.
PARENT_UNTIL_AGE = ENVIRONMENT.parent_until_age
# The function that answers whether a disclosure was allowed. `disclosures` must not import `consents`: by name.
PERMISSION_SOURCE = "consents.checking.permissions.permissions_at"
# What publishing would mean for reports and approvals: functions of the published and of the new document, each of
# which returns findings.
PREFLIGHT = [
    "disclosures.guard_rails.preflight.dated_findings",
    "disclosures.guard_rails.held_at_once.held_findings",
    "disclosures.guard_rails.kept_files.file_findings",
    "disclosures.ledger.preflight.practice_findings",
    "consents.asking.preflight.approval_findings",
]
# The log that makes records provable (docs/proof.md): its name, its key, who witnesses it, and what reads the rows that
# it seals: functions of keys (person, id) for each kind of row.
LOG_ORIGIN = ENVIRONMENT.log_origin
LOG_SIGNING_KEY = ENVIRONMENT.log_seed
LOG_POLICY = ENVIRONMENT.log_policy
LOG_SOURCES = {
    "disclosure": "disclosures.ledger.sealed_rows.disclosures",
    "correction": "disclosures.ledger.sealed_rows.corrections",
    "request": "consents.sealing.rows.requests",
    "cancellation": "consents.sealing.rows.cancellations",
    "decision": "consents.sealing.rows.decisions",
    "rule": "consents.sealing.rows.rules",
    "step": "consents.sealing.rows.steps",
    "recall": "consents.sealing.rows.recalls",
    "recall_step": "consents.sealing.rows.recall_steps",
    "countersignature": "disclosures.countersigning.sealed_rows.countersignatures",
}
LOG_TABLES = {
    "disclosure": "disclosures.Disclosure",
    "correction": "disclosures.Correction",
    "request": "consents.ApprovalRequest",
    "cancellation": "consents.RequestCancellation",
    "decision": "consents.Decision",
    "rule": "consents.StandingRule",
    "step": "consents.WithdrawalStep",
    "recall": "consents.Recall",
    "recall_step": "consents.RecallStep",
    "countersignature": "disclosures.Countersignature",
}
# The column with the time at which a row of each kind was written.
LOG_TIMES = {
    "disclosure": "recorded_at",
    "correction": "recorded_at",
    "request": "requested_at",
    "cancellation": "cancelled_at",
    "decision": "decided_at",
    "rule": "made_at",
    "step": "taken_at",
    "recall": "asked_at",
    "recall_step": "taken_at",
    "countersignature": "received_at",
}
# The function that answers what a person allows now, in the same way.
APPROVAL_SOURCE = "consents.checking.standing_approvals.standing_approvals"
# How long a process keeps in memory how often it was asked for permission, before it writes it down. 0: it does not
# write by itself. None: nothing is counted.
QUESTIONS_WRITTEN_SECONDS: float | None = 10.0
# The function that answers which recalls were filed because of a request to the operator, in the same way.
INQUIRY_RECALLS = "consents.recalls.queries.recalls_because_of"
# The function that makes rows of the working copy say what entries of a document say: publishing takes things out of
# it, and who writes rows stands above.
ENTRY_WRITER = "disclosures.history.put_back_actions.put_entries"
# What works after a commit. Each says itself what it follows (``outbox.followers``); ``check`` says what does not fit.
FOLLOWERS = [
    "disclosures.accounts.followers.account_notices",
    "disclosures.affected.followers.affected_lists",
    "disclosures.approvers.followers.approver_mails",
    "disclosures.attachments.followers.attachment_files",
    "disclosures.bulk_uploads.followers.uploads",
    "disclosures.coverage.followers.coverage",
    "disclosures.coverage.followers.heartbeats",
    "disclosures.ledger.followers.practice",
    "disclosures.inquiries.followers.mail",
    "disclosures.proposals.followers.proposal_mails",
    "disclosures.proposals.followers.publishing",
    "disclosures.change_sets.followers.set_ends",
    "disclosures.change_sets.followers.set_mails",
    "disclosures.staff_mails.followers.staff_mails",
    "consents.asking.followers.approval_counts",
    "consents.exports.followers.exports",
    "consents.exports.followers.exports_ready",
    "consents.exports.followers.exports_expiring",
    "consents.feed.followers.feed",
    "consents.feed.followers.withdrawals",
    "consents.feed.followers.recalls",
    "consents.incidents.followers.incident_notices",
    "consents.incidents.followers.incident_mails",
    "consents.recalls.followers.recall_mails",
    "consents.representatives.followers.representation_mails",
    "consents.representatives.followers.representations",
    "consents.withdrawals.followers.cases",
    "consents.notices.followers.notices",
    "consents.notices.followers.digests",
    "consents.notices.followers.device_mails",
    "consents.webhooks.followers.webhooks",
    "disclosures.officers.followers.withheld_in_log",
    "privacycenter.proof.followers.log",
    "privacycenter.proof.followers.resealing",
    "privacycenter.proof.followers.witnesses",
]
# What the worker does every few minutes, beside deleting what has expired.
TIDYING = [
    "disclosures.approvers.actions.notice_approvers",
    "consents.question_log.actions.notice_spikes",
    "disclosures.officers.storm_actions.raise_storms",
    "disclosures.site_files.actions.remove_unused_contents",
    "disclosures.staff_mails.actions.write_to_staff",
    "privacycenter.proof.sealing_actions.build_index",
    "privacycenter.storage.tidying.remove_unfinished",
    "privacycenter.proof.checkpoint_actions.thin_out_checkpoints",
]
# What mails to staff tell of: functions of two moments, each of which returns what is new between them.
STAFF_NEWS = [
    "disclosures.staff_mails.proposal_news.proposal_news",
    "disclosures.officers.news.case_news",
    "disclosures.inquiries.news.inquiry_news",
    "consents.withdrawals.news.withdrawal_news",
    "consents.recalls.news.recall_news",
    "consents.incidents.news.incident_news",
    "consents.question_log.news.spike_news",
]
# The same for what concerns one member of staff: functions of whom and of two moments.
STAFF_NEWS_FOR_EACH = [
    "disclosures.comments.news.comment_news",
]
# What the calendar of the desk tells of: functions of a moment, each of which returns what has its day from then on.
CALENDAR_SOURCES = [
    "disclosures.calendar.sources.set_times",
    "disclosures.calendar.sources.holds",
    "disclosures.calendar.sources.retirements",
    "disclosures.calendar.sources.checks_of_systems",
]
# What the worker does each second, after what was left for the log.
TICKING = [
    "privacycenter.proof.checkpoint_actions.keep_signing",
]
# What ``reseal_secrets`` puts under the newest SECRET_KEY; each returns how many.
RESEALING = [
    "privacycenter.second_factors.resealing.reseal_authenticators",
    "consents.webhooks.resealing_actions.reseal_webhook_secrets",
    "privacycenter.storage.resealing.reseal_files",
    "disclosures.consuming.actions.reseal_refused_messages",
    "privacycenter.kept_forms.resealing.reseal_drafts",
]
# The token that /metrics demands. Without one only this machine may read it, in a trial run.
METRICS_TOKEN = ENVIRONMENT.metrics_token
METRICS_FOR_LOOPBACK = not ENVIRONMENT.is_production
# The functions that read metrics from the database; each returns Prometheus metric families.
METRICS = [
    "privacycenter.operation.metrics.outbox_metrics",
    "privacycenter.proof.metrics.log_metrics",
    "disclosures.publishing.metrics.publication_metrics",
    "disclosures.officers.metrics.case_metrics",
    "disclosures.coverage.queries.coverage_metrics",
    "disclosures.consuming.metrics.queue_metrics",
    "consents.webhooks.queries.webhook_metrics",
    "disclosures.inquiries.metrics.inquiry_metrics",
    "consents.recalls.metrics.recall_metrics",
    "consents.incidents.metrics.incident_metrics",
    "consents.question_log.metrics.spike_metrics",
    "consents.verifying.windows.verification_metrics",
    "privacycenter.replica.metrics.replica_metrics",
]
