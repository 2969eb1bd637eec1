"""What staff and operators see and may do."""

import io

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from cryptons import clock
from payments import checks
from payments.management.commands import watch
from payments.models import Cursor, Payment, Rate, Watcher
from payments.watcher import TickReport
from tests.factories import PaymentFactory, PaymentOptionFactory, StaffFactory, TransferFactory, UserFactory
from tests.payments.stub import rpc, serving

pytestmark = pytest.mark.django_db
WALLET = {"walletname": "store", "private_keys_enabled": True, "scanning": False, "blank": False}


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


def changelist(name):
    return reverse(f"admin:payments_{name}_changelist")


def short_and_expired():
    payment = PaymentFactory(status="expired", exception="underpaid", received=60_000, confirmations=1)
    TransferFactory(payment=payment, amount=60_000, state="confirmed", confirmations=1)
    return payment


@pytest.mark.parametrize("name", ["payment", "paymentoption", "transfer", "watcher", "cursor", "rate"])
def test_every_list_opens_with_its_filters_and_search(staff, name):
    TransferFactory(payment=PaymentOptionFactory().payment)
    Watcher.objects.create(coin="BTC", last_ok_at=clock.now())
    Cursor.objects.create(coin="BTC", block_hash="a" * 64)
    Rate.objects.create(pair="BTC/EUR", price=1, source="kraken", fetched_at=clock.now())
    assert staff.get(changelist(name)).status_code == 200
    assert staff.get(changelist(name), {"q": "nothing like it"}).status_code == 200


def test_a_payment_is_found_by_id_address_and_transaction(staff):
    payment = PaymentFactory()
    option = PaymentOptionFactory(payment=payment)
    transfer = TransferFactory(payment=payment)
    PaymentOptionFactory()
    for term in (str(payment.pk), option.address, transfer.txid):
        found = staff.get(changelist("payment"), {"q": term}).context["cl"].result_list
        assert [one.pk for one in found] == [payment.pk]


def test_what_is_an_address_here_and_a_transaction_there_finds_both(staff):
    here, there = PaymentFactory(), PaymentFactory()
    PaymentOptionFactory(payment=here, address="ab" * 32)
    TransferFactory(payment=there, txid="ab" * 32)
    found = staff.get(changelist("payment"), {"q": "ab" * 32}).context["cl"].result_list
    assert {one.pk for one in found} == {here.pk, there.pk}


def test_a_payment_page_shows_all_and_changes_nothing(staff):
    payment = short_and_expired()
    page = reverse("admin:payments_payment_change", args=[payment.pk])
    html = staff.get(page).content.decode()
    assert "0.00060000" in html
    assert 'name="status"' not in html
    before = Payment.objects.values().get()
    assert staff.post(page, {"status": "settled", "received": "100000"}).status_code == 403
    assert staff.get(reverse("admin:payments_payment_add")).status_code == 403
    assert Payment.objects.values().get() == before


def decide(client, action, *payments):
    data = {"action": action, "_selected_action": [str(one.pk) for one in payments]}
    return client.post(changelist("payment"), data, follow=True)


def test_accepting_goes_through_the_service_and_says_what_it_did(staff, heard):
    payment, waiting = short_and_expired(), PaymentFactory()
    html = decide(staff, "accept", payment, waiting).content.decode()
    assert f"Payment {payment.pk}: accepted as paid." in html
    assert f"Payment {waiting.pk}: There is nothing to accept" in html
    assert Payment.objects.get(pk=payment.pk).status == "settled"
    assert Payment.objects.get(pk=waiting.pk).accepted_at is None
    assert len(heard) == 1


def test_asking_for_the_rest_waits_again(staff, heard):
    payment = short_and_expired()
    decide(staff, "ask_for_the_rest", payment)
    payment.refresh_from_db()
    assert (payment.status, payment.exception) == ("seen", "underpaid")
    assert payment.expires_at > clock.now()


