"""What each request of a sandbox begins with. Only a sandbox has it among its middleware."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from privacycenter.errors import Unavailable
from privacycenter.http.requests import refusal_response
from privacycenter.sandbox.reading import NOT_A_SANDBOX, read_clock

View = Callable[[HttpRequest], HttpResponse]
# What tells a program that nothing here is real, in every answer.
HEADER = "Privacy-Center-Sandbox"


def sandbox(get_response: View) -> View:
    """Read the sandbox's clock before each request. Refuse all of them (503) if the database was not begun as one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_begun = read_clock()
        response = get_response(request) if is_begun else refusal_response(request, Unavailable(NOT_A_SANDBOX))
        response[HEADER] = "1"
        return response

    return middleware
