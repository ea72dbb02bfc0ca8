"""Requests under load: threads that each keep a connection open, and the durations of their responses."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from statistics import median

from bench.client import Address

Request = tuple[str, str, bytes, dict[str, str]]  # method, path, body, headers


def in_parallel(work: Callable[[int], list[float]], clients: int) -> tuple[list[float], float]:
    """Return the results of all clients together, and how long all took. Raises the error of any client."""
    results: list[list[float]] = [[] for _ in range(clients)]
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            results[number] = work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - begun
    if errors:
        raise errors[0]
    return [value for result in results for value in result], lasted


def seconds_of(address: Address, requests: Iterator[Request]) -> list[float]:
    """Send these one after another on one connection. Return the seconds of each; any status but 200 is an error."""
    connection = http.client.HTTPConnection(*address, timeout=120)
    taken = []
    for method, path, body, headers in requests:
        begun = time.perf_counter()
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        taken.append(time.perf_counter() - begun)
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {content[:300]!r}")
    connection.close()
    return taken


def percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def milliseconds(values: list[float]) -> str:
    """Return p50 / p95 / p99."""
    return " / ".join(f"{percentile(values, part) * 1000:.1f}" for part in (0.5, 0.95, 0.99))


def show(title: str, head: list[str], rows: list[list[str]]) -> None:
    """Print one table, columns as wide as their content."""
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    print(f"\n{title}")
    for row in [head, ["-" * width for width in widths], *rows]:
        print(
            "  ".join(
                value.ljust(width) if n == 0 else value.rjust(width)
                for n, (value, width) in enumerate(zip(row, widths, strict=True))
            )
        )
    print(flush=True)


__all__ = ["Request", "in_parallel", "median", "milliseconds", "percentile", "seconds_of", "show"]
