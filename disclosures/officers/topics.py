"""What steps about withheld entries leave for followers."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class ShownAgain(Payload):
    """Of whom, and to which recipient the data went. ``disclosure``: None in what was left before it was named."""

    person: int
    recipient: int
    disclosure: UUID | None = None


class CaseTold(Payload):
    """``step``: the step of a case with words for the people whose disclosures it is about. ``after``: the key of the
    last event whose person was told; the others follow, part by part."""

    step: int
    after: int = 0


CASE_TOLD = Topic("case.told", CaseTold)
# Left when a withheld disclosure is released, and due when its time is over by itself. It may be withheld still: a
# second officer approved it, or entered it anew.
DISCLOSURE_SHOWN_AGAIN = Topic("disclosure.shown_again", ShownAgain)
