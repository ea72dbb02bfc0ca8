"""Two further languages are configuration: the site with four, in a process of its own."""

import os
import subprocess
import sys

import pytest

from tests.support.content import ROOT

pytestmark = pytest.mark.once

TESTS = "tests/site/in_four_languages.py"


def test_site_in_four_languages():
    environment = {**os.environ, "LANGUAGES": "ja,en,zh-hans,ko", "DATABASE_URL": "sqlite:///:memory:"}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", TESTS]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-20_000:] + ended.stderr[-2_000:]
    assert " passed" in ended.stdout
