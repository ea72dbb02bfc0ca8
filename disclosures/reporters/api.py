"""POST /token: a token for client credentials (RFC 6749 section 4.4), with limits on the number of attempts."""

import base64
from typing import Any, Literal

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from ninja import Router
from pydantic import BaseModel

from disclosures.models import Reporter
from disclosures.reporters.queries import accepts_secret
from disclosures.reporters.schemas import with_example
from disclosures.reporters.token_actions import WRONG_CREDENTIALS, InvalidClient, InvalidScope, give_token
from privacycenter.errors import Refusal, WrongContentType
from privacycenter.http.requests import refuse_unknown_length
from privacycenter.rate_limits.limits import Counted, RateLimit, give_back, spend
from privacycenter.rate_limits.visitors import address_of

router = Router(tags=["token"])

FORM = "application/x-www-form-urlencoded"
# A wrong secret counts as ten tokens.
COST_OF_A_FAILURE = 10
CLIENTS_AT_ONE_ADDRESS = 10
PROOF_KEPT_SECONDS = 30 * 24 * 60 * 60


class TokenAnswer(BaseModel):
    """A token. ``expires_in`` is in seconds; ``scope`` is separated by spaces."""

    model_config = with_example(
        {
            "access_token": "ittPK39ZQ2yo272c…",
            "token_type": "Bearer",
            "expires_in": 900,
            "scope": "disclosures:write permissions:read",
        }
    )

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class TokenProblem(BaseModel):
    """An error of RFC 6749 section 5.2."""

    model_config = with_example({"error": "invalid_client", "error_description": "Check client_id and client_secret."})

    error: Literal["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"]
    error_description: str


class InvalidRequest(Refusal):
    name = "invalid_request"
    title = "A parameter is missing, given twice or not readable."
    status = 400


class UnsupportedGrant(Refusal):
    name = "unsupported_grant_type"
    title = "Tokens are given for client credentials only."
    status = 400


OAUTH_ERRORS = (InvalidRequest, UnsupportedGrant, InvalidClient, InvalidScope)
FORM_DOCUMENTATION = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_id": {"type": "string", "description": "Unless sent as HTTP Basic."},
                        "client_secret": {"type": "string", "format": "password"},
                        "scope": {"type": "string", "description": "Separated by spaces. Default: all you have."},
                    },
                },
                "example": {
                    "grant_type": "client_credentials",
                    "client_id": "4f0c2e…",
                    "client_secret": "…",
                    "scope": "disclosures:write permissions:read",
                },
            }
        },
    }
}


@router.post(
    "/token",
    response={200: TokenAnswer, 400: TokenProblem, 401: TokenProblem},
    openapi_extra=FORM_DOCUMENTATION,
    summary="Get a token (OAuth 2.0 client credentials)",
)
def create_token(request: HttpRequest) -> HttpResponse:
    """A token lasts 15 minutes: keep it and use it again. Errors are those of RFC 6749."""
    if request.content_type != FORM:
        raise WrongContentType(f"Send {FORM}.")
    refuse_unknown_length(request)
    try:
        given = ask_for_token(request)
    except OAUTH_ERRORS as refusal:
        return answer(
            {"error": refusal.name, "error_description": refusal.detail},
            status=refusal.status,
            headers={"WWW-Authenticate": "Basic"} if refusal.status == 401 else {},
        )
    return answer(given)


def ask_for_token(request: HttpRequest) -> dict[str, Any]:
    values = one_of_each(request)
    client_id, secret = basic_credentials(request) or (values.get("client_id", ""), values.get("client_secret", ""))
    if "grant_type" not in values:
        raise InvalidRequest("Send grant_type=client_credentials.")
    if values["grant_type"] != "client_credentials":
        raise UnsupportedGrant("Send grant_type=client_credentials.")
    spend_call(request, client_id, secret)
    token = give_token(client_id=client_id, secret=secret, scopes=values.get("scope", "").split())
    return {
        "access_token": token.value,
        "token_type": "Bearer",
        "expires_in": token.lifetime_seconds,
        "scope": " ".join(token.scopes),
    }


def one_of_each(request: HttpRequest) -> dict[str, str]:
    """Return the parameters. Refuse one that is given twice (RFC 6749 section 3.2) or contains NUL."""
    values = {name: request.POST.getlist(name) for name in ("grant_type", "client_id", "client_secret", "scope")}
    if wrong := [name for name, found in values.items() if len(found) > 1 or any("\0" in one for one in found)]:
        raise InvalidRequest(f"Send {wrong[0]} once, as text.")
    return {name: found[0] for name, found in values.items() if found}


def basic_credentials(request: HttpRequest) -> tuple[str, str] | None:
    """Return client id and secret from HTTP Basic. None if another scheme, or none, was used."""
    kind, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError as error:
        raise InvalidRequest("The credentials of HTTP Basic are not readable.") from error
    if "\0" in client_id:
        raise InvalidRequest("The credentials of HTTP Basic are not readable.")
    return client_id, secret


def spend_call(request: HttpRequest, client_id: str, secret: str) -> None:
    """Spend one token of a client that proves itself. Raises InvalidClient, and TooManyCalls.

    A secret that was right before is known by a keyed hash, and spends from the client's own budget alone: whatever
    others send wrongly under its id or from its address, it is not refused. Any other secret is looked at, which is
    slow on purpose, only while few at this address were wrong. Two SQL statements for a secret known to be right.
    """
    limit = RateLimit("tokens", settings.TOKEN_RATE_LIMIT, by_clock=True)
    address = address_of(request, times=CLIENTS_AT_ONE_ADDRESS)
    own = Counted("client", f"{client_id}\n{address.value}")
    if not is_proved(client_id, secret):
        prove(client_id, secret, address, own)
    spend(limit, own)


def prove(client_id: str, secret: str, address: Counted, own: Counted) -> None:
    """Look at the secret, and know it from now on if it is right. Raises InvalidClient, and TooManyCalls.

    Wrong ones are counted for this client id at this address. Those under ids that nobody has are counted for the
    address, so a client's first call does not suffer from them.
    """
    limit = RateLimit("tokens.wrong", settings.TOKEN_RATE_LIMIT, by_clock=True)
    reporter = Reporter.objects.for_client(client_id)
    who = address if reporter is None else own
    tried = spend(limit, who, cost=min(COST_OF_A_FAILURE, limit.amount * who.times))
    if reporter is None or not accepts_secret(reporter, secret):
        raise InvalidClient(WRONG_CREDENTIALS)
    give_back(tried)
    cache.set(proof_key(client_id), proof_of(secret), PROOF_KEPT_SECONDS)


def is_proved(client_id: str, secret: str) -> bool:
    return constant_time_compare(cache.get(proof_key(client_id), ""), proof_of(secret))


def proof_key(client_id: str) -> str:
    return f"proved-client:{client_id}"


def proof_of(secret: str) -> str:
    """Return a keyed hash of the secret. Quick: secrets are random, so a slow one would protect nothing."""
    return salted_hmac("disclosures.reporters.proof", secret, algorithm="sha256").hexdigest()


def answer(body: dict[str, Any], *, status: int = 200, headers: dict[str, str] | None = None) -> JsonResponse:
    never_kept = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return JsonResponse(body, status=status, headers={**never_kept, **(headers or {})})
