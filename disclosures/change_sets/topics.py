"""What change sets leave for followers."""

from privacycenter.outbox.topics import Payload, Topic


class SetNotEnded(Payload):
    """``step``: the step that says why a published set could not be taken back at its end."""

    step: int


SET_NOT_ENDED = Topic("change_set.not_ended", SetNotEnded)
