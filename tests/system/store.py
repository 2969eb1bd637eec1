"""The whole store as `make run` starts it, on ports and in a folder of its own, and a buyer who walks through it over HTTP."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from tests.nodes import Client, free_port

ROOT = Path(__file__).resolve().parents[2]
SHELF = """
from decimal import Decimal
from shop.models import Category, Product
shelf = Category.objects.create(name="Kitchen", slug="kitchen")
Product.objects.create(category=shelf, name="Mortar", slug="mortar", sku="M-1", price=Decimal("{price}"), stock=5)
"""


def until(true: Callable[[], Any], *, seconds: float = 60, what: str) -> Any:
    """Ask again until the answer is true and return it; fail with `what` when the time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} seconds"
        time.sleep(0.05)
    return answer


class Store:
    """One store. `start` and `stop` may be called again; what it keeps stays in `folder`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port, self.rpc_port, self.wallet_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.wallet_url = f"http://127.0.0.1:{self.wallet_port}"
        self.node = Client(f"http://127.0.0.1:{self.rpc_port}", "sandbox", "sandbox")
        self.mark = f"CRYPTONS_TEST_STORE={uuid.uuid4()}"
        self.output = folder / "output"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CRYPTONS_ENV": "development",
            "VAR_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.rpc_port),
            "SANDBOX_WALLET_PORT": str(self.wallet_port),
            "SANDBOX_BLOCK_SECONDS": "0",
            "DEMO_CATALOGUE": "0",
            "WEB_WORKERS": "1",
            "PAYMENT_CONFIRMATIONS": "0:1,100:2",
            **settings,
            "CRYPTONS_TEST_STORE": self.mark.partition("=")[2],
        }

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `manage.py` with this store's settings."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def fill(self, price: str = "12.50") -> None:
        """Make the database with one product of five pieces."""
        for arguments in (
            ["migrate", "--verbosity", "0"],
            ["shell", "-c", SHELF.format(price=price)],
            ["ensure_admin"],
        ):
            done = self.manage(*arguments)
            assert done.returncode == 0, done.stderr

    def start(self) -> "Store":
        """Start all of it, and wait until it says that it is open."""
        already = self.said.count("The store is open.")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=self.environment,
            stdout=self.output.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        until(lambda: self.said.count("The store is open.") > already or self.ended, what="the store opens")
        assert not self.ended, self.said
        until(self._node_answers, what="the sandbox answers")
        return self

    def stop(self, signum: int = signal.SIGTERM) -> int:
        """Ask the launcher to stop and return its exit code."""
        self.process.send_signal(signum)
        return self.process.wait(timeout=30)

    def kill(self, name: str) -> None:
        """End the process called `name` (`web`, `worker`, `sandbox`, or `launcher`) as a power cut would, and wait for the rest."""
        started = re.findall(rf"{name} +started \(pid=(\d+)\)", self.said.replace("system", ""))
        os.kill(self.process.pid if name == "launcher" else int(started[-1]), signal.SIGKILL)
        self.process.wait(timeout=30)
        until(lambda: not self.processes(), seconds=15, what=f"nothing is left after {name} was killed")

    def processes(self) -> list[str]:
        """Return the command lines of every process that belongs to this store, children's children too."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return [command for command in found if command]

    def sweep(self) -> None:
        """End what is still there; for the end of a test that failed."""
        if self.process and not self.ended:
            self.process.terminate()
            self.process.wait(timeout=30)

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8") if self.output.exists() else ""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the store's database from outside."""
        database = sqlite3.connect(f"file:{self.folder}/var/cryptons.sqlite3?mode=ro", uri=True)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def pay(self, link: str) -> str:
        """Pay a BIP 21 link from the customer's wallet and return the transaction's id."""
        address, _, amount = link.removeprefix("bitcoin:").partition("?amount=")
        return self.node.rpc("sendtoaddress", address, amount.partition("&")[0], wallet="customer")

    def mine(self, blocks: int = 1) -> None:
        self.node.rpc("generatetoaddress", blocks, self.node.rpc("getnewaddress", wallet="customer"))

    def _node_answers(self) -> bool:
        try:
            return self.node.ask("getblockcount").status == 200
        except OSError:
            return False


class Guest:
    """Somebody with a browser without JavaScript."""

    address = {
        "email": "ada@example.org",
        "full_name": "Ada Byron",
        "line1": "Mill Lane 12",
        "city": "Lisbon",
        "postal_code": "1100-148",
        "country": "PT",
    }

    def __init__(self, store: Store) -> None:
        self.http = httpx.Client(base_url=store.url, follow_redirects=True, timeout=20, trust_env=False)
        self.pay_page = ""

    def buy(self) -> str:
        """Put the mortar into the cart, check out, and return the BIP 21 link to pay."""
        self._send_form("/p/mortar/", action="/cart/add/", quantity="1")
        page = self._send_form("/checkout/", **self.address)
        self.pay_page = str(page.url)
        return self.link()

    def link(self) -> str:
        page = self.http.get(self.pay_page)
        assert page.status_code == 200, page.text
        found = re.search(r'href="(bitcoin:[^"]+)"', page.text)
        assert found, page.text
        return unescape(found[1])

    def reads(self, words: str) -> bool:
        """Tell whether the payment page says `words` now."""
        try:
            return words in self.http.get(self.pay_page).text
        except httpx.HTTPError:
            return False

    def _send_form(self, path: str, *, action: str | None = None, **fields: str) -> httpx.Response:
        page = self.http.get(path)
        assert page.status_code == 200, page.text
        start = page.text.index(f'action="{action}"') if action else page.text.index('<form class="split')
        form = page.text[start : page.text.index("</form>", start)]
        hidden = dict(re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', form))
        answer = self.http.post(
            action or path,
            data={**hidden, **fields},
            headers={"Origin": str(self.http.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 200, answer.text
        return answer
