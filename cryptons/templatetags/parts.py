"""Parts of pages that are drawn once: `{% part "includes/header_nav.html" categories=nav_categories %}`."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

_MOST = 4096
"""How many parts a process remembers, of a few thousand bytes each; the least used goes first."""


@register.simple_tag(name="part")
@lru_cache(maxsize=_MOST, typed=True)
def drawn(template_name: str, **shown: Hashable) -> SafeString:
    """Draw the template `template_name`, which is given what is `shown` by name and nothing else: no request and no context.

    So it is the same for the same things, and drawn once for them. Nothing has to be told of a change: with other things it is another
    part. What a visitor wrote has to be short. Raises TypeError for things that cannot be compared by what they hold, such as lists.
    """
    return render_to_string(template_name, shown)
