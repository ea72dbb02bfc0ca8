"""Everything that a site of its own shows, for a process that has its settings and its database."""

import io
import re
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from lxml.html import document_fromstring
from pypdf import PdfReader

from privacycenter.models import User

SUBJECT, PASSWORD = "midorino-4711", "midori-no-kaze-11"
PERSONAL = ("", "disclosures/", "recipients/", "decisions/", "requests/", "export/", "stop/", "rules/", "recalls/",
            "record/", "settings/", "notices/", "accesses/", "inquiries/", "where-provided/")  # fmt: skip
MACHINES = ("/robots.txt", "/.well-known/security.txt", "/.well-known/jwks.json", "/api/v1/openapi.json", "/api/v1/docs",
            "/.well-known/recipient-keys.json", "/log/1/log.v1.json", "/readyz")  # fmt: skip


def languages() -> list[str]:
    return ["", *(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]


def public_addresses(client: Client) -> list[str]:
    text = client.get("/sitemap.xml").content.decode()
    listed = [address.removeprefix(settings.SITE_ADDRESS) for address in re.findall(r"<loc>([^<]*)</loc>", text)]
    more = [f"{prefix}{path}" for prefix in languages() for path in
            ("/manifest.webmanifest", "/search/?q=a", "/no-such-page/", "/contact/requests/new/", "/accounts/login/")]  # fmt: skip
    return ["/sitemap.xml", *listed, *more, *MACHINES]


def links_in(page: str) -> set[str]:
    return {one for one in re.findall(r'href="(/[^"#?]*)', page) if not one.startswith(("/static/", "/admin/"))}


def keep(folder: Path, name: str, content: bytes) -> None:
    (folder / (re.sub(r"[^\w.-]", "_", name)[:150] or "home")).write_bytes(content)


def as_text(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def pdf_text(content: bytes) -> bytes:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()


def write_all_that_is_shown(folder: Path) -> None:
    """Write each page, file and mail as a file of text into the folder."""
    setup_test_environment()
    visitor, dead = Client(headers={"Accept-Encoding": "identity"}), []
    seen: set[str] = set()
    for address in public_addresses(visitor):
        response = visitor.get(address)
        keep(folder, f"public {address}", as_text(response))
        if response.headers.get("Content-Type", "").startswith("text/html"):
            seen |= links_in(response.content.decode())
    for address in sorted(seen):
        if visitor.get(address, follow=True).status_code >= 400:
            dead.append(address)
    keep(folder, "dead links", "\n".join(dead).encode())

    page = document_fromstring(visitor.get("/contact/requests/new/").content.decode())
    form = next(one for one in page.forms if "body" in one.fields)
    kind = page.xpath("//input[@name='kind']/@value")[0]
    asked = {"kind": kind, "name": "緑川 さき", "email": "saki@example.com", "body": "記録を見たいです。"}
    hidden = {name: value for name, value in form.fields.items() if name in ("token", "csrfmiddlewaretoken")}
    sent = visitor.post("/contact/requests/new/", {**hidden, **asked})
    assert sent.status_code == 302, sent.status_code

    person = User.objects.get(subject=SUBJECT)
    person.username = "saki"
    person.set_password(PASSWORD)
    person.save()
    client = Client(headers={"Accept-Encoding": "identity"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for prefix in languages():
        for path in PERSONAL:
            keep(folder, f"my {prefix} {path}", as_text(client.get(f"{prefix}/my/{path}")))
    [disclosure] = person.disclosures.all()
    keep(folder, "my disclosure", as_text(client.get(f"/my/disclosures/{disclosure.id}/")))
    for kind in ("json", "csv"):
        keep(folder, f"export {kind}", as_text(client.post("/my/export/", {"format": kind})))
    keep(folder, "export pdf", pdf_text(as_text(client.post("/my/export/", {"format": "pdf"}))))
    call_command("work", "--once")
    sent = [f"{one.from_email}\n{one.subject}\n{one.body}" for one in mail.outbox]
    keep(folder, "mails", "\n".join(sent).encode())
