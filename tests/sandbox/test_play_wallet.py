"""The play wallet's page: paying a link, disturbing a payment, and taking orders from nobody else."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from sandbox.server import SandboxNode
from tests.nodes import Client


class Page:
    """A browser without JavaScript on the play wallet."""

    def __init__(self, node: SandboxNode) -> None:
        self.http = httpx.Client(base_url=node.wallet_url, follow_redirects=True)
        self.rpc = Client(node.url, node.user, node.password).rpc

    def open(self, **query: str) -> str:
        answer = self.http.get("/", params=query)
        assert answer.status_code == 200
        return answer.text

    def press(self, path: str, **form: str) -> str:
        """Press a button; gives the sentence the page answers with."""
        token = re.search(r'name="token" value="([^"]+)"', self.open())
        assert token is not None
        answer = self.http.post(path, data={"token": token[1], **form})
        said = re.search(r'role="status">([^<]+)<', answer.text)
        assert said is not None
        return said[1]

    def order(self) -> str:
        return str(self.rpc("getnewaddress", "an order", wallet="store"))

    def paid(self) -> tuple[str, str]:
        """An address and the transaction that pays it, waiting for a block."""
        address = self.order()
        return address, self.rpc("sendtoaddress", address, "0.01", wallet="customer")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with SandboxNode(state_dir=tmp_path / "sandbox", wallet_port=0) as node:
        yield Page(node)


def test_a_link_shows_what_it_asks_for_and_is_paid(page: Page) -> None:
    address = page.order()
    link = f"bitcoin:{address}?amount=0.00152&label=Cryptons&message=Order%20%3Cb%3E7"
    shown = page.open(uri=link)
    assert 'value="0.00152000"' in shown
    assert "Order &lt;b&gt;7" in shown
    assert page.press("/pay", uri=link, amount="0.00152000") == "Paid 0.00152000 BTC. It now waits for a block."
    assert page.rpc("getreceivedbyaddress", address, 0, wallet="store") == Decimal("0.00152000")


def test_too_little_can_be_paid_on_purpose(page: Page) -> None:
    address = page.order()
    page.press("/pay", uri=f"bitcoin:{address}?amount=0.00152", amount="0.001")
    assert page.rpc("getreceivedbyaddress", address, 0, wallet="store") == Decimal("0.00100000")


@pytest.mark.parametrize(
    ("link", "complaint"),
    [
        ("hello", "not one of the play network"),
        ("lightning:lnbc1", "not a Bitcoin payment link"),
        ("bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?amount=1", "not one of the play network"),
        ("bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=x", "should be a number"),
        ("bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.000000001", "at most eight decimals"),
        ("bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?req-magic=1", "requires “magic”"),
    ],
)
def test_a_link_that_cannot_be_paid_says_why(page: Page, link: str, complaint: str) -> None:
    assert complaint in page.open(uri=link)


def test_a_link_in_capitals_is_understood(page: Page) -> None:
    assert 'value="0.50000000"' in page.open(uri=f"BITCOIN:{page.order().upper()}?amount=0.5")


def test_more_than_there_is_cannot_be_paid(page: Page) -> None:
    said = page.press("/pay", uri=f"bitcoin:{page.order()}?amount=100000")
    assert said == "The payment was not made: Insufficient funds."
    assert page.rpc("getrawmempool") == []


def test_mining_confirms_a_payment(page: Page) -> None:
    _, txid = page.paid()
    assert page.press("/mine", count="1") == "Mined block 121."
    assert page.press("/mine", count="6") == "Mined 6 blocks, up to 127."
    assert page.rpc("gettransaction", txid, wallet="store")["confirmations"] == 7
    assert "7 confirmations" in page.open()


def test_a_raised_fee_replaces_the_payment_by_one_of_the_same_amount(page: Page) -> None:
    address, txid = page.paid()
    assert page.press("/raise-fee", txid=txid).startswith("Replaced the payment.")
    (winner,) = page.rpc("getrawmempool")
    assert page.rpc("gettransaction", txid, wallet="store")["mempoolconflicts"] == [winner]
    page.press("/mine")
    assert page.rpc("getreceivedbyaddress", address, 1, wallet="store") == Decimal("0.01000000")
    assert "replaced with a higher fee" in page.open()


def test_money_is_taken_back_before_a_block(page: Page) -> None:
    address, txid = page.paid()
    assert page.press("/send-elsewhere", txid=txid).startswith("Double-spent.")
    (winner,) = page.rpc("getrawmempool")
    assert page.rpc("gettransaction", txid, wallet="store")["mempoolconflicts"] == [winner]
    page.press("/mine")
    assert page.rpc("getreceivedbyaddress", address, 0, wallet="store") == Decimal("0.00000000")


def test_money_is_taken_back_in_a_block(page: Page) -> None:
    address, txid = page.paid()
    assert page.press("/double-spend", txid=txid).startswith("Double-spent in block 121.")
    lost = page.rpc("gettransaction", txid, wallet="store")
    assert (lost["confirmations"], lost["details"]) == (-1, [])
    assert page.rpc("getreceivedbyaddress", address, 0, wallet="store") == Decimal("0.00000000")


def test_a_payment_that_no_longer_waits_cannot_be_disturbed(page: Page) -> None:
    _, txid = page.paid()
    page.press("/mine")
    for path in ("/send-elsewhere", "/double-spend"):
        assert page.press(path, txid=txid) == "That payment no longer waits: it was confirmed or replaced."
    assert page.press("/raise-fee", txid=txid).startswith("The fee was not raised")
    assert page.rpc("getblockcount") == 121


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://hostile.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "hostile.example"}],
)
def test_other_sites_cannot_press_buttons(page: Page, headers: dict[str, str]) -> None:
    token = re.search(r'name="token" value="([^"]+)"', page.open())
    assert token is not None
    answer = page.http.post("/mine", data={"token": token[1]}, headers=headers)
    assert answer.status_code == 403
    assert page.rpc("getblockcount") == 120


def test_a_form_without_the_pages_token_does_nothing(page: Page) -> None:
    answer = page.http.post("/mine", data={"token": "guessed"})
    assert "Nothing was done" in answer.text
    assert page.rpc("getblockcount") == 120


def test_another_name_for_this_machine_shows_nothing(page: Page) -> None:
    assert page.http.get("/", headers={"Host": "hostile.example"}).status_code == 403


def test_its_pages_allow_no_foreign_content(page: Page) -> None:
    policy = page.http.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for asset in ("/play-wallet.css", "/play-wallet.js"):
        assert page.http.get(asset).status_code == 200
    assert "Waiting for a block" in page.http.get("/live").text
    assert page.http.get("/etc/passwd").status_code == 404
