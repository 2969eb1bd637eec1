"""The least that Django can do: one view, no middleware, no database, 10 KB of HTML or 2 KB of JSON. Pages are measured against it."""

import json

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = "<!doctype html><title>Bare</title>" + "<p>A paragraph of no meaning, to give the page a size.</p>" * 175


DATA = json.dumps({"success": True, "data": [{"name": f"Thing {number}", "price": 12.5} for number in range(50)]})


def view(request: HttpRequest) -> HttpResponse:
    """Answer with a page."""
    return HttpResponse(BODY, headers={"Content-Length": str(len(BODY))})


def data(request: HttpRequest) -> HttpResponse:
    """Answer with JSON."""
    return HttpResponse(DATA, content_type="application/json", headers={"Content-Length": str(len(DATA))})


urlpatterns = [path("", view), path("json", data)]

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="bare", MIDDLEWARE=[])
django.setup(set_prefix=False)
wsgi = WSGIHandler()

from cryptons.serving.application import Application  # noqa: E402 (the package finds these settings, not the store's)

application = Application(wsgi, threads=1)
