import pytest

from tests import factories


@pytest.mark.django_db
@pytest.mark.parametrize(
    "factory",
    [
        factories.UserFactory,
        factories.StaffFactory,
        factories.AddressFactory,
        factories.CategoryFactory,
        factories.ProductFactory,
        factories.CartLineFactory,
        factories.PaymentFactory,
        factories.PaymentOptionFactory,
        factories.TransferFactory,
        factories.OrderFactory,
        factories.OrderLineFactory,
        factories.OrderPaymentFactory,
    ],
)
def test_each_factory_makes_rows_that_stand_side_by_side(factory):
    first, second = factory(), factory()
    assert first.pk != second.pk
    first.full_clean(exclude=["password"])
