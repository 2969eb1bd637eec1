"""What a product list says about itself: the chosen filters, each of which can be taken off."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from cryptons.money import format_fiat
from shop.filters import Filters
from shop.tree import Node


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter in words, and the address of the same list without it; `renames` when the page's heading speaks of it."""

    label: str
    url: str
    renames: bool = False


def chips(filters: Filters, category: Node | None) -> list[Chip]:
    """Return a chip for each chosen filter."""
    everywhere = reverse("shop:products")
    here = category.url if category else everywhere
    chosen = []
    if category is not None:
        chosen.append(Chip(category.name, everywhere + filters.query(), renames=True))
    if filters.words:
        chosen.append(Chip(f"“{filters.words}”", here + filters.without("words").query(), renames=True))
    if filters.low is not None:
        label = f"From {format_fiat(filters.low, settings.CURRENCY)}"
        chosen.append(Chip(label, here + filters.without("low").query()))
    if filters.high is not None:
        label = f"Up to {format_fiat(filters.high, settings.CURRENCY)}"
        chosen.append(Chip(label, here + filters.without("high").query()))
    if filters.in_stock:
        chosen.append(Chip("In stock", here + filters.without("in_stock").query()))
    return chosen
