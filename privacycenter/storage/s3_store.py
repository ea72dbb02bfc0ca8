"""Files in an S3-compatible store. Nothing of it is public: files are read through this site alone."""

from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from privacycenter.storage.address import CONNECT_SECONDS, MOST_IN_MEMORY_BYTES, READ_SECONDS


class StoreFailedError(OSError):
    """The store does not answer, or refuses."""


@deconstructible
class PrivateS3Storage(S3Storage):  # type: ignore[misc]  # the library has no types
    """A bucket addressed by path, as every compatible store understands it, without access lists or public addresses.

    Its objects appear complete or not at all, and one of the same name is replaced. How they are encrypted at rest is
    the store's to say.
    """

    def _save(self, name: str, content: "File[Any]") -> str:
        """Raises StoreFailedError if the store does not take the file."""
        try:
            return str(super()._save(name, content))
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise StoreFailedError(f"the store did not take a file: {type(error).__name__}") from error

    def get_default_settings(self) -> dict[str, Any]:
        return {
            **super().get_default_settings(),
            "addressing_style": "path",
            "signature_version": "s3v4",
            "default_acl": None,
            "file_overwrite": True,
            "querystring_auth": True,
            "max_memory_size": MOST_IN_MEMORY_BYTES,
            "object_parameters": {"ContentType": "application/octet-stream", "CacheControl": "private, no-store"},
            "client_config": Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                # Stores that are only compatible do not all know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        }
