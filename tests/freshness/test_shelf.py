"""What a process keeps, and how much of it."""

import pytest

from cryptons import clock, freshness
from cryptons.kept import Shelf

SIZE = 10_000


@pytest.fixture
def shelf():
    return Shelf(100_000)


def put(shelf, key, thing="page", length=SIZE):
    with freshness.making(freshness.state()) as making:
        pass
    shelf.put(key, thing, making.seen(600), length)


def look(shelf, key):
    entry = shelf.get(key, freshness.state(), clock.now().timestamp())
    return entry and entry.thing


def test_it_never_grows_over_its_ceiling(shelf):
    for number in range(1000):
        put(shelf, f"/products/?q={number}")
        assert shelf.size <= 100_000
    assert len(shelf) == 9
    assert look(shelf, "/products/?q=999") == "page"
    assert look(shelf, "/products/?q=1") is None


def test_what_is_asked_for_often_outlives_what_strangers_make_up(shelf):
    put(shelf, "/", "home")
    for number in range(100):
        put(shelf, f"/products/?q={number}")
        assert look(shelf, "/") == "home"


def test_what_is_put_twice_counts_once(shelf):
    for length in (10_000, 5_000, 10_000):
        put(shelf, "/", length=length)
    assert shelf.size == 10_000 + len("/") + 1_000


def test_one_page_cannot_take_the_place_of_all(shelf):
    put(shelf, "/", "home")
    put(shelf, "/huge", length=50_000)
    assert look(shelf, "/huge") is None
    assert look(shelf, "/") == "home"


def test_it_can_be_emptied(shelf):
    put(shelf, "/")
    shelf.clear()
    assert (shelf.size, len(shelf), look(shelf, "/")) == (0, 0, None)
