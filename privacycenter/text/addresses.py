"""Addresses that a text may lead to: pages of this site and https addresses, and no third thing."""

import re
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

# Browsers read a second slash, and a backslash like a slash: ``//host`` and ``/\\host`` are other sites.
LOCAL = r"^/([^\s/\\][^\s\\]*)?$"
LINKED = r"^(/([^\s/\\][^\s\\]*)?|https://[^\s\\]*)$"
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
# What stands before the @ in the authority of an address (RFC 3986, section 3.2.1), wherever that stands in a text.
# It is ASCII there; browsers do without the slashes after http: and https:. No address is so long that a bound matters.
USER = re.compile(
    r"(?:https?:/{0,9}|[a-z][a-z0-9+.-]{0,20}://)[\x21\x22\x24-\x2e\x30-\x3e\x41-\x5b\x5d-\x7e]{0,300}@", re.IGNORECASE
)
ONE_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def is_local(address: str) -> bool:
    """Return whether the address is a path of this site."""
    return bool(re.match(LOCAL, address)) and not CONTROLS.search(address)


def is_linked(address: str) -> bool:
    """Return whether the address is a path of this site or an https address of some host."""
    if not re.match(LINKED, address) or CONTROLS.search(address):
        return False
    parts = parts_of(address)
    return parts is not None and bool(parts.hostname or not parts.scheme)


def parts_of(address: str) -> SplitResult | None:
    """Return the parts of an address. None for one that cannot be read, such as ``https://[`` or ``https://a:x/``."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  raises if it is no number of a port
    except ValueError:
        return None
    return parts


def hides_its_host(address: str) -> bool:
    """Return whether the address looks like a path of this site and is none."""
    return address[:1] in ("/", "\\") and not is_local(address)


def fault_of_addresses(text: str) -> str:
    """Return what is wrong with an address in a text that the public reads, in the active language. Empty if nothing.

    A user name and a password in an address would be everybody's; and what looks like a host may be a user name.
    """
    if names_user(text):
        return _("An address here has a user name or password before its @, which everybody would read. Leave it out.")
    return ""


def names_user(text: str) -> bool:
    """Return whether an address in a text has something before an @: in one that stands alone, any letters."""
    parts = parts_of(text) if ONE_ADDRESS.fullmatch(text) else None
    return bool(USER.search(text)) or (parts is not None and "@" in parts.netloc)


def contact_address(contact: str) -> str:
    """Return where a contact leads: a https address itself, an e-mail address to a mail program; else empty."""
    if is_linked(contact) and not is_local(contact):
        return contact
    return f"mailto:{contact}" if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", contact, re.ASCII) else ""
