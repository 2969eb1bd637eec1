"""POST /api/webhooks/payment: who is believed to be a watcher, and that even a watcher decides nothing."""

import json
import time

import pytest

from cryptons import nudge
from orders.models import Order
from payments.models import Payment, Transfer
from payments.tasks import watch
from payments.watcher import tick
from tests.api.buying import wish, world
from tests.api.signing import PATH, SECRET, digest, header, message, post, signed_body
from tests.factories import OrderFactory, OrderPaymentFactory, ProductFactory


@pytest.fixture(autouse=True)
def asked(monkeypatch, settings):
    """How often a worker was asked to look at the node."""
    settings.WEBHOOK_SECRETS = [SECRET]
    calls = []
    monkeypatch.setattr(watch, "apply_async", lambda **options: calls.append(options))
    return calls


@pytest.fixture
def order(db):
    return OrderFactory()


def test_a_message_signed_in_the_header_makes_the_store_look(api, order, asked):
    before = world()
    answer = post(api, message(order.pk))
    assert (answer.status, answer.data) == (200, {"received": True})
    assert (len(asked), world()) == (1, before)


def test_a_message_signed_in_its_body_does_too(api, order, asked):
    assert api.post(PATH, signed_body(message(order.pk))).status == 200
    assert len(asked) == 1


@pytest.mark.parametrize("number", ["0.00100", "1e-3", "1E-3", "0.001"])
def test_a_number_counts_as_the_sender_spelled_it(api, order, number):
    data = f'{{"amount":{number},"orderId":"{order.pk}"}}'
    signature = digest(f'{{"data":{data},"event":"payment.seen"}}'.encode())
    sent = f'{{"signature": "{signature}", "event": "payment.seen", "data": {data.replace(":", " : ")}}}'
    assert api.post(PATH, sent).status == 200
    assert api.post(PATH, sent.replace(number, "0.0010")).code == "INVALID_SIGNATURE"


def test_what_is_not_ascii_is_signed_as_itself(api, order):
    body = message(order.pk, memo="für Łódź ✓")
    signed = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for sent in (json.dumps(body), json.dumps(body, ensure_ascii=False, indent=1)):
        whole = sent.rstrip()[:-1] + f', "signature": "{digest(signed.encode())}"}}'
        assert api.post(PATH, whole.encode()).status == 200


def test_the_order_may_be_named_by_its_number_or_its_payment(api, order):
    payment = OrderPaymentFactory(order=order).payment
    for name in (order.number, payment.pk):
        assert post(api, message(name)).status == 200


def test_each_of_several_secrets_is_good_on_either_side(api, order, settings):
    settings.WEBHOOK_SECRETS = ["the-old-one", "the-new-one"]
    for secrets in (["the-old-one"], ["the-new-one"], ["another", "the-new-one"]):
        assert post(api, message(order.pk), *secrets).status == 200
    assert api.post(PATH, signed_body(message(order.pk), "the-new-one")).status == 200
    assert post(api, message(order.pk), "another").status == 401


@pytest.mark.parametrize("off", [-301, 302])
def test_a_clock_that_is_more_than_five_minutes_off_is_refused(api, order, asked, off):
    assert post(api, message(order.pk), at=int(time.time()) + off).code == "INVALID_SIGNATURE"
    assert asked == []


@pytest.mark.parametrize("off", [-295, 295])
def test_a_clock_that_is_less_off_is_fine(api, order, off):
    assert post(api, message(order.pk), at=int(time.time()) + off).status == 200


@pytest.mark.parametrize(
    "signature",
    [
        "nonsense",
        "t=1,v1=",
        "v1=" + "0" * 64,
        "t=١٢٣,v1=00",
        "t=99999999999999999999,v1=00",
        "t=1,t=2,v1=00",
        "t=-5,v1=\xe9",
        "t=1," + ",".join(["v1=00"] * 5000),
    ],
)
def test_a_header_that_is_no_signature_is_refused(api, order, asked, signature):
    before = world()
    answer = api.post(PATH, message(order.pk), x_webhook_signature=signature.encode("utf-8").decode("latin-1"))
    assert (answer.status, answer.code) == (401, "INVALID_SIGNATURE")
    assert (asked, world()) == ([], before)


def test_a_header_is_good_for_its_body_alone(api, order):
    raw = json.dumps(message(order.pk)).encode()
    assert post(api, raw + b" ", signature=header(raw)).status == 401
    # A bad header is not healed by a good signature in the body.
    assert api.post(PATH, signed_body(message(order.pk)), x_webhook_signature="t=1,v1=00").status == 401


@pytest.mark.parametrize("signature", [None, "", 5, ["x"], "0" * 64, "é" * 64])
def test_without_a_header_the_bodys_own_signature_has_to_be_good(api, order, asked, signature):
    sent = {**message(order.pk), "signature": signature}
    assert api.post(PATH, sent).code == "INVALID_SIGNATURE"
    assert api.post(PATH, message(order.pk)).code == "INVALID_SIGNATURE"
    assert asked == []


def test_the_bodys_signature_covers_event_and_data(api, order):
    good = signed_body(message(order.pk))
    assert api.post(PATH, {**good, "event": "payment.seen"}).status == 401
    assert api.post(PATH, {**good, "data": {**good["data"], "amount": 0.002}}).status == 401
    assert api.post(PATH, {**good, "beside": "it"}).status == 200


