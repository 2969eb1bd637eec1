"""A purchase over the API, paid on the sandbox's chain."""

from decimal import Decimal

from payments.watcher import tick
from tests.api.buying import wish
from tests.factories import ProductFactory


def test_an_order_is_placed_paid_and_followed_to_the_parcel(api, user, staff_in, node):
    own = api.as_(user)
    product = ProductFactory(price=60, stock=5)
    order = own.post("/orders", wish((product, 2))).data
    tick()
    path = f"/orders/{order['orderNumber']}"
    address = order["payment"]["options"][0]["address"]
    part = node.rpc("sendtoaddress", address, "0.0015", wallet="customer")
    tick()
    shown = own.get(path).data
    assert (shown["status"], shown["paymentStatus"], shown["transactionHash"]) == ("pending", "partial", part)
    assert (shown["payment"]["status"], shown["payment"]["due"]) == ("seen", Decimal("0.0005"))
    assert f"{address}?amount=0.0005" in shown["payment"]["uri"]
    rest = node.rpc("sendtoaddress", address, "0.0005", wallet="customer")
    tick()
    shown = own.get(path).data
    assert (shown["paymentStatus"], shown["payment"]["uri"]) == ("confirming", None)
    assert {one["hash"] for one in shown["payment"]["transactions"]} == {part, rest}
    refused = own.post(f"{path}/cancel")
    assert (refused.status, refused.code) == (409, "INVALID_TRANSITION")
    node.rpc("generatetoaddress", 1, node.rpc("getnewaddress", wallet="customer"))
    tick()
    shown = own.get(path).data
    assert (shown["status"], shown["paymentStatus"], shown["payment"]["confirmations"]) == ("processing", "paid", 1)
    assert [found["id"] for found in own.get("/orders", {"paymentStatus": "paid"}).data] == [order["id"]]
    clerk = api.as_(staff_in("Orders"))
    assert clerk.put(f"{path}/status", {"status": "shipped", "trackingNumber": "RR1"}).status == 200
    assert own.get(path).data["trackingNumber"] == "RR1"


def test_more_than_asked_is_overpaid_and_the_order_goes_on(api, user, node):
    own = api.as_(user)
    order = own.post("/orders", wish((ProductFactory(price=60), 1))).data
    tick()
    node.rpc("sendtoaddress", order["payment"]["options"][0]["address"], "0.002", wallet="customer")
    node.rpc("generatetoaddress", 1, node.rpc("getnewaddress", wallet="customer"))
    tick()
    shown = own.get(f"/orders/{order['id']}").data
    assert (shown["status"], shown["paymentStatus"], shown["payment"]["exception"]) == (
        "processing",
        "overpaid",
        "overpaid",
    )
