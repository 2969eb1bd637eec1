"""`load_demo` fills an empty shop, finishes what was interrupted, and otherwise keeps its hands off."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from shop.demo import loader, reading
from shop.demo.loader import LoadReport, load
from shop.models import Category, Product, ProductImage


class Stopped(Exception):
    pass


@pytest.fixture
def few(monkeypatch):
    """The same catalogue, cut to six products, so that a load takes a moment."""
    some = reading.products()[::15]
    monkeypatch.setattr(loader.reading, "products", lambda: some)
    return some


def quick(**options):
    return load(size=24, **options)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db
def test_it_loads_everything():
    report = load(size=16, views=("front",))
    assert report == LoadReport(len(reading.categories()), len(reading.products()), len(reading.products()))
    assert Product.objects.filter(images__isnull=True).count() == 0
    assert all(product.stock for product in Product.objects.order_by("-created_at")[:40])


@pytest.mark.django_db
def test_a_second_run_changes_nothing(few):
    quick()
    before = list(Product.objects.order_by("pk").values()), list(ProductImage.objects.order_by("pk").values())
    assert quick() == LoadReport(0, 0, 0)
    assert (list(Product.objects.order_by("pk").values()), list(ProductImage.objects.order_by("pk").values())) == before


@pytest.mark.django_db
def test_an_interrupted_run_is_completed_by_the_next(few):
    def stop_at_the_third(done, total, name):
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        quick(progress=stop_at_the_third)
    ProductImage.objects.filter(position=2).first().delete()
    assert Product.objects.count() == 2
    assert quick() == LoadReport(0, len(few) - 2, (len(few) - 2) * 3 + 1)
    assert ProductImage.objects.count() == len(few) * 3


@pytest.mark.django_db
def test_it_leaves_what_staff_changed(few):
    quick(views=())
    Product.objects.filter(sku=few[0].sku).update(price=Decimal(7), stock=5, name="Renamed")
    quick(views=())
    changed = Product.objects.get(sku=few[0].sku)
    assert (changed.price, changed.stock, changed.name) == (Decimal(7), 5, "Renamed")


@pytest.mark.django_db
def test_each_picture_is_described_in_its_own_words(few):
    quick()
    for product in Product.objects.all():
        alts = [image.alt for image in product.images.all()]
        assert alts[0] == product.name
        assert len(set(alts)) == 3


@pytest.mark.django_db
def test_the_command_says_what_it_did(few, capsys):
    call_command("load_demo", size=24)
    call_command("load_demo", size=24)
    first, second = capsys.readouterr().out.splitlines()
    made = f"{len(few)} products, {len(few) * 3} pictures and {Category.objects.count()} categories added."
    assert first == f"Demo catalogue: {made}"
    assert second == "Demo catalogue: complete, nothing to add."
