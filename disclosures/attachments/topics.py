"""What files of requests leave for followers."""

from privacycenter.outbox.topics import Payload, Topic


class FilesInDoubt(Payload):
    """Names of kept files of which perhaps no attachment speaks (any more)."""

    names: list[str]


FILES_IN_DOUBT = Topic("attachment.files_in_doubt", FilesInDoubt)
