"""A large store, made up: as many products and orders as one likes, the same ones every time, written in bulk."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.db.models import Model

from accounts.models import User
from benchmarks.past import Past, history
from cryptons import clock
from orders.models import Order, OrderEvent, OrderLine, OrderPayment, OutboxMessage
from payments.models import Payment, PaymentOption, Transfer
from shop.models import Category, Product, ProductImage

PEOPLE = 5_000
DAYS = 730
"""Over how many days up to now the orders are spread, more of them towards the end."""
_AT_ONCE = 1_000
_KINDS = ["Mug", "Lamp", "Chair", "Bag", "Radio", "Print", "Vase", "Tent", "Kettle", "Notebook"]
_LOOKS = ["Blue", "Oak", "Linen", "Tall", "Quiet", "Brass", "Round", "Folding", "Northern", "Plain"]
_NAMES = ["Ada", "Emmy", "Sofia", "Grace", "Mary", "Lise", "Maria", "Hedy", "Rosa", "Chien"]


def fill(*, products: int, orders: int, seed: int = 1) -> None:
    """Write so many products and orders with all that belongs to them. The tables have to be empty."""
    chance, now = Random(seed), clock.now()
    people = _people(chance, now)
    sold = _products(chance, now, products)
    moments = sorted(now - timedelta(days=DAYS) * (1 - chance.random() ** 0.7) for _ in range(orders))
    for start in range(0, orders, _AT_ONCE):
        batch = [_order(chance, moment, people, sold) for moment in moments[start : start + _AT_ONCE]]
        for model in (Order, OrderLine, Payment, OrderPayment, PaymentOption, Transfer, OrderEvent, OutboxMessage):
            _write(model, [row for rows in batch for row in rows if isinstance(row, model)])
        if start % 20_000 == 0:
            print(f"  {start:,} of {orders:,} orders", file=sys.stderr, flush=True)


def key_at(chance: Random, moment: datetime) -> UUID:
    """Return a key as `cryptons.db.uuid7` would have made it then."""
    stamp = int(moment.timestamp() * 1000) << 80
    return UUID(int=stamp | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62))


def _write(model: type[Model], rows: Sequence[Model]) -> None:
    model._default_manager.bulk_create(rows, batch_size=_AT_ONCE)


def _people(chance: Random, now: datetime) -> list[User]:
    made = [now - timedelta(days=chance.randrange(DAYS)) for _ in range(PEOPLE)]
    people = [
        User(
            id=key_at(chance, moment),
            email=f"person{number}@example.org",
            username=f"person-{number}",
            password="!",
            created_at=moment,
            email_confirmed_at=moment,
        )
        for number, moment in enumerate(made)
    ]
    _write(User, people)
    return people


def _products(chance: Random, now: datetime, count: int) -> list[Product]:
    """Write the products in 200 categories of two levels; return them, those that sell best first."""
    roots = [Category(name=f"Room {n}", slug=f"room-{n}", position=n) for n in range(20)]
    leaves = [
        Category(parent=root, name=f"{root.name}, shelf {n}", slug=f"{root.slug}-{n}")
        for root in roots
        for n in range(9)
    ]
    _write(Category, [*roots, *leaves])
    products = [_product(chance, now, number, chance.choice(leaves)) for number in range(count)]
    _write(Product, products)
    _write(ProductImage, [_image(one) for one in products])
    return products


def _product(chance: Random, now: datetime, number: int, category: Category) -> Product:
    name = f"{chance.choice(_LOOKS)} {chance.choice(_KINDS)} {number}"
    count = chance.choice([0, 0, 0, 1, 3, 9])
    stars = sum(chance.randint(2, 5) for _ in range(count))
    moment = now - timedelta(minutes=chance.randrange(DAYS * 1440))
    return Product(
        id=key_at(chance, moment),
        category=category,
        name=name,
        slug=f"product-{number}",
        sku=f"R-{number:06}",
        summary=f"A {name.lower()} for every day.",
        description=f"{name}. " + "Made to be used for many years and to be repaired when it has to be. " * 6,
        price=Decimal(chance.randrange(500, 50_000)) / 100,
        stock=chance.choice([0, *[chance.randrange(1, 400)] * 30]),
        is_visible=number % 50 != 49,
        rating_total=stars,
        rating_count=count,
        rating=(Decimal(stars) / count).quantize(Decimal("0.01")) if count else Decimal(0),
        created_at=moment,
    )


def _image(product: Product) -> ProductImage:
    path = f"products/{product.slug}.jpg"
    return ProductImage(product=product, image=path, thumbnail=path, width=900, height=900, alt=product.name)


def _order(chance: Random, moment: datetime, people: Sequence[User], products: Sequence[Product]) -> list[Model]:
    """Return an order with its lines, its payment and what happened to it."""
    past = history(chance, clock.now() - moment)
    buyer = chance.choice(people)
    order = Order(
        id=key_at(chance, moment),
        number="-".join(f"{chance.getrandbits(20):05X}"[-4:] for _ in range(4)),
        checkout_key=f"{chance.getrandbits(128):032x}",
        user=buyer if chance.random() < 0.6 else None,
        email=buyer.email,
        currency="EUR",
        status=past.status,
        payment_status=past.word,
        attention=past.attention,
        stock_held=past.status != "cancelled",
        full_name=f"{chance.choice(_NAMES)} Byron",
        line1="Mill Lane 12",
        city="Lisbon",
        postal_code="1100-148",
        country="PT",
        created_at=moment,
        updated_at=moment,
    )
    lines = _lines(chance, order, products)
    order.total = sum((line.line_total for line in lines), Decimal(0))
    return [order, *lines, *_payment(chance, order, past), *_told(chance, order, past)]


def _lines(chance: Random, order: Order, products: Sequence[Product]) -> list[OrderLine]:
    """Return one to three lines. Half of all sales are spread over everything, half go to a few favourites."""
    count = chance.choice([1, 2, 2, 3])
    places = {int(len(products) * chance.random() ** chance.choice([1, 8])) for _ in range(count)}
    return [_line(chance, order, products[place], position) for position, place in enumerate(sorted(places))]


def _line(chance: Random, order: Order, product: Product, position: int) -> OrderLine:
    quantity = chance.choice([1, 1, 1, 2, 3])
    return OrderLine(
        id=key_at(chance, order.created_at),
        order=order,
        product=product,
        name=product.name,
        sku=product.sku,
        unit_price=product.price,
        quantity=quantity,
        line_total=product.price * quantity,
        position=position,
    )


def _payment(chance: Random, order: Order, past: Past) -> Iterator[Model]:
    moment, amount = order.created_at, int(order.total * 1000)
    received = amount * past.share // 100
    payment = Payment(
        id=key_at(chance, moment),
        fiat_amount=order.total,
        currency=order.currency,
        rate=Decimal(60_000),
        rate_source="fixed",
        rate_at=moment,
        amount=amount,
        required_confirmations=1,
        expires_at=moment + timedelta(minutes=15),
        status=past.payment,
        exception=past.exception,
        received=received,
        confirmations=12 if past.payment == "settled" else 0,
        watch_at=moment + timedelta(minutes=15) if past.payment == "new" else None,
        created_at=moment,
        updated_at=moment,
    )
    address = f"bcrt1q{chance.getrandbits(190):048x}"
    yield payment
    yield OrderPayment(id=key_at(chance, moment), order=order, payment=payment, created_at=moment)
    yield PaymentOption(
        id=key_at(chance, moment), payment=payment, method="onchain", address=address, created_at=moment
    )
    if received:
        settled = past.payment == "settled"
        yield Transfer(
            id=key_at(chance, moment),
            payment=payment,
            txid=f"{chance.getrandbits(256):064x}",
            vout=0,
            address=address,
            amount=received,
            state="confirmed" if settled else "pending",
            confirmations=12 if settled else 0,
            seen_at=moment + timedelta(minutes=5),
            is_final=past.payment != "seen",
        )


def _told(chance: Random, order: Order, past: Past) -> Iterator[Model]:
    """Return the order's history, and the news of it, all sent but the latest of the newest."""
    for step, (kind, old, new, topic) in enumerate(past.steps):
        moment = order.created_at + timedelta(minutes=20 * step)
        row = OrderEvent(id=key_at(chance, moment), order=order, kind=kind, message=f"{kind} {new}", created_at=moment)
        row.from_status, row.to_status = old, new
        yield row
        if topic:
            yield OutboxMessage(
                id=key_at(chance, moment),
                key=f"order:{order.pk}:{topic}",
                topic=topic,
                order=order,
                attempts=1,
                next_attempt_at=None,
                sent_at=moment,
                created_at=moment,
            )
