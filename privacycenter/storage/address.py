"""STORAGE_URL, read and checked: where files are kept. Pure; the library of S3 is not loaded here."""

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

DATABASE = "database:"
SCHEMES = {"s3": "https", "s3+http": "http"}
OPTIONS = {"region", "prefix"}
# Seconds. What a store does not answer within them is tried again later.
CONNECT_SECONDS, READ_SECONDS = 5, 30
# Above this size a file on its way through this process lies on the disk, not in its memory.
MOST_IN_MEMORY_BYTES = 1024 * 1024
SHAPE = "s3://KEY:SECRET@HOST/BUCKET?region=REGION&prefix=PREFIX"


def storage_of(url: str, *, is_production: bool) -> dict[str, Any]:
    """Return the entry of ``STORAGES`` that this address stands for. ``database:`` and nothing are the database.

    Raises ValueError, in words that repeat nothing of the address: it holds a secret.
    """
    if url in ("", DATABASE):
        return {"BACKEND": "privacycenter.storage.database_store.DatabaseStorage"}
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  reads it
    except ValueError as error:
        raise ValueError(f"it is no address; it must be {DATABASE} or {SHAPE}") from error
    if parts.scheme not in SCHEMES:
        raise ValueError(f"it must be {DATABASE} or {SHAPE}")
    if parts.scheme == "s3+http" and is_production:
        raise ValueError("s3+http:// sends files unencrypted, so it is for a trial run only; use s3://")
    return {"BACKEND": "privacycenter.storage.s3_store.PrivateS3Storage", "OPTIONS": s3_options(parts)}


def s3_options(parts: SplitResult) -> dict[str, Any]:
    bucket = unquote(parts.path).strip("/")
    if not parts.hostname or not bucket or "/" in bucket:
        raise ValueError(f"it must name a host and one bucket: {SHAPE}")
    if not parts.username or not parts.password:
        raise ValueError(f"it must name a key and its secret: {SHAPE}")
    given = parse_qs(parts.query, keep_blank_values=True)
    if unknown := given.keys() - OPTIONS:
        raise ValueError(f"it has an option that is not known: {', '.join(sorted(unknown))}")
    port = f":{parts.port}" if parts.port else ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "endpoint_url": f"{SCHEMES[parts.scheme]}://{host}{port}",
        "region_name": given.get("region", [""])[-1] or "us-east-1",
        "location": given.get("prefix", [""])[-1].strip("/"),
    }
