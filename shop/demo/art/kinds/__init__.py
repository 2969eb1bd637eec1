"""Drawings by what they show; importing this package registers them all."""

from shop.demo.art.kinds import bags, desk, furniture, home, machines, outside, printed, sound, tableware, vessels
from shop.demo.art.registry import KINDS

__all__ = [
    "KINDS",
    "bags",
    "desk",
    "furniture",
    "home",
    "machines",
    "outside",
    "printed",
    "sound",
    "tableware",
    "vessels",
]
