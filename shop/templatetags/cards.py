"""A list's cards: `{% drawn_cards cards %}`."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString, mark_safe

from cryptons.templatetags.parts import drawn
from shop.selectors import Card

register = template.Library()

_AT_ONCE_IN_SIGHT = 4


@register.simple_tag
def drawn_cards(cards: Iterable[Card]) -> SafeString:
    """Draw the cards in their order; pictures further down are loaded when they come in sight."""
    parts = (
        drawn("shop/_card.html", card=card, is_late=place >= _AT_ONCE_IN_SIGHT) for place, card in enumerate(cards)
    )
    return mark_safe("".join(parts))  # noqa: S308 (each was drawn by a template)
