"""Parts of pages that are drawn once: `{% part "includes/header_nav.html" categories=nav_categories %}`."""

from collections.abc import Hashable

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cryptons.generations import Generations

register = template.Library()

_MOST = 16_000_000
"""Bytes of parts that a process remembers: a card takes 5,000 with what it is found by."""

remembered = Generations[SafeString](_MOST)
"""What was drawn, by the template and what it showed."""


@register.simple_tag(name="part")
def drawn(template_name: str, typed: Hashable = "", **shown: Hashable) -> SafeString:
    """Draw the template `template_name`, which is given what is `shown` by name, and `typed`, and nothing else: no request and no context.

    So it is the same for the same things, and drawn once for them. Nothing has to be told of a change: with other things it is another
    part. Where `typed` is anything, the part shows what a visitor wrote: that is drawn each time, so that nobody can push out what
    everybody sees. With DEBUG everything is, so that an edited template is seen at once. Raises TypeError for things that cannot be
    compared by what they hold, such as lists.
    """
    if typed or settings.DEBUG:
        return render_to_string(template_name, {"typed": typed, **shown})
    # With the types, since 1 and True, and text that is safe and text that is not, are equal and look different.
    key = (template_name, *shown.items(), *map(type, shown.values()))
    part = remembered.get(key)
    if part is None:
        part = render_to_string(template_name, {"typed": typed, **shown})
        remembered.put(key, part)
    return part
