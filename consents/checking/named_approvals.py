"""Approvals that stand, with the names of what they are about. Pure: no SQL beyond that of ``Names``."""

from collections.abc import Iterable
from dataclasses import dataclass

from consents.checking.standing_approvals import Approval
from disclosures.public.titles import Names
from privacycenter.text.words import Words


@dataclass(frozen=True)
class NamedApproval:
    """``items``: the titles of all that stands by it."""

    approval: Approval
    recipient: Words
    service: Words
    scenario: Words
    items: list[Words]


def named_approvals(found: Iterable[Approval], names: Names) -> list[NamedApproval]:
    return [
        NamedApproval(
            approval=one,
            recipient=names.recipient(one.recipient),
            service=names.service(one.service),
            scenario=names.scenario(one.scenario),
            items=names.items(one.codes),
        )
        for one in found
    ]
