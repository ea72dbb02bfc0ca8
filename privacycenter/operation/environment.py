"""The environment, read once and checked. A wrong value gives one clear line and exit status 2, no traceback."""

import secrets
import sys
from dataclasses import dataclass, replace
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.conf import locale
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import to_locale
from environs import Env, EnvError

from privacycenter import receipt_keys
from privacycenter.http.proxies import TrustedProxies
from privacycenter.log.note import NoteError, is_key_name
from privacycenter.log.policy import read_policy
from privacycenter.openid.role_map import read_roles
from privacycenter.operation.queue_address import queue_address
from privacycenter.storage.address import storage_of

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
    former_secret_keys: list[str]
    allowed_hosts: list[str]
    database: dict[str, Any]
    replica: dict[str, Any]
    email: dict[str, Any]
    default_from_email: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    staff_oidc_issuer: str
    staff_oidc_client_id: str
    staff_oidc_client_secret: str
    staff_oidc_roles: str
    port: int
    second_person: bool
    trusted_proxies: TrustedProxies
    given_site_address: str
    api_rate_limit: int
    token_rate_limit: int
    receipt_signing_key: str
    receipt_retired_keys: str
    webhook_allow_private: bool
    metrics_token: str
    sentry_dsn: str
    silent_after_hours: int
    inquiry_law: str
    inquiry_days: int
    parent_until_age: int
    languages: list[str]
    log_signing_key: str
    given_log_origin: str
    log_policy_file: str
    storage_url: str
    public_file_mb: int
    upload_mb: int
    consume_url: str
    consume_reporter: str
    sandbox: bool
    time_zone: str
    theme_folder: str

    @property
    def log_ins_elsewhere(self) -> dict[str, tuple[str, str, str]]:
        """Log-in → issuer, client id and secret, which are empty for one that is not set up."""
        return {
            "company": (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret),
            "staff": (self.staff_oidc_issuer, self.staff_oidc_client_id, self.staff_oidc_client_secret),
        }

    @property
    def oidc_origins(self) -> list[str]:
        """Scheme and host of each log-in elsewhere."""
        parts = [urlsplit(issuer) for issuer, _id, _secret in self.log_ins_elsewhere.values() if issuer]
        return [f"{one.scheme}://{one.netloc}" for one in parts]

    @property
    def staff_roles(self) -> dict[str, dict[str, list[str]]]:
        """Claim → value → roles. Checked at start, so no error is raised later."""
        return read_roles(self.staff_oidc_roles) if self.staff_oidc_roles else {}

    @property
    def site_address(self) -> str:
        """Scheme and host of this site for e-mails and receipts: as given, else made from the first host name."""
        if self.given_site_address:
            return self.given_site_address.rstrip("/")
        host = next((name for name in self.allowed_hosts if name.strip(".*")), "127.0.0.1").lstrip(".*")
        return f"https://{host}" if self.is_production else f"http://{host}:{self.port}"

    @property
    def log_origin(self) -> str:
        """The name of the log that makes records provable: as given, else made from this site's host."""
        return self.given_log_origin or f"{urlsplit(self.site_address).netloc}/{'sandbox/' * self.sandbox}log/1"

    @property
    def log_seed(self) -> bytes:
        """The 32 bytes of the key that signs the log. Checked at start."""
        return receipt_keys.seed_of(self.log_signing_key)

    @property
    def log_policy(self) -> str:
        """The witnesses, as the file says it, without a line about the log itself; nobody has to sign without one."""
        return Path(self.log_policy_file).read_text(encoding="utf-8") if self.log_policy_file else "quorum none\n"

    @property
    def theme(self) -> Path | None:
        """The folder with the operator's own look. None without one."""
        return Path(self.theme_folder).resolve() if self.theme_folder else None

    @property
    def storage(self) -> dict[str, Any]:
        """Where files are kept, as an entry of ``STORAGES``. Checked at start, so no error is raised later."""
        return storage_of(self.storage_url, is_production=self.is_production)

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
            former_secret_keys=env.list("SECRET_KEY_FALLBACKS", []),
            allowed_hosts=env.list("ALLOWED_HOSTS", []),
            database=database_of(env, "DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}"),
            replica=database_of(env, "DATABASE_REPLICA_URL") if env.str("DATABASE_REPLICA_URL", "") else {},
            email=env.dj_email_url("EMAIL_URL", "console:"),
            default_from_email=env.str("DEFAULT_FROM_EMAIL", ""),
            oidc_issuer=env.str("OIDC_ISSUER", ""),
            oidc_client_id=env.str("OIDC_CLIENT_ID", ""),
            oidc_client_secret=env.str("OIDC_CLIENT_SECRET", ""),
            staff_oidc_issuer=env.str("STAFF_OIDC_ISSUER", ""),
            staff_oidc_client_id=env.str("STAFF_OIDC_CLIENT_ID", ""),
            staff_oidc_client_secret=env.str("STAFF_OIDC_CLIENT_SECRET", ""),
            staff_oidc_roles=env.str("STAFF_OIDC_ROLES", ""),
            port=env.int("PORT", 8000),
            second_person=env.bool("SECOND_PERSON", False),
            trusted_proxies=trusted_proxies(env.str("TRUSTED_PROXIES", "")),
            given_site_address=env.str("SITE_ADDRESS", ""),
            api_rate_limit=env.int("API_RATE_LIMIT", 60_000),
            token_rate_limit=env.int("TOKEN_RATE_LIMIT", 120),
            receipt_signing_key=env.str("RECEIPT_SIGNING_KEY", ""),
            receipt_retired_keys=env.str("RECEIPT_RETIRED_KEYS", ""),
            webhook_allow_private=env.bool("WEBHOOK_ALLOW_PRIVATE", False),
            metrics_token=env.str("METRICS_TOKEN", ""),
            sentry_dsn=env.str("SENTRY_DSN", ""),
            silent_after_hours=env.int("SILENT_AFTER_HOURS", 48),
            inquiry_law=env.str("INQUIRY_LAW", "appi"),
            inquiry_days=env.int("INQUIRY_DAYS", 14),
            parent_until_age=env.int("PARENT_UNTIL_AGE", 15),
            languages=[code.strip() for code in env.list("LANGUAGES", ["ja", "en"])],
            log_signing_key=env.str("LOG_SIGNING_KEY", ""),
            given_log_origin=env.str("LOG_ORIGIN", ""),
            log_policy_file=env.str("LOG_POLICY", ""),
            storage_url=env.str("STORAGE_URL", ""),
            public_file_mb=env.int("PUBLIC_FILE_MB", 5),
            upload_mb=env.int("UPLOAD_MB", 256),
            consume_url=env.str("CONSUME_URL", ""),
            consume_reporter=env.str("CONSUME_REPORTER", ""),
            sandbox=env.bool("SANDBOX", False),
            time_zone=env.str("TIME_ZONE", "Asia/Tokyo"),
            theme_folder=env.str("THEME", ""),
        )
    except (EnvError, ValueError) as error:
        # dj-database-url raises ValueError without naming the variable.
        text = " ".join(str(error).split())
        stop(
            text
            if "nvironment variable" in text
            else f"DATABASE_URL, DATABASE_REPLICA_URL or EMAIL_URL is wrong: {text}"
        )
    return as_sandbox(check(environment))


