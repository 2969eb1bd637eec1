"""The column in which the database finds parts of words."""

from importlib import import_module

import pytest
from django.apps import apps

from shop.models import Product
from shop.search import spelling
from shop.search.text import LONGEST_TEXT, containing, spell, text_of
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


@pytest.mark.parametrize("read", [("name",), ("name", "sku"), ("name", "stock", "search_text")])
def test_a_product_of_which_only_some_columns_were_read_is_spelled_when_it_is_renamed(read):
    ProductFactory(name="Mug", sku="M-1")
    product = Product.objects.only(*read).get()
    product.name = "Beaker"
    product.save()
    assert Product.objects.get().search_text == "beaker  m1"


def test_a_product_whose_name_was_not_read_is_spelled_when_it_is_given_one():
    ProductFactory(name="Mug", sku="M-1")
    product = Product.objects.defer("name", "sku", "search_text").get()
    product.name = "Beaker"
    product.save()
    assert Product.objects.get().search_text == "beaker  m1"


def test_what_was_not_read_and_not_set_is_not_written():
    ProductFactory(name="Mug", sku="M-1")
    product = Product.objects.only("stock").get()
    Product.objects.update(name="Beaker")
    spell(Product.objects.filter(pk=product.pk))
    product.stock = 7
    product.save()
    assert Product.objects.values_list("name", "stock", "search_text").get() == ("Beaker", 7, "beaker  m1")


@pytest.mark.parametrize(
    ("module", "factory"),
    [("shop.migrations.0008_search_text", ProductFactory), ("orders.migrations.0009_search_text", OrderFactory)],
)
@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_rows_of_an_earlier_version_are_spelled(module, factory, batch, monkeypatch):
    monkeypatch.setattr(spelling, "BATCH", batch)
    rows = type(factory()).objects
    factory.create_batch(4)
    texts = dict(rows.values_list("pk", "search_text"))
    rows.update(search_text="")
    for _ in range(2):
        import_module(module).spell(apps, None)
        assert dict(rows.values_list("pk", "search_text")) == texts
    assert (len(texts), "" in texts.values()) == (5, False)


def test_texts_are_written_many_with_one_statement(monkeypatch, django_assert_num_queries):
    ProductFactory.create_batch(5)
    texts = dict(Product.objects.values_list("pk", "search_text"))
    Product.objects.update(search_text="wrong")
    monkeypatch.setattr(spelling, "_TOGETHER", 3)
    with django_assert_num_queries(6):  # the rows, a transaction of two statements, and whether there are more
        assert spelling.write_anew(Product.objects.all(), ("name", "sku"), Product.spelled) == 5
    assert dict(Product.objects.values_list("pk", "search_text")) == texts


def test_a_row_that_is_renamed_while_texts_are_written_anew_keeps_its_new_text():
    product = ProductFactory(name="Mug", sku="M-1")
    Product.objects.update(search_text="wrong")

    def renamed_meanwhile(row):
        product.name = "Beaker"
        product.save()
        return row.spelled()

    assert spelling.write_anew(Product.objects.all(), ("name", "sku"), renamed_meanwhile) == 0
    assert Product.objects.get().search_text == "beaker  m1"
