"""This process as a sandbox, for the length of a test."""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.test import override_settings

from disclosures.models.receiving.reporters import BY_TOKEN
from privacycenter.sandbox import clock
from privacycenter.sandbox.actions import begin_or_refuse, put_clock_forward
from privacycenter.sandbox.reading import read_clock

AS_A_SANDBOX = {
    "SANDBOX": True,
    "EMAIL_BACKEND": "privacycenter.sandbox.mailbox.Mailbox",
    "MIDDLEWARE": ["privacycenter.sandbox.middleware.sandbox", *settings.MIDDLEWARE],
}


@contextmanager
def a_sandbox():
    """The setting, a database that was begun as a sandbox, its clock and its mailbox."""
    BY_TOKEN.__dict__.pop("made", None)
    with override_settings(**AS_A_SANDBOX):
        begin_or_refuse()
        clock.install()
        try:
            yield
        finally:
            clock.uninstall()
            BY_TOKEN.__dict__.pop("made", None)


def forward(**much):
    """Put the clock forward, and let this process know."""
    put_clock_forward(forward=timedelta(**much), by="test")
    read_clock()
