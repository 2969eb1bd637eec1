"""The recorded answers of a real node are the sandbox's specification (and a real node keeps to them as well)."""

from tests.nodes import Client
from tests.sandbox.recording import Record, read
from tests.sandbox.replay import Hook, Replay

HOT = "[hot]"


def play(
    node: Client,
    name: str,
    hooks: dict[str, Hook] | None = None,
    *,
    only: str = HOT,
    leave_out: tuple[str, ...] = (),
) -> Replay:
    records = [one for one in read(name) if only in one.step and not any(words in one.step for words in leave_out)]
    run = Replay(node, records, hooks)
    run.run()
    return run


def test_an_exact_payment_from_seen_to_seven_confirmations(a_node: Client) -> None:
    run = play(a_node, "02-deposit-exact")
    assert run.problems == []
    assert run.compared == 45


def test_several_outputs_and_several_payments(a_node: Client) -> None:
    run = play(a_node, "03-multi-output")
    assert run.problems == []
    assert run.compared == 51


def test_replacements_ghosts_and_abandoned_payments(a_node: Client) -> None:
    run = play(a_node, "04-rbf", leave_out=("4h", "4i"))
    assert run.problems == []
    assert run.compared == 192


def mine_the_conflict(run: Replay, record: Record) -> bool:
    if record.step not in run.done:
        run.done.add(record.step)
        run.mine_apart([run.kept_back[-1]])
    return False


def test_a_double_spend_that_arrives_in_a_block(a_node: Client) -> None:
    run = play(a_node, "05-doublespend-block", {"the block arrives": mine_the_conflict})
    assert run.problems == []
    assert run.compared == 96


def extend_the_payers_branch(run: Replay, record: Record) -> bool:
    run.play(record)
    if record.method == "reconsiderblock":
        for _ in range(6):
            run.mine_apart([])
    return True


def test_reorganisations(a_node: Client) -> None:
    run = play(a_node, "06-reorg", {"6iii back to the B chain": extend_the_payers_branch})
    assert run.problems == []
    assert run.compared == 130


def restart_with_an_empty_mempool(run: Replay, record: Record) -> bool:
    if record.step not in run.done:
        run.done.add(record.step)
        run.node.rpc("unloadwallet", "customer", False)  # the payer is elsewhere and does not send again
        run.node.restart(keep_mempool=False)
    return False


def mine_the_replacement(run: Replay, record: Record) -> bool:
    if record.method == "generatetoaddress":
        run.mine_apart([run.sent[-1]])
        return True
    return False


def test_a_replaced_payment_comes_back_after_a_restart_with_an_empty_mempool(a_node: Client) -> None:
    hooks = {
        "4h after restart": restart_with_an_empty_mempool,
        "4h reconnect": mine_the_replacement,
    }
    run = play(a_node, "04-rbf", hooks, only="[hot] 4h")
    assert run.problems == []
    assert run.compared == 22


def restart(run: Replay, record: Record) -> bool:
    if record.step not in run.done:
        run.done.add(record.step)
        run.node.restart()
    return False


def mine_what_waits(run: Replay, record: Record) -> bool:
    if record.step not in run.done:
        run.done.add(record.step)
        run.mine_apart([run.sent[0], run.sent[-1]])
    return False


def test_unconfirmed_payments_and_their_conflicts_survive_a_restart(a_node: Client) -> None:
    hooks = {"after restart, default": restart, "mined": mine_what_waits}
    run = play(a_node, "04b-restart-mempool", hooks, only="", leave_out=("SIGKILL",))
    assert run.problems == []
    assert run.compared == 47


NOT_COMPARABLE_REFUND_STEPS = (
    "estimatesmartfee has no data",  # needs a node without -fallbackfee
    "insufficient funds / dust",  # needs the recorded balance
    "label filter",
    "include_change",  # amounts of change depend on the coins at hand
    "subtractfeefromamount",  # and so does the fee
    "watch-only",
    "[small]",
    "unconfirmed deposit",
    "client closes",
    "two concurrent",
    "network off",
)


def only_the_block(run: Replay, record: Record) -> bool:
    if record.method == "generatetoaddress":
        run.play(record)
    return True


def test_refunds(a_node: Client) -> None:
    address = a_node.rpc("getnewaddress", "funds", wallet="store")
    for _ in range(12):
        a_node.rpc("sendtoaddress", address, "0.05", wallet="customer")
    a_node.rpc("generatetoaddress", 1, address)
    hooks = {"one of our own addresses": only_the_block}  # recorded in a race with the payer's block
    run = play(a_node, "07-refund", hooks, leave_out=NOT_COMPARABLE_REFUND_STEPS)
    assert run.problems == []
    assert run.compared == 44


def test_addresses_and_labels(a_node: Client) -> None:
    run = play(a_node, "01-addresses")
    assert run.problems == []
    assert run.compared == 39
