"""What goes in and out: names, types, unknown keys, money, pages, permissions, 304."""

import pytest
from django.test import Client

from tests.api import shop_window
from tests.factories import UserFactory

pytestmark = pytest.mark.urls("tests.api.shop_window")
PRODUCT = "01890000-0000-7000-8000-000000000000"


def test_names_are_camel_case_both_ways(api):
    sent = {"someText": "abc", "isNew": True, "items": [{"productId": PRODUCT, "quantity": 2}]}
    assert api.post("/test/echo", sent).data == sent


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"someText": 5}, "someText"),
        ({"someText": True}, "someText"),
        ({"someText": ["a"]}, "someText"),
        ({"someText": "abcdef"}, "someText"),
        ({"someText": "a\u0000"}, "someText"),
        ({"some_text": "abc"}, "some_text"),
        ({"isNew": "true"}, "isNew"),
        ({"isNew": 1}, "isNew"),
        ({"isNew": None}, "isNew"),
        ({"someNumber": "1.5"}, "someNumber"),
        ({"someNumber": True}, "someNumber"),
        ({"someNumber": 10**30}, "someNumber"),
        ({"unitPrice": -1}, "unitPrice"),
        ({"colour": "blue"}, "colour"),
        ({"colour": ["red"]}, "colour"),
        ({"colour": {}}, "colour"),
        ({"seenAt": "yesterday"}, "seenAt"),
        ({"seenAt": 5}, "seenAt"),
        ({"items": {}}, "items"),
        ({"items": "x"}, "items"),
        ({"items": [5]}, "items.0"),
        ({"items": [{"productId": PRODUCT, "quantity": 1}, {"productId": PRODUCT}]}, "items.1.quantity"),
        ({"items": [{"productId": PRODUCT, "quantity": 1.5}]}, "items.0.quantity"),
        ({"items": [{"productId": PRODUCT, "quantity": "1"}]}, "items.0.quantity"),
        ({"items": [{"productId": PRODUCT, "quantity": 10_001}]}, "items.0.quantity"),
        ({"items": [{"productId": PRODUCT, "quantity": 10**40}]}, "items.0.quantity"),
        ({"items": [{"productId": 5, "quantity": 1}]}, "items.0.productId"),
        ({"items": [{"productId": PRODUCT, "quantity": 1, "price": 0}]}, "items.0.price"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(api, sent, wrong):
    answer = api.post("/test/echo", sent)
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [wrong])


def test_everything_wrong_is_named_at_once(api):
    answer = api.post("/test/echo", {"someText": 5, "nonsense": 1, "isNew": "x"})
    assert set(answer.fields) == {"someText", "nonsense", "isNew"}


def test_a_malformed_id_names_nothing(api):
    for text in ("x", PRODUCT + "0", "{" + PRODUCT + "}", "urn:uuid:" + PRODUCT, ""):
        answer = api.post("/test/echo", {"items": [{"productId": text, "quantity": 1}]})
        assert answer.status == (404 if text else 400)


def test_numbers_keep_all_their_digits_both_ways(api):
    raw = b'{"someNumber": 123456789012.12345678, "unitPrice": 0.1}'
    answer = api.post("/test/echo", raw)
    assert '"someNumber":123456789012.12345678' in answer.text
    assert '"unitPrice":0.10' in answer.text
    text = api.get("/test/money").text
    assert '"amount":0.10000001,"total":1000,"many":12345678901234567890.12345678' in text


def test_moments_are_told_in_utc(api, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    answer = api.post("/test/echo", {"seenAt": "2026-07-01T12:00:00+02:00"})
    assert answer.data["seenAt"] == "2026-07-01T10:00:00Z"


@pytest.fixture
def five(db):
    for number in range(5):
        UserFactory(email=f"p{number}@example.org")


def test_a_list_comes_in_pages(api, five):
    answer = api.get("/test/numbers", {"page": 2, "limit": 2})
    assert answer.data == ["p2@example.org", "p3@example.org"]
    assert answer.meta == {"page": 2, "limit": 2, "total": 5, "pages": 3}
    assert api.get("/test/numbers").meta == {"page": 1, "limit": 20, "total": 5, "pages": 1}


@pytest.mark.parametrize("page", [4, 2**31 - 1])
def test_a_page_past_the_end_is_empty(api, five, page):
    answer = api.get("/test/numbers", {"page": page, "limit": 2})
    assert (answer.status, answer.data, answer.meta["total"]) == (200, [], 5)


def test_an_empty_list_has_no_pages(api):
    answer = api.get("/test/numbers")
    assert (answer.data, answer.meta) == ([], {"page": 1, "limit": 20, "total": 0, "pages": 0})


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "1.5", "", "9" * 30, "\u0661x", "1\u0000"])
@pytest.mark.parametrize("name", ["page", "limit"])
def test_a_wrong_page_or_limit_is_400(api, name, wrong):
    answer = api.get("/test/numbers", {name: wrong})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [name])


def test_a_limit_over_a_hundred_is_400(api):
    assert api.get("/test/numbers", {"limit": 100}).status == 200
    assert api.get("/test/numbers", {"limit": 101}).status == 400


def test_permissions_are_those_of_the_groups(api, user, staff, staff_in):
    catalogue, reports, nobody = staff_in("Catalogue"), staff_in("Reports"), staff_in()
    assert {api.send(method, "/test/echo").status for method in ("PUT", "PATCH")} == {401}
    assert [api.as_(who).put("/test/echo").status for who in (user, nobody, staff)] == [403, 200, 200]
    asked = [api.as_(who).patch("/test/echo").status for who in (user, nobody, reports, catalogue, staff)]
    assert asked == [403, 403, 403, 200, 200]
    assert api.as_(user).patch("/test/echo").code == "FORBIDDEN"


def test_a_permission_is_worth_nothing_without_being_staff(api, staff_in):
    former = staff_in("Catalogue")
    former.is_staff = False
    former.save()
    assert api.as_(former).patch("/test/echo").status == 403


def test_a_sign_in_on_the_pages_opens_nothing_here(user):
    browser = Client()
    browser.force_login(user)
    assert browser.get("/api/auth/profile").status_code == 401


def test_who_has_the_current_version_gets_304_without_rendering(api):
    shop_window.rendered.clear()
    first = api.get("/test/window")
    assert (first.data, first.headers["Cache-Control"]) == ("a page", "public, max-age=30")
    again = api.get("/test/window", if_none_match=f'"other", W/{first.headers["ETag"]}')
    assert (again.status, again.text, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    assert again.headers["Cache-Control"] == "public, max-age=30"
    assert api.get("/test/window", if_none_match='"other"').status == 200
    assert len(shop_window.rendered) == 2
