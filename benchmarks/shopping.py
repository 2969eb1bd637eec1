"""Shoppers who buy: each goes the whole way through the pages, from a product to where it is paid, and then comes as somebody new."""

import http.client
import re
import time
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from benchmarks.catalogue import ADDRESS, bench_products
from benchmarks.mixed import at_work
from benchmarks.report import Row, percentile
from benchmarks.server import STORE, serve
from benchmarks.stage import Stage, cpu_ms
from cryptons.launcher.commands import worker
from shop.models import Product

TARGET = 60
WARM_UP = 3
_HIDDEN = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|key|seen)" value="([^"]*)">')


class Shopper:
    """Somebody without an account, over one kept connection."""

    def __init__(self, line: http.client.HTTPConnection) -> None:
        self.line = line
        self.cookies: SimpleCookie = SimpleCookie()

    def buy(self, product: Product) -> None:
        """Look at the product, put it into the cart, look at that, fill in the checkout and see where to pay."""
        self.ask("GET", product.get_absolute_url(), 200)
        self.ask("POST", "/cart/add/", 302, {"product": str(product.pk), "quantity": "1"})
        self.ask("GET", "/cart/", 200)
        hidden = dict(_HIDDEN.findall(self.ask("GET", "/checkout/", 200)))
        self.ask("GET", self.ask("POST", "/checkout/", 302, {**ADDRESS, **hidden, "email": "buyer@example.org"}), 200)

    def ask(self, method: str, path: str, status: int, form: dict[str, str] | None = None) -> str:
        """Return the page, or where it leads. Raises RuntimeError on any other status."""
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookies.output(attrs=[], header="", sep=";").strip()}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, urlencode(form) if form else None, headers)
        answer = self.line.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        if answer.status != status:
            raise RuntimeError(f"{method} {path} was answered {answer.status}")
        return answer.headers["Location"] or page


def run(stage: Stage, seconds: float) -> list[Row]:
    """Return the rows of shopping."""
    products = bench_products()
    store = serve(stage, STORE, "/products/")
    at_work(stage.start(worker(), unheard=True))
    _shop(store.base, products, 1, WARM_UP)
    rows = []
    for shoppers in (1, 8):
        before = cpu_ms(store.process)
        taken = _shop(store.base, products, shoppers, seconds)
        cpu = (cpu_ms(store.process) - before) / len(taken)
        rate = len(taken) / seconds
        figures = f"{rate:.0f} a second, p50 {percentile(taken, 0.5):.0f}, p95 {percentile(taken, 0.95):.0f} ms, {cpu:.1f} ms CPU"
        name = f"from a product's page to paying, 6 requests, {shoppers} at once"
        rows.append(Row(name, figures, f"{TARGET} a second", rate >= TARGET) if shoppers > 1 else Row(name, figures))
    store.stop()
    return rows


def _shop(base: str, products: list[Product], shoppers: int, seconds: float) -> list[float]:
    """Let so many at once buy, one after the other, for so long; return how long each took, in milliseconds."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(shoppers) as people:
        parts = people.map(lambda number: _one_after_the_other(base, products, number, until), range(shoppers))
        return [ms for part in parts for ms in part]


def _one_after_the_other(base: str, products: list[Product], number: int, until: float) -> list[float]:
    taken = []
    line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    while (began := time.monotonic()) < until:
        number += 7
        Shopper(line).buy(products[number % len(products)])
        taken.append((time.monotonic() - began) * 1000)
    line.close()
    return taken
