"""A client with as little overhead as possible: raw sockets that stay open, one request after another on each."""

import re
import select
import socket
import time
from statistics import median

Address = tuple[str, int]
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def request_bytes(path: str, headers: dict[str, str], method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def ask(address: Address, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send one request on a connection of its own. Return status, headers in lower case, and body."""
    with socket.create_connection(address, timeout=30) as connection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.sendall(request_bytes(path, {**named, "Connection": "close"}))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _empty, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    found = (line.partition(":") for line in lines)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _colon, value in found}, body


def answer_length(connection: socket.socket, request: bytes, method: str) -> tuple[int, bytes]:
    """Return how many bytes the response to this request has, head and body, and its status line."""
    connection.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head = received[: received.index(b"\r\n\r\n") + 4]
    found = LENGTH.search(head)
    has_body = found is not None and b" 304 " not in head[:20]
    total = len(head) + (int(found[1]) if found and has_body else 0)
    while len(received) < total:
        received += connection.recv(65536)
    return total, head.split(b"\r\n", 1)[0]


def requests_per_second(address: Address, request: bytes, connections: int, seconds: float) -> float:
    """Return responses per second, with one request under way on each connection. All must be as long as the first."""
    opened = [socket.create_connection(address, timeout=30) for _ in range(connections)]
    expected, _status = answer_length(opened[0], request, "GET")
    waiting = {connection.fileno(): [connection, expected] for connection in opened}
    poll = select.epoll()
    for connection in opened:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(connection, select.EPOLLIN)
        connection.sendall(request)
    answered, begun = 0, time.perf_counter()
    until = begun + seconds
    while time.perf_counter() < until:
        for number, _event in poll.poll(1):
            one = waiting[number]
            got = len(one[0].recv(262144))
            one[1] -= got
            if one[1] == 0:
                answered += 1
                one[1] = expected
                one[0].sendall(request)
            elif got == 0 or one[1] < 0:
                raise RuntimeError(f"An answer was not as long as the first one ({expected} bytes): {got} {one[1]}")
    lasted = time.perf_counter() - begun
    for connection in opened:
        connection.close()
    return answered / lasted


def measured(jobs: dict[str, tuple[Address, bytes]], *, rounds: int, seconds: float, connections: int) -> dict:
    """Return name → requests per second of each round. The jobs take turns, so that other load affects all of them."""
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for address, request in jobs.values():
        requests_per_second(address, request, connections, 0.5)
    for _round in range(rounds):
        for name, (address, request) in jobs.items():
            found[name].append(requests_per_second(address, request, connections, seconds))
    return found


def spread(values: list[float]) -> float:
    """Return half the interquartile range, as a fraction of the median."""
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 4], ordered[-1 - len(ordered) // 4]
    return (high - low) / 2 / median(ordered)
