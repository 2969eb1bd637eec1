"""What a product list shows beside the products: the chosen filters, each of which can be taken off, and ways to narrow it further."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from cryptons.money import format_fiat
from cryptons.pages import Page, page_made, page_named
from shop import selectors
from shop.addresses import products_path
from shop.facets import Facets
from shop.filters import Filters
from shop.search.finding import Part, Source, categories_with, find
from shop.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter in words, and the address of the same list without it; `renames` when the page's heading speaks of it."""

    label: str
    url: str
    renames: bool = False


@dataclass(frozen=True, slots=True)
class Narrower:
    """A way to narrow the list, in words, with the address of what that leaves and how many products that are."""

    label: str
    url: str
    count: int


Narrowers = tuple[tuple[str, tuple[Narrower, ...]], ...]
"""Headings with the links below them."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A category to go to with the same filters, and how many products there are in it; `children` where it is open."""

    name: str
    url: str
    count: int
    is_here: bool
    children: "tuple[Branch, ...]"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of products as cards, what found them, and how they can be narrowed: the headings with their links."""

    page: Page
    source: Source
    narrowers: Narrowers
    branches: tuple[Branch, ...]


def list_products(*, filters: Filters, category: Node | None, tree: Tree, page: str | None) -> Listing:
    """Return the page that `page` (as sent) names: the first for anything that is no number, the last for one too high."""
    size = settings.PRODUCTS_PER_PAGE
    number = page_named(page)
    part = _part(filters, category, tree, number)
    last = max(-(-part.total // size), 1)
    if number > last:
        number = last
        part = _part(filters, category, tree, last)
    cards = part.arranged(selectors.cards(part.rows.values(*selectors.CARD)), lambda card: card.id)
    made = page_made(cards, number=number, size=size, total=part.total)
    counts = categories_with(filters=filters, tree=tree) if filters.narrows and not part.source.degraded else None
    path = {node.id for node in category.path()} if category else set()
    branches = _branches(tree.roots, filters, counts, path, category)
    return Listing(made, part.source, narrowers(part.facets, filters, category), branches)


def chips(filters: Filters, category: Node | None) -> list[Chip]:
    """Return a chip for each chosen filter."""
    everywhere = products_path()
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
    if filters.rating is not None:
        chosen.append(Chip(_stars(int(filters.rating)), here + filters.without("rating").query()))
    if filters.in_stock:
        chosen.append(Chip("In stock", here + filters.without("in_stock").query()))
    return chosen


def narrowers(facets: Facets | None, filters: Filters, category: Node | None) -> Narrowers:
    """Return ways to narrow the list; what would leave the list as it is, or nothing of it, is left out."""
    if facets is None:
        return ()
    here = category.url if category else products_path()

    def link(label: str, count: int, **changes: Any) -> Narrower:
        return Narrower(label, here + replace(filters, **changes).query(), count)

    prices = [
        link(f"{_money(band.min)} to {_money(band.max)}", band.count, low=band.min, high=band.max)
        for band in facets.prices
    ]
    ratings = [link(_stars(one.min), one.count, rating=Decimal(one.min)) for one in facets.ratings]
    stock = [link("In stock", facets.in_stock, in_stock=True)]
    groups = {"Price": prices, "Rating": ratings, "Availability": stock}
    useful = ((name, tuple(one for one in links if 0 < one.count < facets.total)) for name, links in groups.items())
    return tuple((name, links) for name, links in useful if links)


def _part(filters: Filters, category: Node | None, tree: Tree, number: int) -> Part:
    size = settings.PRODUCTS_PER_PAGE
    start = (number - 1) * size
    return find(filters=filters, category=category, tree=tree, start=start, limit=size, always_facets=False)


def _branches(
    nodes: list[Node], filters: Filters, counts: Mapping[UUID, int] | None, path: set[UUID], here: Node | None
) -> tuple[Branch, ...]:
    query = filters.query()
    found = []
    for node in nodes:
        count = node.count if counts is None else counts.get(node.id, 0)
        is_open = node.id in path
        if count or is_open:
            below = _branches(node.children, filters, counts, path, here) if is_open else ()
            found.append(Branch(node.name, node.url + query, count, here is not None and node.id == here.id, below))
    return tuple(found)


def _stars(least: int) -> str:
    return f"{least} star{'' if least == 1 else 's'} or more"


def _money(amount: Any) -> str:
    return format_fiat(amount, settings.CURRENCY)
