"""Which roles at the desk the log-in of staff gives (``STAFF_OIDC_ROLES``)."""

import json
from collections.abc import Mapping
from typing import Any

ADMINISTRATORS = "administrators"
# The first three are groups of the desk (``ensure_roles``); administrators may do everything.
ROLES = ("editors", "publishers", "officers", ADMINISTRATORS)

# Claim → value → roles.
RoleMap = Mapping[str, Mapping[str, list[str]]]


def read_roles(text: str) -> dict[str, dict[str, list[str]]]:
    """Return what ``STAFF_OIDC_ROLES`` says. Raises ValueError, in words for the operator. Pure."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise ValueError("it is not JSON") from error
    if not isinstance(given, dict) or not given or not all(isinstance(one, dict) and one for one in given.values()):
        raise ValueError('it must look like {"groups": {"privacy-officers": ["officers"]}}')
    found = {
        claim: {value: [roles] if isinstance(roles, str) else roles for value, roles in values.items()}
        for claim, values in given.items()
    }
    for roles in (roles for values in found.values() for roles in values.values()):
        if not isinstance(roles, list) or not roles or not set(map(str, roles)) <= set(ROLES):
            raise ValueError(f"the roles are {', '.join(ROLES)}")
    return found


def roles_in(claims: Mapping[str, Any], mapped: RoleMap) -> set[str]:
    """Return the roles that these claims give. A claim is one text or a list of them; other values give none. Pure."""
    found: set[str] = set()
    for claim, values in mapped.items():
        given = claims.get(claim)
        for value in given if isinstance(given, list) else [given]:
            if isinstance(value, str):
                found.update(values.get(value, ()))
    return found
