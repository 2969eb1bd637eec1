"""The admin's pages of the store's figures: the same selectors as the API."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from cryptons.dashboard.analytics import analytics
from cryptons.dashboard.chart import HEIGHT, chart_of, earlier, later
from cryptons.dashboard.desk import may_read_figures, waiting_for
from cryptons.dashboard.health import health
from cryptons.dashboard.parts import parts_of
from cryptons.dashboard.periods import Period
from cryptons.dashboard.stats import stats
from cryptons.errors import InvalidInput


def desk(request: HttpRequest) -> HttpResponse:
    """Show the admin's first page, with what waits for a person above the tables."""
    user = _staff(request)
    return admin.site.index(request, {"waiting": waiting_for(user), "may_read_figures": may_read_figures(user)})


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show how sales went. `period`, `from` and `to` are those of the API; what makes no sense is said and left out."""
    if not may_read_figures(_staff(request)):
        raise PermissionDenied
    period, since, until, wrong = _asked(request)
    try:
        found = analytics(period=period, since=since, until=until)
    except InvalidInput as error:
        wrong = " ".join(str(detail["message"]) for detail in error.details)
        found = analytics(period=period)
    context = {
        "title": "Figures",
        "found": found,
        "chart": chart_of(found.series, period),
        "height": HEIGHT,
        "stats": stats(),
        "wrong": wrong,
        "periods": [(one.label, _address(one), one == period) for one in Period],
        "earlier": _address(period, *earlier(found.span)),
        "later": _address(period, *later(found.span)),
    }
    return _shown(request, "admin/figures.html", context)


@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """Show how every part of the store is."""
    found = health()
    return _shown(request, "admin/health.html", {"title": "Health", "found": found, "parts": parts_of(found)})


def _staff(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context})


def _asked(request: HttpRequest) -> tuple[Period, date | None, date | None, str]:
    sent = request.GET
    period = Period(sent["period"]) if sent.get("period") in Period.values else Period.DAY
    try:
        since, until = (date.fromisoformat(sent[name]) if sent.get(name) else None for name in ("from", "to"))
    except ValueError:
        return period, None, None, "Give days as YYYY-MM-DD."
    return period, since, until, ""


def _address(period: Period, first: date | None = None, last: date | None = None) -> str:
    days = {"from": first.isoformat(), "to": last.isoformat()} if first and last else {}
    return f"{reverse('figures')}?{urlencode({'period': period.value, **days})}"
