"""The wishlist's button on a product's page: `{% wish_here as wish %}`."""

from typing import Any

from django import template
from django.template.context import Context

from accounts.models import User
from shop.wishlist import is_wished

register = template.Library()


@register.simple_tag(takes_context=True)
def wish_here(context: Context) -> dict[str, Any]:
    """Return `slug` of the product whose page this is, and whether the person who looks at it has it on their wishlist.

    It stands in a `{% personal %}` part and so goes by the address. It asks nothing for somebody who is not signed in.
    """
    request = context["request"]
    slug: str = request.resolver_match.kwargs["slug"] if request.resolver_match else ""
    user = request.user
    return {"slug": slug, "is_wished": isinstance(user, User) and is_wished(user=user, slug=slug)}
