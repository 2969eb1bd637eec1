"""A cart's lines: `{% cart_lines entries %}`."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString, mark_safe

from cryptons.templatetags.parts import drawn
from shop.addresses import cart_path
from shop.cart_base import CartEntry

register = template.Library()


@register.simple_tag
def cart_lines(entries: Iterable[CartEntry]) -> SafeString:
    """Draw the lines in their order."""
    paths = {"set_at": cart_path("set"), "remove_at": cart_path("remove")}
    parts = [drawn("shop/_cart_line.html", entry=entry, **paths) for entry in entries]
    return mark_safe("".join(parts))  # noqa: S308 (each was drawn by a template)
