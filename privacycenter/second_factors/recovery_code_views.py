"""allauth's pages of recovery codes, which say what to do where the codes cannot be read."""

from typing import Any

from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from privacycenter.encryption import CannotOpenError


class Readable:
    """For codes that were encrypted under a ``SECRET_KEY`` that is lost: new ones can be made. To be mixed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except CannotOpenError:
            return render(request, "mfa/recovery_codes/unreadable.html", status=503)
        return response


class View(Readable, ViewRecoveryCodesView):
    pass


class Generate(Readable, GenerateRecoveryCodesView):
    pass


class Download(Readable, DownloadRecoveryCodesView):
    pass
