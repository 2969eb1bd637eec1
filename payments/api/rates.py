"""/api/rates: what the coins cost."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cryptons import clock, freshness
from cryptons.api.conditional import etag_of, kept
from cryptons.api.describe import described
from cryptons.api.fields import Moment, Number, Shape, Text, Whole, told
from cryptons.api.views import ANYONE, ApiView
from payments import rates


class RateShape(Shape):
    """The price of one coin in the store's currency, where it comes from, from when it is and how many seconds old."""

    price = Number(max_digits=24, decimal_places=8)
    at = Moment()
    age = Whole()

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `source` is a word of DRF's own inside of a class."""
        return {**super().get_fields(), "source": Text()}


class CoinRatesShape(Shape):
    """The price of each coin; null where it is missing or stale."""

    BTC = RateShape(allow_null=True)
    LTC = serializers.SerializerMethodField()
    XRP = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "nullable": True})
    def get_LTC(self, _rates: Any) -> None:  # noqa: N802 (DRF's name for the getter of LTC)
        """Return nothing: the store takes no litecoin."""
        return

    @extend_schema_field({"type": "object", "nullable": True})
    def get_XRP(self, _rates: Any) -> None:  # noqa: N802 (DRF's name for the getter of XRP)
        """Return nothing: the store takes no XRP."""
        return


class RatesShape(Shape):
    """All prices that the store reckons with."""

    example = {
        "currency": "EUR",
        "rates": {
            "BTC": {"price": 60000, "at": "2026-05-04T09:30:00Z", "age": 12, "source": "kraken"},
            "LTC": None,
            "XRP": None,
        },
    }

    currency = Text()
    rates = CoinRatesShape()


class Rates(ApiView):
    """The prices of the coins."""

    access = {"GET": ANYONE}

    @described(gives=RatesShape, conditional=True)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer with the price of each coin; `age` is as of this answer, a 304 leaves `at` to reckon by."""
        now = freshness.state()
        quote = rates.known_quote(settings.CURRENCY)
        return kept(request, now, lambda: _told(quote), etag=f"W/{_tag(quote)}")


def _tag(quote: rates.Quote | None) -> str:
    if quote is None:
        return etag_of("rates", settings.CURRENCY)
    # A fixed price is from now whenever it is asked for.
    at = "" if quote.source == "fixed" else quote.at.isoformat()
    return etag_of("rates", settings.CURRENCY, quote.price, quote.source, at)


def _told(quote: rates.Quote | None) -> Response:
    bitcoin = None
    if quote is not None:
        age = max(0, int((clock.now() - quote.at).total_seconds()))
        freshness.true_until(min(quote.at + timedelta(seconds=age + 1), clock.now() + timedelta(seconds=1)))
        bitcoin = {"price": quote.price.normalize(), "source": quote.source, "at": quote.at, "age": age}
    return Response(told(RatesShape, {"currency": settings.CURRENCY, "rates": {"BTC": bitcoin}}))
