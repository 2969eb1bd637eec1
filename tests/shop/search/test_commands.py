"""rebuild_search, check_search, the health of search, and the preparation of a start."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from cryptons import clock
from cryptons.launcher.prepare import make_search_usable
from orders.models import Order
from shop.models import Product, SearchChange
from shop.search.applying import apply_changes
from shop.search.engine import SearchUnavailable
from shop.search.health import health
from shop.search.outbox import forget
from shop.search.rebuilding import rebuild
from tests.factories import OrderFactory, ProductFactory
from tests.shop.search.catalogue import document

pytestmark = pytest.mark.django_db


class Away:
    """A server that does not answer."""

    name = "away"

    def __getattr__(self, name):
        def fail(*_, **__):
            raise SearchUnavailable("http://search.example does not answer.")

        return fail


def run(command: str, *options: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command(command, *options, stdout=said)
    except SystemExit as stop:
        return int(stop.code or 0), said.getvalue()
    return 0, said.getvalue()


def settle() -> None:
    """Forget what waits, as if it had been lost."""
    forget(list(SearchChange.objects.values_list("pk", flat=True)))


@pytest.fixture
def shelf(index):
    ProductFactory(name="Kettle", sku="KET-1")
    ProductFactory(name="Pan", sku="PAN-1")
    rebuild()
    return index


def test_rebuild_says_how_many(shelf):
    assert run("rebuild_search", "--batch", "1")[1].startswith("Search index (tantivy): 2 products in ")


@pytest.mark.parametrize("batch", ["0", "10001"])
def test_rebuild_refuses_a_batch_that_makes_no_sense(shelf, batch):
    with pytest.raises(CommandError, match="1 to 10000"):
        call_command("rebuild_search", "--batch", batch)


def test_check_is_content_where_nothing_differs(shelf):
    assert run("check_search") == (
        0,
        "Search index (tantivy): 2 products, 0 changes waiting.\nIt holds what the database says.\n",
    )


def test_check_tells_what_differs_and_repair_has_it_indexed(shelf):
    Product.objects.filter(sku="KET-1").update(price="99.00")
    Product.objects.filter(sku="PAN-1").update(is_visible=False)
    ProductFactory(name="Cup", sku="CUP-1")
    shelf.apply(put=[document("Ghost")], remove=[])
    settle()
    status, said = run("check_search")
    assert status == 1
    assert "1 missing in the index:" in said
    assert "2 in the index, but not shown in the shop:" in said
    assert "1 in the index as they were once:" in said
    assert ("CUP-1" in said, "KET-1" in said, "(not in the database)" in said) == (True, True, True)
    assert not SearchChange.objects.exists()
    status, said = run("check_search", "--repair")
    assert (status, "4 products are noted" in said) == (1, True)
    apply_changes()
    assert run("check_search")[0] == 0


def written_past_the_store() -> None:
    OrderFactory(full_name="Ada Byron", email="ada@example.org")
    Product.objects.filter(sku="PAN-1").update(search_text="pot  pot1")
    Order.objects.update(search_text="")


def texts() -> list[str]:
    return [*Product.objects.order_by("sku").values_list("search_text", flat=True), Order.objects.get().search_text]


def test_check_tells_which_texts_are_wrong_and_repair_writes_them_anew(shelf):
    written_past_the_store()
    status, said = run("check_search")
    assert status == 1
    assert "1 products with a text that is not what they spell:" in said
    assert "1 orders with a text that is not what they spell:" in said
    assert f"{Product.objects.get(sku='PAN-1').pk}  Pan" in said
    assert f"{Order.objects.get().pk}  {Order.objects.get().number}" in said
    assert texts() == ["kettle  ket1", "pot  pot1", ""]
    status, said = run("check_search", "--repair")
    assert (status, "2 texts are written anew." in said) == (1, True)
    assert texts() == ["kettle  ket1", "pan  pan1", "ada byron  ada example org"]
    assert run("check_search")[0] == 0


def test_rebuild_writes_wrong_texts_anew(shelf):
    written_past_the_store()
    assert "2 were wrong" in run("rebuild_search")[1]
    assert texts() == ["kettle  ket1", "pan  pan1", "ada byron  ada example org"]
    assert "wrong" not in run("rebuild_search")[1]


def test_texts_are_checked_and_written_anew_while_the_engine_is_away(settings):
    ProductFactory(name="Pan", sku="PAN-1")
    written_past_the_store()
    settings.SEARCH_ENGINE = f"{__name__}.Away"
    said = io.StringIO()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("check_search", stdout=said)
    assert "1 orders with a text" in said.getvalue()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("rebuild_search", stdout=said)
    assert texts() == ["pan  pan1", "ada byron  ada example org"]


def test_what_waits_for_the_worker_is_no_difference(shelf):
    ProductFactory(name="Cup")
    status, said = run("check_search")
    assert (status, "1 changes waiting" in said) == (0, True)


@pytest.mark.parametrize("command", ["rebuild_search", "check_search"])
def test_without_its_server_a_command_says_so(settings, command):
    settings.SEARCH_ENGINE = f"{__name__}.Away"
    with pytest.raises(CommandError, match="http://search.example does not answer"):
        call_command(command)


def test_health_tells_documents_and_lag(shelf):
    told = health()
    assert (told.status, told.engine, told.documents, told.waiting, told.lag_seconds) == ("ok", "tantivy", 2, 0, 0.0)
    ProductFactory()
    assert (health().status, health().waiting) == ("ok", 1)
    SearchChange.objects.update(created_at=clock.now() - timedelta(minutes=5))
    told = health()
    assert (told.status, told.lag_seconds >= 300, told.detail) == ("degraded", True, "Changes wait for the worker.")


def test_health_without_an_engine_is_degraded_and_says_why(settings, index):
    assert (health().status, "rebuild_search" in health().detail) == ("degraded", True)
    settings.SEARCH_ENGINE = f"{__name__}.Away"
    assert (health().status, health().detail) == ("degraded", "http://search.example does not answer.")


def test_a_start_builds_a_missing_index_and_says_so_once(index):
    ProductFactory()
    said: list[str] = []
    make_search_usable(said.append)
    make_search_usable(said.append)
    assert [line.partition(":")[0] for line in said] == ["Building the search index"]
    assert index.state().documents == 1


def test_a_start_goes_on_without_the_engine(settings):
    settings.SEARCH_ENGINE = f"{__name__}.Away"
    said: list[str] = []
    make_search_usable(said.append)
    assert said == [
        "Search is not ready, so the store searches its database until it is. http://search.example does not answer."
    ]
