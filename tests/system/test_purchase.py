"""A purchase on the running store: undisturbed, and with a power cut for one of its processes at each stage."""

import pytest

from tests.system.store import Guest, until

PAID = ("processing", "settled", "")


STAGES = [["web", "worker", "sandbox", "launcher"], ["launcher", "sandbox", "worker", "web"]]


def outcome(store):
    """What the books say in the end: order, payment, money, pieces left, and how often each e-mail was sent."""
    order, payment, exception, amount, received = store.rows(
        "SELECT o.status, p.status, p.exception, p.amount, p.received FROM orders_order o"
        " JOIN orders_orderpayment l ON l.order_id = o._id JOIN payments_payment p ON p._id = l.payment_id"
    )[0]
    transfers = store.rows("SELECT amount, state FROM payments_transfer")
    mails = sorted(store.rows("SELECT topic, attempts FROM orders_outboxmessage WHERE sent_at IS NOT NULL"))
    return {
        "status": (order, payment, exception),
        "orders": store.rows("SELECT count(*) FROM orders_order")[0][0],
        "paid once": transfers == [(amount, "confirmed")] and received == amount,
        "stock": store.rows("SELECT stock FROM shop_product")[0][0],
        "mails": [topic for topic, _ in mails],
    }


GOOD = {"status": PAID, "orders": 1, "paid once": True, "stock": 4}


def finish(store):
    """Wait until the payment is final and everybody was told."""
    until(lambda: store.rows("SELECT status FROM payments_payment") == [("settled",)], what="the payment settles")
    until(
        lambda: store.rows("SELECT count(*) FROM orders_outboxmessage WHERE sent_at IS NULL") == [(0,)],
        what="the e-mails leave",
    )


def test_a_guest_buys_and_pays_and_a_stop_leaves_nothing_behind(store):
    guest = Guest(store)
    store.pay(guest.buy())
    until(lambda: guest.reads("waiting for confirmation"), what="the payment is seen")
    store.mine()
    finish(store)
    result = outcome(store)
    assert {name: result[name] for name in GOOD} == GOOD
    assert guest.reads("Paid")
    assert len(list((store.folder / "var" / "mail").iterdir())) == len(result["mails"])
    assert store.stop() == 0
    assert store.processes() == []


@pytest.mark.parametrize("victims", STAGES, ids="-".join)
def test_a_purchase_survives_a_power_cut_at_every_stage(store, victims):
    guest = Guest(store)
    link = guest.buy()
    cut(store, victims[0])
    assert guest.link() == link
    store.pay(link)
    cut(store, victims[1])
    until(lambda: guest.reads("waiting for confirmation"), what="the payment is seen")
    cut(store, victims[2])
    store.mine()
    cut(store, victims[3])
    finish(store)
    result = outcome(store)
    assert {name: result[name] for name in GOOD} == GOOD


def cut(store, victim):
    """End one process as a power cut would. All of them end, and the store starts again."""
    store.kill(victim)
    if victim != "launcher":
        assert store.process.returncode == 1
        assert store.said.rstrip().splitlines()[-1].startswith(f"cryptons: {victim} stopped by itself")
    store.start()
