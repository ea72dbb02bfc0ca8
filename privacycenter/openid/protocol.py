"""OpenID Connect as a relying party: the authorization code flow with PKCE, and every check that the standard names.

Used for the company's log-in and for that of staff. allauth's own client leaves out the nonce, the signature, whom the
user info is about and when somebody logged in, and takes parameters from the browser (docs/decisions/0023).
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

SCOPES = "openid profile email"
# Asymmetric alone: with an HMAC the client's secret would sign, and ``none`` signs nothing.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
CONNECT_SECONDS, READ_SECONDS = 3, 5
# For one answer, however slowly it comes, and its size.
ANSWER_SECONDS, ANSWER_BYTES = 8, 256 * 1024
# How far the provider's clock may differ from ours.
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
# How long a process keeps what a provider says of itself, and its keys.
KEPT_SECONDS = 5 * 60


class ProviderUnavailable(Exception):
    """The provider cannot be reached, is too slow, or says itself that it fails. Later it may work."""


class ProviderNotBelieved(Exception):
    """The provider's answer is no answer of the protocol, or a check of it fails. Nobody is logged in."""


@dataclass(frozen=True)
class Provider:
    """One log-in elsewhere. ``code`` names it in our addresses (``company``, ``staff``)."""

    code: str
    issuer: str
    client_id: str
    client_secret: str


# (issuer, what) → until when on the monotonic clock, and the answer.
kept_answers: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Asked:
    """What we asked of the provider, kept in the browser's session until it comes back.

    ``longest_ago``: how many seconds ago the person may have given proof there. ``is_fresh``: it must be proved so.
    """

    nonce: str
    verifier: str
    longest_ago: int
    is_fresh: bool


@dataclass(frozen=True)
class Vouched:
    """Who came, by the provider's word. ``proved_at``: when they last gave proof there (Unix time); 0 if it is silent.

    ``claims``: those of the ID token, and over them those of the user info.
    """

    subject: str
    proved_at: int
    claims: Mapping[str, Any]


def new_question(*, longest_ago: int, is_fresh: bool) -> Asked:
    return Asked(secrets.token_urlsafe(24), secrets.token_urlsafe(48), longest_ago, is_fresh)


# --- There -----------------------------------------------------------------------------------------------------------


def authorization_address(provider: Provider, asked: Asked, *, state: str, redirect_uri: str) -> str:
    """Return where to send the browser. Everything in it is ours. At most one call of the provider, of which
    this process keeps the answer.

    Raises ProviderUnavailable and ProviderNotBelieved.
    """
    parameters = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "nonce": asked.nonce,
        "code_challenge": challenge_of(asked.verifier),
        "code_challenge_method": "S256",
        # With it the provider must say when the person gave proof (OpenID Connect Core 2, auth_time).
        "max_age": str(asked.longest_ago),
        **({"prompt": "login"} if asked.is_fresh else {}),
    }
    endpoint = endpoint_of(configuration_of(provider), "authorization_endpoint")
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(parameters)}"


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


# --- And back --------------------------------------------------------------------------------------------------------


def vouched_for(provider: Provider, asked: Asked, *, code: str, redirect_uri: str) -> Vouched:
    """Exchange the code and return who came. Two calls of the provider; two more where what is kept of it is too old.

    Raises ProviderUnavailable and ProviderNotBelieved.
    """
    configuration = configuration_of(provider)
    tokens = exchanged(provider, asked, configuration, code, redirect_uri)
    claims = claims_of(provider, asked, configuration, tokens)
    about = user_info(configuration, tokens)
    if about and about.get("sub") != claims["sub"]:
        raise ProviderNotBelieved("the user info is about somebody else")
    return Vouched(claims["sub"], claims.get("auth_time") or 0, {**claims, **about})


def configuration_of(provider: Provider) -> dict[str, Any]:
    """Return the provider's own description (OpenID Connect Discovery 4), which must name the issuer that we set."""
    if known := kept(provider, "configuration"):
        return known
    well_known = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    configuration = called("GET", well_known)
    issuer = configuration.get("issuer")
    if not isinstance(issuer, str) or issuer.rstrip("/") != provider.issuer.rstrip("/"):
        raise ProviderNotBelieved("the configuration is of another issuer")
    return keep(provider, "configuration", configuration)


def endpoint_of(configuration: Mapping[str, Any], name: str) -> str:
    """Return an address of the provider: encrypted, unless the issuer itself is reached without."""
    address = configuration.get(name)
    schemes = {"https", urlsplit(configuration["issuer"]).scheme}
    if not isinstance(address, str) or urlsplit(address).scheme not in schemes or not urlsplit(address).netloc:
        raise ProviderNotBelieved(f"there is no usable {name}")
    return address


def exchanged(
    provider: Provider, asked: Asked, configuration: Mapping[str, Any], code: str, redirect_uri: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": asked.verifier,
    }
    headers = {}
    if "client_secret_post" in (configuration.get("token_endpoint_auth_methods_supported") or []):
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    else:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    tokens = called("POST", endpoint_of(configuration, "token_endpoint"), data=form, headers=headers)
    if not isinstance(tokens.get("id_token"), str) or str(tokens.get("token_type")).lower() != "bearer":
        raise ProviderNotBelieved("there is no ID token")
    return tokens


