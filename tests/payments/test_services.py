import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from cryptons import clock
from cryptons.errors import Forbidden, InvalidInput, InvalidTransition, NotFound, PaymentMethodUnavailable
from payments import services
from payments.methods.onchain import OnChainBitcoin
from payments.models import Payment, PaymentOption, Transfer, TransferState
from payments.rates import Quote
from tests.factories import StaffFactory, UserFactory
from tests.payments.conftest import START
from tests.payments.stub import rpc, serving

pytestmark = pytest.mark.django_db


def new_payment(amount="60.00"):
    return services.create_payment(
        fiat_amount=Decimal(amount), currency="EUR", quote=Quote(Decimal(60000), "fixed", clock.now())
    )


def money(payment, amount, *, confirmations=0, seen_at=None, state=TransferState.PENDING, txid="a"):
    return Transfer.objects.create(
        payment=payment, txid=txid * 64, vout=0, address="x", amount=amount, confirmations=confirmations, state=state,
        seen_at=seen_at or clock.now(),
    )  # fmt: skip


@pytest.fixture
def node(settings):
    """A node that hands out bcrt1-0, bcrt1-1, …"""
    count = iter(range(100))
    with serving(rpc({"getnewaddress": lambda label, kind: f"bcrt1-{next(count)}"})) as server:
        settings.BITCOIN_RPC_URL = server.url
        yield server


@pytest.mark.parametrize(("fiat", "depth"), [("0.18", 1), ("999.99", 1), ("1000", 3), ("9999.99", 3), ("10000", 6)])
def test_a_larger_amount_needs_more_confirmations(fiat, depth):
    assert new_payment(fiat).required_confirmations == depth


def test_a_new_payment_locks_the_price_in_satoshi(at):
    payment = new_payment()
    assert payment.amount == 100_000
    assert (payment.tolerance, payment.status, payment.version) == (0, "new", 0)
    assert payment.expires_at == payment.watch_at == START + timedelta(minutes=15)


def test_the_price_is_rounded_up_to_the_next_satoshi():
    quote = Quote(Decimal("70000.01"), "fixed", clock.now())
    assert services.create_payment(fiat_amount=Decimal(1), currency="EUR", quote=quote).amount == 1429


def test_the_tolerance_is_a_share_of_the_amount(settings):
    settings.PAYMENT_TOLERANCE_PERCENT = Decimal("0.5")
    assert new_payment().tolerance == 500


def test_provision_labels_the_address_with_the_payment_and_returns_it_again(node):
    payment = new_payment()
    first = services.provision(payment_id=payment.pk)
    second = services.provision(payment_id=payment.pk)
    assert first.address == second.address == "bcrt1-0"
    assert [body["params"] for path, body in node.seen if isinstance(body, dict)] == [[str(payment.pk), "bech32"]]
    assert node.methods().count("getnewaddress") == 1


@pytest.mark.django_db(transaction=True)
def test_provisions_at_the_same_time_agree_on_one_address(node):
    payment, found = new_payment(), []
    barrier = threading.Barrier(6)

    def ask() -> None:
        barrier.wait()
        found.append(services.provision(payment_id=payment.pk).address)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert set(found) == {PaymentOption.objects.get().address}


def test_an_address_that_another_payment_has_is_never_used_again(settings):
    addresses = iter(["same", "same", "other"])
    with serving(rpc({"getnewaddress": lambda *_: next(addresses)})) as server:
        settings.BITCOIN_RPC_URL = server.url
        assert services.provision(payment_id=new_payment().pk).address == "same"
        assert services.provision(payment_id=new_payment().pk).address == "other"


def test_a_node_that_is_gone_leaves_the_payment_as_it_was(settings):
    settings.BITCOIN_RPC_URL = "http://127.0.0.1:9"
    payment = new_payment()
    with pytest.raises(PaymentMethodUnavailable) as caught:
        services.provision(payment_id=payment.pk)
    assert caught.value.permanent is False
    assert not PaymentOption.objects.exists()
    assert Payment.objects.get().version == 0


def test_the_lock_is_renewed_when_the_first_address_comes_late(node, at, settings):
    payment = new_payment()
    at.advance(minutes=5)
    settings.RATE_FIXED = Decimal(30000)
    services.provision(payment_id=payment.pk)
    payment.refresh_from_db()
    assert (payment.amount, payment.rate) == (200_000, Decimal(30000))
    assert payment.expires_at == payment.watch_at == START + timedelta(minutes=20)


def test_a_payment_in_hand_is_as_it_is_stored_whoever_was_first(node, at, settings):
    mine = new_payment()
    theirs = Payment.objects.get()
    at.advance(minutes=5)
    settings.RATE_FIXED = Decimal(30000)
    first = services.provision_new(payment=mine)
    second = services.provision_new(payment=theirs)
    stored = Payment.objects.values().get()
    assert (first.address, stored["amount"], stored["version"]) == (second.address, 200_000, 1)
    for payment in (mine, theirs):
        assert {name: getattr(payment, name) for name in stored} == stored


