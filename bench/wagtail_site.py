"""A Wagtail site of one page, to stand beside ours: as its own command begins one, on SQLite, in its own environment.

Wagtail is no requirement of this project. ``BENCH_WAGTAIL=1`` has it installed into a temporary folder for one run.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from bench.client import Address
from bench.serving import served

MODELS = """
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    body = RichTextField(blank=True)
    content_panels = [*Page.content_panels, FieldPanel("body")]
"""
TEMPLATE = """{% extends "base.html" %}
{% load wagtailcore_tags %}
{% block body_class %}template-homepage{% endblock %}
{% block content %}<main><h1>{{ page.title }}</h1>{{ page.body|richtext }}</main>{% endblock content %}
"""
SETTINGS = """
from .base import *

DEBUG = False
SECRET_KEY = "only-for-measurements-" * 4
ALLOWED_HOSTS = ["*"]
"""
PARAGRAPH = "データの提供先と、提供する項目、提供の根拠を、この文で説明しています。文字だけの、画像のないページです。"
FILL = """
from home.models import HomePage
page = HomePage.objects.get()
page.body = "<p>{paragraph}</p>" * {count}
page.save_revision().publish()
"""


@contextmanager
def wagtail_site(folder: Path, length: int) -> Iterator[Address]:
    """Serve a page of about so many bytes as the application is served: by the same gunicorn, with one process."""
    python = environment_with_wagtail(folder)
    site = folder / "wagtail"
    site.mkdir()
    run(str(Path(python).with_name("wagtail")), "start", "bench_site", str(site), folder=folder)
    (site / "home" / "models.py").write_text(MODELS, encoding="utf-8")
    (site / "home" / "templates" / "home" / "home_page.html").write_text(TEMPLATE, encoding="utf-8")
    (site / "bench_site" / "settings" / "bench.py").write_text(SETTINGS, encoding="utf-8")
    environment = {**clean_environment(), "DJANGO_SETTINGS_MODULE": "bench_site.settings.bench"}
    count = max(1, length // len(f"<p>{PARAGRAPH}</p>".encode()))
    for arguments in (
        ("makemigrations", "home"), ("migrate", "--verbosity=0"), ("collectstatic", "--noinput", "--verbosity=0"),
        ("shell", "-c", FILL.format(paragraph=PARAGRAPH, count=count)),
    ):  # fmt: skip
        run(python, "manage.py", *arguments, folder=site, environment=environment)
    with served("bench_site.wsgi", environment, python=python, folder=site) as address:
        yield address


def environment_with_wagtail(folder: Path) -> str:
    """Make a virtual environment with Wagtail, and with the gunicorn that serves the application. Return its Python."""
    run(sys.executable, "-m", "venv", str(folder / "venv"), folder=folder)
    python = str(folder / "venv" / "bin" / "python")
    run(python, "-m", "pip", "install", "--quiet", "wagtail", f"gunicorn=={version('gunicorn')}", folder=folder)
    return python


def versions(folder: Path) -> str:
    told = "import django, wagtail; print('Wagtail', wagtail.__version__, 'on Django', django.__version__)"
    return run(str(folder / "venv" / "bin" / "python"), "-c", told, folder=folder).strip()


def clean_environment() -> dict[str, str]:
    """Return the environment without what would tell another program of this one."""
    ours = ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "DATABASE_URL", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in ours}


def run(*command: str, folder: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603  our own
        command, cwd=folder, env=environment or clean_environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
