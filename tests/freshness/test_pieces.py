"""An answer that is made of pieces is good as long as all of them are, and not a moment longer."""

from datetime import timedelta

import pytest

from cryptons import clock, freshness
from cryptons.pieces import Pieces

MUG, BOWL = (freshness.busy_topic("stock", name) for name in ("mug", "bowl"))


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.PAGE_CACHE_SECONDS = 600


@pytest.fixture
def pieces():
    """A mug and a bowl, kept as they are now."""
    kept = Pieces(100_000)
    with freshness.making(freshness.state()) as made:
        freshness.made_of(MUG, BOWL)
    kept.keep("mug", b"a mug", made, 5, [MUG])
    kept.keep("bowl", b"a bowl", made, 6, [BOWL])
    return kept


def found(pieces):
    return pieces.find(["bowl", "mug", "cup"], freshness.state())


def of_both(pieces):
    """Return what an answer that shows both was seen to be made of."""
    with freshness.making(freshness.state()) as made:
        assert len(found(pieces)) == 2
    return made.seen(600)


def is_good(seen, **later):
    return seen.is_good(freshness.state(), (clock.now() + timedelta(**later)).timestamp())


def test_a_change_takes_its_own_piece_and_leaves_the_others(pieces):
    assert found(pieces) == {"bowl": b"a bowl", "mug": b"a mug"}
    freshness.tell(MUG)
    assert found(pieces) == {"bowl": b"a bowl"}


@pytest.mark.parametrize("topic", [MUG, BOWL, freshness.CATALOGUE, freshness.RATES])
def test_an_answer_changes_with_each_of_its_pieces(pieces, topic):
    seen = of_both(pieces)
    assert is_good(seen)
    freshness.tell(topic)
    assert not is_good(seen)


def test_an_answer_is_made_of_what_is_kept_for_it_too(pieces):
    with freshness.making(freshness.state()) as answer:
        with freshness.making(answer.state) as made:
            freshness.made_of(MUG)
        pieces.keep("cup", b"a cup", made, 5)
    seen = answer.seen(600)
    freshness.tell(MUG)
    assert not is_good(seen)


def test_an_answer_is_believed_no_longer_than_its_oldest_piece(pieces, monkeypatch):
    begun = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(seconds=500))
    seen = of_both(pieces)
    assert is_good(seen, seconds=99)
    assert not is_good(seen, seconds=101)


def test_what_was_read_before_a_change_and_kept_after_it_is_not_used():
    kept = Pieces[bytes](100_000)
    with freshness.making(freshness.state()) as made:
        freshness.made_of(MUG)
    freshness.tell(MUG)
    kept.keep("mug", b"an old mug", made, 5)
    assert found(kept) == {}


def test_without_marks_nothing_is_kept_or_found(pieces):
    with freshness.making(freshness.State(b"")) as made:
        pass
    pieces.keep("cup", b"a cup", made, 5)
    assert len(pieces) == 2
    assert pieces.find(["mug"], freshness.State(b"")) == {}


def test_it_can_be_switched_off(pieces, settings):
    settings.PAGE_CACHE_SECONDS = 0
    with freshness.making(freshness.state()) as made:
        pieces.keep("cup", b"a cup", made, 5)
    assert (len(pieces), found(pieces)) == (2, {})
