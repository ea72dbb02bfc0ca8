"""What asking for a list of affected people leaves for followers."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class ListAsked(Payload):
    """``list``: the id of the ``AffectedList``."""

    list: UUID


AFFECTED_LIST_ASKED = Topic("affected_list.asked", ListAsked)
