"""What heartbeats leave for followers."""

from privacycenter.outbox.topics import Payload, Topic


class HeartbeatReceived(Payload):
    heartbeat: int


HEARTBEAT_RECEIVED = Topic("heartbeat.received", HeartbeatReceived)
