from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptons import money
from cryptons.currencies import EXPONENTS

satoshi = st.integers(min_value=0, max_value=21_000_000 * money.SATOSHI_PER_BTC)
prices = st.decimals(min_value="0.01", max_value="999999.99", places=2)
rates = st.decimals(min_value="0.01", max_value="9999999.99", places=2)


@given(satoshi)
def test_satoshi_survive_the_way_to_bitcoin_and_back(amount):
    assert money.to_satoshi(money.to_btc(amount)) == amount


@given(satoshi)
def test_bitcoin_always_shows_eight_places(amount):
    whole, _, places = money.format_btc(amount).partition(".")
    assert len(places) == 8
    assert int(whole + places) == amount


def test_a_fraction_of_a_satoshi_is_refused():
    with pytest.raises(ValueError, match="whole number of satoshi"):
        money.to_satoshi(Decimal("0.000000001"))


@given(prices, rates)
def test_a_price_in_satoshi_covers_the_fiat_price_and_no_more_than_a_satoshi_above(price, rate):
    asked = money.price_in_satoshi(price, rate)
    assert asked * rate >= price * money.SATOSHI_PER_BTC
    assert (asked - 1) * rate < price * money.SATOSHI_PER_BTC


@pytest.mark.parametrize("rate", [Decimal(0), Decimal(-1)])
def test_a_rate_of_nothing_is_refused(rate):
    with pytest.raises(ValueError, match="above zero"):
        money.price_in_satoshi(Decimal(10), rate)


@given(st.decimals(min_value=0, max_value=10**9, places=6), st.sampled_from(sorted(EXPONENTS)))
def test_fiat_is_rounded_to_the_currencys_places_by_less_than_half_a_unit(amount, currency):
    rounded = money.fiat(amount, currency)
    unit = Decimal(1).scaleb(-EXPONENTS[currency])
    assert rounded == rounded.quantize(unit, rounding=ROUND_DOWN)
    assert abs(rounded - amount) <= unit / 2


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("1.005", "EUR", "1.01"), ("1.004", "EUR", "1.00"), ("100.5", "JPY", "101"), ("1.2345", "KWD", "1.235")],
)
def test_half_is_rounded_up(amount, currency, rounded):
    assert money.fiat(amount, currency) == Decimal(rounded)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1299", "EUR", "€1,299.00"),
        ("12.5", "CHF", "CHF 12.50"),
        ("1980", "JPY", "¥1,980"),
        ("0.1", "KWD", "KWD 0.100"),
    ],
)
def test_fiat_for_people(amount, currency, shown):
    assert money.format_fiat(Decimal(amount), currency) == shown
