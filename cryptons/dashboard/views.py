"""/api/admin: figures for the staff."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import user_of
from cryptons.access import require
from cryptons.api.describe import described
from cryptons.api.limits import ClientThrottle, State, Window
from cryptons.api.requests import query
from cryptons.api.views import STAFF, ApiView
from cryptons.dashboard.analytics import analytics
from cryptons.dashboard.health import health
from cryptons.dashboard.health_shapes import HealthShape, health_data
from cryptons.dashboard.periods import Period
from cryptons.dashboard.shapes import AnalyticsQuery, AnalyticsShape, StatsShape, analytics_data, stats_data
from cryptons.dashboard.stats import stats


class StatsView(ApiView):
    """The store's figures at a glance."""

    access = {"GET": "reports:read"}

    @described(gives=StatsShape)
    def get(self, request: Request) -> Response:
        """Answer with the figures of at most a minute ago."""
        require(user_of(request), "reports:read")
        return Response(stats_data(stats()))


class AnalyticsView(ApiView):
    """How sales went over time."""

    access = {"GET": "reports:read"}

    @described(gives=AnalyticsShape, query=AnalyticsQuery)
    def get(self, request: Request) -> Response:
        """Answer with sales by day, week, month or year, and what they were made of."""
        require(user_of(request), "reports:read")
        sent = query(request, AnalyticsQuery)
        found = analytics(period=Period(sent["period"]), since=sent.get("since"), until=sent.get("until"))
        return Response(analytics_data(found))


class HealthThrottle(ClientThrottle):
    """Lets the staff look as often as they like: what watches a store asks every few seconds. Whoever else asks is counted."""

    def count(self, request: Request, window: Window) -> State:
        """Count the request of who may not see it."""
        if not getattr(request.user, "is_staff", False):
            return super().count(request, window)
        seen = window.look()
        return State(seen.most, min(seen.used, seen.most), seen.reset)


class HealthView(ApiView):
    """How every part of the store is."""

    access = {"GET": STAFF}
    throttle_classes = [HealthThrottle]

    @described(gives=HealthShape)
    def get(self, request: Request) -> Response:
        """Answer with how every part is at this moment; one that does not answer within two seconds is down."""
        return Response(health_data(health()))
