"""The price of a bitcoin: stored, fresh, and never nonsense."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from cryptons.errors import RateUnavailable
from payments import rates
from payments.models import Rate
from payments.tasks import refresh_rates
from tests.payments.stub import serving

pytestmark = pytest.mark.django_db


def ticker(price):
    return 200, json.dumps({"error": [], "result": {"XXBTZEUR": {"c": [price, "0.1"]}}}).encode()


@pytest.fixture
def live(settings):
    """A live source on this machine; `answers` holds what it says, the last one for ever."""
    answers = [ticker("60000.10000")]
    with serving(lambda path, body: answers.pop(0) if len(answers) > 1 else answers[0]) as server:
        settings.RATE_SOURCE = "kraken"
        settings.RATE_URL = server.url + "/0/public/Ticker"
        server.answers = answers
        yield server


def test_a_fixed_price_needs_no_source_and_no_query(settings, django_assert_num_queries):
    settings.RATE_FIXED = Decimal(50000)
    with django_assert_num_queries(0):
        quote = rates.current_quote("EUR")
        assert rates.approximate(Decimal("25.00"), "EUR").satoshi == 50_000
    assert (quote.price, quote.source) == (Decimal(50000), "fixed")


def test_the_first_quote_asks_the_source_and_stores_what_it_said(live, at):
    quote = rates.current_quote("EUR")
    assert (quote.price, quote.source, quote.at) == (Decimal("60000.1"), "kraken", at.time)
    assert live.seen[0][0] == "/0/public/Ticker?pair=XBTEUR"
    assert Rate.objects.get().price == Decimal("60000.1")


def test_later_quotes_are_the_stored_one(live, at):
    rates.fetch("EUR")
    rates.forget()
    at.advance(minutes=9)
    assert rates.current_quote("EUR").price == Decimal("60000.1")
    assert len(live.seen) == 1


def test_a_stale_price_sells_nothing_and_asks_nobody(live, at):
    rates.fetch("EUR")
    at.advance(minutes=10, seconds=1)
    with pytest.raises(RateUnavailable) as caught:
        rates.current_quote("EUR")
    assert caught.value.permanent is False
    assert rates.approximate(Decimal(1), "EUR") is None
    assert len(live.seen) == 1


def test_a_price_from_before_the_clock_was_put_back_sells_nothing(live, at):
    rates.fetch("EUR")
    at.advance(hours=-2)
    with pytest.raises(RateUnavailable):
        rates.current_quote("EUR")
    rates.fetch("EUR")
    assert rates.current_quote("EUR").at == at.time


def test_many_products_cost_one_query(live, django_assert_num_queries):
    rates.fetch("EUR")
    rates.forget()
    with django_assert_num_queries(1):
        prices = [rates.approximate(Decimal(number), "EUR").satoshi for number in range(1, 50)]
    assert prices[29] == 50_000
    assert len(live.seen) == 1


def test_an_approximate_price_never_asks_the_source(live):
    assert rates.approximate(Decimal(1), "EUR") is None
    assert live.seen == []


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "1e30", "", "a lot", None])
def test_nonsense_is_refused_and_not_stored(live, price):
    live.answers[:] = [ticker(price)]
    with pytest.raises(RateUnavailable):
        rates.current_quote("EUR")
    assert not Rate.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"error":["EQuery:Unknown asset pair"]}'),
        (200, b'{"error":[],"result":{}}'),
        (200, b'{"error":[],"result":{"A":{"c":["1"]},"B":{"c":["2"]}}}'),
        (200, b'{"error":[],"result":{"A":{"c":[]}}}'),
        (200, b" " * 200_000),
        (302, b""),
        None,
    ],
)
def test_an_answer_that_is_none_changes_nothing(live, at, answer):
    rates.fetch("EUR")
    before = Rate.objects.values().get()
    live.answers[:] = [answer]
    at.advance(minutes=1)
    with pytest.raises(RateUnavailable):
        rates.refresh()
    assert Rate.objects.values().get() == before
    assert rates.current_quote("EUR").price == Decimal("60000.1")


@pytest.mark.parametrize("price", ["120000.3", "30000", "6.01"])
def test_a_price_that_doubled_or_halved_within_a_day_is_not_believed(live, at, price):
    rates.fetch("EUR")
    live.answers[:] = [ticker(price)]
    at.advance(hours=23)
    with pytest.raises(RateUnavailable):
        rates.refresh()
    assert Rate.objects.get().price == Decimal("60000.1")
    at.advance(hours=2)
    rates.refresh()
    assert Rate.objects.get().price == Decimal(price)


def test_the_refreshing_task_survives_a_source_that_is_gone(settings):
    settings.RATE_SOURCE = "kraken"
    settings.RATE_URL = "http://127.0.0.1:9/"
    refresh_rates()
    assert not Rate.objects.exists()


def test_a_fixed_price_has_nothing_to_refresh(settings):
    rates.refresh()
    assert not Rate.objects.exists()


def test_the_time_of_an_approximate_price_is_that_of_the_rate(live, at):
    rates.fetch("EUR")
    fetched = at.time
    at.time += timedelta(minutes=3)
    assert rates.approximate(Decimal(60), "EUR").rate_at == fetched
