"""The version of the catalogue: another one after each committed change, however many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from cryptons import clock
from cryptons.db import atomic
from shop.models import CatalogueVersion
from shop.services import change_stock
from shop.version import BELIEVED, catalogue_version
from tests.factories import ProductFactory


@pytest.mark.django_db(transaction=True)
def test_of_twenty_changes_at_once_each_is_counted():
    products = ProductFactory.create_batch(4)
    before = sum(CatalogueVersion.objects.values_list("number", flat=True))

    def change(number):
        try:
            change_stock(product_id=products[number % 4].pk, by=1)
            return catalogue_version()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        seen = list(threads.map(change, range(20)))
    assert sum(CatalogueVersion.objects.values_list("number", flat=True)) == before + 20
    assert catalogue_version() in seen


@pytest.mark.django_db(transaction=True)
def test_a_version_stands_until_the_commit():
    product = ProductFactory()
    before = catalogue_version()
    with atomic():
        change_stock(product_id=product.pk, by=1)
        assert catalogue_version() == before
    assert catalogue_version() != before


@pytest.mark.django_db
def test_no_version_is_believed_for_long(monkeypatch):
    before, now = catalogue_version(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + BELIEVED + timedelta(seconds=1))
    assert catalogue_version() != before
