"""Ids of approval requests as the API shows them.

A row is fetched from its person, never by its id alone (it lives with that person's other rows, on one machine of
many). A reporter's ``GET /approval-requests/<id>`` names no person, so the id it was given carries the person's key.
"""

from uuid import UUID

from consents.models import ApprovalRequest, Decision


def public_id(row: ApprovalRequest | Decision, request_id: UUID | None = None) -> str:
    """``<person>-<request>``, both hexadecimal."""
    return f"{row.person_id:x}-{(request_id or row.id).hex}"


def parse_public_id(value: str) -> tuple[int, UUID] | None:
    """Person key and request id, or None for anything that is not one of ours."""
    person, dash, request = value.partition("-")
    try:
        parsed = int(person, 16), UUID(hex=request)
    except ValueError:
        return None
    return parsed if dash and 0 < parsed[0] < 2**63 else None
