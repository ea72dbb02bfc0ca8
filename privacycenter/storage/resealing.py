"""Keys of stored files under a new ``SECRET_KEY``. The files themselves stay as they are."""

from privacycenter.encryption import Resealed, reseal_column
from privacycenter.models import StoredFile
from privacycenter.storage.ciphers import PURPOSE


def reseal_files() -> Resealed:
    """Encrypt each file's key anew that is under a former key. A file deleted meanwhile is left out."""
    return reseal_column(StoredFile.objects.order_by("pk"), "sealed_key", purpose=PURPOSE)
