"""What the node says about an output, and what became of it."""

from datetime import UTC, datetime, timedelta

import pytest

from payments.bitcoin.node import Look
from payments.bitcoin.records import Received, WalletTransaction
from payments.watcher.observe import Observed, is_final, observe

SEEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def entry(confirmations=0, **fields):
    return Received("aa", 0, "bcrt1q", 5, confirmations, fields.pop("block", ""), SEEN, **fields)


def look(confirmations=0, *, in_mempool=False, block="", winners=(), rivals=(), generated=False):
    return Look(WalletTransaction("aa", confirmations, block, winners, rivals, generated), in_mempool)


@pytest.mark.parametrize(
    ("listed", "looked", "expected"),
    [
        (entry(3, block="b1"), None, ("confirmed", 3, "b1", "")),
        (entry(), look(in_mempool=True), ("pending", 0, "", "")),
        (entry(), look(), ("missing", 0, "", "")),
        (entry(), look(winners=("cc",)), ("replaced", 0, "", "cc")),
        (entry(winners=("cc",)), look(in_mempool=True), ("pending", 0, "", "")),
        (entry(), look(1, block="b2"), ("confirmed", 1, "b2", "")),
        (None, look(-2, rivals=("dd",)), ("conflicted", -2, "", "dd")),
        (None, look(2, block="b3"), ("confirmed", 2, "b3", "")),
        (None, look(in_mempool=True), ("pending", 0, "", "")),
        (None, Look(None, in_mempool=False), ("missing", 0, "", "")),
        (None, Look(None, in_mempool=True), ("pending", 0, "", "")),
        (None, None, ("missing", 0, "", "")),
        (entry(1, generated=True, block="b4"), None, ("confirmed", 0, "b4", "")),
        (entry(100, generated=True, block="b4"), None, ("confirmed", 0, "b4", "")),
        (entry(103, generated=True, block="b4"), None, ("confirmed", 3, "b4", "")),
        (entry(0, generated=True), look(generated=True), ("conflicted", 0, "", "")),
    ],
)
def test_what_became_of_it(listed, looked, expected):
    observed = observe(listed, looked)
    assert (observed.state, observed.confirmations, observed.block_hash, observed.replaced_by) == expected


@pytest.mark.parametrize(
    ("state", "confirmations", "age", "final"),
    [
        ("pending", 0, timedelta(days=99), False),
        ("confirmed", 15, timedelta(), False),
        ("confirmed", 16, timedelta(), True),
        ("conflicted", -15, timedelta(), False),
        ("conflicted", -16, timedelta(), True),
        ("replaced", 0, timedelta(days=13), False),
        ("missing", 0, timedelta(days=15), True),
    ],
)
def test_what_nothing_can_change_any_more(state, confirmations, age, final):
    assert is_final(Observed(state, confirmations), 16, SEEN, SEEN + age) is final
