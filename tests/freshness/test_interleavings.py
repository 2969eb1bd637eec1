"""A reader and a writer at the same time, in every order of their steps: a look that begins after a change never shows what was before.

The reader's steps are: note the marks, read the rows, keep the page. The writer's: commit, tell. Steps of the two are mixed in all ways.
"""

from itertools import combinations

import pytest

from cryptons import clock, freshness
from cryptons.kept import Shelf

READER, WRITER = 3, 2
ORDERS = [
    "".join("r" if place in chosen else "w" for place in range(READER + WRITER))
    for chosen in combinations(range(READER + WRITER), READER)
]


class Story:
    """A store with one number, a shelf, and two people who take their steps when told to."""

    def __init__(self, shelf):
        self.shelf = shelf
        self.number = self.read = 0
        self.state = None
        self.writer = iter((self.commit, self.tell))
        self.reader = iter((self.note, self.look, self.keep))

    def note(self):
        self.state = freshness.state()

    def look(self):
        with freshness.making(self.state) as self.made:
            freshness.made_of(TOPIC)
            self.read = self.number

    def keep(self):
        self.shelf.put("page", self.read, self.made.seen(600), 1)

    def commit(self):
        self.number += 1

    def tell(self):
        freshness.tell(TOPIC)


TOPIC = freshness.busy_topic("stock", "mug")


def shown(shelf):
    entry = shelf.get("page", freshness.state(), clock.now().timestamp())
    return None if entry is None else entry.thing


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kept_before", [True, False])
def test_no_order_of_steps_leaves_an_old_page(order, kept_before):
    shelf = Shelf(100_000)
    story = Story(shelf)
    if kept_before:
        for step in (story.note, story.look, story.keep):
            step()
    for who in order:
        next(story.reader if who == "r" else story.writer)()
    assert shown(shelf) in {None, 1}
    if order.startswith("ww"):
        assert shown(shelf) == 1


@pytest.mark.parametrize("second", ["cctt", "ctct"])
def test_two_writers_at_once_lose_nothing_of_each_other(second):
    shelf = Shelf(100_000)
    story = Story(shelf)
    for step in second:
        story.note()
        story.look()
        story.keep()
        (story.commit if step == "c" else story.tell)()
    assert shown(shelf) in {None, 2}
