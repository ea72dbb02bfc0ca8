"""Exit 0 if the server on this machine answers a probe with 200, otherwise 1: ``python probe.py [/readyz]``.

For health checks of containers: it asks under a host that ``ALLOWED_HOSTS`` names, and needs no Django.
"""

import http.client
import os
import sys

PATIENCE_SECONDS = 4


def main(path: str) -> int:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": host} if host and host != "*" else {})
        answer = connection.getresponse()
        said = answer.read(2_000).decode(errors="replace").strip()
    except OSError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    print(f"{path}: {answer.status} {said}")
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "/readyz"))
