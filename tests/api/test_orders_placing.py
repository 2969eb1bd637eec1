"""POST /api/orders as the contract has it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from cryptons import clock
from orders.models import Order
from payments import health
from payments.models import Payment, PaymentOption, Watcher
from shop.models import CartLine
from tests.api.buying import ADDRESS, SHOWN_ADDRESS, stock, wish, world
from tests.api.conftest import Api
from tests.api.moments import at_this_moment
from tests.factories import CartLineFactory, OrderFactory, ProductFactory, UserFactory

ORDER = [
    "id",
    "orderNumber",
    "userId",
    "items",
    "totalAmount",
    "currency",
    "cryptocurrency",
    "status",
    "paymentStatus",
    "transactionHash",
    "shippingAddress",
    "trackingNumber",
    "payment",
    "createdAt",
    "updatedAt",
]
PAYMENT = [
    "id",
    "cryptocurrency",
    "amount",
    "amountBaseUnits",
    "rate",
    "rateSource",
    "expiresAt",
    "status",
    "exception",
    "received",
    "receivedBaseUnits",
    "due",
    "dueBaseUnits",
    "confirmations",
    "requiredConfirmations",
    "uri",
    "options",
    "transactions",
]


def test_an_order_for_items_answers_with_where_to_pay_it(own, user, node, product):
    answer = own.post("/orders", wish((product, 2), note="Ring twice"))
    assert answer.status == 201
    shown = answer.data
    assert list(shown) == ORDER
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", shown["orderNumber"])
    assert (shown["userId"], shown["status"], shown["paymentStatus"]) == (str(user.pk), "pending", "unpaid")
    assert (shown["totalAmount"], shown["currency"], shown["cryptocurrency"]) == (25, "EUR", "BTC")
    assert (shown["transactionHash"], shown["trackingNumber"]) == (None, None)
    assert shown["shippingAddress"] == SHOWN_ADDRESS
    assert shown["items"] == [
        {
            "productId": str(product.pk),
            "name": product.name,
            "sku": product.sku,
            "quantity": 2,
            "price": Decimal("12.50"),
            "lineTotal": 25,
            "cryptocurrency": "BTC",
        }
    ]
    assert '"totalAmount":25.00,' in answer.text
    order = Order.objects.get()
    assert (order.user, order.email, order.note, stock()) == (user, user.email, "Ring twice", [3])


def test_its_payment_has_the_shape_of_the_contract(own, node, product):
    answer = own.post("/orders", wish((product, 2)))
    shown, row = answer.data["payment"], Payment.objects.get()
    address = row.options.get().address
    assert list(shown) == PAYMENT
    assert (shown["id"], shown["cryptocurrency"]) == (str(row.pk), "BTC")
    assert (shown["amount"], shown["amountBaseUnits"]) == (Decimal("0.00041667"), 41_667)
    assert (shown["rate"], shown["rateSource"]) == (60_000, "fixed")
    assert (shown["received"], shown["receivedBaseUnits"], shown["due"]) == (0, 0, Decimal("0.00041667"))
    assert (shown["status"], shown["exception"], shown["confirmations"]) == ("new", None, 0)
    assert (shown["requiredConfirmations"], shown["transactions"]) == (1, [])
    assert shown["options"] == [{"method": "onchain", "address": address}]
    assert shown["uri"].startswith(f"bitcoin:{address}?amount=0.00041667")
    assert shown["expiresAt"] == row.expires_at.isoformat().replace("+00:00", "Z")
    assert '"amount":0.00041667,' in answer.text


def test_without_items_the_cart_is_ordered_and_emptied(own, user, stranger, node, product):
    other = CartLineFactory(user=stranger, product=product)
    tea = ProductFactory(price=Decimal(4), stock=9)
    CartLineFactory(user=user, product=product, quantity=2)
    CartLineFactory(user=user, product=tea, quantity=3)
    answer = own.post("/orders", wish())
    assert (answer.status, answer.data["totalAmount"]) == (201, 37)
    assert [(item["sku"], item["quantity"]) for item in answer.data["items"]] == [(product.sku, 2), (tea.sku, 3)]
    assert list(CartLine.objects.all()) == [other]


def test_items_leave_the_cart_alone(own, user, node, product):
    CartLineFactory(user=user, product=product)
    assert own.post("/orders", wish((product, 1))).status == 201
    assert CartLine.objects.count() == 1


def test_an_empty_cart_and_no_items_are_400(own, product):
    for sent in (wish(), wish(items=[])):
        answer = own.post("/orders", sent)
        assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", ["items"])
    assert world() == ([0] * 6, [], [5])


def test_a_stranger_without_a_token_is_401(api, product):
    answer = api.post("/orders", wish((product, 1)))
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")
    assert world() == ([0] * 6, [], [5])


def test_sold_out_names_each_item_and_what_is_left(own, product):
    plenty, gone = ProductFactory(stock=50), ProductFactory(stock=0)
    answer = own.post("/orders", wish((plenty, 1), (product, 6), (gone, 1)))
    assert (answer.status, answer.code) == (409, "OUT_OF_STOCK")
    details = {entry["field"]: entry for entry in answer.body["error"]["details"]}
    assert set(details) == {"items.1.quantity", "items.2.quantity"}
    assert details["items.1.quantity"] == {
        "field": "items.1.quantity",
        "product": str(product.pk),
        "left": 5,
        "message": f"Only 5 left of {product.name}.",
    }
    assert details["items.2.quantity"]["left"] == 0
    assert world() == ([0] * 6, [], stock())


def test_a_cart_that_cannot_be_had_whole_is_refused_whole(own, user, product):
    hidden = ProductFactory(is_visible=False)
    line = CartLineFactory(user=user, product=product, quantity=6)
    answer = own.post("/orders", wish())
    assert (answer.status, answer.code, list(answer.fields)) == (409, "OUT_OF_STOCK", ["items"])
    assert answer.body["error"]["details"][0]["left"] == 5
    CartLine.objects.filter(pk=line.pk).update(product=hidden)
    answer = own.post("/orders", wish())
    assert answer.body["error"]["details"][0]["product"] == str(hidden.pk)
    assert (answer.code, answer.body["error"]["details"][0]["left"]) == ("OUT_OF_STOCK", 0)
    assert (Order.objects.count(), CartLine.objects.count()) == (0, 1)


def test_a_product_that_is_not_there_is_404(own, product):
    hidden = ProductFactory(is_visible=False)
    missing = {"productId": "01890000-0000-7000-8000-000000000000", "quantity": 1}
    for sent in (wish((hidden, 1)), wish(items=[missing])):
        answer = own.post("/orders", sent)
        assert (answer.status, answer.code, list(answer.fields)) == (404, "NOT_FOUND", ["items.0.productId"])
    answer = own.post("/orders", wish(items=[{"productId": "seventeen", "quantity": 1}]))
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"items": "all"}, "items"),
        ({"items": {}}, "items"),
        ({"items": [5]}, "items.0"),
        ({"items": [{"quantity": 1}]}, "items.0.productId"),
        ({"items": [{"productId": 7, "quantity": 1}]}, "items.0.productId"),
        ({"items": None}, "items"),
        ({"cryptocurrency": "DOGE"}, "cryptocurrency"),
        ({"cryptocurrency": None}, "cryptocurrency"),
        ({"cryptocurrency": ["BTC"]}, "cryptocurrency"),
        ({"shippingAddress": None}, "shippingAddress"),
        ({"shippingAddress": "Mill Lane 12"}, "shippingAddress"),
        ({"shippingAddress": {**ADDRESS, "planet": "Earth"}}, "shippingAddress.planet"),
        ({"shippingAddress": {**ADDRESS, "country": "ZZ"}}, "shippingAddress.country"),
        ({"shippingAddress": {**ADDRESS, "phone": "call me"}}, "shippingAddress.phone"),
        ({"shippingAddress": {**ADDRESS, "city": " "}}, "shippingAddress.city"),
        ({"shippingAddress": {**ADDRESS, "fullName": "Ada\u202e"}}, "shippingAddress.fullName"),
        ({"shippingAddress": {**ADDRESS, "postalCode": 1100}}, "shippingAddress.postalCode"),
        ({"note": "x" * 501}, "note"),
        ({"note": "a\u0000b"}, "note"),
        ({"note": 5}, "note"),
        ({"status": "delivered"}, "status"),
        ({"totalAmount": 0.01}, "totalAmount"),
        ({"userId": "1"}, "userId"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_ordered(own, product, changes, field):
    answer = own.post("/orders", {**wish((product, 1)), **changes})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])
    assert world() == ([0] * 6, [], [5])


@pytest.mark.parametrize("missing", ["cryptocurrency", "shippingAddress"])
def test_what_is_missing_is_named(own, product, missing):
    sent = {name: value for name, value in wish((product, 1)).items() if name != missing}
    answer = own.post("/orders", sent)
    assert (answer.status, list(answer.fields)) == (400, [missing])


@pytest.mark.parametrize("quantity", [0, -1, 10_001, 10**30, True, "2", None, 1.5])
def test_a_wrong_quantity_is_400(own, product, quantity):
    answer = own.post("/orders", wish((product, quantity)))
    assert (answer.status, list(answer.fields)) == (400, ["items.0.quantity"])
    assert world() == ([0] * 6, [], [5])


def test_the_same_product_twice_is_one_line_and_held_to_the_same_limit(own, node, product):
    answer = own.post("/orders", wish((product, 10_000), (product, 1)))
    assert (answer.status, set(answer.fields)) == (400, {"items.0.quantity", "items.1.quantity"})
    answer = own.post("/orders", wish((product, 1), (product, 2)))
    assert [item["quantity"] for item in answer.data["items"]] == [3]


@pytest.mark.parametrize("coin", ["LTC", "XRP"])
def test_a_coin_the_store_does_not_take_is_503_and_nothing_is_ordered(own, product, coin):
    answer = own.post("/orders", wish((product, 1), cryptocurrency=coin))
    assert (answer.status, answer.code) == (503, "PAYMENT_METHOD_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "5"
    assert world() == ([0] * 6, [], [5])


def test_no_price_of_the_coin_is_503_and_nothing_is_ordered(own, product, settings):
    settings.RATE_SOURCE, settings.RATE_URL = "kraken", "http://127.0.0.1:9/"
    answer = own.post("/orders", wish((product, 1)))
    assert (answer.status, answer.code) == (503, "RATE_UNAVAILABLE")
    # What the source said is for the log, not for buyers.
    assert answer.body["error"]["message"].startswith("The price of bitcoin is not known right now.")
    assert world() == ([0] * 6, [], [5])


def test_a_network_known_to_be_out_of_sight_is_503_and_nothing_is_ordered(own, product):
    now = clock.now()
    Watcher.objects.create(coin="BTC", last_ok_at=now - timedelta(seconds=30), last_error_at=now)
    answer = own.post("/orders", wish((product, 1)), idempotency_key="k1")
    assert (answer.status, answer.code) == (503, "PAYMENT_METHOD_UNAVAILABLE")
    assert world() == ([0] * 6, [], [5])


def test_a_node_that_fails_after_the_order_is_503_and_the_key_brings_the_order_later(own, product, no_node, request):
    first = own.post("/orders", wish((product, 2)), idempotency_key="k1")
    assert (first.status, first.code) == (503, "PAYMENT_METHOD_UNAVAILABLE")
    order = Order.objects.get()
    told = first.body["error"]["details"][0]
    assert (told["orderId"], told["orderNumber"]) == (str(order.pk), order.number)
    payment = own.get(f"/orders/{order.pk}/payment").data
    assert (payment["options"], payment["uri"], payment["status"]) == ([], None, "new")
    request.getfixturevalue("node")
    again = own.post("/orders", wish((product, 2)), idempotency_key="k1")
    assert (again.status, again.data["id"]) == (201, str(order.pk))
    assert again.data["payment"]["options"][0]["address"] == PaymentOption.objects.get().address
    assert (Order.objects.count(), stock()) == (1, [3])


@pytest.mark.parametrize("also", [{"shippingAddress": {**ADDRESS, "country": "ZZ"}}, "no rate", "no room"])
def test_a_product_that_is_not_sold_is_told_before_anything_else(own, user, product, settings, also):
    hidden = ProductFactory(is_visible=False)
    if also == "no rate":
        settings.RATE_SOURCE, settings.RATE_URL = "kraken", "http://127.0.0.1:9/"
    elif also == "no room":
        settings.MAX_OPEN_ORDERS = 1
        OrderFactory(user=user, email=user.email)
    before = world()
    answer = own.post("/orders", wish((product, 1), (hidden, 1), **(also if isinstance(also, dict) else {})))
    assert (answer.status, answer.code, list(answer.fields)) == (404, "NOT_FOUND", ["items.1.productId"])
    assert world() == before


@pytest.mark.parametrize("price", [60_000, Decimal("61234.567890123")])
def test_the_answer_is_what_looking_shows_later_to_the_letter(own, node, product, settings, price):
    settings.RATE_FIXED = Decimal(price)
    answer = own.post("/orders", wish((product, 2), (ProductFactory(price=Decimal("0.335")), 3), note=" Ring twice "))
    looked = own.get(f"/orders/{answer.data['id']}")
    assert answer.text == looked.text


def test_an_order_costs_few_queries(own, node, product, django_assert_num_queries):
    wanted, later = wish((product, 1), (ProductFactory(stock=50), 1)), ProductFactory(stock=50)
    assert own.post("/orders", wanted, idempotency_key="k1").status == 201
    wanted = wish((product, 1), (later, 1))
    # The session; the key (in a transaction); the watcher; the prices; the order's transaction with six rows, whom to tell, two
    # products, of which one is getting scarce, and what changed; the address; the answer.
    with django_assert_num_queries(24):
        assert own.post("/orders", wanted, idempotency_key="k2").status == 201


@pytest.mark.django_db(transaction=True)
def test_an_order_costs_fewer_where_prices_and_who_asks_and_who_listens_are_known(
    node, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(health, "clock", at_this_moment(clock.now()))  # what the watcher saw is known for a second
    own, wanted = Api().as_(UserFactory()), wish((ProductFactory(stock=50), 1), (ProductFactory(stock=50), 1))
    assert own.post("/orders", wanted, idempotency_key="k1").status == 201
    # The key; the order's transaction with six rows, two products and what changed; the address; the answer.
    with django_assert_num_queries(14):
        assert own.post("/orders", wanted, idempotency_key="k2").status == 201


def test_an_order_is_nobody_elses_to_keep(own, node, product):
    answer = own.post("/orders", wish((product, 1)))
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_refused_order_leaves_the_cart_as_it_was(own, user, node, product):
    CartLineFactory(user=user, product=product, quantity=1)
    before = world()
    assert own.post("/orders", wish(shippingAddress={**ADDRESS, "country": "XX"})).status == 400
    assert (CartLine.objects.get().quantity, world()) == (1, before)


def test_too_many_unpaid_orders_are_told_as_a_limit_and_the_key_may_be_used_again(api, user, node, settings):
    settings.MAX_OPEN_ORDERS = 1
    product = ProductFactory(stock=10)
    buyer = api.as_(user)
    first = buyer.post("/orders", wish((product, 1)), idempotency_key="first")
    assert first.status == 201
    before = world()
    refused = buyer.post("/orders", wish((product, 1)), idempotency_key="second")
    assert (refused.status, refused.code) == (429, "RATE_LIMITED")
    assert 840 < int(refused.headers["Retry-After"]) <= 901
    assert world() == before
    buyer.post(f"/orders/{first.data['id']}/cancel")
    assert buyer.post("/orders", wish((product, 1)), idempotency_key="second").status == 201
