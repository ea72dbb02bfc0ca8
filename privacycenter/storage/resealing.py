"""Keys of stored files under a new ``SECRET_KEY``. The files themselves stay as they are."""

from privacycenter.encryption import CannotOpenError, Resealed, reseal
from privacycenter.models import StoredFile
from privacycenter.storage.ciphers import PURPOSE


def reseal_files() -> Resealed:
    """Encrypt each file's key anew that is under a former key. A file deleted meanwhile is left out."""
    counted = Resealed()
    for pk, sealed in StoredFile.objects.order_by("pk").values_list("pk", "sealed_key").iterator():
        try:
            anew = reseal(sealed, purpose=PURPOSE)
        except CannotOpenError:
            counted += Resealed(unreadable=1)
            continue
        if anew != sealed:
            counted += Resealed(done=StoredFile.objects.filter(pk=pk).update(sealed_key=anew))
    return counted
