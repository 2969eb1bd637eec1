"""Where somebody is signed in with an app, and how to end it from here."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import services
from accounts.views.common import member, members_only
from cryptons.errors import NotFound


@require_GET
@members_only
def devices(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in."""
    return render(request, "accounts/devices.html", {"sessions": services.sessions_of(user=member(request))})


@require_POST
@members_only
def end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign out on one device."""
    try:
        services.end_session(user=member(request), session_id=session_id)
    except NotFound as error:
        raise Http404(error.message) from error
    messages.success(request, "The device is signed out.")
    return redirect("accounts:devices")


@require_POST
@members_only
def end_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out on every device that uses an app."""
    services.end_all_sessions(user=member(request))
    messages.success(request, "Every app is signed out.")
    return redirect("accounts:devices")
