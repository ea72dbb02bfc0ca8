"""Publishing a large site, 500 scenarios in five languages: seconds, memory, and the effect on visitors."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bench.client import Address, ask, request_bytes, requests_per_second
from bench.serving import MANAGE, ROOT, manage, product_environment, served, table

LANGUAGES = ("ja", "en", "fr", "ko", "zh-hans")
SCENARIOS, ON_ONE_PAGE = 500, 20
PAGE = "/where-provided/"
MB = 1024 * 1024


def main(full: bool) -> None:
    with product_environment(LANGUAGES=",".join(LANGUAGES)) as environment, TemporaryDirectory() as folder:
        pack = Path(folder) / "pack"
        write_large_pack(pack)
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        manage(environment, "load_content")
        manage(environment, "publish_content")
        steps = [["nothing to publish", *timed(environment, "publish_content")]]
        with served("privacycenter.wsgi", environment) as site:
            pages = [page_times("before", site, full)]
            steps.append([f"load {SCENARIOS} scenarios", *timed(environment, "load_content", str(pack))])
            steps.append([f"publish {SCENARIOS} scenarios", *timed(environment, "publish_content")])
            pages.append(page_times("after", site, full))
            one_of_the_new = ask(site, "/en/scenes-1/", Accept_Encoding="br")
        pages += restarted(environment, full)
    if one_of_the_new[0] != 200:
        raise RuntimeError(f"A page of the large pack answers {one_of_the_new[0]}")
    table(
        f"Publishing {SCENARIOS} scenarios in {len(LANGUAGES)} languages",
        ["step", "seconds", "CPU s", "peak MB"],
        steps,
    )
    table(f"The time of {PAGE} meanwhile, in ms", ["publication", "first visit", "warm", "sent bytes"], pages)


def restarted(environment: dict[str, str], full: bool) -> list[list[object]]:
    with served("privacycenter.wsgi", environment) as site:
        return [page_times("after, new process", site, full)]


def timed(environment: dict[str, str], *arguments: str) -> list[object]:
    """Return seconds and peak memory of one command, with Python's own start."""
    begun = time.perf_counter()
    process = subprocess.Popen([*MANAGE, *arguments], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  our own
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"manage.py {arguments[0]} failed")
    cpu = used.ru_utime + used.ru_stime
    return [f"{time.perf_counter() - begun:.1f}", f"{cpu:.1f}", f"{used.ru_maxrss * 1024 / MB:,.0f}"]


def page_times(name: str, site: Address, full: bool) -> list[object]:
    begun = time.perf_counter()
    _status, _headers, body = ask(site, PAGE, Accept_Encoding="br")
    first = time.perf_counter() - begun
    request = request_bytes(PAGE, {"Accept-Encoding": "br"})
    rounds = 15 if full else 5
    warm = median(1000 / requests_per_second(site, request, 1, 1.0) for _round in range(rounds))
    return [name, f"{first * 1000:.0f}", f"{warm:.2f}", f"{len(body):,}"]


# --- A large pack ----------------------------------------------------------------------------------------------------


def write_large_pack(folder: Path) -> None:
    """Write the starter pack in five languages, with further pages of scenarios made from its own."""
    copytree(ROOT / "disclosures" / "starter", folder)
    where = yaml.safe_load((folder / "pages" / "where-provided.yaml").read_text(encoding="utf-8"))
    patterns = list(scenarios_in(where["sections"]))
    order = yaml.safe_load((folder / "pages" / "order.yaml").read_text(encoding="utf-8"))
    for number in range(1, SCENARIOS // ON_ONE_PAGE + 1):
        page = page_of_scenarios(number, patterns)
        order.append(page["code"])
        write(folder / "pages" / f"{page['code']}.yaml", page)
    write(folder / "pages" / "order.yaml", order)


def page_of_scenarios(number: int, patterns: list[dict[str, Any]]) -> dict[str, Any]:
    numbers = range((number - 1) * ON_ONE_PAGE, number * ON_ONE_PAGE)
    scenarios = [scenario_like(patterns[at % len(patterns)], at) for at in numbers]
    title = dict.fromkeys(LANGUAGES, f"Scenes {number}")
    section = {"code": f"scenes-{number}-all", "title": title, "scenarios": scenarios}
    return {"code": f"scenes-{number}", "title": title, "lead": title, "sections": [section]}


def scenario_like(pattern: dict[str, Any], number: int) -> dict[str, Any]:
    scenario = in_every_language(deepcopy(pattern))
    scenario["code"] = f"{pattern['code']}-{number}"
    scenario["title"] = {language: f"{text} {number}" for language, text in scenario["title"].items()}
    return scenario


def in_every_language(value: Any) -> Any:
    """Add the other languages to a text in Japanese and English: the English words, marked so that no two are equal."""
    if isinstance(value, list):
        return [in_every_language(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "ja" in value:
        return {language: value.get(language, f"{value.get('en', value['ja'])} ({language})") for language in LANGUAGES}
    return {name: in_every_language(part) for name, part in value.items()}


def scenarios_in(sections: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for section in sections:
        yield from section.get("scenarios", ())
        yield from scenarios_in(section.get("subsections", ()))


def write(path: Path, value: Any) -> None:
    # JSON is YAML; it has no aliases, which packs must not use.
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(full=False)
