"""Files as people send them, with a request to the operator or later."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from disclosures.attachments.actions import KeptFile, keep_uploads
from disclosures.attachments.uploads import upload_of
from disclosures.inquiries.actions import Filing, file_inquiry
from disclosures.inquiries.numbers import new_token
from disclosures.models import Inquiry, InquiryKind
from privacycenter.models import User
from tests.support.inquiries import confirm
from tests.support.people import make_user

PDF = b"%PDF-1.7\nscan of a letter"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20


def a_file(name: str = "手紙.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def kept(*files: SimpleUploadedFile) -> list[KeptFile]:
    return keep_uploads(uploads=[upload_of(file) for file in files or (a_file(),)])


def an_inquiry(by: User | None = None, *files: SimpleUploadedFile, body: str = "教えてください。") -> Inquiry:
    """A request of the law that may be answered: who sent it is known, by the log-in or by telephone."""
    filing = Filing(new_token(), InquiryKind.DISCLOSURE, "山田 花子", "hanako@example.jp", body, "", "ja")
    inquiry, _is_new = file_inquiry(filing=filing, kept=kept(*files) if files else (), by=by)
    if by is None:
        confirm(inquiry, User.objects.filter(username="clerk").first() or make_user("clerk", is_staff=True))
    return inquiry


def body_of(response) -> bytes:
    return BytesIO(b"".join(response.streaming_content)).getvalue()
