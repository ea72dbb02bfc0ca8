"""What recording leaves for followers."""

from pydantic import AwareDatetime

from privacycenter.outbox.topics import Payload, Topic


class DisclosuresRecorded(Payload):
    """A batch. ``at``: when it was recorded; ``counts``: service and how many disclosures, each service once;
    ``rows``: person, recipient and flags, each different one once; ``practice``: recipient, service, scenario, item set
    and how many disclosures, each combination once. Batches of version 0.1 have none."""

    reporter: int
    at: AwareDatetime
    counts: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, int, int], ...]
    practice: tuple[tuple[int, int, int, int, int], ...] = ()


DISCLOSURES_RECORDED = Topic("disclosures.recorded", DisclosuresRecorded)
