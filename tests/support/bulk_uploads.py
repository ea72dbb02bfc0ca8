"""Uploads as a reporter sends them."""

import base64
import gzip
import hashlib
import json

from privacycenter.outbox.working import work_off

UPLOADS = "/disclosure-uploads"


def json_lines(*events) -> bytes:
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events).encode()


def announce(api, content, **more):
    body = {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), **more}
    return api.post(UPLOADS, body)


def send_part(api, id, offset, part, *, digest=None, content_type="application/octet-stream", **headers):
    digest = base64.b64encode(digest or hashlib.sha256(part).digest()).decode()
    headers = {"Authorization": f"Bearer {api.token}", "Content-Digest": f"sha-256=:{digest}:", **headers}
    return api.client.put(
        f"/api/v1{UPLOADS}/{id}/parts/{offset}", part, content_type=content_type, headers=headers
    )  # fmt: skip


def uploaded(api, content, *, compress=False, part_bytes=1024 * 1024) -> str:
    """The id of a file that was sent in parts and completed, and waits for the worker."""
    content = gzip.compress(content) if compress else content
    id = announce(api, content, encoding="gzip" if compress else "identity").json()["id"]
    for offset in range(0, len(content), part_bytes):
        assert send_part(api, id, offset, content[offset : offset + part_bytes]).status_code == 200
    assert api.post(f"{UPLOADS}/{id}/completions", {}).status_code == 201
    return id


def recorded(api, content, **more) -> dict:
    """The upload after the worker was there."""
    id = uploaded(api, content, **more)
    work_off()
    return state_of(api, id)


def state_of(api, id) -> dict:
    return api.get(f"{UPLOADS}/{id}").json()


def results_of(api, id, query="") -> list[dict]:
    return api.get(f"{UPLOADS}/{id}/lines{query}").json()["data"]
