"""What taking the record home leaves for followers."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class AboutExport(Payload):
    person: int
    export: UUID


EXPORT_REQUESTED = Topic("export.requested", AboutExport)
EXPORT_READY = Topic("export.ready", AboutExport)
# Left when the file is ready, due when its time is over.
EXPORT_EXPIRING = Topic("export.expiring", AboutExport)
