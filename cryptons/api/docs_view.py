"""/api/docs: a page to read the description and to try what it describes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Answer with the page; it is the same for everybody, and the one answer under /api that is not JSON."""
    response = render(request, "api/docs.html")
    patch_cache_control(response, public=True, max_age=300)
    return response
