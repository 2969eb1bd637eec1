"""Background work of which a process has one at a time."""

from threading import Event, Thread

import pytest
from django.utils.module_loading import import_string

from cryptons.alone import alone
from cryptons.outbox import Delivery

WAITING_FOR_OTHERS = {
    "orders.tasks.deliver_outbox": "orders.tasks.deliver_due",
    "accounts.tasks.deliver_mail": "accounts.tasks.deliver_due",
    "orders.tasks.sweep": "orders.services.sweep",
    "payments.tasks.watch": "payments.watcher.tick",
    "payments.tasks.refresh_rates": "payments.rates.refresh",
    "shop.tasks.keep_search": "shop.tasks.apply_changes",
    "shop.tasks.mend_search": "shop.tasks.mend",
}
"""The tasks that wait for mail servers, the node, the source of prices or the search engine, and what they do."""


def test_who_asks_while_it_is_under_way_goes_on_at_once():
    begun, may_end, rounds = Event(), Event(), []

    @alone
    def work():
        rounds.append("begun")
        begun.set()
        assert may_end.wait(10)
        return "done"

    first = Thread(target=lambda: rounds.append(work()))
    first.start()
    assert begun.wait(10)
    assert work() is None
    may_end.set()
    first.join()
    assert rounds == ["begun", "done"]
    assert work() == "done"


def test_what_failed_can_be_begun_again():
    @alone
    def work():
        raise ConnectionError("the mail server is away")

    for _ in range(2):
        with pytest.raises(ConnectionError):
            work()


def test_each_kind_of_work_is_alone_by_itself():
    @alone
    def inner():
        return "inner"

    @alone
    def outer():
        return inner(), outer()

    assert outer() == ("inner", None)


@pytest.mark.parametrize("name", WAITING_FOR_OTHERS)
def test_a_task_that_waits_for_others_holds_one_thread_at_most(name, monkeypatch):
    task, asked = import_string(name), []

    def still_at_it(*_anything):
        asked.append(task())
        return Delivery()

    monkeypatch.setattr(WAITING_FOR_OTHERS[name], still_at_it)
    task()
    assert asked == [None]
