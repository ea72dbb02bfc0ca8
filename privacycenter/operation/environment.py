"""The environment, read once and checked. A wrong value gives one clear line and exit status 2, no traceback."""

import secrets
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from django.conf import locale
from django.conf.locale import LANG_INFO
from django.utils.translation import to_locale
from environs import Env, EnvError

from privacycenter import receipt_keys

BASE_DIR = Path(__file__).resolve().parents[2]
SHORTEST_SECRET_KEY = 50
SHORTEST_METRICS_TOKEN = 16
FIRST_LANGUAGE = "ja"
DJANGOS_TEXTS = Path(locale.__file__).parent


@dataclass(frozen=True)
class Environment:
    """The settings in README's table, with their types."""

    debug: bool
    demo: bool
    secret_key: str
    allowed_hosts: list[str]
    database: dict[str, Any]
    email: dict[str, Any]
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    port: int
    second_person: bool
    given_site_address: str
    api_rate_limit: int
    token_rate_limit: int
    receipt_signing_key: str
    receipt_retired_keys: str
    webhook_allow_private: bool
    metrics_token: str
    sentry_dsn: str
    silent_after_hours: int
    languages: list[str]

    @property
    def oidc_origin(self) -> str:
        """Scheme and host of the company's log-in."""
        parts = urlsplit(self.oidc_issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def site_address(self) -> str:
        """Scheme and host of this site for e-mails and receipts: as given, else made from the first host name."""
        if self.given_site_address:
            return self.given_site_address.rstrip("/")
        host = next((name for name in self.allowed_hosts if name.strip(".*")), "127.0.0.1").lstrip(".*")
        return f"https://{host}" if self.is_production else f"http://{host}:{self.port}"

    @property
    def is_production(self) -> bool:
        return not (self.debug or self.demo)


def stop(message: str) -> NoReturn:
    """Print what is wrong with the environment in one line and end the process with status 2."""
    print(f"privacycenter: {message}", file=sys.stderr)
    raise SystemExit(2)


def read_environment() -> Environment:
    env = Env()
    try:
        environment = Environment(
            debug=env.bool("DEBUG", False),
            demo=env.bool("DEMO", False),
            secret_key=env.str("SECRET_KEY", ""),
            allowed_hosts=env.list("ALLOWED_HOSTS", []),
            database=env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}"),
            email=env.dj_email_url("EMAIL_URL", "console:"),
            oidc_issuer=env.str("OIDC_ISSUER", ""),
            oidc_client_id=env.str("OIDC_CLIENT_ID", ""),
            oidc_client_secret=env.str("OIDC_CLIENT_SECRET", ""),
            port=env.int("PORT", 8000),
            second_person=env.bool("SECOND_PERSON", False),
            given_site_address=env.str("SITE_ADDRESS", ""),
            api_rate_limit=env.int("API_RATE_LIMIT", 60_000),
            token_rate_limit=env.int("TOKEN_RATE_LIMIT", 120),
            receipt_signing_key=env.str("RECEIPT_SIGNING_KEY", ""),
            receipt_retired_keys=env.str("RECEIPT_RETIRED_KEYS", ""),
            webhook_allow_private=env.bool("WEBHOOK_ALLOW_PRIVATE", False),
            metrics_token=env.str("METRICS_TOKEN", ""),
            sentry_dsn=env.str("SENTRY_DSN", ""),
            silent_after_hours=env.int("SILENT_AFTER_HOURS", 48),
            languages=[code.strip() for code in env.list("LANGUAGES", ["ja", "en"])],
        )
    except (EnvError, ValueError) as error:
        # dj-database-url raises ValueError without naming the variable.
        text = " ".join(str(error).split())
        stop(text if "nvironment variable" in text else f"DATABASE_URL or EMAIL_URL is wrong: {text}")
    return check(environment)


