"""What has no value is left out of what is sent; `null` is taken only where docs/api.md says so."""

import pytest

from orders.models import Order
from tests.api.buying import ADDRESS
from tests.factories import ProductFactory


@pytest.mark.parametrize("name", ["note", "items"])
def test_an_optional_field_of_an_order_is_left_out_and_not_null(api, user, name):
    product = ProductFactory(stock=5)
    wish = {
        "items": [{"productId": str(product.pk), "quantity": 1}],
        "cryptocurrency": "BTC",
        "shippingAddress": ADDRESS,
    }
    answer = api.as_(user).post("/orders", {**wish, name: None})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [name])
    assert not Order.objects.exists()


def test_an_optional_line_of_an_address_may_be_null_and_so_may_the_address_of_a_profile(api, user):
    mine = api.as_(user)
    kept = mine.patch(
        "/auth/profile", {"profile": {"address": {**ADDRESS, "line2": None, "region": None, "phone": None}}}
    )
    assert (kept.status, kept.data["profile"]["address"]["line2"]) == (200, "")
    assert mine.patch("/auth/profile", {"profile": {"address": None}}).status == 200
    refused = mine.patch("/auth/profile", {"profile": {"firstName": None}})
    assert (refused.status, list(refused.fields)) == (400, ["profile.firstName"])