def database_of(env: Env, name: str, default: str = "") -> dict[str, Any]:
    """Return the settings of the database at this variable's address.

    ``?pooler=transaction``: what is in front of it may give each transaction another connection of the server, so no
    cursor of the server may outlive one.
    """
    database = env.dj_db_url(name, default)
    pooler = database.get("OPTIONS", {}).pop("pooler", "")
    if pooler not in ("", "transaction"):
        stop(f"{name} may say pooler=transaction, not {pooler!r}")
    return {**database, "DISABLE_SERVER_SIDE_CURSORS": pooler == "transaction"}


def trusted_proxies(text: str) -> TrustedProxies:
    try:
        return TrustedProxies.parse(text)
    except ValueError as error:
        stop(f"TRUSTED_PROXIES must be how many proxies there are, or their networks (10.0.0.0/8,127.0.0.1): {error}")


def check(environment: Environment) -> Environment:
    """Refuse combinations that would fail later or be unsafe; fill in what a trial run may leave out."""
    engine = environment.database.get("ENGINE", "")
    if not engine.endswith(("sqlite3", "postgresql")):
        stop("DATABASE_URL must begin with sqlite:/// or postgresql://")
    if environment.replica and not environment.replica.get("ENGINE", "").endswith("postgresql"):
        stop("DATABASE_REPLICA_URL must begin with postgresql://")
    if environment.replica and engine.endswith("sqlite3"):
        stop("DATABASE_REPLICA_URL is set, and DATABASE_URL is SQLite, which has no replicas.")
    if "EMAIL_BACKEND" not in environment.email:
        stop("EMAIL_URL must begin with console:, smtp://, smtps:// or file://")
    if environment.email["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
        # dj-email-url leaves out the first slash, and mails would lie below the working directory.
        environment.email["EMAIL_FILE_PATH"] = "/" + environment.email["EMAIL_FILE_PATH"].lstrip("/")
    if environment.default_from_email and not is_sender(environment.default_from_email):
        stop("DEFAULT_FROM_EMAIL must be an e-mail address, or a name with one: Privacy Center <privacy@example.com>")
    if not 1 <= environment.port <= 65535:
        stop(f"PORT must be a number from 1 to 65535, not {environment.port}")
    site = urlsplit(environment.given_site_address)
    if environment.given_site_address and (site.scheme not in ("http", "https") or not site.netloc):
        stop("SITE_ADDRESS must begin with https:// or http:// and name a host")
    if "@" in site.netloc:
        stop("SITE_ADDRESS must have no user name and no password: everybody would read it")
    for name in ("api_rate_limit", "token_rate_limit"):
        if getattr(environment, name) < 0:
            stop(f"{name.upper()} must be a number of calls a minute, or 0 for no limit")
    if environment.inquiry_law not in ("appi", "gdpr", "ccpa"):
        stop(f"INQUIRY_LAW must be appi, gdpr or ccpa, not {environment.inquiry_law}")
    if not 1 <= environment.inquiry_days <= 60:
        stop(f"INQUIRY_DAYS must be from 1 to 60, not {environment.inquiry_days}")
    if environment.silent_after_hours < 1:
        stop(f"SILENT_AFTER_HOURS must be 1 or more, not {environment.silent_after_hours}")
    if not 1 <= environment.parent_until_age <= 18:
        stop(f"PARENT_UNTIL_AGE must be a number from 1 to 18, not {environment.parent_until_age}")
    if not 1 <= environment.public_file_mb <= 10:
        stop(f"PUBLIC_FILE_MB must be a number from 1 to 10, not {environment.public_file_mb}")
    if not 1 <= environment.upload_mb <= 4096:
        stop(f"UPLOAD_MB must be a number from 1 to 4096, not {environment.upload_mb}")
    try:
        if environment.consume_url:
            queue_address(environment.consume_url)
    except ValueError as error:
        stop(f"CONSUME_URL is wrong: {error}")
    check_languages(environment.languages)
    check_look(environment)
    check_log_ins(environment)
    check_sandbox(environment)
    check_receipt_keys(environment)
    check_log(environment)
    check_storage(environment)
    if any(len(former) < SHORTEST_SECRET_KEY for former in environment.former_secret_keys):
        stop("SECRET_KEY_FALLBACKS names a key that is too short: at least 50 characters are needed")
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
    if not environment.trusted_proxies:
        stop("TRUSTED_PROXIES is not set. Set it to how many proxies are in front of the site, or to their networks.")
    if not environment.given_site_address and not any(name.strip(".*") for name in environment.allowed_hosts):
        stop("SITE_ADDRESS is not set, and ALLOWED_HOSTS names no host to make it from.")
    if not environment.receipt_signing_key:
        stop("RECEIPT_SIGNING_KEY is not set. Set it to 32 random bytes in base64url and keep it secret and safe.")
    if not environment.log_signing_key:
        stop("LOG_SIGNING_KEY is not set. Set it to 32 random bytes in base64url and keep it secret and safe.")
    if not environment.default_from_email:
        stop("DEFAULT_FROM_EMAIL is not set. Set it to the address that mails come from.")
    return environment


def as_sandbox(environment: Environment) -> Environment:
    """In a sandbox sign with keys of its own, made from those that were given: copied from elsewhere, they must not
    sign what is made up."""
    if not environment.sandbox:
        return environment
    return replace(
        environment,
        receipt_signing_key=receipt_keys.seed_from(environment.receipt_signing_key, purpose="sandbox receipts"),
        log_signing_key=receipt_keys.seed_from(environment.log_signing_key, purpose="sandbox log"),
    )


def check_sandbox(environment: Environment) -> None:
    """Refuse what would let real people into a sandbox, or a mail out of it."""
    if not environment.sandbox:
        return
    if environment.oidc_issuer:
        stop("SANDBOX=1 has made-up people alone: leave out OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
    if environment.email["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        stop("SANDBOX=1 sends no mail, it keeps each in its own mailbox: leave out EMAIL_URL.")
    if environment.given_log_origin and "sandbox" not in environment.given_log_origin:
        stop("LOG_ORIGIN of a sandbox must have “sandbox” in it, so that its log is not taken for a real one.")


def is_sender(value: str) -> bool:
    """Return whether this can stand in the header From: an address, or a name with one. One line of text."""
    _name, address = parseaddr(value)
    try:
        validate_email(address)
    except ValidationError:
        return False
    return value.isprintable()


def check_look(environment: Environment) -> None:
    if environment.time_zone not in available_timezones():
        stop(f"TIME_ZONE must be a name such as Asia/Tokyo or Europe/Berlin, not {environment.time_zone!r}")
    if environment.theme and not environment.theme.is_dir():
        stop(f"THEME names a folder that is not there: {environment.theme}")


def check_log_ins(environment: Environment) -> None:
    company, staff = environment.log_ins_elsewhere.values()
    if any(company) and not all(company):
        stop("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set together")
    if any((*staff, environment.staff_oidc_roles)) and not all((*staff, environment.staff_oidc_roles)):
        stop(
            "STAFF_OIDC_ISSUER, STAFF_OIDC_CLIENT_ID, STAFF_OIDC_CLIENT_SECRET and STAFF_OIDC_ROLES must be set "
            "together"
        )
    for name, (issuer, _id, _secret) in zip(("OIDC_ISSUER", "STAFF_OIDC_ISSUER"), (company, staff), strict=True):
        # The tokens of a log-in that is not encrypted could be read and replaced on the way.
        schemes = ("https",) if environment.is_production else ("https", "http")
        if issuer and (urlsplit(issuer).scheme not in schemes or not urlsplit(issuer).netloc):
            stop(f"{name} must begin with https:// and name a host")
    try:
        environment.staff_roles  # noqa: B018  reads them
    except ValueError as error:
        stop(f"STAFF_OIDC_ROLES is wrong: {error}")


def check_languages(languages: list[str]) -> None:
    if fault := fault_in_languages(languages):
        stop(f"LANGUAGES {fault}")


def fault_in_languages(languages: list[str]) -> str:
    """Return why these cannot be the languages of a site; empty if they can.

    Japanese comes first: the columns of content, the starter content and what services send are Japanese, and every
    other language is a translation of it.
    """
    if languages[:1] != [FIRST_LANGUAGE]:
        return f"must begin with {FIRST_LANGUAGE}: every text is written in Japanese and falls back to it."
    for code in languages:
        # Django answers under the prefix of a language only where it has texts of its own for it.
        if "name" not in LANG_INFO.get(code, {}) or not (DJANGOS_TEXTS / to_locale(code)).is_dir():
            return f"names {code!r}, which is not the code of a language, such as en, zh-hans or ko."
        if LANG_INFO[code]["bidi"]:
            return f"names {code}, which is written from right to left: the pages are not laid out for that."
        if languages.count(code) > 1:
            return f"names {code} twice."
    return ""


def completed_for_a_trial(environment: Environment) -> Environment:
    secret_key = environment.secret_key or kept_secret_key() or secrets.token_urlsafe(SHORTEST_SECRET_KEY)
    return replace(
        environment,
        secret_key=secret_key,
        receipt_signing_key=environment.receipt_signing_key or receipt_keys.seed_from(secret_key),
        log_signing_key=environment.log_signing_key or receipt_keys.seed_from(secret_key, purpose="log"),
        default_from_email=environment.default_from_email or "privacy-center@localhost",
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


def check_log(environment: Environment) -> None:
    if environment.log_signing_key:
        try:
            receipt_keys.seed_of(environment.log_signing_key)
        except ValueError as error:
            stop(f"LOG_SIGNING_KEY is wrong: {error}")
        if environment.log_signing_key == environment.receipt_signing_key:
            stop("LOG_SIGNING_KEY must be another key than RECEIPT_SIGNING_KEY")
    if not is_key_name(environment.given_log_origin or "a"):
        stop("LOG_ORIGIN must be a name without spaces and without +, such as privacy.example.com/log/1")
    try:
        read_policy(environment.log_policy)
    except OSError as error:
        stop(f"LOG_POLICY cannot be read: {error.strerror or error}")
    except (NoteError, ValueError) as error:
        stop(f"LOG_POLICY is wrong: {error}")


def check_storage(environment: Environment) -> None:
    try:
        environment.storage  # noqa: B018  reads it
    except ValueError as error:
        stop(f"STORAGE_URL is wrong: {error}")
