"""What a process remembers of rows, and when it asks for them once more."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from cryptons import clock, freshness
from cryptons.kept import Memory

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = freshness.topic("numbers", "three")


class Rows:
    """Numbers by key, and what was asked of them."""

    def __init__(self, **numbers):
        self.numbers = numbers
        self.asked = []

    def read(self, keys):
        self.asked.append(keys)
        return {key: self.numbers[key] for key in keys if key in self.numbers}


@pytest.fixture
def rows():
    return Rows(one=1, two=2, three=3)


@pytest.fixture
def memory():
    return Memory(100_000, longest=10, size=lambda _: 10, topics=lambda key, _number: [TOPIC] if key == "three" else [])


def test_only_what_is_not_remembered_is_read_and_all_of_that_at_once(memory, rows):
    assert memory.ask(["one"], rows.read) == {"one": 1}
    assert memory.ask(["three", "one", "two"], rows.read) == {"one": 1, "two": 2, "three": 3}
    assert memory.ask(["two", "three"], rows.read) == {"two": 2, "three": 3}
    assert rows.asked == [["one"], ["three", "two"]]


def test_what_there_is_not_is_asked_for_each_time(memory, rows):
    assert memory.ask(["four"], rows.read) == memory.ask(["four"], rows.read) == {}
    assert rows.asked == [["four"], ["four"]]


def test_what_is_told_of_its_topic_makes_it_be_read(memory, rows):
    memory.ask(["one", "three"], rows.read)
    rows.numbers |= {"one": 10, "three": 30}
    freshness.tell(TOPIC)
    assert memory.ask(["one", "three"], rows.read) == {"one": 1, "three": 30}
    freshness.tell(freshness.CATALOGUE)
    assert memory.ask(["one", "three"], rows.read) == {"one": 10, "three": 30}


def test_a_transaction_reads_everything_and_leaves_nothing_behind(memory, rows):
    memory.ask(["one"], rows.read)
    with transaction.atomic():
        rows.numbers |= {"one": 10, "two": 20}
        assert memory.ask(["one", "two"], rows.read) == {"one": 10, "two": 20}
    rows.numbers["two"] = 2
    assert memory.ask(["one", "two"], rows.read) == {"one": 1, "two": 2}


def test_what_will_not_do_is_read_and_remembered_anew(memory, rows):
    memory.ask(["one"], rows.read)
    rows.numbers["one"] = 10
    assert memory.ask(["one"], rows.read, will_do=lambda _key, number: number > 5) == {"one": 10}
    assert memory.ask(["one"], rows.read) == {"one": 10}
    assert rows.asked == [["one"], ["one"]]


def test_anew_reads_what_is_remembered_and_remembers_that(memory, rows):
    memory.ask(["one"], rows.read)
    rows.numbers["one"] = 10
    assert memory.ask(["one"], rows.read, anew=True) == memory.ask(["one"], rows.read) == {"one": 10}


def test_it_is_believed_for_so_long_and_no_longer(memory, rows, monkeypatch):
    began = clock.now()
    memory.ask(["one"], rows.read)
    rows.numbers["one"] = 10
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=9))
    assert memory.ask(["one"], rows.read) == {"one": 1}
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=11))
    assert memory.ask(["one"], rows.read) == {"one": 10}


def test_keys_may_be_uuids(memory):
    key = UUID(int=7)
    assert memory.ask([key], lambda keys: dict.fromkeys(keys, "seven")) == {key: "seven"}
    assert memory.ask([key], lambda _keys: {}) == {key: "seven"}
