"""Public pages: requests per second compared with the least that Django can answer."""

from statistics import median

from bench.client import ask, measured, request_bytes, spread
from bench.serving import manage, product_environment, served, table

BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "ja", "User-Agent": "bench"}
PATHS = ("/", "/where-provided/", "/en/where-provided/", "/recipients/abroad/")


def main(full: bool) -> None:
    with product_environment() as environment:
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        manage(environment, "load_content")
        manage(environment, "publish_content")
        with served("privacycenter.wsgi", environment) as site, served("bench.hello", environment) as hello:
            jobs = {"bare hello": (hello, request_bytes("/", BROWSER))}
            for path in PATHS if full else PATHS[:2]:
                _status, headers, _body = ask(site, path, Accept_Encoding="br")
                jobs[path] = site, request_bytes(path, BROWSER)
                jobs[f"{path} If-None-Match"] = site, request_bytes(path, {**BROWSER, "If-None-Match": headers["etag"]})
            rounds, seconds = (15, 4.0) if full else (7, 2.0)
            found = measured(jobs, rounds=rounds, seconds=seconds, connections=8)
    table(
        f"Public pages, warm, one gunicorn process with 8 threads, 8 connections, median of {rounds} rounds",
        ["what", "requests/s", "±", "ratio to hello"],
        [row(name, values, found["bare hello"]) for name, values in found.items()],
    )


def row(name: str, values: list[float], base: list[float]) -> list[object]:
    # Each round is compared with hello in the same round: other load affected both.
    ratio = median(value / least for value, least in zip(values, base, strict=True))
    return [name, f"{median(values):,.0f}", f"{spread(values):.0%}", f"{ratio:.2f}"]


if __name__ == "__main__":
    main(full=False)
