"""The policy of content is the same in every process, and so are the ETags that are made over it."""

import os
import subprocess
import sys

import pytest
from django.http import HttpResponse

from privacycenter.http.policy import SamePolicyEverywhere
from tests.support.content import ROOT

ASK = """
import django; django.setup()
from django.http import HttpResponse
from django.test import RequestFactory
from privacycenter.http.policy import SamePolicyEverywhere
said = SamePolicyEverywhere(lambda request: HttpResponse())(RequestFactory().get("/"))
print(said["Content-Security-Policy"])
"""


def policy_of_a_process(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-W", "ignore", "-c", ASK]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.once
def test_policy_is_the_same_in_every_process():
    said = {policy_of_a_process(seed) for seed in ("1", "2", "3")}
    assert len(said) == 1
    assert "default-src 'none'" in said.pop()


@pytest.mark.once
def test_policy_that_a_view_set_stays_as_it_is(rf):
    own = "style-src 'self'; default-src 'none'"
    answer = SamePolicyEverywhere(lambda request: HttpResponse(headers={"Content-Security-Policy": own}))(rf.get("/"))
    assert answer["Content-Security-Policy"] == own
