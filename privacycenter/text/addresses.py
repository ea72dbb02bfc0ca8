"""Addresses that a text may lead to: pages of this site and https addresses, and no third thing."""

import re

# Browsers read a second slash, and a backslash like a slash: ``//host`` and ``/\\host`` are other sites.
LOCAL = r"^/([^\s/\\][^\s\\]*)?$"
LINKED = r"^(/([^\s/\\][^\s\\]*)?|https://[^\s\\]*)$"
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def is_local(address: str) -> bool:
    """Return whether the address is a path of this site."""
    return bool(re.match(LOCAL, address)) and not CONTROLS.search(address)


def is_linked(address: str) -> bool:
    """Return whether the address is a path of this site or an https address."""
    return bool(re.match(LINKED, address)) and not CONTROLS.search(address)


def hides_its_host(address: str) -> bool:
    """Return whether the address looks like a path of this site and is none."""
    return address[:1] in ("/", "\\") and not is_local(address)


def contact_address(contact: str) -> str:
    """Return where a contact leads: a https address itself, an e-mail address to a mail program; else empty."""
    if is_linked(contact) and not is_local(contact):
        return contact
    return f"mailto:{contact}" if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", contact, re.ASCII) else ""
