"""Links to the pages of a list: `{% pagination page %}`."""

from functools import lru_cache

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cryptons.pages import Page, page_made

register = template.Library()

_LONGEST = 300
"""Characters of a query up to which its links are remembered: a visitor can send thousands."""


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page) -> SafeString:
    """Draw links to the pages of the list that `page` is one of; they keep the rest of the request's query."""
    query = context["request"].GET.urlencode()
    draw = _drawn_before if len(query) <= _LONGEST else _drawn
    return draw(page.number, page.paginator.num_pages, query)


def _drawn(number: int, last: int, query: str) -> SafeString:
    page = page_made((), number=number, size=1, total=last)
    return render_to_string("includes/pagination.html", {"page": page, "query": QueryDict(query)})


_drawn_before = lru_cache(maxsize=1024)(_drawn)
