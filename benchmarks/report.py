"""Rows of figures and the table they are printed in."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement. `figures` are printed as they are; `target` says what was wanted, `met` whether it was reached."""

    what: str
    figures: str
    target: str = ""
    met: bool | None = None


def table(rows: Sequence[Row], heading: str) -> str:
    """Return the rows as aligned text."""
    lines = [("what", "measured", "target", ""), *((row.what, row.figures, row.target, _verdict(row)) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join(["", heading, "", texts[0], rule, *texts[1:]])


def _verdict(row: Row) -> str:
    return {None: "", True: "met", False: "MISSED"}[row.met]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
