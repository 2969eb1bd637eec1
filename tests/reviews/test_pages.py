"""Reviews in the shop: reading them on the product's page, writing, voting, and what of it belongs to somebody."""

import re

import pytest
from django.template import Context, Template
from django.test import Client

from cryptons import freshness
from reviews import services
from reviews.models import HelpfulVote, Review, ReviewStatus
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db
HERE = {"headers": {"Sec-Fetch-Site": "same-origin"}}
SENT = {"rating": "5", "title": "Solid", "comment": "Holds tea."}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(client, query=""):
    return client.get(f"/p/mug/{query}").content.decode()


def said(client):
    return re.findall(r'class="notice[^>]*>\s*(.*?)\s*<', client.get("/cart/").content.decode(), re.DOTALL)


def test_the_page_shows_approved_ones_with_their_histogram(client, mug, rated, review):
    rated(5, 5, 2)
    body = page(client)
    assert len(re.findall(r'<article class="review ', body)) == 3
    assert 'aria-label="4.00 of 5 stars"' in body
    assert re.findall(r'histogram__count">(\d+)<', body) == ["2", "0", "0", "1", "0"]
    assert re.findall(r'histogram__part"\s+width="(\d+)%"', body) == ["67", "0", "0", "33", "0"]
    assert "Holds tea." not in body
    assert '"reviewCount": 3' in body
    assert '"ratingValue": "4.00"' in body


def test_without_reviews_it_says_so_and_asks_nothing_more(client, mug, django_assert_num_queries):
    page(client)
    with django_assert_num_queries(3):  # product, pictures, related ones
        body = page(client)
    assert "Nobody has reviewed this yet." in body
    assert "aggregateRating" not in body


def test_reviews_cost_two_queries_however_many(client, mug, rated, django_assert_num_queries):
    rated(5, 4, 3, 2, 1)
    page(client)
    with django_assert_num_queries(5):
        page(client)


def test_a_page_with_nothing_kept_costs_eight_queries(client, mug, rated, django_assert_num_queries):
    rated(5, 4)
    ProductFactory(category=mug.category)
    freshness.tell_all()
    with django_assert_num_queries(
        8
    ):  # product, pictures, two for the tree, histogram, reviews, related and their pictures
        page(client)


@pytest.mark.parametrize(("average", "halves"), [("4.24", 8), ("4.25", 9), ("4.74", 9), ("4.75", 10), ("0", 0)])
def test_stars_are_drawn_in_halves(average, halves):
    drawn = Template("{% load reviews %}{% stars_shown value %}").render(Context({"value": average}))
    assert drawn == f'<span class="stars stars--{halves}" role="img" aria-label="{average} of 5 stars"></span>'


def test_lists_show_the_stars_of_what_was_reviewed(client, mug, rated):
    ProductFactory(name="Unrated")
    rated(5, 4)
    body = client.get("/products/").content.decode()
    assert re.findall(r'class="stars stars--(\d+)" role="img" aria-label="([^"]+)"', body) == [("9", "4.50 of 5 stars")]


def test_they_can_be_sorted(client, mug, rated):
    _one, five, _three = rated(1, 5, 3)
    services.vote_helpful(actor=UserFactory(), review_id=five.pk)
    for sort, first in (("newest", "3"), ("helpful", "5"), ("best", "5"), ("worst", "1"), ("no such", "3")):
        body = page(client, f"?reviews={sort}")
        assert re.search(r'<article class="review .*?aria-label="(\d) of 5', body, re.DOTALL)[1] == first


def test_many_come_in_pages(client, mug, rated):
    rated(*[5] * 11)
    assert "Page 1 of 2" in page(client)
    body = page(client, "?reviews=best&page=2")
    assert len(re.findall(r'<article class="review ', body)) == 1
    assert 'href="?reviews=best&amp;page=1#reviews"' in body
    assert "Page 2 of 2" in page(client, "?page=99")


def test_what_people_write_is_shown_as_text(client, mug, author, moderator):
    review = services.write_review(actor=author, product_id=mug.pk, rating=1, title="<b>", comment="<script>x</script>")
    services.approve_review(actor=moderator, review_id=review.pk, approved=True)
    body = page(client)
    assert "<script>x" not in body
    assert "&lt;script&gt;x" in body


def test_the_e_mail_address_is_nowhere(client, approved):
    assert "ada@example.org" not in page(client)


