"""Ids of approval requests as the API shows them.

A row is fetched by its person, never by its id alone: one person's rows live together, on one machine of many. A
reporter's ``GET /approval-requests/<id>`` names no person, so the id contains the person's key.
"""

from uuid import UUID

from consents.models import ApprovalRequest, Decision


def public_id(row: ApprovalRequest | Decision, request_id: UUID | None = None) -> str:
    """Return ``<person>-<request>``, both in hexadecimal."""
    return f"{row.person_id:x}-{(request_id or row.id).hex}"


def parse_public_id(value: str) -> tuple[int, UUID] | None:
    """Return the person key and request id, or None if ``value`` is not a public id."""
    person, dash, request = value.partition("-")
    try:
        parsed = int(person, 16), UUID(hex=request)
    except ValueError:
        return None
    return parsed if dash and 0 < parsed[0] < 2**63 else None
