"""The pages on which the shop shows what it sells."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.text import Truncator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cryptons.errors import NotFound
from cryptons.pagecache import impersonal
from shop import selectors
from shop.addresses import product_path, products_path
from shop.cart_base import most_pieces
from shop.coinprice import approximate
from shop.filters import Filters, parse, sorts_for, tidy
from shop.gallery import pictures_of
from shop.linked_data import breadcrumb_data, product_data
from shop.listing import chips, list_products
from shop.search.finding import suggest
from shop.stock import FEW, stock_state
from shop.tree import Node, category_tree

LISTING = "listing"
"""Id of the part of the list page that htmx swaps."""


@require_safe
@impersonal()
def home(request: HttpRequest) -> HttpResponse:
    """Show what the shop is, its categories and what is new."""
    roots = [node for node in category_tree().roots if node.count]
    context = {"newest": selectors.newest_products(limit=8), "roots": roots}
    return render(request, "shop/home.html", context)


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for an icon unprompted (on pages without a head of ours) to the shop's."""
    return redirect(static("img/favicon.svg"))


@require_safe
@impersonal("q", "min", "max", "stock", "rating", "sort", "page")
def products(request: HttpRequest, slug: str = "") -> HttpResponse:
    """List the products, of one category (its descendants included) or of the whole shop; alone the list for htmx."""
    filters = parse(request.GET)
    category = _category(slug)
    listed = list_products(filters=filters, category=category, tree=category_tree(), page=request.GET.get("page"))
    page = listed.page
    context = {"page": page, "listed": listed, **_listing_context(request, filters, category)}
    partial = _wants_listing(request)
    response = render(request, "shop/_listing.html" if partial else "shop/products.html", context)
    if partial:
        number = f"{'&' if filters.query() else '?'}page={page.number}" if page.number > 1 else ""
        response["HX-Push-Url"] = f"{request.path}{filters.query()}{number}"
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@impersonal("q")
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer with options for the search box: products whose names begin like what was typed so far."""
    words = tidy(request.GET.get("q", ""))
    found = suggest(words=words)
    options = [(one["name"], product_path(one["slug"])) for one in found]
    return render(request, "shop/_suggestions.html", {"options": options})


@require_safe
@impersonal("reviews", "page")
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one product."""
    try:
        found = selectors.get_product(slug=slug)
    except NotFound as error:
        raise Http404(error.message) from error
    tree = category_tree()
    node = tree.by_id.get(found.category_id)
    path = node.path() if node else []
    images = pictures_of([found.pk])[found.pk]
    crumbs = (*_crumbs(path), (found.name, found.get_absolute_url()))
    context = {
        "product": found,
        "images": images,
        "stock": stock_state(found.stock),
        "coin": approximate(found.price, settings.CURRENCY),
        "related": selectors.related_products(product=found, limit=4),
        "crumbs": crumbs,
        "category": node,
        "current_root": path[0].slug if path else "",
        "canonical": f"{settings.SITE_URL}{found.get_absolute_url()}",
        "share_picture": images[0].address if images else "",
        "linked_data": [product_data(found, images), breadcrumb_data(crumbs)],
        "in_short": Truncator(found.summary or found.description).chars(155),
        "delivery_text": settings.DELIVERY_TEXT,
        # Of much the exact number would make the page be made anew with each order; the cart knows it.
        "most": most_pieces(found.stock) if found.stock <= FEW else settings.CART_MOST_PIECES,
    }
    return render(request, "shop/product.html", context)


def _crumbs(path: list[Node]) -> tuple[tuple[str, str], ...]:
    return (("All products", products_path()), *((node.name, node.url) for node in path))


def _category(slug: str) -> Node | None:
    if not slug:
        return None
    node = category_tree().by_slug.get(slug)
    if node is None:
        raise Http404("There is no such category in the shop.")
    return node


def _wants_listing(request: HttpRequest) -> bool:
    asked = request.META
    return (
        asked.get("HTTP_HX_REQUEST") == "true"
        and asked.get("HTTP_HX_TARGET") == LISTING
        and asked.get("HTTP_HX_HISTORY_RESTORE_REQUEST") != "true"
    )


def _listing_context(request: HttpRequest, filters: Filters, category: Node | None) -> dict[str, Any]:
    path = category.path() if category else []
    return {
        "filters": filters,
        "chips": chips(filters, category),
        "category": category,
        "is_everything": category is None,
        "crumbs": _crumbs(path),
        "current_root": path[0].slug if path else "",
        "sorts": tuple(sorts_for(filters.words).items()),
        "search_words": filters.words,
        "query": filters.query(),
        "canonical": f"{settings.SITE_URL}{request.path}",
    }