def test_without_a_secret_no_message_is_taken(api, order, settings, asked):
    settings.WEBHOOK_SECRETS = []
    answer = post(api, message(order.pk))
    assert (answer.status, answer.code, asked) == (503, "SERVICE_UNAVAILABLE", [])


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a":"\0"}', b'{"a":"\\ud800"}', b"[" * 40])
def test_what_is_no_json_is_malformed_signed_or_not(api, db, raw):
    for answer in (post(api, raw), api.post(PATH, raw)):
        assert (answer.status, answer.code) == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("raw", [b'{"event":"a","event":"b","data":{}}', b'{"event":"a","data":{"b":[{"c":1,"c":1}]}}'])
def test_what_is_said_twice_is_refused(api, db, raw):
    answer = post(api, raw)
    assert (answer.status, answer.code, answer.body["error"]["message"]) == (
        400,
        "MALFORMED_REQUEST",
        "The body has the same key twice.",
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ({}, "event"),
        ({"event": 5, "data": {"orderId": "x"}}, "event"),
        ({"event": "payment.seen"}, "data"),
        ({"event": "payment.seen", "data": None}, "data"),
        ({"event": "payment.seen", "data": {}}, "data.orderId"),
        ({"event": "payment.seen", "data": {"orderId": 5}}, "data.orderId"),
        ({"event": "payment.seen", "data": {"orderId": "a\0b"}}, "data.orderId"),
        ({"event": "payment.seen", "data": {"orderId": "x", "amount": "0.001"}}, "data.amount"),
        ({"event": "payment.seen", "data": {"orderId": "x", "confirmations": 1.5}}, "data.confirmations"),
        ({"event": "payment.seen", "data": {"orderId": "x", "transactionHash": {}}}, "data.transactionHash"),
    ],
)
def test_what_is_missing_or_wrong_is_named(api, db, asked, body, field):
    answer = post(api, body)
    assert (answer.status, answer.code) == (400, "VALIDATION_ERROR")
    assert field in answer.fields
    assert asked == []


@pytest.mark.parametrize("name", ["0190a0a0-0000-7000-8000-000000000000", "ABCD-EFGH-JKMN", "nothing", "%00", ""])
def test_an_order_that_is_not_there_is_not_found(api, db, asked, name):
    answer = post(api, message(name))
    assert (answer.status, asked) == (400 if name == "" else 404, [])


def test_a_message_has_to_be_json_and_of_64_kb_at_most(api, order):
    assert api.post(PATH, b"a=b", content_type="application/x-www-form-urlencoded").status == 415
    body = message(order.pk, memo="x" * 64 * 1024)
    assert post(api, body).code == "PAYLOAD_TOO_LARGE"
    body["data"]["memo"] = "x" * 64_000
    assert post(api, body).status == 200


def test_replays_are_answered_alike_and_change_nothing(api, order, asked):
    raw = json.dumps(message(order.pk)).encode()
    before, signature = world(), header(raw)
    assert [post(api, raw, signature=signature).status for _ in range(5)] == [200] * 5
    assert world() == before


def test_a_flood_of_good_messages_asks_for_one_look_a_second(api, order, asked, monkeypatch):
    monkeypatch.setattr(nudge, "_PAUSE", 60)  # however slow the machine is
    assert [post(api, message(order.pk)).status for _ in range(30)] == [200] * 30
    assert len(asked) == 1


def test_bad_signatures_are_limited_by_themselves_and_hold_up_no_good_one(api, order, settings):
    settings.RATELIMIT_WEBHOOK, settings.RATELIMIT_API = (2, 900), (2, 900)
    answers = [post(api, message(order.pk), "guess") for _ in range(3)]
    assert [answer.status for answer in answers] == [401, 401, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert [post(api, message(order.pk)).status for _ in range(3)] == [200] * 3
    assert api.get("/rates").status == 200


def test_a_queue_that_is_away_is_no_reason_to_refuse(api, order, monkeypatch):
    def away(**options):
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr(watch, "apply_async", away)
    assert post(api, message(order.pk)).status == 200


def test_other_methods_are_refused(api, db):
    assert api.get(PATH).status == 405


def test_a_false_message_pays_nothing_and_a_true_one_lets_the_money_be_seen_at_once(api, user, node, asked):
    order = api.as_(user).post("/orders", wish((ProductFactory(price=60), 1))).data
    tick()
    false = message(order["id"], amount=1, confirmations=100)
    assert post(api, false).status == 200
    watch()
    assert (Order.objects.get().status, Payment.objects.get().status) == ("pending", "new")
    assert not Transfer.objects.exists()
    address = order["payment"]["options"][0]["address"]
    paid = node.rpc("sendtoaddress", address, "0.001", wallet="customer")
    node.rpc("generatetoaddress", 1, node.rpc("getnewaddress", wallet="customer"))
    assert post(api, message(order["orderNumber"], transactionHash=paid, amount=0)).status == 200
    watch()  # what the worker does that was asked
    assert asked
    assert (Order.objects.get().status, Payment.objects.get().received) == ("processing", 100_000)
