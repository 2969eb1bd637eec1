"""POST, PUT, PATCH and DELETE of products."""

import base64
import io
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from cryptons.errors import Forbidden
from shop.models import Product, ProductImage
from shop.services import change_product, create_product, delete_product
from tests.factories import CartLineFactory, CategoryFactory, OrderLineFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kitchen(db):
    return CategoryFactory(name="Kitchen", slug="kitchen")


@pytest.fixture
def by(api, staff_in):
    """A client of somebody in the Catalogue group."""
    return api.as_(staff_in("Catalogue"))


@pytest.fixture
def new(kitchen):
    return {
        "name": "Copper Kettle",
        "description": "Sings.",
        "price": Decimal("49.5"),
        "category": "kitchen",
        "sku": "K-1",
    }


@pytest.fixture
def kettle(kitchen):
    return ProductFactory(name="Kettle", slug="kettle", sku="K-9", price=Decimal("20.00"), stock=4, category=kitchen)


def picture(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def data_url(raw=None):
    return "data:image/png;base64," + base64.b64encode(raw or picture()).decode()


def form(by, method, path, values):
    sent = encode_multipart(BOUNDARY, values)
    return by.send(method, path, sent, content_type=MULTIPART_CONTENT)


def row(product):
    return Product.objects.filter(pk=product.pk).values().get()


def test_a_product_is_made_from_what_is_required(by, api, new, kitchen):
    answer = by.post("/products", new)
    assert answer.status == 201, answer.text
    told = answer.data
    assert (told["name"], told["slug"], told["price"], told["stock"], told["sku"]) == (
        "Copper Kettle", "copper-kettle", Decimal("49.50"), 0, "K-1",
    )  # fmt: skip
    assert told["category"] == {"id": str(kitchen.pk), "name": "Kitchen", "slug": "kitchen"}
    assert (told["images"], told["ratings"]) == ([], {"average": 0, "count": 0})
    assert api.get("/products/copper-kettle").data == told


def test_optional_fields_and_a_category_by_id_are_taken(by, new, kitchen):
    sent = {**new, "category": str(kitchen.pk), "stock": 12, "slug": "my-kettle", "images": [data_url(), data_url()]}
    told = by.post("/products", sent).data
    assert (told["stock"], told["slug"], len(told["images"])) == (12, "my-kettle", 2)
    assert all(address.startswith("http") and address.endswith(".webp") for address in told["images"])


def test_a_form_with_files_makes_a_product(by, new):
    files = [SimpleUploadedFile("a.png", picture(), "image/png"), SimpleUploadedFile("b.png", picture("blue"))]
    answer = form(by, "POST", "/products", {**new, "price": "49.50", "stock": "3", "images": files})
    assert answer.status == 201, answer.text
    assert (answer.data["price"], answer.data["stock"], len(answer.data["images"])) == (Decimal("49.50"), 3, 2)
    assert ProductImage.objects.first().alt == "Copper Kettle"


def test_a_made_slug_steps_aside_and_a_chosen_one_is_409(by, new, kettle):
    again = {**new, "name": "Kettle"}
    assert by.post("/products", again).data["slug"] == "kettle-2"
    answer = by.post("/products", {**new, "sku": "K-2", "slug": "kettle"})
    assert (answer.status, answer.code, list(answer.fields)) == (409, "ALREADY_EXISTS", ["slug"])
    answer = by.post("/products", {**new, "sku": "K-9"})
    assert (answer.status, answer.code, list(answer.fields)) == (409, "ALREADY_EXISTS", ["sku"])
    assert by.post("/products", {**new, "name": "Suggestions", "sku": "K-3"}).data["slug"] == "suggestions-2"
    assert by.post("/products", {**new, "name": "日本", "sku": "K-4"}).data["slug"] == "k-4"
    assert Product.objects.count() == 4


@pytest.mark.parametrize("field", ["name", "description", "price", "category", "sku"])
def test_each_required_field_is_missed_by_name(by, new, field):
    del new[field]
    answer = by.post("/products", new)
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])
    assert not Product.objects.exists()


