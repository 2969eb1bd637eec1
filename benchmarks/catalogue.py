"""Things to buy in any number, and where they go."""

from shop.models import Category, Product

PRODUCTS = 40
ADDRESS = {
    "full_name": "Ada Byron",
    "line1": "Mill Lane 12",
    "city": "Lisbon",
    "postal_code": "1100-148",
    "country": "PT",
}


def bench_products() -> list[Product]:
    """Return forty products of which there is plenty; made where they are not there yet."""
    if not Category.objects.filter(slug="bench").exists():
        category = Category.objects.create(name="Bench", slug="bench")
        Product.objects.bulk_create(
            Product(
                category=category, name=f"Bench {i}", slug=f"bench-{i}", sku=f"B-{i}", price=20 + i, stock=1_000_000
            )
            for i in range(PRODUCTS)
        )
    return list(Product.objects.filter(category__slug="bench").order_by("price"))
