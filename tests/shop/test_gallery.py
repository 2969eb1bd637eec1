"""Addresses of pictures that a process remembers: no query while nothing changes, and never a moment longer."""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from PIL import Image

from cryptons import clock, freshness
from shop.gallery import LONGEST, pictures_of
from shop.models import ProductImage
from shop.services import add_image, change_product, take_stock
from tests.factories import ProductFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    out.seek(0)
    return out


@pytest.fixture
def mug():
    mug = ProductFactory(stock=20)
    for alt in ("front", "back"):
        add_image(product=mug, file=picture(), alt=alt, position=len(alt))
    return mug


def test_pictures_are_asked_for_once_in_their_order(mug, django_assert_num_queries):
    bowl = ProductFactory()
    with django_assert_num_queries(1):
        first = pictures_of([mug.pk, bowl.pk])
    with django_assert_num_queries(0):
        assert pictures_of([bowl.pk, mug.pk]) == first
    back, front = first[mug.pk]
    assert (back.address, front.address, first[bowl.pk]) == (*_stored(mug), ())


def test_only_what_is_not_remembered_is_asked_for(mug, django_assert_num_queries):
    pictures_of([mug.pk])
    bowl = ProductFactory.build()
    with django_assert_num_queries(1):
        assert pictures_of([mug.pk, bowl.pk])[bowl.pk] == ()


def test_an_order_leaves_what_is_remembered(mug, django_assert_num_queries):
    pictures_of([mug.pk])
    take_stock(items=[(mug.pk, 1)])
    with django_assert_num_queries(0):
        pictures_of([mug.pk])


def test_another_order_of_the_pictures_is_shown_at_once(mug):
    back, front = pictures_of([mug.pk])[mug.pk]
    change_product(
        actor=StaffFactory(is_superuser=True), product_id=mug.pk, values={}, pictures=[front.address, back.address]
    )
    assert pictures_of([mug.pk])[mug.pk] == (front, back)


def test_a_deleted_picture_is_gone_at_once(mug):
    pictures_of([mug.pk])
    ProductImage.objects.all().delete()
    assert pictures_of([mug.pk])[mug.pk] == ()


def test_within_a_transaction_nothing_is_remembered(mug):
    with transaction.atomic():
        before = pictures_of([mug.pk])
        ProductImage.objects.filter(alt="front").delete()
        assert len(pictures_of([mug.pk])[mug.pk]) == 1
        transaction.set_rollback(True)
    assert pictures_of([mug.pk]) == before


def test_nothing_is_believed_for_long_or_without_marks(mug, monkeypatch, django_assert_num_queries):
    pictures_of([mug.pk])
    monkeypatch.setattr(freshness, "state", lambda: freshness.State(b""))
    with django_assert_num_queries(2):
        pictures_of([mug.pk])
        pictures_of([mug.pk])
    monkeypatch.undo()
    later = clock.now() + timedelta(seconds=LONGEST)
    monkeypatch.setattr(clock, "now", lambda: later)
    with django_assert_num_queries(1):
        pictures_of([mug.pk])


def _stored(product):
    return tuple(f"{settings.SITE_URL}{image.image.url}" for image in product.images.order_by("position"))