WRONG = [
    ("name", ""), ("name", 5), ("name", None), ("name", "x" * 161), ("name", "a\0b"), ("name", ["a"]), ("name", {"a": 1}),
    ("description", 1), ("description", "x" * 20_001), ("price", 0), ("price", -1), ("price", "5"), ("price", True),
    ("price", 1.999), ("price", 10**9), ("price", 1e300), ("price", None), ("category", "nothing"), ("category", 1),
    ("category", "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10"), ("category", ""), ("sku", "x" * 41), ("sku", ""), ("stock", -1),
    ("stock", 1.5), ("stock", "3"), ("stock", 10**12), ("stock", None), ("slug", "a b"), ("slug", "ü"), ("slug", ""),
    ("slug", "suggestions"), ("slug", "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10"), ("images", "x"), ("images", {"a": 1}),
    ("isVisible", False), ("id", "x"), ("createdAt", "2020-01-01"), ("ratings", {}), ("rating", 5),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_or_unknown_field_is_refused_by_name_and_changes_nothing(by, new, kettle, field, value):
    before = row(kettle)
    for answer in (by.post("/products", {**new, field: value}), by.patch("/products/kettle", {field: value})):
        assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])
    assert (Product.objects.count(), row(kettle)) == (1, before)


@pytest.mark.parametrize(
    "image", [5, None, "", "http://example.org/a.png", "data:image/png;base64,???", "data:image/png,abc",
              "data:image/png;base64,aGVsbG8=", "file:///etc/passwd", "\0"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_by_its_number(by, new, kettle, image):
    for answer in (by.post("/products", {**new, "images": [data_url(), image]}),
                   by.patch("/products/kettle", {"name": "Other", "images": [data_url(), image]})):  # fmt: skip
        assert (answer.status, list(answer.fields)) == (400, ["images.1"])
    kettle.refresh_from_db()
    assert (Product.objects.count(), ProductImage.objects.count(), kettle.name) == (1, 0, "Kettle")


def test_too_many_pictures_are_refused(by, new):
    answer = by.post("/products", {**new, "images": [data_url()] * 13})
    assert (answer.status, list(answer.fields)) == (400, ["images"])
    assert not Product.objects.exists()


def test_pictures_of_a_product_that_could_not_be_kept_leave_no_files(by, new, kettle):
    before = set(default_storage.listdir("products")[1]) if default_storage.exists("products") else set()
    assert by.post("/products", {**new, "sku": "K-9", "images": [data_url()]}).status == 409
    after = set(default_storage.listdir("products")[1]) if default_storage.exists("products") else set()
    assert after == before


def test_put_writes_anew_and_leaves_what_is_optional(by, new, kettle):
    answer = by.put(f"/products/{kettle.pk}", new)
    assert (answer.status, answer.data["name"], answer.data["price"]) == (200, "Copper Kettle", Decimal("49.50"))
    assert (answer.data["stock"], answer.data["slug"]) == (4, "kettle")
    answer = by.put("/products/kettle", {"name": "Only"})
    assert (answer.status, set(answer.fields)) == (400, {"description", "price", "category", "sku"})


def test_what_get_returns_can_be_written_back(by, api, kettle):
    told = api.get("/products/kettle").data
    sent = {name: told[name] for name in ("name", "description", "price", "sku", "stock", "slug", "images")}
    answer = by.put("/products/kettle", {**sent, "category": told["category"]["id"]})
    assert (answer.status, {**answer.data, "updatedAt": ""}) == (200, {**told, "updatedAt": ""})


def test_patch_changes_what_was_sent_and_the_time(by, kettle):
    answer = by.patch("/products/kettle", {"price": 1, "stock": 0})
    assert (answer.status, answer.data["price"], answer.data["stock"], answer.data["name"]) == (200, 1, 0, "Kettle")
    before = kettle.updated_at
    kettle.refresh_from_db()
    assert kettle.updated_at > before
    assert by.patch("/products/kettle", {}).status == 200
    ProductFactory(sku="K-10", slug="other")
    for field, value in (("sku", "K-10"), ("slug", "other")):
        answer = by.patch("/products/kettle", {field: value})
        assert (answer.status, answer.code, list(answer.fields)) == (409, "ALREADY_EXISTS", [field])
    assert by.patch("/products/kettle", {"sku": "K-9", "slug": "kettle"}).status == 200


def test_pictures_are_kept_reordered_added_and_dropped(by, kettle):
    first, second = by.patch("/products/kettle", {"images": [data_url(), data_url(picture("blue"))]}).data["images"]
    told = by.patch("/products/kettle", {"images": [data_url(picture("green")), second]}).data["images"]
    assert (len(told), told[1], first in told) == (2, second, False)
    assert by.patch("/products/kettle", {"name": "Other"}).data["images"] == told
    assert by.patch("/products/kettle", {"images": []}).data["images"] == []
    answer = form(by, "PATCH", "/products/kettle", {"images": SimpleUploadedFile("a.png", picture())})
    assert len(answer.data["images"]) == 1


def test_a_picture_of_another_product_cannot_be_taken(by, kettle):
    other = ProductFactory()
    [address] = by.patch(f"/products/{other.pk}", {"images": [data_url()]}).data["images"]
    answer = by.patch("/products/kettle", {"images": [address]})
    assert (answer.status, list(answer.fields)) == (400, ["images.0"])
    assert other.images.count() == 1


def test_deleting_removes_what_was_never_sold(by, api, user, kettle):
    CartLineFactory(user=user, product=kettle)
    answer = by.delete("/products/kettle")
    assert (answer.status, answer.data) == (200, None)
    assert not Product.objects.exists()
    assert api.as_(user).get("/cart").data["items"] == []
    assert by.delete("/products/kettle").code == "NOT_FOUND"


def test_deleting_hides_what_was_ever_sold_and_leaves_its_orders_whole(by, api, kettle):
    line = OrderLineFactory(product=kettle)
    assert by.delete(f"/products/{kettle.pk}").status == 200
    kettle.refresh_from_db()
    line.refresh_from_db()
    assert (kettle.is_visible, line.product_id, line.name) == (False, kettle.pk, "Kettle")
    assert api.get("/products/kettle").code == "NOT_FOUND"
    for method in ("PUT", "PATCH", "DELETE"):
        assert by.send(method, f"/products/{kettle.pk}", {}).status in {400, 404}
    assert by.delete(f"/products/{kettle.pk}").code == "NOT_FOUND"
    assert by.patch(f"/products/{kettle.pk}", {"name": "x"}).code == "NOT_FOUND"


ATTEMPTS = [
    ("POST", "/products"),
    ("PUT", "/products/kettle"),
    ("PATCH", "/products/kettle"),
    ("DELETE", "/products/kettle"),
]


@pytest.mark.parametrize(("method", "path"), ATTEMPTS)
def test_only_who_has_the_permission_writes(api, user, staff, staff_in, new, kettle, method, path):
    before = row(kettle)
    assert api.send(method, path, new).code == "UNAUTHENTICATED"
    for other in (user, staff_in(), staff_in("Orders", "Support", "Reports")):
        answer = api.as_(other).send(method, path, new)
        assert (answer.status, answer.code) == (403, "FORBIDDEN")
    user.groups.set(staff_in("Catalogue").groups.all())  # the group alone makes nobody staff
    assert api.as_(user).send(method, path, new).code == "FORBIDDEN"
    assert (Product.objects.count(), row(kettle)) == (1, before)
    assert api.as_(staff).send(method, path, new).status in {200, 201}


def test_the_services_ask_for_the_permission_too(user, new, kettle):
    with pytest.raises(Forbidden):
        create_product(actor=user, values=new)
    with pytest.raises(Forbidden):
        change_product(actor=None, product_id=kettle.pk, values={"name": "x"})
    with pytest.raises(Forbidden):
        delete_product(actor=user, product_id=kettle.pk)


@pytest.mark.parametrize("raw", [b"--x", b"", b"\xff" * 50, b"--BoUnDaRyStRiNg\r\nnonsense"])
def test_a_broken_form_is_400_and_changes_nothing(by, kettle, raw):
    answer = by.send("POST", "/products", raw, content_type=MULTIPART_CONTENT)
    assert answer.status == 400
    assert Product.objects.count() == 1


def test_a_form_too_large_is_413(by, kettle, monkeypatch):
    monkeypatch.setattr("shop.api.products.LARGEST_FORM", 100)
    answer = form(by, "PATCH", "/products/kettle", {"images": SimpleUploadedFile("a.png", picture() * 5)})
    assert (answer.status, answer.code) == (413, "PAYLOAD_TOO_LARGE")


def test_other_types_and_methods_are_refused(by, kettle):
    assert by.send("POST", "/products", b"a=1", content_type="application/x-www-form-urlencoded").status == 415
    answer = by.delete("/products")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST, HEAD")
