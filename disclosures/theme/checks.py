"""System check of the theme: what is wrong is an error, what is left out a warning, each with file and name."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from disclosures.theme.reading import read_theme


@register()
def check_theme(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.THEME:
        return []
    _theme, faults = read_theme(settings.THEME)
    return [
        Error(f"Theme: {fault}", id="disclosures.E001")
        if fault.is_error
        else Warning(f"Theme: {fault}", id="disclosures.W001")
        for fault in faults
    ]
