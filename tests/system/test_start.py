"""How the store starts and why it may not: one clear line each time."""

import signal
import socket
import time

import pytest

from tests.system.store import Store


def timed(action):
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


@pytest.fixture
def store(tmp_path):
    """A store on a machine where none was started before."""
    store = Store(tmp_path)
    yield store
    store.sweep()


@pytest.mark.parametrize(("setting", "attribute"), [("PORT", "port"), ("SANDBOX_PORT", "rpc_port")])
def test_a_taken_port_is_one_line(store, setting, attribute):
    with socket.create_server(("127.0.0.1", getattr(store, attribute))):
        done = store.manage("up")
    port = getattr(store, attribute)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"cryptons: {setting}: {port} on 127.0.0.1 is taken by another program. "
        f"Stop that one, or choose another port: {setting}={port + 1}.\n"
    )
    assert not (store.folder / "var" / "cryptons.sqlite3").exists()


def test_a_folder_that_cannot_be_written_to_is_one_line(store):
    (store.folder / "var").write_text("in the way", encoding="utf-8")
    done = store.manage("up")
    assert done.returncode == 1
    assert done.stderr == (
        f"cryptons: VAR_DIR: got '{store.folder}/var'; allowed is a folder that is there or can be made (File exists).\n"
    )


def test_the_sandbox_refuses_production(store):
    store.environment |= {
        "CRYPTONS_ENV": "production",
        "SECRET_KEY": "kX2vN8qLw5RzT7yB1cJd4FgH6mPs9Ua3eYiO0xWlKjVtSrQzAbCdEf",
        "ALLOWED_HOSTS": "shop.example",
        "BITCOIN_RPC_USER": "store",
        "BITCOIN_RPC_PASSWORD": "9dRkT2mXw7",
        "DEMO_CATALOGUE": "0",
    }
    done = store.manage("sandbox")
    assert done.returncode == 1
    assert "does not start with production settings" in done.stderr


def test_it_says_where_everything_is_and_a_second_start_is_quick_and_alone(store):
    store.start()
    said = store.said
    assert f"Shop         {store.url}/\n" in said
    assert f"Admin        {store.url}/admin/\n" in said
    assert f"Play wallet  {store.wallet_url}/\n" in said
    assert said.count("Staff account admin@example.com, password ") == 1
    assert store.stop(signal.SIGINT) == 0
    assert store.processes() == []
    bare = timed(lambda: store.manage("check"))
    # Ten seconds, on a machine that is busy with other things as many times more as the simplest of commands takes there.
    assert timed(store.start) < max(10, 8 * bare)
    other = Store(store.folder).manage("up")
    assert other.returncode == 1
    assert other.stderr.startswith(f"cryptons: VAR_DIR: a store already runs with {store.folder}/var.")
    assert store.said.count(", password ") == 1
    assert store.stop() == 0
