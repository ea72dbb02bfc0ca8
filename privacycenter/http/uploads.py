"""Taking in uploaded files: what is too much is counted and dropped, so that no visitor fills our disk or memory."""

import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_FILE_BYTES = 10 * 1024 * 1024
# Of one request. Some files of full size, with room.
MOST_BYTES = 64 * 1024 * 1024


class TooMuchIsDropped(FileUploadHandler):
    """Lets no file grow beyond ``MOST_FILE_BYTES``, and all files of a request not beyond ``MOST_BYTES``.

    The rest of the form is read all the same, so that it can be shown again with what was typed. A file that was
    dropped is there with its name and its true size, and without its content. MUST be the first of the handlers.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.of_request = self.of_file = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.of_file = 0

    @property
    def is_too_much(self) -> bool:
        return self.of_file > MOST_FILE_BYTES or self.of_request > MOST_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.of_file += len(raw_data)
        self.of_request += len(raw_data)
        return None if self.is_too_much else raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        if not self.is_too_much:
            return None
        size = max(self.of_file, MOST_FILE_BYTES + 1)
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, size, self.charset)
