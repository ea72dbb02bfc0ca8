"""A small OpenID Connect provider that really answers over HTTP: the company's log-in, as the tests need it.

Authorization code flow with PKCE (OpenID Connect Core 3.1, RFC 7636). Who logs in is whoever ``subject`` names.
"""

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from privacycenter.openid import protocol

CLIENT_ID, CLIENT_SECRET = "privacy-center", "only-for-tests"


class Company:
    """The provider: what it says of who comes, and what it was asked."""

    def __init__(self) -> None:
        self.behave()
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig"})
        self.codes: dict[str, dict] = {}
        self.authorizations: list[dict] = []
        self.calls: list[str] = []
        company = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self, company)

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def behave(self) -> None:
        """Tell the truth again. ``lies``: claim of the ID token → what it says instead, None to leave it out.

        This process forgets what it kept of any provider.
        """
        protocol.kept_answers.clear()
        self.subject, self.claims, self.refuses = "subject-of-nobody", {}, False
        self.lies: dict = {}
        self.about: dict = {}
        self.configured: dict = {}
        self.signed_by, self.header = None, {"alg": "RS256", "kid": "1"}
        self.proved_ago = 0
        # Path → (status, body, seconds to wait): what is answered there instead.
        self.instead: dict[str, tuple[int, bytes, float]] = {}

    def as_settings(self) -> dict:
        return {"issuer": self.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # --- What it answers; each returns a status and a body -----------------------------------------------------------

    def configuration(self) -> tuple[int, dict]:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        return 200, {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            **{name: f"{self.issuer}/{path}" for name, path in paths.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            **self.configured,
        }

    def authorize(self, query: dict) -> str:
        """Where the browser is sent back to."""
        self.authorizations.append(query)
        answer = {"state": query["state"]}
        if self.refuses:
            return f"{query['redirect_uri']}?{urlencode({**answer, 'error': 'access_denied'})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({**answer, 'code': code})}"

    def token(self, form: dict, authorization: str) -> tuple[int, dict]:
        query = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        is_client = authorization == f"Basic {basic}" or form.get("client_secret") == CLIENT_SECRET
        if query is None or not is_client or challenge(form.get("code_verifier", "")) != query["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.subject, "iat": now, "exp": now + 60, **self.claims}
        if "nonce" in query:
            claims["nonce"] = query["nonce"]
        if "max_age" in query:
            claims["auth_time"] = now - self.proved_ago
        claims = {name: value for name, value in {**claims, **self.lies}.items() if value is not None}
        id_token = jwt.encode(self.header, claims, self.signed_by or self.key, algorithms=["RS256", "HS256"])
        return 200, {"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def answer(handler: BaseHTTPRequestHandler, company: Company) -> None:
    parts = urlsplit(handler.path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    length = int(handler.headers.get("Content-Length") or 0)
    form = {name: values[0] for name, values in parse_qs(handler.rfile.read(length).decode()).items()}
    if parts.path == "/authorize":
        handler.send_response(302)
        handler.send_header("Location", company.authorize(query))
        handler.end_headers()
        return
    company.calls.append(parts.path)
    if parts.path in company.instead:
        status, content, seconds = company.instead[parts.path]
        time.sleep(seconds)
        send(handler, status, content)
        return
    status, body = {
        "/.well-known/openid-configuration": company.configuration,
        "/jwks": lambda: (200, {"keys": [company.key.as_dict(private=False)]}),
        "/token": lambda: company.token(form, handler.headers.get("Authorization", "")),
        "/userinfo": lambda: (200, {"sub": company.subject, **company.claims, **company.about}),
    }[parts.path]()
    send(handler, status, json.dumps(body).encode())


def send(handler: BaseHTTPRequestHandler, status: int, content: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def at_the_company(address) -> str:
    """Do what the browser does there. Returns where it is sent back to, as a path of ours."""
    opener = urllib.request.build_opener(NoRedirects())
    try:
        opener.open(address, timeout=5)
    except urllib.error.HTTPError as redirect:
        back = urlsplit(redirect.headers["Location"])
    return f"{back.path}?{back.query}"
