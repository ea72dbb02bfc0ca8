"""Reading of request bodies: size and JSON syntax."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from pydantic import ValidationError

from privacycenter.api.validation import invalid_value
from privacycenter.errors import BodyTooLarge, InvalidValue
from privacycenter.http.strict_json import read_body


def read_json(request: HttpRequest) -> Any:
    """Return the parsed body. Raises LengthRequired, BodyTooLarge above 1 MiB, NotJson for anything but UTF-8 JSON."""
    try:
        return read_body(request)
    except RequestDataTooBig as error:
        raise BodyTooLarge(f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes. Send smaller batches.") from error


def first_error(error: ValidationError) -> InvalidValue:
    """Return the first fault of a body as a refusal that names its field (``data.items[2]``)."""
    first = error.errors()[0]
    return invalid_value(first, first["loc"])
