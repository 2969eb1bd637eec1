"""What is remembered takes so many bytes and no more, and what is looked at stays."""

import tracemalloc
from decimal import Decimal
from uuid import UUID

import pytest

from cryptons.generations import Generations, weight
from shop.filters import parse


def test_it_never_takes_more_than_it_may_and_the_latest_is_there():
    known = Generations(most=100_000)
    for number in range(1_000):
        known.put(("part", number), "x" * 1_000)
        assert known.size <= 100_000
    assert known.get(("part", 999)) == "x" * 1_000
    assert known.get(("part", 0)) is None


def test_what_is_looked_at_stays_whatever_else_comes():
    known = Generations(most=100_000)
    known.put(("card",), "a card")
    for number in range(1_000):
        known.put(("part", number), "x" * 1_000)
        assert known.get(("card",)) == "a card"


def test_it_does_not_remember_what_would_push_out_much_else():
    known = Generations(most=100_000)
    known.put(("a part",), "x" * 13_000)
    known.put(("x" * 13_000,), "a part")
    assert known.size == 0
    assert known.get(("a part",)) is None


def test_the_same_put_twice_takes_its_room_once():
    known = Generations(most=100_000)
    known.put(("part",), "text")
    size = known.size
    known.put(("part",), "text")
    assert known.size == size > 0


def test_it_forgets_everything_when_told():
    known = Generations(most=100_000)
    known.put(("part",), "text")
    known.clear()
    assert known.size == 0
    assert known.get(("part",)) is None


def test_letters_of_several_bytes_take_more_than_others():
    assert weight("€" * 1_000) - weight("e" * 1_000) > 900


@pytest.mark.parametrize("make", [
    lambda number: f"{number:05} and more",
    lambda number: (number + 10_000, f"{number:05}", (f"within {number:05}",)),
    lambda number: parse({"q": f"mug {number:05}", "min": f"{number:05}", "max": "no price", "rating": "3"}),
    lambda number: (Decimal(number) / 7, UUID(int=number)),
])  # fmt: skip
def test_what_it_counts_is_about_what_the_process_needs(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    made = [make(number) for number in range(1_000)]
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert taken < 1.5 * sum(weight(one) for one in made)
