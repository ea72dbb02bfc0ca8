"""Processor time of the desk's pages with 500 scenarios in five languages, beside the same pages with the starter pack.

Two sites of their own, each in a process that calls the WSGI application itself; they take turns, page by page.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import IO, Any

from bench.publishing import LANGUAGES, SCENARIOS, write_large_pack
from bench.serving import ROOT, manage, product_environment, table

# Pages that show no content.
PLAIN = {
    "cases": "/en/admin/cases/",
    "coverage": "/en/admin/coverage/",
    "inquiries": "/en/admin/inquiries/",
    "proposals": "/en/admin/proposals/",
    "content packs": "/en/admin/packs/",
    "form of a legal term": "/en/admin/disclosures/term/1/change/",
}
# Pages that show some of it: there is more to show.
SHOWING = {"front page": "/en/admin/", "list of scenarios": "/en/admin/disclosures/scenario/"}
SAVE, AFTER_SAVE = "a Save", "the first page after it"
ROUNDS = 15


def main(full: bool) -> None:
    with site("starter") as starter, site("large", large=True) as large:
        names = [*PLAIN, *SHOWING, SAVE, AFTER_SAVE]
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        for _round in range(ROUNDS * (4 if full else 1) + 1):
            for name in names:
                found[name].append((starter(name), large(name)))
    rows = []
    for name, pairs in found.items():
        # The first round warms up.
        small, big = (median(seconds) * 1000 for seconds in zip(*pairs[1:], strict=True))
        rows.append([name, f"{small:.1f}", f"{big:.1f}", f"{big / small:.2f}"])
    table(
        f"The desk with {SCENARIOS} scenarios in {len(LANGUAGES)} languages, CPU ms",
        ["page", "starter pack", "large pack", "ratio"],
        rows,
    )


@contextmanager
def site(name: str, *, large: bool = False) -> Iterator[Callable[[str], float]]:
    """A site with its content published and some of it changed since. Called with a page's name, it opens the page once
    and says how many seconds of processor time that took."""
    with product_environment(BENCH_LANGUAGES=",".join(LANGUAGES)) as environment, TemporaryDirectory() as folder:
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        manage(environment, "load_content")
        if large:
            pack = Path(folder) / "pack"
            write_large_pack(pack)
            manage(environment, "load_content", str(pack))
        manage(environment, "publish_content")
        command = [sys.executable, "-W", "ignore", "-m", "bench.desk"]
        process = subprocess.Popen(  # noqa: S603  our own
            command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield lambda page: asked(process, page)
        finally:
            process.stdin.close()
            process.wait(30)


def asked(process: "subprocess.Popen[str]", page: str) -> float:
    process.stdin.write(f"{page}\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError(f"The desk does not answer for {page}")
    return float(json.loads(answer))


# --- In the process of a site ----------------------------------------------------------------------------------------


def answer(pages: IO[str]) -> None:
    """Open each page that is named, and say what it took."""
    import django

    django.setup()
    from django.test import Client

    from privacycenter.models import User

    client = Client(headers={"host": "127.0.0.1"})
    user = User.objects.create_superuser("bench", password=None, subject="bench")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for line in pages:
        print(json.dumps(seconds_of(client, line.strip())), flush=True)


def seconds_of(client: Any, name: str) -> float:
    if name == SAVE:
        path, form = changed_scenario(client)
        return timed(lambda: client.post(path, form), 302)
    path = {**PLAIN, **SHOWING, AFTER_SAVE: PLAIN["people"]}[name]
    return timed(lambda: client.get(path), 200)


def timed(call: Callable[[], Any], status: int) -> float:
    begun = time.process_time()
    response = call()
    spent = time.process_time() - begun
    if response.status_code != status:
        raise RuntimeError(f"Answered {response.status_code}")
    return spent


def changed_scenario(client: Any) -> tuple[str, dict[str, Any]]:
    """The address of a scenario's form, and what it sends with another title. Its items and notes are left alone."""
    from disclosures.models import Scenario

    row = Scenario.objects.get(code="online-booking")
    path = f"/en/admin/disclosures/scenario/{row.pk}/change/"
    marks = dict(re.findall(r'name="(seen\w*)" value="(\w+)"', client.get(path).content.decode()))
    lists = {name: [one.pk for one in getattr(row, name).all()] for name in ("services", "recipients", "links")}
    rows = {
        f"{prefix}-{count}_FORMS": 0
        for prefix in ("scenario_items", "exclusions", "notes")
        for count in ("TOTAL", "INITIAL")
    }
    texts = {**row.i18n, "title": f"{row.title}。", "body": row.body, "recipient_kinds": row.recipient_kinds}
    facts = {"section": row.section_id, "ground": row.ground, "position": row.position}
    return path, {**marks, **lists, **rows, **texts, **facts}


if __name__ == "__main__":
    answer(sys.stdin)
