"""The admin's queue of reviews: who sees it, what comes first, and what deciding does."""

import re

import pytest
from django.test import Client

from reviews import services
from reviews.models import ReviewStatus
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
QUEUE = "/admin/reviews/review/"


@pytest.fixture
def desk(moderator):
    client = Client()
    client.force_login(moderator)
    return client


def decide(client, step, *reviews, **read):
    keys = [str(review.pk) for review in reviews]
    return client.post(QUEUE, {"action": step, "_selected_action": keys, **read}, follow=True).content.decode()


def test_those_that_wait_come_first(desk, rated, review):
    rated(5)
    rows = list(desk.get(QUEUE).context["cl"].result_list)
    assert [row.status for row in rows] == [ReviewStatus.WAITING, ReviewStatus.APPROVED]


def test_approving_and_declining(desk, review, sums):
    assert "1 review is shown in the shop now." in decide(desk, "approve", review)
    assert sums() == (4, 1, "4.00")
    assert "1 review is not shown now." in decide(desk, "decline", review)
    assert sums() == (0, 0, "0.00")


def test_words_written_after_the_queue_was_read_are_not_approved(desk, review, author, sums):
    (shown,) = re.findall(r'name="(read-[^"]+)" value="([^"]+)"', desk.get(QUEUE).content.decode())
    services.edit_review(actor=author, review_id=review.pk, comment="Buy elsewhere.")
    page = decide(desk, "approve", review, **dict([shown]))
    assert "This review was changed after you read it." in page
    review.refresh_from_db()
    assert review.status == ReviewStatus.WAITING
    assert sums() == (0, 0, "0.00")
    fresh = re.findall(r'name="(read-[^"]+)" value="([^"]+)"', page)
    assert "1 review is shown in the shop now." in decide(desk, "approve", review, **dict(fresh))


def test_deleting_takes_the_stars_out(desk, approved, sums):
    desk.post(f"{QUEUE}{approved.pk}/delete/", {"post": "yes"})
    assert sums() == (0, 0, "0.00")


def test_deleting_several_takes_their_stars_out(desk, rated, sums):
    reviews = rated(5, 3, 1)
    keys = [str(review.pk) for review in reviews[:2]]
    desk.post(QUEUE, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    assert sums() == (1, 1, "1.00")


def test_what_people_wrote_is_not_changed_by_the_staff(desk, review):
    assert desk.post(f"{QUEUE}{review.pk}/change/", {"comment": "Better."}).status_code == 403
    review.refresh_from_db()
    assert review.comment == "Holds tea."


def test_staff_without_the_permission_see_no_queue(review):
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    assert client.get(QUEUE).status_code == 403


def test_the_queue_costs_the_same_for_many(desk, mug, django_assert_max_num_queries):
    for number in range(8):
        services.write_review(actor=UserFactory(), product_id=mug.pk, rating=1 + number % 5, comment="Well.")
    with django_assert_max_num_queries(14):
        desk.get(QUEUE)