def claims_of(
    provider: Provider, asked: Asked, configuration: Mapping[str, Any], tokens: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the claims of the ID token after the checks of OpenID Connect Core 3.1.3.7."""
    claims = signed_claims(provider, configuration, tokens["id_token"])
    if complaint := complaint_about(claims, provider, asked, issuer=configuration["issuer"], now=time.time()):
        raise ProviderNotBelieved(complaint)
    return dict(claims)


def signed_claims(provider: Provider, configuration: Mapping[str, Any], token: str) -> Mapping[str, Any]:
    """Return what the token says, by the keys that are kept; if it is signed by none of them, by those of now."""
    known = kept(provider, "keys")
    if known and (claims := claims_by(known, token)) is not None:
        return claims
    keys = keep(provider, "keys", called("GET", endpoint_of(configuration, "jwks_uri")))
    claims = claims_by(keys, token)
    if claims is None:
        raise ProviderNotBelieved("the ID token is not signed by a key of the issuer")
    return claims


def claims_by(keys: dict[str, Any], token: str) -> Mapping[str, Any] | None:
    """Return the claims of a token, None if none of these keys has signed it."""
    try:
        return jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def complaint_about(claims: Mapping[str, Any], provider: Provider, asked: Asked, *, issuer: str, now: float) -> str:
    """Return what is wrong with the claims of an ID token, empty if nothing is. Pure."""
    subject, audience, proved_at = claims.get("sub"), claims.get("aud"), claims.get("auth_time")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", provider.client_id if audiences == [provider.client_id] else None)
    nonce = claims.get("nonce")
    found = {
        "the ID token is of another issuer": claims.get("iss") != issuer,
        "the ID token is for somebody else": provider.client_id not in audiences or party != provider.client_id,
        "the ID token has expired": not is_time(claims.get("exp")) or claims["exp"] <= now - LEEWAY_SECONDS,
        "the ID token is not of now": not is_time(claims.get("iat")) or claims["iat"] > now + LEEWAY_SECONDS,
        "the ID token answers another question": not isinstance(nonce, str)
        or not hmac.compare_digest(nonce.encode(), asked.nonce.encode()),
        "the ID token names nobody": not is_subject(subject),
        "the time of the log-in is no time": proved_at is not None and not is_time(proved_at),
    }
    complaint = next((words for words, is_wrong in found.items() if is_wrong), "")
    return complaint or complaint_about_time(proved_at, asked, now)


def complaint_about_time(proved_at: int | None, asked: Asked, now: float) -> str:
    """Where the provider is silent only a log-in that had to be fresh is refused: elsewhere it counts as long ago."""
    if proved_at is None:
        return "it does not say when the log-in was" if asked.is_fresh else ""
    if not now - asked.longest_ago - LEEWAY_SECONDS <= proved_at <= now + LEEWAY_SECONDS:
        return "the log-in was too long ago"
    return ""


def is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1 << 40


def is_subject(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_SUBJECT and value.isprintable()


def user_info(configuration: Mapping[str, Any], tokens: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the provider tells of the person beyond the ID token, empty if it has no such address."""
    if "userinfo_endpoint" not in configuration:
        return {}
    headers = {"Authorization": f"Bearer {tokens.get('access_token')}"}
    about = called("GET", endpoint_of(configuration, "userinfo_endpoint"), headers=headers)
    if not is_subject(about.get("sub")):
        raise ProviderNotBelieved("the user info names nobody")
    return about


# --- What is kept ---------------------------------------------------------------------------------------------------


def kept(provider: Provider, what: str) -> dict[str, Any] | None:
    """Return what this process keeps of a provider, None if it is nothing or too old."""
    until, answer = kept_answers.get((provider.issuer, what), (0.0, None))
    return answer if until > time.monotonic() else None


def keep(provider: Provider, what: str, answer: dict[str, Any]) -> dict[str, Any]:
    kept_answers[provider.issuer, what] = (time.monotonic() + KEPT_SECONDS, answer)
    return answer


# --- Calls -----------------------------------------------------------------------------------------------------------


def called(method: str, address: str, **more: Any) -> dict[str, Any]:
    """Return the JSON object that the provider answers: no redirects, bounded in time and size."""
    try:
        with requests.request(
            method, address, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, stream=True, **more
        ) as response:
            content = read(response)
    except (requests.RequestException, UnicodeError) as error:
        raise ProviderUnavailable(type(error).__name__) from error
    if response.status_code >= 500 or response.status_code == 429:
        raise ProviderUnavailable(f"status {response.status_code}")
    if response.status_code != 200:
        raise ProviderNotBelieved(f"status {response.status_code}")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ProviderNotBelieved("the answer is no JSON") from error
    if not isinstance(found, dict):
        raise ProviderNotBelieved("the answer is no JSON object")
    return found


def read(response: requests.Response) -> bytes:
    until, content = time.monotonic() + ANSWER_SECONDS, b""
    for part in response.iter_content(16 * 1024):
        content += part
        if len(content) > ANSWER_BYTES:
            raise ProviderNotBelieved("the answer is too long")
        if time.monotonic() > until:
            raise ProviderUnavailable("the answer is too slow")
    return content
