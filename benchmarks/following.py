"""A thousand people who follow their orders, on one web process: what a listener costs, and how late an event reaches them."""

import subprocess
import sys
import time
import uuid
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from accounts.models import User
from accounts.services import open_session
from benchmarks.buyer import ADDRESS
from benchmarks.report import Row, percentile
from benchmarks.stage import Stage, cpu_ms, free_port, wait_for
from cryptons import clock
from cryptons.launcher.commands import web
from orders.models import Order, OrderPayment
from orders.services import cancel_order
from payments.models import Payment

LISTENERS = 1000
CHANGES = 100
LATE = 1.0


def run(stage: Stage, seconds: float) -> list[Row]:
    """Return the rows of the listeners."""
    user = User.objects.create_user(email="follower@example.org", password=uuid.uuid4().hex)
    orders = _orders(user)
    server, port = _serve(stage)
    before = _memory(server)
    listeners = _listen(stage, port, open_session(user=user).access, orders)
    time.sleep(2)  # what opening the lines began is done
    memory = (_memory(server) - before) / LISTENERS
    spent, started = cpu_ms(server), time.perf_counter()
    time.sleep(max(5.0, seconds))
    idle = (cpu_ms(server) - spent) / (time.perf_counter() - started) / 10
    late = _lateness(listeners, orders)
    return [
        Row(f"{LISTENERS:,} listeners on one process, nothing new", f"{memory:.1f} KB each, {idle:.1f} % of a core"),
        Row(
            "an event, from the commit to its listener",
            f"p50 {percentile(late, 0.5):.0f} ms, p95 {percentile(late, 0.95):.0f} ms, latest {max(late):.0f} ms",
            f"{LATE:.0f} s",
            max(late) <= LATE * 1000,
        ),
    ]


def _orders(user: User) -> list[Order]:
    """Return orders that wait for their payments, as rows alone."""
    now = clock.now()
    payments = Payment.objects.bulk_create(
        Payment(
            fiat_amount=Decimal(6),
            currency="EUR",
            rate=Decimal(60000),
            rate_source="fixed",
            rate_at=now,
            amount=10_000,
            required_confirmations=1,
            expires_at=now + timedelta(hours=1),
        )
        for _ in range(LISTENERS)
    )
    orders = Order.objects.bulk_create(
        Order(
            number=f"FOLLOW-{index}",
            checkout_key=f"follow-{index}",
            user=user,
            email=user.email,
            currency="EUR",
            total=Decimal(6),
            **ADDRESS,
        )
        for index in range(LISTENERS)
    )
    OrderPayment.objects.bulk_create(
        OrderPayment(order=order, payment=payment) for order, payment in zip(orders, payments, strict=True)
    )
    return orders


def _serve(stage: Stage) -> tuple["subprocess.Popen[str]", int]:
    (settings.MEDIA_ROOT / "products").mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = web()
    command[command.index("--port") + 1] = str(port)
    command[command.index("--workers") + 1] = "1"
    base = f"http://{settings.HOST}:{port}"
    limits = {"EVENTS_PER_CLIENT": str(LISTENERS), "RATELIMIT_USER": f"{LISTENERS * 2}/15m"}
    server = stage.start(command, PORT=str(port), SITE_URL=base, **limits)
    wait_for(f"{base}/healthz")
    return server, port


def _listen(stage: Stage, port: int, token: str, orders: list[Order]) -> "subprocess.Popen[str]":
    names = stage.directory / "orders"
    names.write_text("\n".join(str(order.pk) for order in orders))
    command = [sys.executable, "-m", "benchmarks.listeners", settings.HOST, str(port), token, str(names)]
    listeners = stage.start(command)
    if listeners.stdout is None or listeners.stdout.readline() != "ready\n":
        raise RuntimeError("the listeners did not get their lines")
    return listeners


def _lateness(listeners: "subprocess.Popen[str]", orders: list[Order]) -> list[float]:
    """Cancel orders at odd moments; return how many milliseconds after the commit each listener heard of it."""
    changed: dict[str, float] = {}
    for order in orders[:: LISTENERS // CHANGES]:
        cancel_order(order_id=order.pk, actor=None)
        changed[str(order.pk)] = time.time()
        time.sleep(0.037)
    late = []
    while len(late) < len(changed) and listeners.stdout is not None:
        order_id, moment = listeners.stdout.readline().split()
        late.append((float(moment) - changed[order_id]) * 1000)
    return late


def _memory(server: "subprocess.Popen[str]") -> int:
    """Return the memory of a server and its workers in KB, what they share counted by halves (Linux' PSS)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[2]) == server.pid:
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            continue
    return total
