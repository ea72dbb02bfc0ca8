"""The least that Django can answer: one view, no middleware, no database. The base line for public pages.

``gunicorn bench.hello`` serves it.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[])


def hello(request: HttpRequest) -> HttpResponse:
    # With its length, as the middleware of any real project adds it: without it the response is chunked, and slower.
    return HttpResponse("hello", headers={"Content-Length": "5"})


urlpatterns = [path("", hello)]
application = get_wsgi_application()
