"""The index follows the database, whatever dies in between."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import tantivy
from django.db import transaction

from cryptons import clock
from shop import services
from shop.models import Product, SearchChange, SearchLease
from shop.ratings import change_rating
from shop.search import applying, embedded_reader, folders
from shop.search.applying import apply_changes
from shop.search.documents import all_documents
from shop.search.embedded import EmbeddedEngine
from shop.search.embedded_schema import VERSION
from shop.search.engine import Query, SearchBusy, SearchUnavailable
from shop.search.lease import APPLYING, LENGTH, REBUILDING, Lease
from shop.search.outbox import category_changed
from shop.search.rebuilding import mend, rebuild
from shop.tasks import keep_search, mend_search
from tests.factories import BOSS, CategoryFactory, ProductFactory
from tests.shop.search.catalogue import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def kettle(index) -> Product:
    """A product that is in the index, and nothing that waits."""
    product = ProductFactory(name="Kettle", stock=5, price="20.00")
    rebuild()
    apply_changes()
    return product


@pytest.fixture
def batches(monkeypatch) -> list[int]:
    """How many documents each call put into the index from here on."""
    sizes: list[int] = []
    apply = EmbeddedEngine.apply

    def counted(engine, *, put, remove):
        sizes.append(len(put))
        apply(engine, put=put, remove=remove)

    monkeypatch.setattr(EmbeddedEngine, "apply", counted)
    return sizes


def held(index, text: str) -> int:
    return index.search(typed(text)).total


def test_a_hundred_changes_of_a_product_are_one_document(index, kettle, batches):
    for number in range(100):
        kettle.name = f"Samovar {number}"
        kettle.save()
    assert apply_changes() == 1
    assert batches == [1]
    assert (held(index, "samovar 99"), SearchChange.objects.count()) == (1, 0)


def test_what_was_rolled_back_was_never_noted(index, kettle):
    def change():
        with transaction.atomic():
            services.show_products(actor=BOSS, product_ids=[kettle.pk], visible=False)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert not SearchChange.objects.exists()


def test_dying_between_the_commit_and_the_end_applies_again(index, kettle, monkeypatch):
    Product.objects.filter(pk=kettle.pk).update(name="Samovar")
    services.change_stock(actor=BOSS, product_id=kettle.pk, by=1)
    monkeypatch.setattr(applying, "forget", lambda noted: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError):
        apply_changes()
    monkeypatch.undo()
    assert (held(index, "samovar"), SearchChange.objects.count()) == (1, 1)
    apply_changes()
    assert (held(index, "samovar"), index.state().documents, SearchChange.objects.count()) == (1, 1, 0)


def test_what_is_hidden_or_deleted_is_taken_out(index, kettle):
    other = ProductFactory(name="Pan")
    apply_changes()
    services.show_products(actor=BOSS, product_ids=[kettle.pk], visible=False)
    other.delete()
    apply_changes()
    assert index.state().documents == 0


def test_a_rating_is_found_by(index, kettle):
    change_rating(product_id=kettle.pk, total_by=5, count_by=1)
    apply_changes()
    assert index.search(Query(rating=500)).total == 1


def test_an_order_notes_a_product_only_where_it_sells_out_or_is_back(index, kettle):
    services.take_stock(items=[(kettle.pk, 4)])
    services.return_stock(items=[(kettle.pk, 1)])
    assert not SearchChange.objects.exists()
    services.take_stock(items=[(kettle.pk, 2)])
    assert SearchChange.objects.count() == 1
    apply_changes()
    assert index.search(Query(in_stock=True)).total == 0
    services.return_stock(items=[(kettle.pk, 2)])
    assert SearchChange.objects.count() == 1
    apply_changes()
    assert index.search(Query(in_stock=True)).total == 1


def test_a_renamed_category_takes_its_products_along_in_batches(index, monkeypatch, batches):
    kitchen = CategoryFactory(name="Kitchen")
    coffee = CategoryFactory(name="Coffee", parent=kitchen)
    ProductFactory.create_batch(5, category=coffee)
    ProductFactory(category=CategoryFactory(name="Garden"))
    rebuild()
    kitchen.name = "Scullery"
    kitchen.save()
    monkeypatch.setattr(applying, "BATCH", 2)
    assert apply_changes() == 5
    assert batches == [2, 2, 1]
    assert (held(index, "scullery"), held(index, "kitchen")) == (5, 0)
    assert not SearchChange.objects.exists()


def test_a_moved_category_is_found_where_it_stands_now(index):
    garden, coffee = CategoryFactory(name="Garden"), CategoryFactory(name="Coffee")
    ProductFactory(category=coffee)
    rebuild()
    coffee.parent = garden
    coffee.save()
    apply_changes()
    assert index.search(Query(category=garden.pk)).total == 1


def test_only_one_applies_at_a_time(index, kettle):
    kettle.save()
    other = Lease(APPLYING, LENGTH)
    assert other.take()
    assert apply_changes() == 0
    other.give_back()
    assert apply_changes() == 1


def test_one_that_died_holds_others_up_for_a_minute(index, kettle):
    kettle.save()
    assert Lease(APPLYING, LENGTH).take()
    SearchLease.objects.update(until=clock.now() - timedelta(seconds=1))
    assert apply_changes() == 1


def test_whoever_was_too_slow_notes_again_what_it_may_have_put_back(index, kettle, monkeypatch):
    kettle.save()
    monkeypatch.setattr(Lease, "renew", lambda lease: False)
    with pytest.raises(SearchUnavailable):
        apply_changes()
    assert set(SearchChange.objects.values_list("product_id", flat=True)) == {kettle.pk}


def changing(number: int, change):
    """Return the documents of the database, with `change` done after so many of them."""

    def stream(batch=500):
        for place, one in enumerate(all_documents(), start=1):
            yield one
            if place == number:
                change()

    return stream


def test_what_changes_during_a_rebuild_is_in_both_indexes(index, kettle, monkeypatch):
    ProductFactory(name="Pan")
    seen = []

    def change():
        kettle.name = "Samovar"
        kettle.save()
        apply_changes()
        seen.append(held(index, "samovar"))

    monkeypatch.setattr("shop.search.rebuilding.all_documents", changing(2, change))
    rebuild()
    assert (seen, held(index, "samovar")) == ([1], 0)
    apply_changes()
    assert (held(index, "samovar"), SearchChange.objects.count()) == (1, 0)


def test_a_category_that_is_renamed_during_a_rebuild_is_done_after_it(index, kettle, monkeypatch):
    def change():
        kettle.category.name = "Scullery"
        kettle.category.save()
        apply_changes()

    monkeypatch.setattr("shop.search.rebuilding.all_documents", changing(1, change))
    rebuild()
    apply_changes()
    assert (held(index, "scullery"), SearchChange.objects.count()) == (1, 0)


def test_two_rebuilds_at_once_are_one_and_a_refusal(index, kettle, monkeypatch):
    refused = []

    def second():
        with pytest.raises(SearchBusy):
            rebuild()
        refused.append(True)

    monkeypatch.setattr("shop.search.rebuilding.all_documents", changing(1, second))
    assert rebuild() == 1
    assert refused
    assert not SearchLease.objects.exists()


def test_a_rebuild_that_stood_still_too_long_gives_up(index, kettle, monkeypatch):
    def sleep():
        SearchLease.objects.filter(name=REBUILDING).update(until=clock.now() - timedelta(seconds=1))

    kettle.name = "Samovar"
    kettle.save()
    monkeypatch.setattr("shop.search.rebuilding.all_documents", changing(1, sleep))
    with pytest.raises(SearchBusy):
        rebuild()
    assert held(index, "samovar") == 0
    apply_changes()
    assert held(index, "samovar") == 1


def test_a_missing_index_is_built_by_the_first_change(index):
    ProductFactory.create_batch(3)
    assert keep_search() == 3
    assert (index.state().documents, SearchChange.objects.count()) == (3, 0)


def test_an_index_of_another_version_is_built_anew(index, kettle, tmp_path):
    root = tmp_path / "search"
    name = (root / "current").read_text()
    (root / name).rename(root / name.replace("v", "v9", 1))
    (root / "current").write_text(name.replace("v", "v9", 1))
    assert "another version" in index.state().detail
    assert mend_search()
    assert not mend_search()
    assert held(index, "kettle") == 1


@pytest.mark.parametrize("damage", ["*.term", "*.fast", "meta.json"])
def test_a_damaged_index_is_built_anew(index, kettle, tmp_path, damage):
    root = tmp_path / "search"
    for part in (root / (root / "current").read_text()).glob(damage):
        part.write_bytes(b"not what it was")
    embedded_reader.forget(root)
    assert "damaged" in index.state().detail
    assert mend()
    assert held(index, "kettle") == 1


def test_while_another_process_writes_nothing_is_lost(index, kettle):
    kettle.name = "Samovar"
    kettle.save()

    folder = folders.folder_in_use(index._root, VERSION)
    other = tantivy.Index.open(str(folder)).writer(15_000_000, 1)
    assert keep_search() == 0
    assert SearchChange.objects.count() == 1
    other.wait_merging_threads()
    del other
    assert keep_search() == 1
    assert held(index, "samovar") == 1


_BUILDING = """
import sys
from pathlib import Path
from shop.search.embedded import EmbeddedEngine
from shop.search.embedded_schema import VERSION
from tests.shop.search.catalogue import document

def endless():
    for number in range(10**9):
        yield document(f"Kettle {number}")
        if number == 500:
            print("building", flush=True)

EmbeddedEngine(Path(sys.argv[1])).rebuild(endless())
"""


def test_a_rebuild_that_is_killed_leaves_the_old_index_and_no_lock(index, kettle):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", f"import django; django.setup()\n{_BUILDING}", str(index._root)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"building\n"
        process.send_signal(signal.SIGKILL)
    assert held(index, "kettle") == 1
    kettle.name = "Samovar"
    kettle.save()
    apply_changes()
    assert held(index, "samovar") == 1
    rebuild()
    rebuild()
    # The one in use and the one before it; what was killed half way is gone.
    assert len([one for one in index._root.iterdir() if one.is_dir()]) == 2


def test_a_category_without_products_costs_one_pass(index, kettle):
    category_changed(CategoryFactory().pk)
    apply_changes()
    assert not SearchChange.objects.exists()
