"""The one question of a tick, asked so that a node which lost track of our cursor is still asked the right thing."""

from dataclasses import dataclass

import structlog

from payments.bitcoin.errors import INTERNAL, NOT_FOUND, RpcError
from payments.bitcoin.node import Node
from payments.bitcoin.records import Listing
from payments.watcher.lease import Lease, Place

logger = structlog.get_logger(__name__)

_CURSOR_ERRORS = frozenset({NOT_FOUND, INTERNAL, -8})


@dataclass(frozen=True, slots=True)
class Reading:
    """What the node answered. `behind`: it has fewer blocks than it once had and is catching up, so what it does not show means nothing.

    `from_start`: it knew none of our cursors and listed everything.
    """

    listing: Listing
    place: Place
    behind: bool
    from_start: bool = False


def read(node: Node, lease: Lease, depth: int) -> Reading:
    """Return what was received since the lease's cursor: one call as long as no block came, two where one did. Raises NodeError."""
    listing, from_start = _listing(node, lease, depth)
    if listing.cursor == lease.place.cursor:
        return Reading(listing, lease.place, behind=False)
    blocks = node.chain().blocks
    behind = blocks < lease.place.height
    if behind and from_start:
        # Not one of our cursors is known there: this is another chain, or a copy from long ago, and waiting would not end.
        logger.warning("chain_started_anew", height=blocks, height_before=lease.place.height)
        behind = False
    place = lease.place if behind else Place(listing.cursor, blocks)
    return Reading(listing, place, behind, from_start)


def _listing(node: Node, lease: Lease, depth: int) -> tuple[Listing, bool]:
    """Return the listing, and whether it had to start from the beginning.

    A cursor may be unknown (-5, after a crash the node falls back to its last flush), or its block unreadable (-32603, stale and pruned).
    Then an older one lists all that it would have and more; next comes the same cursor without the removed ones; last, everything.
    """
    cursor = lease.place.cursor
    try:
        return node.list_since(cursor, depth), False
    except RpcError as error:
        if error.code not in _CURSOR_ERRORS or not cursor:
            raise
        logger.warning("cursor_not_usable", cursor=cursor, code=error.code, reason=error.message)
    attempts = [(older, True) for older in lease.older_cursors()]
    for block_hash, include_removed in [*attempts, (cursor, False)]:
        try:
            return node.list_since(block_hash, depth, include_removed=include_removed), False
        except RpcError as error:
            if error.code not in _CURSOR_ERRORS:
                raise
    logger.warning("listing_everything", reason="the node knows none of the stored cursors")
    return node.list_since("", depth), True