def test_writing_one_says_that_it_waits(mug, author):
    client = signed_in(author)
    answer = client.post("/p/mug/review/", SENT)
    assert (answer.status_code, answer["Location"]) == (302, "/p/mug/#reviews")
    review = Review.objects.get()
    assert (review.user, review.rating, review.status) == (author, 5, ReviewStatus.WAITING)
    body = page(client)
    assert "It is shown as soon as somebody of the shop has read it." in body
    assert "Holds tea." not in body


def test_writing_needs_somebody_signed_in(client, mug):
    for answer in (client.get("/p/mug/review/"), client.post("/p/mug/review/", SENT)):
        assert answer["Location"] == "/account/sign-in/?next=/p/mug/review/"
    assert not Review.objects.exists()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(mug, author):
    answer = signed_in(author).post("/p/mug/review/", {"title": "Kept words", "comment": ""})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Please look at these again" in body
    assert "Choose how many stars you give." in body
    assert "Write a few words." in body
    assert "Kept words" in body
    assert not Review.objects.exists()


def test_one_that_is_there_is_changed_and_not_doubled(approved, author, sums):
    client = signed_in(author)
    assert "Holds tea." in client.get("/p/mug/review/").content.decode()
    client.post("/p/mug/review/", {**SENT, "rating": "1"})
    review = Review.objects.get()
    assert (review.rating, review.status) == (1, ReviewStatus.WAITING)
    assert sums() == (0, 0, "0.00")


def test_a_product_that_is_not_there_has_no_form(author):
    assert signed_in(author).get("/p/nothing/review/").status_code == 404


def test_deleting_asks_once(approved, author, sums):
    client = signed_in(author)
    assert "Delete your review" in client.get(f"/reviews/{approved.pk}/delete/").content.decode()
    assert sums() == (4, 1, "4.00")
    client.post(f"/reviews/{approved.pk}/delete/")
    assert sums() == (0, 0, "0.00")


def test_somebody_elses_cannot_be_deleted(approved, stranger):
    assert signed_in(stranger).post(f"/reviews/{approved.pk}/delete/").status_code == 404
    assert Review.objects.count() == 1


def test_a_declined_one_says_what_can_be_done(approved, moderator, author):
    services.approve_review(actor=moderator, review_id=approved.pk, approved=False)
    assert "Your review is not shown" in page(signed_in(author))


def test_a_vote_is_given_once_and_taken_back_where_it_is_listed(approved, stranger):
    client = signed_in(stranger)
    for _ in range(2):
        answer = client.post(f"/reviews/{approved.pk}/helpful/", {"next": "/p/mug/"}, **HERE)
        assert answer["Location"] == "/p/mug/#reviews"
    assert HelpfulVote.objects.count() == 1
    body = page(client)
    assert "1 person found this helpful" in body
    assert "You found helpful:" in body
    client.post(f"/reviews/{approved.pk}/helpful/", {"next": "/p/mug/", "undo": "1"}, **HERE)
    assert not HelpfulVote.objects.exists()
    assert "You found helpful:" not in page(client)


def test_ones_own_vote_is_refused_in_words(approved, author):
    client = signed_in(author)
    client.post(f"/reviews/{approved.pk}/helpful/", {"next": "/p/mug/"}, **HERE)
    assert "This is your own review." in said(client)
    assert not HelpfulVote.objects.exists()


def test_a_visitor_is_asked_to_sign_in_before_voting(client, approved):
    client.post(f"/reviews/{approved.pk}/helpful/", {"next": "/p/mug/"}, **HERE)
    assert "Sign in to say that a review helped you." in said(client)
    assert not HelpfulVote.objects.exists()


def test_a_vote_from_another_site_is_refused(approved, stranger):
    client = Client(enforce_csrf_checks=True)
    client.force_login(stranger)
    answer = client.post(f"/reviews/{approved.pk}/helpful/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not HelpfulVote.objects.exists()


def test_a_page_kept_for_everybody_has_nothing_of_anybodys(settings, client, approved, author, stranger):
    settings.PAGE_CACHE_SECONDS = 60
    services.vote_helpful(actor=stranger, review_id=approved.pk)
    for _ in range(2):
        assert "You reviewed this." in page(signed_in(author))
        assert "You found helpful:" in page(signed_in(stranger))
        for body in (page(client), page(signed_in(UserFactory()))):
            assert "You reviewed this." not in body
            assert "You found helpful:" not in body
            assert "Write a review" in body


def test_a_kept_page_asks_only_for_what_is_ones_own(settings, approved, author, django_assert_num_queries):
    settings.PAGE_CACHE_SECONDS = 60
    client = signed_in(author)
    page(client)
    with django_assert_num_queries(6):  # session, user, cart, own review, own votes, wishlist
        page(client)
