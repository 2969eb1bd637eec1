"""The evaluation of a payment: a table of what follows from what, and what holds whatever comes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.status import Facts, PaymentStatus, Seen, counts, evaluate

EXPIRES = datetime(2026, 11, 22, 12, 15, tzinfo=UTC)
IN_TIME = EXPIRES - timedelta(minutes=5)
TOO_LATE = EXPIRES + timedelta(seconds=1)
FACTS = Facts(amount=100_000, tolerance=0, required_confirmations=3, expires_at=EXPIRES)
TOLERANT = replace(FACTS, tolerance=500)
ACCEPTED = replace(FACTS, accepted=True)
TAKEN = replace(ACCEPTED, accepted_amount=99_000)


def seen(amount, confirmations=0, *, at=IN_TIME, alive=True):
    return Seen(amount, confirmations, at, alive)


@pytest.mark.parametrize(
    ("facts", "transfers", "now", "expected"),
    [
        # status, exception, received, due, confirmations
        (FACTS, [], IN_TIME, ("new", "", 0, 100_000, 0)),
        (FACTS, [], EXPIRES, ("new", "", 0, 100_000, 0)),
        (FACTS, [], TOO_LATE, ("expired", "", 0, 100_000, 0)),
        (FACTS, [seen(100_000)], IN_TIME, ("seen", "", 100_000, 0, 0)),
        (FACTS, [seen(100_000, 2)], IN_TIME, ("seen", "", 100_000, 0, 2)),
        (FACTS, [seen(100_000, 3)], IN_TIME, ("settled", "", 100_000, 0, 3)),
        (FACTS, [seen(100_000, 3)], TOO_LATE, ("settled", "", 100_000, 0, 3)),
        (FACTS, [seen(100_000, 0)], TOO_LATE, ("seen", "", 100_000, 0, 0)),
        (FACTS, [seen(99_999, 9)], IN_TIME, ("seen", "underpaid", 99_999, 1, 9)),
        (FACTS, [seen(99_999, 9)], TOO_LATE, ("expired", "underpaid", 99_999, 1, 9)),
        (TOLERANT, [seen(99_500, 3)], IN_TIME, ("settled", "", 99_500, 0, 3)),
        (TOLERANT, [seen(99_499, 3)], IN_TIME, ("seen", "underpaid", 99_499, 501, 3)),
        (TOLERANT, [seen(100_500, 3)], IN_TIME, ("settled", "", 100_500, 0, 3)),
        (TOLERANT, [seen(100_501, 3)], IN_TIME, ("settled", "overpaid", 100_501, 0, 3)),
        (FACTS, [seen(60_000, 5), seen(40_000, 1)], IN_TIME, ("seen", "", 100_000, 0, 1)),
        (FACTS, [seen(60_000, 5), seen(40_000, 3)], IN_TIME, ("settled", "", 100_000, 0, 3)),
        (FACTS, [seen(100_000, 3), seen(50_000, 0)], IN_TIME, ("settled", "overpaid", 150_000, 0, 3)),
        (FACTS, [seen(100_000, at=TOO_LATE)], TOO_LATE, ("expired", "late", 100_000, 100_000, 0)),
        (FACTS, [seen(10, at=TOO_LATE)], TOO_LATE, ("expired", "late", 10, 100_000, 0)),
        (FACTS, [seen(60_000), seen(40_000, at=TOO_LATE)], TOO_LATE, ("expired", "late", 100_000, 40_000, 0)),
        (FACTS, [seen(60_000), seen(10_000, at=TOO_LATE)], TOO_LATE, ("expired", "underpaid", 70_000, 40_000, 0)),
        (FACTS, [seen(100_000, 3), seen(1, at=TOO_LATE)], TOO_LATE, ("settled", "overpaid", 100_001, 0, 3)),
        (FACTS, [seen(100_000, alive=False)], IN_TIME, ("new", "", 0, 100_000, 0)),
        (FACTS, [seen(100_000, alive=False)], TOO_LATE, ("invalid", "", 0, 100_000, 0)),
        (FACTS, [seen(100_000, alive=False), seen(100_000, 3)], TOO_LATE, ("settled", "", 100_000, 0, 3)),
        (FACTS, [seen(0)], TOO_LATE, ("expired", "", 0, 100_000, 0)),
        (ACCEPTED, [seen(10, 3)], TOO_LATE, ("settled", "", 10, 0, 3)),
        (ACCEPTED, [seen(10, 3), seen(10, 0)], TOO_LATE, ("seen", "", 20, 0, 0)),
        (ACCEPTED, [seen(100_000, 3, at=TOO_LATE)], TOO_LATE, ("settled", "", 100_000, 0, 3)),
        (ACCEPTED, [seen(100_001, 3, at=TOO_LATE)], TOO_LATE, ("settled", "overpaid", 100_001, 0, 3)),
        (TAKEN, [seen(99_000, 3)], TOO_LATE, ("settled", "", 99_000, 0, 3)),
        (TAKEN, [seen(98_999, 3)], TOO_LATE, ("expired", "underpaid", 98_999, 1_001, 3)),
        (TAKEN, [seen(98_000, alive=False), seen(1_000, 3)], TOO_LATE, ("expired", "underpaid", 1_000, 99_000, 3)),
        (ACCEPTED, [seen(10, alive=False)], TOO_LATE, ("invalid", "", 0, 100_000, 0)),
        (ACCEPTED, [], TOO_LATE, ("expired", "", 0, 100_000, 0)),
    ],
)
def test_what_follows_from_what(facts, transfers, now, expected):
    verdict = evaluate(facts, transfers, now)
    shown = (verdict.status, verdict.exception or "", verdict.received, verdict.due, verdict.confirmations)
    assert shown == expected


moments = st.integers(-2000, 2000).map(lambda seconds: EXPIRES + timedelta(seconds=seconds))
amounts = st.integers(0, 250_000)
some_transfers = st.lists(st.builds(Seen, amounts, st.integers(0, 12), moments, st.booleans()), max_size=6)
some_facts = st.builds(
    Facts, st.integers(1, 200_000), st.integers(0, 2_000), st.integers(1, 6), st.just(EXPIRES), st.booleans()
)


@given(some_facts, some_transfers, moments)
def test_every_input_has_an_answer_that_adds_up(facts, transfers, now):
    verdict = evaluate(facts, transfers, now)
    assert verdict.received == sum(one.amount for one in transfers if one.alive)
    assert 0 <= verdict.due <= facts.amount
    assert verdict.confirmations >= 0


@given(some_facts, some_transfers, moments, st.randoms())
def test_the_order_of_transfers_does_not_matter(facts, transfers, now, random):
    shuffled = random.sample(transfers, len(transfers))
    assert evaluate(facts, shuffled, now) == evaluate(facts, transfers, now)


@given(some_facts, some_transfers, moments)
def test_settled_means_that_enough_is_deep_enough(facts, transfers, now):
    verdict = evaluate(facts, transfers, now)
    deep = [one for one in transfers if counts(facts, one) and one.confirmations >= facts.required_confirmations]
    enough = sum(one.amount for one in deep) >= facts.amount - facts.tolerance and deep
    if facts.accepted:
        enough = deep and len(deep) == len([one for one in transfers if counts(facts, one)])
    assert (verdict.status == PaymentStatus.SETTLED) == bool(enough)


@given(some_facts, some_transfers, moments)
def test_the_dead_count_for_nothing_but_the_word_for_it(facts, transfers, now):
    living = [one for one in transfers if one.alive]
    with_dead, without = evaluate(facts, transfers, now), evaluate(facts, living, now)
    if with_dead.status == PaymentStatus.INVALID:
        with_dead = replace(with_dead, status=PaymentStatus.EXPIRED)
    assert with_dead == without


@given(some_facts, some_transfers, moments, st.integers(1, 250_000), st.integers(0, 12))
def test_more_money_in_time_never_makes_it_worse(facts, transfers, now, amount, confirmations):
    before = evaluate(facts, transfers, now)
    after = evaluate(facts, [*transfers, Seen(amount, confirmations, IN_TIME)], now)
    assert after.due <= before.due
    assert after.received == before.received + amount
    if before.status == PaymentStatus.SETTLED and not facts.accepted:
        assert after.status == PaymentStatus.SETTLED


@given(some_facts, some_transfers, moments, st.integers(1, 20))
def test_more_confirmations_never_make_it_worse(facts, transfers, now, blocks):
    rank = [PaymentStatus.NEW, PaymentStatus.SEEN, PaymentStatus.SETTLED]
    before = evaluate(facts, transfers, now)
    after = evaluate(facts, [replace(one, confirmations=one.confirmations + blocks) for one in transfers], now)
    assert (after.exception, after.received, after.due) == (before.exception, before.received, before.due)
    if before.status in rank:
        assert rank.index(after.status) >= rank.index(before.status)


@given(some_facts, some_transfers, moments, st.integers(0, 5000))
def test_time_alone_moves_nothing_that_was_paid(facts, transfers, now, seconds):
    before, after = evaluate(facts, transfers, now), evaluate(facts, transfers, now + timedelta(seconds=seconds))
    if before.due == 0:
        assert after == before
    assert after.due == before.due


@given(some_facts, some_transfers, moments)
def test_accepting_never_leaves_living_money_unsettled_for_ever(facts, transfers, now):
    accepted = replace(facts, accepted=True)
    deep = [replace(one, confirmations=99) for one in transfers]
    alive = any(one.alive and one.amount for one in transfers)
    assert (evaluate(accepted, deep, now).status == PaymentStatus.SETTLED) == alive
