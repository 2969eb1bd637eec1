"""Stock in words."""

from dataclasses import dataclass

FEW = 5
"""From this many pieces down the number left is named."""
PLENTY = FEW + 1
"""From this many pieces up it is said the same of any number."""


@dataclass(frozen=True, slots=True)
class StockState:
    """How the stock of a product is said: `text` for people, `tone` the badge's suffix, `schema` the schema.org word."""

    text: str
    tone: str
    schema: str


def stock_state(stock: int) -> StockState:
    """Return how to say that `stock` pieces are left."""
    if stock <= 0:
        return StockState("Sold out", "off", "https://schema.org/OutOfStock")
    if stock <= FEW:
        return StockState(f"{stock} left", "warn", "https://schema.org/LimitedAvailability")
    return StockState("In stock", "ok", "https://schema.org/InStock")
