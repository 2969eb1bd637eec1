"""The demo catalogue as it stands in `catalogue/*.toml`, read and checked."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from shop.demo.art.colour import NAMED, Look

FOLDER = Path(__file__).parent / "catalogue"


@dataclass(frozen=True)
class DemoCategory:
    """A node of the demo tree; `parent` is a slug, or empty at the top."""

    slug: str
    name: str
    description: str
    parent: str


@dataclass(frozen=True)
class DemoProduct:
    """Something the demo store sells; `price` is in the store's currency."""

    sku: str
    name: str
    category: str
    price: Decimal
    stock: int
    summary: str
    description: str
    kind: str
    backdrop: str
    look: Look


def categories() -> list[DemoCategory]:
    """Return the tree, parents before children."""
    return [
        DemoCategory(row["slug"], row["name"], row["description"], row.get("parent", ""))
        for row in _rows("categories.toml", "category")
    ]


def products() -> list[DemoProduct]:
    """Return all products in the order of their files."""
    files = sorted(path.name for path in FOLDER.glob("*.toml") if path.name != "categories.toml")
    return [_product(row) for name in files for row in _rows(name, "product")]


def _rows(name: str, key: str) -> Iterator[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))[key]
    yield from rows


def _product(row: Mapping[str, Any]) -> DemoProduct:
    drawn = row["picture"]
    main, second, accent = (NAMED[name] for name in drawn["colours"])
    return DemoProduct(
        sku=row["sku"],
        name=row["name"],
        category=row["category"],
        price=Decimal(row["price"]),
        stock=row["stock"],
        summary=row["summary"],
        description=row["description"].strip(),
        kind=drawn["kind"],
        backdrop=drawn["backdrop"],
        look=Look(main, second, accent, drawn.get("variant", 0)),
    )
