"""Whether the store is up, whether it can sell, and whether it can be paid: three questions with three answers."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process answers at all. It asks nothing else, so that a restart is the right cure where it fails."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 where the store can sell, 503 where its database does not answer.

    `can_be_paid` is false while the node is in trouble. That alone is no reason to take the store off the net: the catalogue
    serves, the checkout says what is wrong, and what was paid meanwhile is found when the node is back.
    """
    try:
        can_be_paid = bool(import_string(settings.CAN_BE_PAID)())
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "can_sell": False, "can_be_paid": False}, status=503)
    return JsonResponse({"status": "ok", "can_sell": True, "can_be_paid": can_be_paid})