def test_who_may_only_look_decides_nothing(client):
    viewer = UserFactory(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_payment"))
    client.force_login(viewer)
    payment = short_and_expired()
    assert client.get(changelist("payment")).status_code == 200
    decide(client, "accept", payment)
    payment.refresh_from_db()
    assert (payment.status, payment.accepted_at) == ("expired", None)


def test_the_decision_filter_finds_what_waits_for_a_person(staff):
    payment = short_and_expired()
    late = PaymentFactory(status="expired", exception="late")
    PaymentFactory()
    for choice, expected in (("short", payment), ("late", late)):
        found = staff.get(changelist("payment"), {"decision": choice}).context["cl"].result_list
        assert [one.pk for one in found] == [expected.pk]


def test_all_models_are_registered():
    assert [model for model in apps.get_app_config("payments").get_models() if model not in admin.site._registry] == []


def checked(settings, methods, wallet=WALLET, **node):
    """What check_nodes prints, and whether it found trouble."""
    out = io.StringIO()
    with serving(rpc({"getwalletinfo": wallet, **methods}, **node)) as server:
        settings.BITCOIN_RPC_URL = server.url
        try:
            call_command("check_nodes", stdout=out)
        except CommandError:
            return out.getvalue(), False
    return out.getvalue(), True


def test_check_nodes_is_content_with_a_store_that_can_be_paid(settings):
    Watcher.objects.create(coin="BTC", last_ok_at=clock.now())
    said, well = checked(settings, {})
    assert well
    assert "network regtest, block 120" in said
    assert "The store can be paid." in said


@pytest.mark.parametrize(
    ("node", "wallet", "said", "advice"),
    [
        ({"chain": "main"}, WALLET, "network 'main', not on 'regtest'", "BITCOIN_NETWORK"),
        ({}, (-18, "Requested wallet does not exist or is not loaded"), "no wallet 'store'", "createwallet store"),
        ({}, (-28, "Loading wallet…"), "The node is starting", "Wait"),
        ({}, {**WALLET, "blank": True}, "is blank", "Import descriptors"),
        ({}, {**WALLET, "scanning": {"progress": 0.1}}, "being rescanned", "Wait"),
    ],
)
def test_check_nodes_says_what_is_wrong_and_what_to_do(settings, node, wallet, said, advice):
    told, well = checked(settings, {"loadwallet": (-18, "Path does not exist.")}, wallet, **node)
    assert not well
    assert said in told
    assert advice in told


def test_check_nodes_says_that_nothing_answers(settings):
    settings.BITCOIN_RPC_URL = "http://127.0.0.1:9"
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_nodes", stdout=out)
    assert "cannot be reached" in out.getvalue()
    assert "Is the node running" in out.getvalue()


def test_watch_once_looks_and_tells(settings):
    empty = {"transactions": [], "removed": [], "lastblock": "a" * 64}
    out = io.StringIO()
    with serving(rpc({"listsinceblock": empty})) as server:
        settings.BITCOIN_RPC_URL = server.url
        call_command("watch", once=True, stdout=out)
    assert out.getvalue() == "Looked: 0 outputs listed, 0 payments changed.\n"


def test_watch_once_fails_where_the_node_does(settings):
    settings.BITCOIN_RPC_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError):
        call_command("watch", once=True, stdout=io.StringIO())


def test_check_nodes_tells_who_has_to_look_and_what_went_wrong(settings, time):
    Watcher.objects.create(coin="BTC", last_ok_at=clock.now(), last_error="1 payments could not be written: x")
    assert "The last look had trouble: 1 payments could not be written: x" in checked(settings, {})[0]
    time.shift(minutes=2)
    assert "The last good look for payments was 120 seconds ago." in checked(settings, {})[0]
    Watcher.objects.all().delete()
    assert "Nobody has looked for payments yet." in checked(settings, {})[0]


def test_check_nodes_tells_a_node_that_catches_up_and_one_that_is_pruned(settings):
    chain = {"chain": "regtest", "blocks": 100, "headers": 150, "initialblockdownload": True, "pruned": True}
    said, well = checked(settings, {"getblockchaininfo": chain})
    assert not well
    assert "still catching up: 50 blocks to go" in said
    assert "The node is pruned." in said


def test_check_nodes_tells_a_rate_that_is_not_known(settings):
    settings.RATE_SOURCE = "kraken"
    settings.RATE_URL = "http://127.0.0.1:9/"
    said, well = checked(settings, {})
    assert not well
    assert "See whether RATE_URL can be reached" in said


def test_watching_goes_on_until_it_is_stopped_and_says_only_what_is_new(monkeypatch):
    reports = iter([TickReport("done"), TickReport("done"), TickReport("busy"), TickReport("failed", error="gone")])

    def look():
        report = next(reports, None)
        if report is None:
            raise KeyboardInterrupt
        return report

    monkeypatch.setattr(watch, "tick", look)
    out = io.StringIO()
    call_command("watch", every=0.001, stdout=out)
    assert out.getvalue().splitlines() == [
        "Looked: 0 outputs listed, 0 payments changed.",
        "Another process is looking at the node right now.",
        "The node could not be asked: gone",
        "Stopped. Nothing is lost: the next look begins where this one ended.",
    ]


@pytest.mark.parametrize(
    ("name", "value", "check", "found"),
    [
        ("PAYMENT_LISTENER", "orders.nowhere.hear", checks.listener_imports, "payments.E001"),
        ("PAYMENT_METHODS", ["payments.methods.onchain.Missing"], checks.methods_import, "payments.E002"),
        ("PAYMENT_METHODS", [], checks.methods_import, "payments.E002"),
        ("PAYMENT_METHODS", ["decimal.Decimal"], checks.methods_import, "payments.E003"),
        ("RATE_SOURCE", "crystal ball", checks.rate_source_exists, "payments.E004"),
    ],
)
def test_a_wrong_setting_is_told_at_the_start(settings, name, value, check, found):
    setattr(settings, name, value)
    assert {one.id for one in check(None)} == {found}


def test_the_settings_as_they_are_have_nothing_wrong():
    assert [*checks.listener_imports(None), *checks.methods_import(None), *checks.rate_source_exists(None)] == []
