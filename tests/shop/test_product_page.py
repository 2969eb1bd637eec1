import io
import json
import re

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from shop.models import Product
from shop.services import add_image
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def page(client, product) -> str:
    return client.get(product.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("stock", "words"), [(0, "Sold out"), (1, "1 left"), (5, "5 left"), (6, "In stock")])
def test_stock_is_said_in_words(client, stock, words):
    assert words in page(client, ProductFactory(stock=stock))


def test_the_price_stands_in_fiat_and_in_bitcoin(client, settings):
    settings.RATE_SOURCE = "fixed"
    body = page(client, ProductFactory(price="25.20"))
    assert "€25.20" in body
    assert re.search(r"≈ 0\.00042000 BTC, rate of \d\d:\d\d UTC", body)


def test_without_a_rate_the_price_stands_alone(client, settings):
    settings.PRICE_IN_COIN = ""
    body = page(client, ProductFactory(price="25.20"))
    assert "€25.20" in body
    assert "≈" not in body


def test_what_is_sold_out_cannot_be_put_into_the_cart(client):
    body = page(client, ProductFactory(stock=0))
    assert "Add to cart" not in body


def test_a_hidden_product_is_not_found(client, kettle):
    Product.objects.update(is_visible=False)
    assert client.get(kettle.get_absolute_url()).status_code == 404


def test_search_engines_read_product_and_way(client, kettle):
    product, way = (
        json.loads(data) for data in re.findall(r'ld\+json">(.*?)</script>', page(client, kettle), re.DOTALL)
    )
    assert product["@type"] == "Product"
    assert product["sku"] == "KET-1"
    assert product["offers"]["price"] == "48.00"
    assert product["offers"]["priceCurrency"] == "EUR"
    assert product["offers"]["availability"] == "https://schema.org/LimitedAvailability"
    assert [step["name"] for step in way["itemListElement"]] == ["All products", "Kitchen", "Coffee", "Copper Kettle"]


def test_no_text_of_a_product_can_end_the_data_or_the_markup(client):
    evil = "</script><script>alert(1)</script><!--"
    product = ProductFactory(name=evil[:150], summary=evil, description=evil)
    body = page(client, product)
    assert "<script>alert" not in body
    first = json.loads(re.findall(r'ld\+json">(.*?)</script>', body, re.DOTALL)[0])
    assert first["name"] == evil


def test_it_names_itself_to_other_sites(client, kettle):
    body = page(client, kettle)
    assert '<link rel="canonical" href="http://127.0.0.1:8000/p/copper-kettle/">' in body
    assert '<meta property="og:title" content="Copper Kettle">' in body


def test_related_products_are_of_the_same_category(client, kettle, coffee):
    ProductFactory(category=coffee, name="Coffee mill")
    ProductFactory(name="Umbrella")
    body = page(client, kettle)
    assert "Coffee mill" in body
    assert "Umbrella" not in body


def test_every_picture_can_be_reached_without_script(client, kettle, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for position in range(2):
        file = io.BytesIO()
        Image.new("RGB", (600, 600), "teal").save(file, "PNG")
        add_image(product=kettle, file=ContentFile(file.getvalue()), alt=f"View {position}", position=position)
    body = page(client, kettle)
    for number in (1, 2):
        assert f'id="picture-{number}"' in body
        assert f'href="#picture-{number}"' in body


def test_guests_get_the_page_in_six_queries_and_without_a_cookie(client, kettle, coffee, django_assert_num_queries):
    ProductFactory(category=coffee)
    with django_assert_num_queries(6):  # product, pictures, two for the tree, related and their pictures
        response = client.get(kettle.get_absolute_url())
    assert not response.cookies
