"""The column in which the database finds parts of words."""

from importlib import import_module

import pytest
from django.apps import apps

from shop.models import Product
from shop.search.text import LONGEST_TEXT, containing, text_of
from shop.services import change_product
from tests.factories import OrderFactory, ProductFactory, StaffFactory

pytestmark = pytest.mark.django_db


def found(typed: str) -> set[str]:
    return set(containing(Product.objects.all(), typed).values_list("name", flat=True))


def test_a_product_is_spelled_whenever_it_is_written():
    product = ProductFactory(name="Café-Kännchen", sku="KAN-1-Rot")
    assert product.search_text == "cafe kannchen  kan1rot"
    Product.objects.bulk_create([Product(category=product.category, name="Tea cosy", slug="c", sku="C-1", price=1)])
    assert found("cosy") == {"Tea cosy"}
    product.name, product.stock = "Copper pot", 9
    product.save(update_fields=["stock"])
    assert (found("cafe"), found("copper")) == ({"Café-Kännchen"}, set())
    product.save(update_fields=["name"])
    assert (found("cafe"), found("copper"), found("kan-1")) == (set(), {"Copper pot"}, {"Copper pot"})


def test_a_product_that_a_service_renames_is_found_by_its_new_name_and_keeps_its_sku():
    product = ProductFactory(name="Mug", sku="M-1")
    change_product(actor=StaffFactory(is_superuser=True), product_id=product.pk, values={"name": "Beaker"})
    assert Product.objects.get().search_text == "beaker  m1"
    change_product(actor=StaffFactory(is_superuser=True), product_id=product.pk, values={"sku": "B-2"})
    assert Product.objects.get().search_text == "beaker  b2"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("kettle", {"Copper kettle", "Teakettle"}),
        ("KETTLE copp", {"Copper kettle"}),
        ("ket-1", {"Copper kettle"}),
        ("100%", set()),
        ("_", set()),
        ("…!", set()),
        ("", set()),
    ],
)
def test_all_words_or_parts_of_them_have_to_be_there(typed, names):
    ProductFactory(name="Copper kettle", sku="KET-1")
    ProductFactory(name="Teakettle", sku="TEA-2")
    assert found(typed) == names


def test_a_very_long_text_is_cut_so_that_every_database_can_index_it():
    assert len(text_of("ﷺ" * 160, "x" * 40)) == LONGEST_TEXT


def test_an_order_is_spelled_by_buyer():
    order = OrderFactory(full_name="Zoë Ångström", email="zoe.a@example.org")
    assert order.search_text == "zoe angstrom  zoe a example org"


@pytest.mark.parametrize(
    ("module", "factory"),
    [("shop.migrations.0008_search_text", ProductFactory), ("orders.migrations.0009_search_text", OrderFactory)],
)
def test_rows_of_an_earlier_version_are_spelled(module, factory):
    rows = type(factory()).objects
    factory()
    texts = dict(rows.values_list("pk", "search_text"))
    rows.update(search_text="")
    import_module(module).spell(apps, None)
    assert dict(rows.values_list("pk", "search_text")) == texts
