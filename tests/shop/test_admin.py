import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from shop.models import Category, Product, ProductImage
from tests.factories import CartLineFactory, CategoryFactory, ProductFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client, settings, tmp_path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(StaffFactory())
    return client


def png() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (600, 600), "teal").save(out, "PNG")
    return SimpleUploadedFile("lamp.png", out.getvalue(), "image/png")


def form(product: Product, **changes) -> dict:
    fields = ("name", "slug", "sku", "summary", "description", "price")
    data = {name: getattr(product, name) for name in fields}
    data |= {"category": product.category_id, "is_visible": "on", "stock_change": ""}
    data |= {f"images-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return data | changes


def save(staff: Client, product: Product, **changes):
    return staff.post(f"/admin/shop/product/{product.pk}/change/", form(product, **changes), follow=True)


def test_saving_a_page_that_is_out_of_date_brings_no_sold_piece_back(staff, kettle):
    assert staff.get(f"/admin/shop/product/{kettle.pk}/change/").status_code == 200
    Product.objects.update(stock=1)  # two were sold meanwhile
    save(staff, kettle, name="Kettle", stock="3")
    kettle.refresh_from_db()
    assert (kettle.name, kettle.stock) == ("Kettle", 1)


@pytest.mark.parametrize("slug", ["suggestions", "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10"])
def test_a_slug_that_means_something_else_in_the_api_is_refused(staff, kettle, slug):
    before = kettle.slug
    body = save(staff, kettle, slug=slug).content.decode()
    assert "This slug would be mistaken for something else." in body
    assert Product.objects.get().slug == before


def test_a_category_is_not_named_like_an_id(staff, kitchen):
    data = {"name": "Kitchen", "position": 0, "description": "", "parent": ""}
    for slug, stands in (("0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10", "kitchen"), ("suggestions", "suggestions")):
        staff.post(f"/admin/shop/category/{kitchen.pk}/change/", {**data, "slug": slug})
        assert Category.objects.get(pk=kitchen.pk).slug == stands


def test_stock_changes_by_a_difference(staff, kettle):
    Product.objects.update(stock=1)
    body = save(staff, kettle, stock_change="5").content.decode()
    kettle.refresh_from_db()
    assert kettle.stock == 6
    assert "6 pieces are in stock now." in body


def test_more_than_there_is_cannot_be_taken_away(staff, kettle):
    body = save(staff, kettle, stock_change="-4").content.decode()
    kettle.refresh_from_db()
    assert kettle.stock == 3
    assert "There are not 4 pieces left to take away." in body


def test_a_new_product_begins_with_its_stock(staff, coffee):
    draft = ProductFactory.build(category=coffee, name="Mill", slug="mill", sku="MILL", stock=7)
    response = staff.post("/admin/shop/product/add/", form(draft, stock="7"))
    assert response.status_code == 302
    assert Product.objects.get(sku="MILL").stock == 7


@pytest.mark.parametrize(
    ("price", "words"),
    [("-1", "A price is above zero."), ("0", "A price is above zero."), ("1.005", "has at most 2 decimal places.")],
)
def test_a_price_that_nobody_could_pay_is_refused(staff, kettle, price, words):
    assert words in save(staff, kettle, price=price).content.decode()
    kettle.refresh_from_db()
    assert kettle.price == Decimal("48.00")


def test_a_picture_is_uploaded_where_the_product_is(staff, kettle):
    rows = {"images-TOTAL_FORMS": 1, "images-0-upload": png(), "images-0-alt": "A lamp", "images-0-position": 0}
    save(staff, kettle, **rows, **{"images-0-product": kettle.pk})
    picture = ProductImage.objects.get()
    assert (picture.product, picture.alt, picture.width) == (kettle, "A lamp", 600)
    assert picture.image.name.endswith(".webp")


@pytest.mark.parametrize(("upload", "words"), [(None, "Choose a file."), (b"no picture", "This file is no picture")])
def test_what_is_no_picture_is_refused_beside_its_field(staff, kettle, upload, words):
    rows = {"images-TOTAL_FORMS": 1, "images-0-alt": "A lamp", "images-0-position": 0, "images-0-product": kettle.pk}
    if upload:
        rows["images-0-upload"] = SimpleUploadedFile("lamp.png", upload, "image/png")
    assert words in save(staff, kettle, **rows).content.decode()
    assert ProductImage.objects.count() == 0


def test_products_are_found_by_name_and_sku_and_filtered_by_stock(staff, kettle):
    ProductFactory(name="Umbrella", stock=0)
    for query in ("q=kettle", "q=KET-1", "stock_state=few"):
        body = staff.get(f"/admin/shop/product/?{query}").content.decode()
        assert "Copper Kettle" in body
        assert "Umbrella" not in body


def test_chosen_products_are_hidden_and_shown(staff, kettle):
    body = staff.post(
        "/admin/shop/product/", {"action": "hide_from_shop", "_selected_action": [kettle.pk]}, follow=True
    ).content.decode()
    assert "1 of 1 chosen products are now hidden from the shop" in body
    assert not Product.objects.get().is_visible
    staff.post("/admin/shop/product/", {"action": "show_in_shop", "_selected_action": [kettle.pk]})
    assert Product.objects.get().is_visible


def test_the_product_list_costs_the_same_for_many(staff, coffee, django_assert_max_num_queries):
    ProductFactory.create_batch(20, category=coffee)
    with django_assert_max_num_queries(12):
        assert staff.get("/admin/shop/product/").status_code == 200


def test_categories_stand_in_the_order_of_their_tree(staff, kettle):
    CategoryFactory(name="Attic", slug="attic", position=5)
    body = staff.get("/admin/shop/category/").content.decode()
    assert body.index(">Kitchen<") < body.index("Kitchen › Coffee") < body.index(">Attic<")


def test_a_category_cannot_stand_below_itself(staff, kitchen, coffee):
    data = {"name": "Kitchen", "slug": "kitchen", "position": 0, "description": "", "parent": coffee.pk}
    body = staff.post(f"/admin/shop/category/{kitchen.pk}/change/", data).content.decode()
    assert "A category cannot stand below itself." in body
    assert Category.objects.get(pk=kitchen.pk).parent is None


def test_carts_are_to_look_at(staff):
    line = CartLineFactory()
    assert staff.get("/admin/shop/cartline/").status_code == 200
    assert staff.get("/admin/shop/cartline/add/").status_code == 403
    assert staff.post(f"/admin/shop/cartline/{line.pk}/change/", {"quantity": 5}).status_code == 403
