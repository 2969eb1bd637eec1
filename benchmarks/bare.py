"""The least that Django can do: one view, no middleware, no database, 10 KB of HTML. Pages are measured against it."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = "<!doctype html><title>Bare</title>" + "<p>A paragraph of no meaning, to give the page a size.</p>" * 175


def view(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse(BODY, headers={"Content-Length": str(len(BODY))})


urlpatterns = [path("", view)]

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="bare", MIDDLEWARE=[])
django.setup(set_prefix=False)
wsgi = WSGIHandler()

from cryptons.serving.application import Application  # noqa: E402 (the package finds these settings, not the store's)

application = Application(wsgi, threads=1)
