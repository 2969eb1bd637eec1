"""`scripts/notify.py` against a running store: what a node's walletnotify calls."""

import subprocess
import sys
from pathlib import Path

import pytest

from payments.models import Payment
from payments.tasks import watch
from payments.watcher import tick
from tests.api.buying import wish
from tests.api.signing import SECRET
from tests.factories import ProductFactory

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "notify.py"


@pytest.fixture
def notify(live_server, node, settings, tmp_path, monkeypatch):
    """Run the script; gives its exit code and what it said. What the store's worker is asked to do is done at once."""
    settings.WEBHOOK_SECRETS = ["the-one-before", SECRET]
    monkeypatch.setattr(watch, "apply_async", lambda **options: watch())
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    (tmp_path / "cookie").write_text(f"{node.user}:{node.password}")

    def run(*arguments, secret="secret"):
        given = ["--store", live_server.url, "--secret-file", tmp_path / secret]
        at_node = ["--rpc", node.url, "--rpc-cookie", tmp_path / "cookie", "--wallet", "store"]
        done = subprocess.run(
            [sys.executable, SCRIPT, *given, *at_node, *arguments], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    run.folder = tmp_path
    return run


@pytest.mark.django_db(transaction=True)
def test_the_node_tells_of_a_transaction_and_the_store_sees_the_money(api, user, node, notify):
    order = api.as_(user).post("/orders", wish((ProductFactory(price=60), 1))).data
    tick()
    paid = node.rpc("sendtoaddress", order["payment"]["options"][0]["address"], "0.001", wallet="customer")
    assert notify("--transaction", paid) == (0, "")
    assert (Payment.objects.get().status, Payment.objects.get().received) == ("seen", 100_000)
    node.rpc("generatetoaddress", 1, node.rpc("getnewaddress", wallet="customer"))
    assert notify("--order", order["orderNumber"])[0] == 0


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_told_is_said_and_is_no_success(node, notify):
    (notify.folder / "wrong").write_text("another-secret")
    assert notify("--order", "ABCD-EFGH-JKMN") == (0, "")  # pays no order
    code, said = notify("--order", "ABCD-EFGH-JKMN", secret="wrong")
    assert (code, "INVALID_SIGNATURE" in said) == (1, True)
    code, said = notify("--transaction", "ab" * 32)
    assert (code, "The node answered 500" in said) == (1, True)
    code, said = notify("--order", "x", secret="nothing")
    assert (code, "cannot be read" in said) == (1, True)
    strange = node.rpc("sendtoaddress", node.rpc("getnewaddress", wallet="store"), "0.001", wallet="customer")
    assert notify("--transaction", strange) == (0, "")