def test_the_lock_stays_when_the_address_comes_at_once(node, at, settings):
    payment = new_payment()
    at.advance(seconds=59)
    settings.RATE_FIXED = Decimal(30000)
    services.provision(payment_id=payment.pk)
    payment.refresh_from_db()
    assert (payment.amount, payment.version) == (100_000, 0)


def test_a_payment_that_is_closed_while_the_node_is_asked_is_not_taken_up_again(node, at, monkeypatch):
    payment = new_payment()
    at.advance(minutes=5)
    original = OnChainBitcoin.make_address

    def slow(method, payment_id):
        address = original(method, payment_id)
        assert services.close(payment_id=payment_id)
        return address

    monkeypatch.setattr(OnChainBitcoin, "make_address", slow)
    with pytest.raises(InvalidTransition):
        services.provision(payment_id=payment.pk)
    payment.refresh_from_db()
    assert (payment.status, payment.version) == ("expired", 1)
    assert not PaymentOption.objects.exists()


def test_a_payment_that_is_over_gets_no_address(node):
    payment = new_payment()
    assert services.close(payment_id=payment.pk)
    with pytest.raises(InvalidTransition):
        services.provision(payment_id=payment.pk)
    assert node.methods() == []


def test_closing_stops_the_wait_once(heard, at):
    payment = new_payment()
    assert services.close(payment_id=payment.pk) is True
    assert services.close(payment_id=payment.pk) is False
    payment.refresh_from_db()
    assert (payment.status, payment.watch_at) == ("expired", None)
    assert payment.expires_at < START
    assert heard == []


def test_a_payment_with_money_is_not_closed(heard):
    payment = new_payment()
    money(payment, 50_000)
    Payment.objects.update(status="seen", exception="underpaid", received=50_000)
    before = Payment.objects.values().get()
    assert services.close(payment_id=payment.pk) is False
    assert Payment.objects.values().get() == before


def short_and_expired(at):
    payment = new_payment()
    money(payment, 40_000, confirmations=1, state=TransferState.CONFIRMED)
    Payment.objects.update(status="expired", exception="underpaid", received=40_000, confirmations=1)
    at.advance(minutes=20)
    return payment


def test_accepting_takes_what_came_as_enough(heard, at):
    payment = short_and_expired(at)
    accepted = services.accept(payment_id=payment.pk, actor=StaffFactory())
    assert (accepted.status, accepted.exception, accepted.accepted_at) == ("settled", "", at.time)
    assert [(one.previous, one.status, one.due) for one in heard] == [("expired", "settled", 0)]


def test_accepting_twice_is_refused(heard, at):
    payment = short_and_expired(at)
    services.accept(payment_id=payment.pk, actor=StaffFactory())
    with pytest.raises(InvalidTransition):
        services.accept(payment_id=payment.pk, actor=StaffFactory())
    assert len(heard) == 1


def test_nothing_to_accept_is_refused():
    payment = new_payment()
    with pytest.raises(InvalidTransition):
        services.accept(payment_id=payment.pk, actor=StaffFactory())
    assert Payment.objects.get().accepted_at is None


def test_asking_for_the_rest_waits_again_at_the_locked_rate(heard, at):
    payment = short_and_expired(at)
    extended = services.extend(payment_id=payment.pk, actor=StaffFactory())
    assert (extended.status, extended.exception, extended.amount) == ("seen", "underpaid", 100_000)
    assert extended.expires_at == at.time + timedelta(minutes=15)
    assert (heard[0].status, heard[0].due) == ("seen", 60_000)


def test_only_a_short_expired_payment_is_extended():
    payment = new_payment()
    with pytest.raises(InvalidTransition):
        services.extend(payment_id=payment.pk, actor=StaffFactory())
    assert Payment.objects.get().version == 0


@pytest.mark.parametrize("decide", [services.accept, services.extend])
def test_only_staff_who_may_change_orders_decide_about_money(decide, heard, at):
    payment = short_and_expired(at)
    before = Payment.objects.values().get()
    for actor in (None, UserFactory(), UserFactory(is_staff=True)):
        with pytest.raises(Forbidden):
            decide(payment_id=payment.pk, actor=actor)
    assert (Payment.objects.values().get(), heard) == (before, [])
    member = UserFactory(is_staff=True)
    member.user_permissions.add(Permission.objects.get(codename="orders_write"))
    assert decide(payment_id=payment.pk, actor=member).version == before["version"] + 1


def test_an_unknown_payment_is_not_found():
    with pytest.raises(NotFound):
        services.accept(payment_id="00000000-0000-0000-0000-000000000000", actor=StaffFactory())


def test_less_than_the_network_passes_on_is_refused():
    with pytest.raises(InvalidInput):
        new_payment("0.17")
    assert not Payment.objects.exists()
    assert new_payment("0.18").amount == 300
