"""Whatever happens to orders, in whatever sequence: pieces are never made or lost, and an order never moves against its graph."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cryptons import clock
from cryptons.errors import DomainError
from orders.models import Order, OrderEvent
from orders.payment_status import payment_status_of
from orders.services import accept_payment, add_up_sales, cancel_order, deliver, recount_sales, ship, sweep
from orders.status import PAID, OrderStatus, may_move
from payments.models import Payment
from shop.models import Product
from tests.factories import ProductFactory, StaffFactory, TransferFactory
from tests.orders.steps import payment_for, place, tell

STOCK = 6
STATES = [
    ("new", "", 0),
    ("seen", "", 100),
    ("seen", "underpaid", 40),
    ("settled", "", 100),
    ("settled", "overpaid", 150),
    ("expired", "", 0),
    ("expired", "underpaid", 40),
    ("expired", "late", 100),
    ("invalid", "", 0),
]


def on_the_chain(payment, status, exception, received):
    """Let exactly those transfers exist that the payment's state would follow from."""
    payment.transfers.all().delete()
    ends = clock.now() + timedelta(minutes=15 if status in {"new", "seen", "settled"} else -1)
    Payment.objects.filter(pk=payment.pk).update(expires_at=ends, accepted_at=None)
    if received:
        seen_at = ends + timedelta(seconds=30 if exception == "late" else -30)
        depth = 0 if status == "seen" else 6
        TransferFactory(payment=payment, amount=received, state="confirmed", confirmations=depth, seen_at=seen_at)


class Shop(RuleBasedStateMachine):
    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.product = ProductFactory(stock=STOCK)
        self.staff = StaffFactory()

    def teardown(self) -> None:
        add_up_sales()
        assert recount_sales(repair=False).wrong == []
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(target=orders, quantity=st.integers(1, 3), key=st.integers(0, 5))
    def buy(self, quantity, key):
        try:
            return place((self.product, quantity), checkout_key=f"key-{key}").pk
        except DomainError:
            return None

    @rule(order=orders, state=st.sampled_from(STATES))
    def payment_becomes(self, order, state):
        if order:
            status, exception, share = state
            row = Order.objects.get(pk=order)
            payment = payment_for(row)
            on_the_chain(payment, status, exception, payment.amount * share // 100)
            tell(row, status, exception, received=payment.amount * share // 100)

    @rule(order=orders, by_staff=st.booleans())
    def cancel(self, order, by_staff):
        self.attempt(cancel_order, order, self.staff if by_staff else None)

    @rule(order=orders, step=st.sampled_from([ship, deliver, accept_payment]))
    def staff_takes(self, order, step):
        self.attempt(step, order, self.staff)

    @rule()
    def swept(self):
        sweep()

    @rule()
    def added_up(self):
        add_up_sales()

    def attempt(self, step, order, actor):
        if order:
            try:
                step(order_id=order, actor=actor)
            except DomainError:
                return

    @invariant()
    def no_piece_is_made_or_lost(self):
        held = sum(line.quantity for order in Order.objects.filter(stock_held=True) for line in order.lines.all())
        assert Product.objects.get(pk=self.product.pk).stock + held == STOCK

    @invariant()
    def only_cancelled_orders_let_go_of_their_pieces(self):
        for order in Order.objects.all():
            assert order.stock_held == (order.status != OrderStatus.CANCELLED), order.status

    @invariant()
    def every_move_follows_the_graph(self):
        for order in Order.objects.all():
            moves = OrderEvent.objects.filter(order=order).exclude(to_status="").order_by("created_at", "id")
            path = [event.to_status for event in moves]
            assert path[0] == OrderStatus.PENDING
            assert path[-1] == order.status
            assert all(may_move(old, new) for old, new in itertools.pairwise(path))

    @invariant()
    def each_order_says_how_far_it_is_paid(self):
        for order in Order.objects.all():
            assert order.payment_status == payment_status_of(payment_for(order))

    @invariant()
    def what_is_paid_without_a_settled_payment_is_shown_to_staff(self):
        doubtful = Payment.objects.exclude(status="settled").filter(order_link__order__status__in=PAID)
        for payment in doubtful:
            assert payment.order_link.order.attention


@pytest.mark.django_db
def test_pieces_and_moves_stay_right_in_any_order_of_events():
    options = settings(max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Shop, settings=options)
