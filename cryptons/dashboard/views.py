"""/api/admin: figures for the staff."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import user_of
from cryptons.access import require
from cryptons.api.describe import described
from cryptons.api.views import ApiView
from cryptons.dashboard.shapes import StatsShape, stats_data
from cryptons.dashboard.stats import stats


class StatsView(ApiView):
    """The store's figures at a glance."""

    access = {"GET": "reports:read"}

    @described(gives=StatsShape)
    def get(self, request: Request) -> Response:
        """Answer with the figures of at most a minute ago."""
        require(user_of(request), "reports:read")
        return Response(stats_data(stats()))
