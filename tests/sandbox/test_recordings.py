"""The recorded answers of a real node are the sandbox's specification (and a real node keeps to them as well)."""

import pytest

from tests.nodes import Client
from tests.sandbox.recording import Record, read
from tests.sandbox.replay import Replay

HOT = "[hot]"


def play(node: Client, name: str, hooks: object = None, *, only: str = HOT, leave_out: tuple[str, ...] = ()) -> Replay:
    records = [one for one in read(name) if only in one.step and not any(words in one.step for words in leave_out)]
    run = Replay(node, records, hooks or {})
    run.run()
    return run


def test_an_exact_payment_from_seen_to_seven_confirmations(a_node: Client) -> None:
    run = play(a_node, "02-deposit-exact")
    assert run.problems == []
    assert run.compared > 60


def test_several_outputs_and_several_payments(a_node: Client) -> None:
    run = play(a_node, "03-multi-output")
    assert run.problems == []
    assert run.compared > 30


def test_replacements_ghosts_and_abandoned_payments(a_node: Client) -> None:
    run = play(a_node, "04-rbf", leave_out=("4h", "4i"))
    assert run.problems == []
    assert run.compared > 150


def mine_the_conflict(run: Replay, record: Record) -> bool:
    if record.step not in run.done:
        run.done.add(record.step)
        run.mine_apart([run.kept_back[-1]])
    return False


def test_a_double_spend_that_arrives_in_a_block(a_node: Client) -> None:
    run = play(a_node, "05-doublespend-block", {"the block arrives": mine_the_conflict})
    assert run.problems == []
    assert run.compared > 80


def extend_the_payers_branch(run: Replay, record: Record) -> bool:
    run.play(record)
    if record.method == "reconsiderblock":
        for _ in range(6):
            run.mine_apart([])
    return True


def test_reorganisations(a_node: Client) -> None:
    run = play(a_node, "06-reorg", {"6iii back to the B chain": extend_the_payers_branch})
    assert run.problems == []
    assert run.compared > 90


@pytest.mark.parametrize("name", ["07-refund"])
def test_refunds(a_node: Client, name: str) -> None:
    pytest.importorskip("none")
