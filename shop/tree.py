"""The category tree: read in one query, counted in another, and good until the catalogue changes, for a minute at most."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count
from django.urls import reverse

from cryptons import clock, freshness
from cryptons.freshness import Making, Seen, State
from shop.models import Category, Product

LONGEST = 60
"""Seconds that it is believed at most, whatever happens: somebody may write to the database past this program."""


@dataclass(slots=True)
class Node:
    """A category with its place in the tree. `count` is the number of visible products in it and all below it."""

    id: UUID
    name: str
    slug: str
    description: str
    url: str
    parent: "Node | None" = None
    children: "list[Node]" = field(default_factory=list)
    count: int = 0

    def walk(self) -> "Iterator[Node]":
        """Yield this node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ids(self) -> list[UUID]:
        """Return the keys of this category and all below it."""
        return [node.id for node in self.walk()]

    def path(self) -> "list[Node]":
        """Return the way from the root down to this node."""
        return [*(self.parent.path() if self.parent else []), self]


@dataclass(frozen=True, slots=True)
class Sign:
    """The way to a category, as every page shows it."""

    name: str
    slug: str
    url: str


@dataclass(slots=True)
class Tree:
    """All categories; `roots` in the order of their position, `signs` the way to those with something in them.

    `count` is the number of all visible products.
    """

    roots: list[Node]
    by_slug: dict[str, Node]
    by_id: dict[UUID, Node]
    count: int
    signs: tuple[Sign, ...]


# The tree as this process read it last, and how everything stood before that.
_remembered: list[tuple[Seen, Tree]] = []


def category_tree() -> Tree:
    """Return the tree with counts as it is now: two queries where it was read here before a change or a minute ago, else none."""
    return tree_at(freshness.state())


def tree_at(version: State) -> Tree:
    """Return a tree at least as new as `version` (`shop.version`), whichever process changed it. Treat it as unchangeable."""
    now = clock.now().timestamp()
    for seen, tree in _remembered:
        if version and seen.is_good(version, now):
            return tree
    tree = _read()
    _remembered[:] = [(Making(version, now).seen(LONGEST), tree)]
    return tree


def _read() -> Tree:
    rows = Category.objects.order_by("position", "name").values("id", "parent_id", "name", "slug", "description")
    # Rows are counted and not their keys, so that the index over category and visibility answers without the table.
    counts = dict(
        Product.objects.filter(is_visible=True).order_by().values_list("category_id").annotate(number=Count("*"))
    )
    nodes: dict[UUID, Node] = {}
    parents: dict[UUID, UUID | None] = {}
    for row in rows:
        address = reverse("shop:category", args=[row["slug"]])
        nodes[row["id"]] = Node(
            row["id"], row["name"], row["slug"], row["description"], address, count=counts.get(row["id"], 0)
        )
        parents[row["id"]] = row["parent_id"]
    roots = _link(nodes, parents)
    for root in roots:
        _sum_up(root)
    # Only what hangs on a root: a branch that by some accident stands below itself has no place and no way up.
    placed = [node for root in roots for node in root.walk()]
    signs = tuple(Sign(root.name, root.slug, root.url) for root in roots if root.count)
    return Tree(
        roots, {node.slug: node for node in placed}, {node.id: node for node in placed}, sum(counts.values()), signs
    )


def _link(nodes: dict[UUID, Node], parents: dict[UUID, UUID | None]) -> list[Node]:
    roots = []
    for key, node in nodes.items():
        parent_id = parents[key]
        if parent_id is None:
            roots.append(node)
        else:
            node.parent = nodes[parent_id]
            node.parent.children.append(node)
    return roots


def _sum_up(node: Node) -> int:
    node.count += sum(_sum_up(child) for child in node.children)
    return node.count
