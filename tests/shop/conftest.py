"""A small shop: a tree of two levels, products, and shoppers."""

import pytest
from django.test import Client

from shop.models import Category, Product
from tests.factories import CategoryFactory, ProductFactory, UserFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def kitchen(db) -> Category:
    return CategoryFactory(name="Kitchen", slug="kitchen")


@pytest.fixture
def coffee(kitchen: Category) -> Category:
    return CategoryFactory(name="Coffee", slug="coffee", parent=kitchen)


@pytest.fixture
def kettle(coffee: Category) -> Product:
    return ProductFactory(
        category=coffee, name="Copper Kettle", slug="copper-kettle", sku="KET-1", price="48.00", stock=3
    )


@pytest.fixture
def user(db):
    return UserFactory(email="ada@example.org")


@pytest.fixture
def signed_in(user, client: Client) -> Client:
    client.force_login(user)
    return client
