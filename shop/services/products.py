"""Products as the staff writes them. Each service asks for the permission `products:write`."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.validators import slug_re
from django.db import IntegrityError
from django.utils.text import slugify

from cryptons import clock
from cryptons.access import Actor, require
from cryptons.db import atomic, guarded_update
from cryptons.errors import AlreadyExists, InvalidInput, NotFound
from cryptons.money import exponent, fiat
from shop.models import Category, Product
from shop.search.outbox import products_changed
from shop.search.text import spell
from shop.services import pictures as gallery
from shop.version import catalogue_changed

LARGEST_PRICE = Decimal("999999999.99")
RESERVED_SLUGS = frozenset({"suggestions"})
"""Words that mean something else where a product's id or slug stands."""
_TRIES = 50
_ID_LIKE = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def price_trouble(price: Decimal) -> str:
    """Return what is wrong with a price in the store's currency, "" where nothing is."""
    if price <= 0:
        return "A price is above zero."
    if price > LARGEST_PRICE:
        return f"A price is at most {LARGEST_PRICE}."
    if price != fiat(price, settings.CURRENCY):
        return f"A price in {settings.CURRENCY} has at most {exponent(settings.CURRENCY)} decimal places."
    return ""


def slug_trouble(slug: str, *, reserved: Collection[str] = RESERVED_SLUGS) -> str:
    """Return what is wrong with a product's slug, "" where nothing is. A category has no `reserved` words to keep clear of."""
    if not slug_re.fullmatch(slug):
        return "A slug has letters a to z, figures, hyphens and underscores."
    if slug in reserved or _ID_LIKE.fullmatch(slug):
        return "This slug would be mistaken for something else."
    return ""


def create_product(
    *, actor: Actor | None, values: Mapping[str, Any], pictures: Sequence[gallery.Wanted] = ()
) -> Product:
    """Add a product and return it. `values`: name, description, price, category (id or slug), sku; stock and slug if wanted.

    Without a slug one is made from the name. Raises Forbidden, InvalidInput, AlreadyExists (SKU or slug).
    """
    require(actor, "products:write")
    columns = _columns(values)
    prepared = gallery.prepare(pictures, known=())
    chosen = columns.pop("slug", "")
    for slug in [chosen] if chosen else _free_slugs(columns["name"], columns["sku"]):
        product = Product(**columns, slug=slug)
        try:
            with gallery.files_undone() as new, atomic():
                product.save(force_insert=True)
                gallery.arrange(product, prepared, new)
        except IntegrityError as error:
            _refuse_taken(columns, chosen, None, error)
        else:
            return product
    raise AlreadyExists("No free address was found for this name. Choose a slug.", details=[_named("slug")])


def change_product(
    *,
    actor: Actor | None,
    product_id: UUID,
    values: Mapping[str, Any],
    pictures: Sequence[gallery.Wanted] | None = None,
) -> None:
    """Change what `values` names of a product that is shown, and leave the rest; `pictures` are all it has from now on, in order.

    Raises Forbidden, NotFound, InvalidInput, AlreadyExists.
    """
    require(actor, "products:write")
    product = _shown().filter(pk=product_id).first()
    if product is None:
        raise _gone()
    columns = _columns(values)
    prepared = None if pictures is None else gallery.prepare(pictures, known=list(gallery.addresses(product)))
    try:
        with gallery.files_undone() as new, atomic():
            if not guarded_update(_shown().filter(pk=product_id), **columns, updated_at=clock.now()):
                raise _gone()
            if not Product.spelled_from.isdisjoint(columns):
                spell(Product.objects.filter(pk=product_id))
            if prepared is not None:
                product.name = columns.get("name", product.name)
                gallery.arrange(product, prepared, new)
            _announce(product_id)
    except IntegrityError as error:
        _refuse_taken(columns, columns.get("slug", ""), product_id, error)
        raise


def delete_product(*, actor: Actor | None, product_id: UUID) -> None:
    """Take a product out of the shop. One that stands in an order is only hidden, any other is deleted. Raises Forbidden, NotFound."""
    require(actor, "products:write")
    with atomic():
        # Hidden first: from here on nobody can order it, so what is found below stays so.
        if not guarded_update(_shown().filter(pk=product_id), is_visible=False, updated_at=clock.now()):
            raise _gone()
        product = Product.objects.filter(pk=product_id, order_lines__isnull=True).first()
        if product is not None:
            product.delete()
        _announce(product_id)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as columns. Raises InvalidInput naming each that breaks a rule."""
    columns, slug = dict(values), values.get("slug", "")
    wrong = {
        "price": price_trouble(values["price"]) if "price" in values else "",
        "slug": slug_trouble(slug) if slug else "",
    }
    if "category" in values:
        columns["category"] = _category(values["category"])
        wrong["category"] = "" if columns["category"] else "There is no such category."
    details = [{"field": name, "message": message} for name, message in wrong.items() if message]
    if details:
        raise InvalidInput("Some of what was sent is not valid.", details=details)
    return columns


def _category(named: str) -> Category | None:
    by_id = _ID_LIKE.fullmatch(named)
    return Category.objects.filter(**({"pk": named} if by_id else {"slug": named})).first()


def _free_slugs(name: str, sku: str) -> list[str]:
    """Return slugs to try, best first."""
    stem = slugify(name)[:150].strip("-") or slugify(sku) or "product"
    wanted = [stem, *(f"{stem}-{number}" for number in range(2, _TRIES))]
    taken = set(Product.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    return [slug for slug in wanted if slug not in taken and not slug_trouble(slug)]


def _refuse_taken(columns: Mapping[str, Any], slug: str, own: UUID | None, error: IntegrityError) -> None:
    """Raise AlreadyExists for what another product has; return where nothing is found."""
    others = Product.objects.exclude(pk=own) if own else Product.objects.all()
    taken = [
        _named(field)
        for field, value in (("sku", columns.get("sku")), ("slug", slug))
        if value and others.filter(**{field: value}).exists()
    ]
    if taken:
        raise AlreadyExists("Another product has this already.", details=taken) from error


def _named(field: str) -> dict[str, str]:
    return {"field": field, "message": f"Another product has this {'SKU' if field == 'sku' else field}."}


def _shown() -> Any:
    return Product.objects.filter(is_visible=True)


def _gone() -> NotFound:
    return NotFound("There is no such product.")


def _announce(product_id: UUID) -> None:
    products_changed([product_id])
    catalogue_changed()
