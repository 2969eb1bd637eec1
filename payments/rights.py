"""Who decides about money that came short or late: whoever may change orders, by any of the names that right has."""

from cryptons.access import Actor, may, require

_DECIDES = "orders:write", "orders.change_order", "payments.change_payment"


def may_decide(actor: Actor | None) -> bool:
    """Return whether `actor` may accept a payment as it came, or ask for its rest."""
    return may(actor, *_DECIDES)


def require_decide(actor: Actor | None) -> None:
    """Let `actor` pass where they may decide. Raises Forbidden."""
    require(actor, *_DECIDES)
