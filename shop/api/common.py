"""What the views of the catalogue share."""

from uuid import UUID

from cryptons.api.conditional import kept
from cryptons.api.fields import identifier
from cryptons.errors import NotFound
from shop.tree import Node, Tree

__all__ = ["category_of", "kept", "key_of"]


def key_of(named: str) -> UUID | None:
    """Return the id that stands in an address, None where it is a slug."""
    try:
        return identifier(named)
    except NotFound:
        return None


def category_of(tree: Tree, named: str) -> Node:
    """Return the category with this id or slug. Raises NotFound."""
    key = key_of(named)
    node = tree.by_id.get(key) if key else tree.by_slug.get(named)
    if node is None:
        message = "There is no such category in the shop."
        raise NotFound(message, details=[{"field": "category", "message": message}])
    return node
