"""Bitcoin on its own chain: one address a payment, from the store's node."""

from uuid import UUID

import structlog
from django.conf import settings

from cryptons.errors import PaymentMethodUnavailable
from payments.bitcoin.configured import node
from payments.bitcoin.errors import NodeError
from payments.bitcoin.uri import payment_uri

logger = structlog.get_logger(__name__)


class OnChainBitcoin:
    """Payment to an address that the node made for this payment alone; its label in the wallet is the payment's id."""

    name = "onchain"
    coin = "BTC"

    def make_address(self, payment_id: UUID) -> str:
        """Return a new address. Raises PaymentMethodUnavailable, having logged why."""
        try:
            return node().new_address(str(payment_id))
        except NodeError as error:
            logger.warning("address_refused", payment=str(payment_id), reason=error.message, code=error.code)
            raise PaymentMethodUnavailable(
                "Bitcoin payments cannot be prepared right now. Nothing is lost; please try again in a moment."
            ) from error

    def uri(self, address: str, amount: int) -> str:
        """Return the BIP 21 link for `amount` satoshi, labelled with the store's name."""
        return payment_uri(address, amount, label=settings.SITE_NAME)
