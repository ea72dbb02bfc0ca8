"""What follows a withheld entry in the log: it is sealed in the person's own sequence once it is shown again."""

from disclosures.officers.topics import DISCLOSURE_SHOWN_AGAIN, ShownAgain
from privacycenter.outbox.followers import Follower
from privacycenter.outbox.leaving import leave
from privacycenter.proof.growing import kept_back_rows
from privacycenter.proof.topics import RECORD_GREW, RecordGrew

withheld_in_log = Follower("log_withheld")


@withheld_in_log.follows(DISCLOSURE_SHOWN_AGAIN)
def show_in_log(shown: ShownAgain) -> None:
    """Leave all that is kept back of this person: what still is will be passed over."""
    if rows := kept_back_rows(shown.person):
        leave(RECORD_GREW, RecordGrew(rows=tuple(rows)))
