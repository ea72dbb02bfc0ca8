"""The tutorial of docs/api.md, word for word, against the live server: what it shows is what is answered."""

import json
import os
import re
import subprocess

import pytest
import yaml

from disclosures.reporters.actions import create_reporter
from tests.support.content import ROOT

# Where the reader makes credentials and names the server; the test brings its own.
OPENING = ("export DEMO", "API=", "eval ")


def commands() -> list[str]:
    """The blocks for bash, in their order."""
    return re.findall(r"```bash\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)


def promised(block: str) -> list[str]:
    """The answers that a block shows as comments, each in one line: ``{"results": … }``."""
    told = re.findall(r"^# (?:20\d )?(\{.*(?:\n#  .*)*)", block, re.MULTILINE)
    return [" ".join(line.strip("# ") for line in one.splitlines()) for one in told]


def is_shown(promise: str, answer: str) -> bool:
    """Whether the answer has all that the promise does not leave out (``…``), in its order."""
    return re.fullmatch(".*".join(map(re.escape, promise.split("…"))), answer) is not None


@pytest.fixture
def answers(world, live_server):
    reporter, secret = create_reporter(code="tutorial", title="SUUMOの報告システム", services=["suumo"])
    lines = [line for block in commands() for line in block.splitlines() if not line.startswith(OPENING)]
    given = {"API": f"{live_server.url}/api/v1", "CLIENT_ID": reporter.client_id, "CLIENT_SECRET": secret}
    ended = subprocess.run(
        ["bash", "-u", "-c", "\n".join(lines)], env={**os.environ, **given}, capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""
    return [line for line in ended.stdout.splitlines() if line]


def test_tutorial_shows_what_is_answered(answers):
    assert [answer for answer in answers if "urn:privacycenter:problem" in answer or '"error"' in answer] == []
    promises = [promise for block in commands() for promise in promised(block)]
    assert len(promises) >= 7
    left = iter(answers)
    for promise in promises:
        assert any(is_shown(promise, answer) for answer in left), promise


def test_story_of_the_readme_cites_what_each_situation_needs():
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    bodies = [json.loads(body) for body in re.findall(r"^(?:REVIEW|RESULT)='(.*)'$", told, re.MULTILINE)]
    assert len(bodies) == 2
    page = (ROOT / "disclosures" / "starter" / "pages" / "where-provided.yaml").read_text(encoding="utf-8")
    sections = yaml.safe_load(page)["sections"]
    needed = {
        one["code"]: one["evidence"] for part in sections for one in part.get("scenarios", []) if "evidence" in one
    }
    assert [body["evidence"]["kind"] for body in bodies] == [needed[body["scenario"]] for body in bodies]
