"""Two processes of one store: what one commits the other shows at once, and soon where the one was killed before it could say so."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cryptons import freshness
from cryptons.tasks import tell_again
from shop.models import Product
from tests.factories import ProductFactory
from tests.other_process import same_store

ROOT = Path(__file__).resolve().parents[2]
OTHER = """
import os, sys, signal
from uuid import UUID
import django
django.setup()
from django.db import transaction
from cryptons.db import atomic
from shop.models import Product
from shop.services import change_stock
from tests.factories import BOSS
print("ready", flush=True)
for line in sys.stdin:
    name, key, by = line.split()
    with atomic():
        if name == "die":
            transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        change_stock(actor=BOSS, product_id=UUID(key), by=int(by))
    print("done", flush=True)
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mug(settings):
    settings.PAGE_CACHE_SECONDS = 600
    return ProductFactory(name="Mug", slug="mug", stock=5)


@pytest.fixture
def other():
    """Another process of this store: the same database, the same folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER],
        env=same_store(),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.stdin.close()
    process.wait(timeout=20)
    process.stdout.close()


def ask(process, what, product, by):
    process.stdin.write(f"{what} {product.pk} {by}\n")
    return process.stdout.readline()


def test_a_change_of_another_process_is_seen_by_the_next_request(client, mug, other):
    for left in (4, 3, 2):
        assert ask(other, "change", mug, -1) == "done\n"
        assert f"{left} left" in client.get("/p/mug/").content.decode()
        assert client.get("/api/products/mug").json()["data"]["stock"] == left


def test_a_process_killed_between_commit_and_telling_is_made_good_by_the_worker(client, mug, other):
    assert "5 left" in client.get("/p/mug/").content.decode()
    assert ask(other, "die", mug, -1) == ""
    assert other.wait(timeout=20) == -signal.SIGKILL
    assert Product.objects.get(pk=mug.pk).stock == 4, "it was committed"
    assert tell_again()
    assert "4 left" in client.get("/p/mug/").content.decode()
    assert freshness.tell_again() == 0
