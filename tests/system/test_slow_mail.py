"""A mail server that takes connections and says nothing."""

import shutil
import socket

from tests.system.store import Guest, Store, until

LETTERS = 12
"""Each waits 15 seconds for the server: more than enough for all of the worker's threads, if each took one."""
PLENTY = "from shop.models import Product; Product.objects.update(stock=50)"


def test_while_letters_wait_for_a_mail_server_the_chain_is_watched(filled, tmp_path):
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(60)
    store = Store(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{server.getsockname()[1]}", MAX_OPEN_ORDERS="0")
    assert store.manage("shell", "-c", PLENTY).returncode == 0
    try:
        store.start()
        for _ in range(LETTERS):
            Guest(store).buy()
        silent, _ = server.accept()
        looks = set()

        def watched_on():
            looks.update(store.rows("SELECT last_ok_at FROM payments_watcher WHERE last_ok_at IS NOT NULL"))
            return len(looks) >= 7

        until(watched_on, seconds=40, what="seven looks at the chain")
        silent.close()
    finally:
        server.close()  # and with it whoever waits for it, so that nobody has to be waited for at the end
        store.sweep()
