"""Rows for tests. Each factory makes a valid row that stands alone; a test names only what it is about."""

from datetime import timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts.models import Address, User
from cryptons import clock
from orders.models import Order, OrderLine, OrderPayment
from payments.models import Payment, PaymentOption, Transfer
from shop.models import CartLine, Category, Product

PASSWORD = "a-good-long-password"
POSTAL = {
    "full_name": "Ada Byron",
    "line1": "Mill Lane 12",
    "line2": "",
    "city": "Lisbon",
    "region": "",
    "postal_code": "1100-148",
    "country": "PT",
    "phone": "",
}


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = PASSWORD
    email_confirmed_at = factory.LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)


class Boss:
    """Whoever may do everything, without a row: the `actor` of a service that is not about who may."""

    is_staff = True

    def has_perm(self, perm):
        return True


BOSS = Boss()


class StaffFactory(UserFactory):
    is_staff = True
    is_superuser = True


class AddressFactory(DjangoModelFactory):
    class Meta:
        model = Address

    user = factory.SubFactory(UserFactory)
    full_name = "Ada Byron"
    line1 = "Mill Lane 12"
    city = "Lisbon"
    postal_code = "1100-148"
    country = "PT"


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")
    slug = factory.Sequence(lambda n: f"category-{n}")


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product

    category = factory.SubFactory(CategoryFactory)
    name = factory.Sequence(lambda n: f"Product {n}")
    slug = factory.Sequence(lambda n: f"product-{n}")
    sku = factory.Sequence(lambda n: f"SKU-{n:04}")
    price = Decimal("25.00")
    stock = 10


class CartLineFactory(DjangoModelFactory):
    class Meta:
        model = CartLine

    user = factory.SubFactory(UserFactory)
    product = factory.SubFactory(ProductFactory)
    quantity = 1
    seen_price = factory.SelfAttribute("product.price")


class PaymentFactory(DjangoModelFactory):
    class Meta:
        model = Payment

    fiat_amount = Decimal("60.00")
    currency = "EUR"
    rate = Decimal("60000")
    rate_source = "fixed"
    rate_at = factory.LazyFunction(clock.now)
    amount = 100_000
    required_confirmations = 1
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(minutes=15))
    watch_at = factory.SelfAttribute("expires_at")


class PaymentOptionFactory(DjangoModelFactory):
    class Meta:
        model = PaymentOption

    payment = factory.SubFactory(PaymentFactory)
    method = "onchain"
    address = factory.Sequence(lambda n: f"bcrt1qtest{n:050}")


class TransferFactory(DjangoModelFactory):
    class Meta:
        model = Transfer

    payment = factory.SubFactory(PaymentFactory)
    txid = factory.Sequence(lambda n: f"{n:064x}")
    vout = 0
    address = factory.Sequence(lambda n: f"bcrt1qtransfer{n:046}")
    amount = 100_000
    seen_at = factory.LazyFunction(clock.now)


class OrderFactory(DjangoModelFactory):
    """An order as a bare row: no lines, no payment, no stock held. `orders.services.place_order` makes whole ones."""

    class Meta:
        model = Order

    number = factory.Sequence(lambda n: f"TEST-{n // 10_000:04}-{n % 10_000:04}")
    checkout_key = factory.Sequence(lambda n: f"test-checkout-{n}")
    email = "buyer@example.org"
    currency = "EUR"
    total = Decimal("60.00")
    full_name = "Ada Byron"
    line1 = "Mill Lane 12"
    city = "Lisbon"
    postal_code = "1100-148"
    country = "PT"


class OrderLineFactory(DjangoModelFactory):
    class Meta:
        model = OrderLine

    order = factory.SubFactory(OrderFactory)
    product = factory.SubFactory(ProductFactory)
    name = factory.SelfAttribute("product.name")
    sku = factory.SelfAttribute("product.sku")
    unit_price = factory.SelfAttribute("product.price")
    quantity = 1
    line_total = factory.LazyAttribute(lambda line: line.unit_price * line.quantity)


class OrderPaymentFactory(DjangoModelFactory):
    class Meta:
        model = OrderPayment

    order = factory.SubFactory(OrderFactory)
    payment = factory.SubFactory(PaymentFactory)
