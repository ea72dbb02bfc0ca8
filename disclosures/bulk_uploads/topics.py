"""What uploads leave for the worker."""

from uuid import UUID

from privacycenter.outbox.topics import Payload, Topic


class AboutUpload(Payload):
    upload: UUID


# Left when the whole file has come, and again after each stretch of it that was recorded.
UPLOAD_TO_RECORD = Topic("upload.to_record", AboutUpload)
# Left with the upload, due when nobody completes it any more.
UPLOAD_EXPIRING = Topic("upload.expiring", AboutUpload)
UPLOAD_ENDED = Topic("upload.ended", AboutUpload)
