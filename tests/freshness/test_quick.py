"""The short way: what it answers is what the long way answers, and only to whom it may."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from accounts.services import open_session
from cryptons import clock
from cryptons.api.limits import for_strangers
from cryptons.pagecache.answering import quick_answer
from cryptons.pagecache.shelves import shelf
from cryptons.wsgi import name_of, was_kept
from shop.models import Product
from shop.services import change_stock
from tests.factories import BOSS, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db
EACH_ITS_OWN = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset"}
LOOKS = ["/", "/products/", "/p/mug/", "/api/products", "/api/products/mug", "/api/categories", "/api/rates"]


@pytest.fixture(autouse=True)
def mug(settings, monkeypatch):
    settings.PAGE_CACHE_SECONDS = 600
    settings.RATELIMIT_API = (100, 900)
    # In the past: a token made in the future is not good yet.
    now = (clock.now() - timedelta(minutes=1)).replace(second=10, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    return ProductFactory(name="Mug", slug="mug", sku="M-1", category__slug="cups")


def kept_keys():
    return {key for key in shelf()._entries if key.startswith("http")}


@pytest.mark.parametrize("path", [*LOOKS, "/c/cups/", "/api/categories/cups", "/api/products/suggestions?q=mu"])
def test_a_second_look_costs_no_query_and_is_the_same(client, path, django_assert_num_queries):
    first = client.get(path)
    with django_assert_num_queries(0):
        second = client.get(path)
    assert second.status_code == 200
    assert second.content == first.content
    own = {name: value for name, value in second.items() if name not in EACH_ITS_OWN}
    assert own == {name: value for name, value in first.items() if name not in EACH_ITS_OWN}
    assert second["X-Request-ID"] != first["X-Request-ID"]
    assert "Content-Security-Policy" in second


@pytest.mark.parametrize("path", LOOKS)
def test_whoever_has_it_is_told_so_and_no_more(client, path, django_assert_num_queries):
    first = client.get(path)
    with django_assert_num_queries(0):
        again = client.get(path, headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", LOOKS)
def test_a_head_has_the_same_headers_and_no_body(client, path):
    first = client.get(path)
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == first["ETag"]
    assert head["Content-Length"] == str(len(first.content))


def test_a_head_alone_keeps_nothing(client):
    client.head("/p/mug/")
    assert kept_keys() == set()
    assert b"Mug" in client.get("/p/mug/").content


def test_pages_are_for_one_browser_and_asked_for_again(client):
    assert client.get("/p/mug/")["Cache-Control"] == "private, no-cache"
    assert client.get("/api/products")["Cache-Control"] == "public, max-age=0"


def test_a_request_keeps_the_id_its_sender_gave_it(client):
    client.get("/p/mug/")
    assert client.get("/p/mug/", headers={"X-Request-ID": "from-a-phone-1"})["X-Request-ID"] == "from-a-phone-1"
    assert client.get("/p/mug/", headers={"X-Request-ID": "no\r\nsuch"})["X-Request-ID"] != "no\r\nsuch"


def test_each_look_at_the_api_is_counted_once(client):
    left = [int(client.get("/api/products")["RateLimit-Remaining"]) for _ in range(4)]
    assert left == [99, 98, 97, 96]
    assert client.get("/api/products", headers={"If-None-Match": "*"})["RateLimit-Remaining"] == "95"


def test_what_is_kept_is_no_way_around_the_limit(client, settings):
    settings.RATELIMIT_API = (2, 900)
    answers = [client.get("/api/products") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["error"]["code"] == "RATE_LIMITED"
    assert client.get("/api/products", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_who_is_over_the_limit_and_looked_up_again_is_counted_once(client, settings):
    settings.RATELIMIT_API = (1, 900)
    client.get("/api/products")
    waiting = RequestFactory().get("/api/products").META
    assert [quick_answer(waiting, "http") for _ in range(3)] == [None] * 3
    assert for_strangers(waiting).look().used == 2


def test_what_was_kept_is_worth_waiting_for_also_where_it_is_not_good_any_more(client, mug):
    def name(path, **headers):
        return name_of(RequestFactory(headers=headers).get(path).META)

    assert not was_kept(name("/p/mug/"))
    client.get("/p/mug/")
    change_stock(actor=BOSS, product_id=mug.pk, by=-1)
    assert was_kept(name("/p/mug/"))
    assert name("/p/mug/", cookie="sessionid=abc") is None
    client.get("/account/sign-in/")
    assert not was_kept(name("/account/sign-in/"))


def test_a_signed_in_user_is_counted_as_one_and_gets_the_same_bytes(client, django_assert_max_num_queries):
    first = client.get("/api/products")
    token = open_session(user=UserFactory(), device="test").access
    with django_assert_max_num_queries(1):  # who it is
        answer = client.get("/api/products", headers={"Authorization": f"Bearer {token}"})
    assert answer.content == first.content
    assert answer["RateLimit-Limit"] == "1000"


def test_a_bad_token_is_refused_though_the_answer_is_kept(client):
    client.get("/api/products")
    assert client.get("/api/products", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_who_takes_no_json_is_told_so_though_the_answer_is_kept(client):
    client.get("/api/products")
    assert client.get("/api/products", headers={"Accept": "text/csv"}).status_code == 406
    assert client.get("/api/products", headers={"Accept": "text/html, */*"}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_looks_are_answered(client, method):
    client.get("/api/products")
    assert getattr(client, method)("/api/products").status_code in {401, 405}


def test_words_of_strangers_make_no_pages_and_get_onto_none(client):
    client.get("/p/mug/")
    client.get("/products/?sort=price&page=2")
    client.get("/api/products?page=1&limit=5")
    before, entries = kept_keys(), len(shelf())
    for number in range(20):
        page = client.get(f"/p/mug/?utm_source=evil{number}").content
        assert b"evil" not in page
        assert b"evil" not in client.get(f"/products/?x=evil{number}&page=2&sort=price").content
        client.get(f"/api/products?limit=5&page=1&evil={number}")
    assert kept_keys() == before
    assert len(shelf()) == entries


def test_the_order_of_what_is_asked_says_nothing(client, django_assert_num_queries):
    first = client.get("/products/?sort=price&q=mug")
    with django_assert_num_queries(0):
        assert client.get("/products/?q=mug&sort=price").content == first.content


def test_of_a_name_that_comes_twice_the_last_counts(client):
    ProductFactory(name="Second", price=1)
    client.get("/products/?sort=price")
    client.get("/products/?sort=-price")
    twice = client.get("/products/?sort=price&sort=-price").content
    assert twice == client.get("/products/?sort=-price").content
    assert twice != client.get("/products/?sort=price").content


def test_what_is_too_long_is_answered_and_not_kept(client):
    assert client.get("/products/?q=" + "a" * 700).status_code == 200
    assert all(len(key) < 700 for key in shelf()._entries)


def test_a_session_an_origin_or_a_part_of_a_page_goes_the_long_way(client, mug):
    client.get("/p/mug/")
    Product.objects.filter(pk=mug.pk).update(name="Renamed and not told")
    shelf()._entries.pop("frame:/p/mug/")
    for headers in ({"Cookie": "sessionid=x"}, {"Origin": "https://app.example"}, {"HX-Request": "true"}):
        assert b"Renamed" in Client(headers=headers).get("/p/mug/").content, headers
    assert b"Renamed" not in Client().get("/p/mug/").content


def test_a_page_that_hands_out_a_cookie_is_not_kept(client, mug):
    client.post("/cart/add/", {"product": str(mug.pk), "quantity": 1}, headers={"Sec-Fetch-Site": "same-origin"})
    client.get("/p/mug/")
    assert kept_keys() == set()
    assert "Set-Cookie" not in Client().get("/p/mug/")


def test_http_and_https_and_two_names_are_kept_apart(client, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    settings.SECURE_HSTS_SECONDS = 60
    plain = client.get("/p/mug/", headers={"host": "one.example"})
    for _ in range(2):
        secure = client.get("/p/mug/", headers={"host": "two.example"}, secure=True)
    assert "Strict-Transport-Security" in secure
    assert "Strict-Transport-Security" not in plain
    assert {key.split("/")[0] + key.split("/")[2] for key in kept_keys()} == {"http:one.example", "https:two.example"}
