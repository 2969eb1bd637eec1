"""A product's card in a list: `{% drawn card 3 %}`."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from shop.selectors import Card

register = template.Library()

_AT_ONCE_IN_SIGHT = 4


@register.simple_tag
def drawn(card: Card, place: int) -> SafeString:
    """Draw the card that stands in the `place`-th place, from 1; pictures further down are loaded when they come in sight."""
    return _drawn(card, place > _AT_ONCE_IN_SIGHT, settings.CURRENCY)


@lru_cache(maxsize=4096)
def _drawn(card: Card, is_late: bool, _currency: str) -> SafeString:
    # A card shows what it holds and nothing else, so one that was drawn before is the same: half of a list's rendering is saved.
    return render_to_string("shop/_card.html", {"card": card, "is_late": is_late})
