"""The product's URLs, and one view to compare the API with: SELECT 1 behind the same middleware."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from privacycenter import urls
from privacycenter.urls import *  # noqa: F403  the handlers of errors


@csrf_exempt
def select_1(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return JsonResponse({"one": cursor.fetchone()[0]})


urlpatterns = [path("bench/select-1", select_1), *urls.urlpatterns]