def check(environment: Environment) -> Environment:
    """Refuse combinations that would fail later or be unsafe; fill in what a trial run may leave out."""
    engine = environment.database.get("ENGINE", "")
    if not engine.endswith(("sqlite3", "postgresql")):
        stop("DATABASE_URL must begin with sqlite:/// or postgresql://")
    if "EMAIL_BACKEND" not in environment.email:
        stop("EMAIL_URL must begin with console:, smtp://, smtps:// or file://")
    if not 1 <= environment.port <= 65535:
        stop(f"PORT must be a number from 1 to 65535, not {environment.port}")
    site = urlsplit(environment.given_site_address)
    if environment.given_site_address and (site.scheme not in ("http", "https") or not site.netloc):
        stop("SITE_ADDRESS must begin with https:// or http:// and name a host")
    for name in ("api_rate_limit", "token_rate_limit"):
        if getattr(environment, name) < 0:
            stop(f"{name.upper()} must be a number of calls a minute, or 0 for no limit")
    if environment.silent_after_hours < 1:
        stop(f"SILENT_AFTER_HOURS must be 1 or more, not {environment.silent_after_hours}")
    check_languages(environment.languages)
    oidc = [environment.oidc_issuer, environment.oidc_client_id, environment.oidc_client_secret]
    if any(oidc) and not all(oidc):
        stop("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set together")
    check_receipt_keys(environment)
    if 0 < len(environment.metrics_token) < SHORTEST_METRICS_TOKEN:
        stop(f"METRICS_TOKEN is too short: {len(environment.metrics_token)} characters, at least 16 are needed")
    if not environment.is_production:
        return completed_for_a_trial(environment)
    if not environment.secret_key:
        stop("SECRET_KEY is not set. Set it to at least 50 random characters and keep it secret.")
    if len(environment.secret_key) < SHORTEST_SECRET_KEY:
        stop(f"SECRET_KEY is too short: {len(environment.secret_key)} characters, at least 50 are needed")
    if not environment.allowed_hosts:
        stop("ALLOWED_HOSTS is not set. Set it to the host names of this site, separated by commas.")
    if not environment.given_site_address and not any(name.strip(".*") for name in environment.allowed_hosts):
        stop("SITE_ADDRESS is not set, and ALLOWED_HOSTS names no host to make it from.")
    if not environment.receipt_signing_key:
        stop("RECEIPT_SIGNING_KEY is not set. Set it to 32 random bytes in base64url and keep it secret and safe.")
    return environment


def check_languages(languages: list[str]) -> None:
    """Japanese comes first: the columns of content, the starter content and what services send are Japanese, and every
    other language is a translation of it."""
    if languages[:1] != [FIRST_LANGUAGE]:
        stop(f"LANGUAGES must begin with {FIRST_LANGUAGE}: every text is written in Japanese and falls back to it.")
    for code in languages:
        # Django answers under the prefix of a language only where it has texts of its own for it.
        if "name" not in LANG_INFO.get(code, {}) or not (DJANGOS_TEXTS / to_locale(code)).is_dir():
            stop(f"LANGUAGES names {code!r}, which is not the code of a language, such as en, zh-hans or ko.")
        if LANG_INFO[code]["bidi"]:
            stop(f"LANGUAGES names {code}, which is written from right to left: the pages are not laid out for that.")
        if languages.count(code) > 1:
            stop(f"LANGUAGES names {code} twice.")


def completed_for_a_trial(environment: Environment) -> Environment:
    secret_key = environment.secret_key or kept_secret_key() or secrets.token_urlsafe(SHORTEST_SECRET_KEY)
    return replace(
        environment,
        secret_key=secret_key,
        receipt_signing_key=environment.receipt_signing_key or receipt_keys.seed_from(secret_key),
        allowed_hosts=environment.allowed_hosts or ["127.0.0.1", "localhost", "[::1]"],
    )


def kept_secret_key() -> str:
    """Return the key that ``make run`` keeps, or an empty string.

    Without it the running demo could not read what a command beside it encrypts or signs (a webhook's secret).
    """
    try:
        return (BASE_DIR / "var" / "secret-key").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def check_receipt_keys(environment: Environment) -> None:
    try:
        if environment.receipt_signing_key:
            receipt_keys.signing_key(environment.receipt_signing_key)
    except ValueError as error:
        stop(f"RECEIPT_SIGNING_KEY is wrong: {error}")
    try:
        receipt_keys.retired_keys(environment.receipt_retired_keys)
    except ValueError as error:
        stop(f"RECEIPT_RETIRED_KEYS is wrong: {error}")
