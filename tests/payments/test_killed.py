"""A worker that is really killed in the middle of a look: another process takes over at once and ends in the same state."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from payments.models import Transfer, Watcher
from payments.watcher import lease
from tests.other_process import same_store
from tests.payments import listening
from tests.payments.world import Chain, Shop

pytestmark = pytest.mark.django_db(transaction=True)
AMOUNT = 100_000
KILLED = """
import os, signal
import django
django.setup()
from payments import ledger, watcher
from payments.watcher import book, lease, reading
where, name = {where}, {name!r}
original = getattr(where, name)

def killed(*args, **kwargs):
    if {after}:
        original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(where, name, killed)
watcher.tick()
"""


def kill_inside(where, name, after, node):
    """Run a look in a process of its own that kills itself at this point."""
    environment = same_store(BITCOIN_RPC_URL=node.url, LOG_LEVEL="ERROR")
    code = KILLED.format(where=where, name=name, after=after)
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env=environment, cwd=root, capture_output=True, timeout=60
    )
    assert done.returncode == -9, done.stderr.decode()


@pytest.mark.parametrize(
    ("where", "name", "after", "told_again"),
    [
        ("watcher", "_cases", False, 2),
        ("ledger", "write", False, 2),
        ("ledger", "write", True, 2),
        ("watcher", "record", True, 1),
        ("lease.Lease", "finish", False, 0),
        ("lease", "_keep", True, 0),
    ],
)
def test_the_next_process_ends_in_the_same_state(sandbox_node, settings, time, heard, where, name, after, told_again):
    settings.BITCOIN_RPC_URL = sandbox_node.url
    shop = Shop(Chain(sandbox_node), time)
    shop.tick()
    asked = [shop.ask(), shop.ask()]
    shop.chain.pay({one.address: AMOUNT for one in asked})
    shop.chain.mine()
    connection.close()
    kill_inside(where, name, after, sandbox_node)
    assert Watcher.objects.get().leased_by != ""
    lease.forget()
    shop.tick()
    assert [one.state for one in asked] == [("settled", "", AMOUNT, 1)] * 2
    assert Transfer.objects.count() == 2
    assert Watcher.objects.get().height == shop.chain.height()
    assert len(listening.updates) == told_again
