"""What notices leave for followers."""

from datetime import date

from privacycenter.outbox.topics import Payload, Topic


class DigestDue(Payload):
    """``day``: whose digest it is, by the site's clock."""

    person: int
    day: date


# Left for each notice that a digest will tell of, due in the morning of that day.
DIGEST_DUE = Topic("digest.due", DigestDue)
