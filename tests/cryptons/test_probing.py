"""Asking how things are without waiting long for what hangs."""

from threading import Event

import pytest

from cryptons.probing import Component, Health, ask

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_asks_all_and_says_how_long_each_took():
    fine, slow = Component(facts={"height": 7}), Component(Health.DEGRADED, "It is catching up.")
    found = ask({"one": lambda: fine, "two": lambda: slow})
    assert (found["one"].health, found["one"].facts) == ("ok", {"height": 7})
    assert (found["two"].health, found["two"].detail) == ("degraded", "It is catching up.")
    assert all(one.latency_ms >= 0 for one in found.values())


def test_what_raises_is_down_and_its_words_stay_in_the_log():
    def broken():
        raise RuntimeError("password=secret")

    found = ask({"broken": broken, "fine": Component})
    assert found["broken"].health == "down"
    assert "secret" not in found["broken"].detail
    assert "RuntimeError" in found["broken"].detail
    assert found["fine"].health == "ok"


def test_what_hangs_is_down_and_is_not_asked_twice_meanwhile():
    begun, go, asked = Event(), Event(), []

    def hangs():
        asked.append(1)
        begun.set()
        go.wait()
        return Component()

    for _ in range(3):
        found = ask({"hangs": hangs, "fine": Component}, within=0.05)["hangs"]
        assert (found.health, found.detail, found.latency_ms) == ("down", "No answer within 0.05 seconds.", None)
        begun.wait()
    assert asked == [1]
    go.set()
    assert ask({"hangs": hangs}, within=60)["hangs"].health == "ok"
