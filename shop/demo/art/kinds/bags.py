"""Bags."""

from shop.demo.art.canvas import Canvas
from shop.demo.art.colour import Look, darker, fall, lighter, rounded, sheet
from shop.demo.art.kinds.outside import strap
from shop.demo.art.registry import kind


@kind(focus=(0, -360), zoom=1.7, place="camp")
def rucksack(c: Canvas, look: Look) -> None:
    """Draw a rucksack."""
    c.ground(210)
    for side in (-1, 1):
        strap(c, [(side * 150, -500), (side * 260, -380), (side * 250, -120), (side * 190, -40)], 34, look.second)
    strap(c, [(-60, -610), (0, -660), (60, -610)], 22, look.second)
    c.curve(
        [
            (-190, -520),
            (-120, -590),
            (120, -590),
            (190, -520),
            (220, -300),
            (222, -40),
            (180, -2),
            (-180, -2),
            (-222, -40),
            (-220, -300),
        ],
        rounded(look.main, 0.9),
    )
    c.rect(-196, -610, 392, 130, fall(lighter(look.main, 0.06), 1.2), r=52)
    c.line([(-180, -500), (180, -500)], 7, darker(look.main, 0.3))
    for x in (-100, 100):
        strap(c, [(x, -600), (x, -300)], 30, look.second)
        c.rect(x - 26, -400, 52, 44, look.accent, r=8)
        c.rect(x - 13, -388, 26, 20, darker(look.second, 0.1), r=4)
    c.rect(-150, -270, 300, 230, sheet(lighter(look.main, 0.04)), r=30)
    c.rect(-150, -280, 300, 84, sheet(darker(look.main, 0.1)), r=26)
    c.rect(-22, -214, 44, 50, look.second, r=8)
    c.ellipse(0, -180, 9, 9, look.accent)
    c.rect(-200, -36, 400, 34, rounded(look.second), r=14)


@kind(focus=(0, -300), zoom=1.7, scale=1.02)
def tote(c: Canvas, look: Look) -> None:
    """Draw a tote."""
    c.ground(220)
    strap(c, [(-96, -400), (-84, -600), (0, -650), (84, -600), (96, -400)], 26, darker(look.second, 0.18))
    c.curve(
        [
            (-210, -430),
            (0, -418),
            (210, -430),
            (226, -200),
            (218, -16),
            (150, -2),
            (-150, -2),
            (-218, -16),
            (-226, -200),
        ],
        sheet(look.main, 1.3),
    )
    c.poly([(-212, -432), (212, -432), (216, -380), (-216, -380)], darker(look.main, 0.08))
    strap(c, [(-96, -330), (-92, -470), (-60, -590), (0, -628), (60, -590), (92, -470), (96, -330)], 28, look.second)
    for x in (-96, 96):
        c.rect(x - 24, -350, 48, 60, look.second, r=6)
        c.line([(x - 14, -340), (x + 14, -300)], 4, lighter(look.second, 0.3))
        c.line([(x + 14, -340), (x - 14, -300)], 4, lighter(look.second, 0.3))
    c.ellipse(0, -180, 80, 80, look.accent)
    c.poly([(-58, -140), (-14, -210), (8, -176), (26, -196), (60, -140)], look.main)
    c.rect(-214, -40, 428, 36, sheet(darker(look.main, 0.12)), r=12)


@kind(focus=(0, -330), zoom=1.7, scale=1.1, place="camp")
def pannier(c: Canvas, look: Look) -> None:
    """Draw a pannier."""
    c.ground(210)
    c.rect(-150, -580, 300, 24, darker(look.accent, 0.4), r=8)
    for x in (-90, 90):
        c.rect(x - 16, -600, 32, 60, darker(look.accent, 0.2), r=8)
    c.curve([(-200, -500), (200, -500), (216, -240), (190, -10), (-190, -10), (-216, -240)], rounded(look.main, 0.9))
    c.rect(-210, -560, 420, 120, fall(look.main, 1.3), r=46)
    c.line([(-196, -470), (196, -470)], 7, darker(look.main, 0.3))
    for x in (-110, 110):
        strap(c, [(x, -540), (x + 4, -280)], 32, look.second)
        c.rect(x - 22, -380, 52, 46, look.accent, r=8)
        c.rect(x - 8, -368, 24, 22, darker(look.second, 0.1), r=4)
    c.rect(-120, -230, 240, 150, sheet(darker(look.main, 0.07)), r=18)
    c.ellipse(0, -150, 34, 34, look.accent)
    c.ellipse(0, -150, 24, 24, (200, 70, 54))
    strap(c, [(-206, -420), (-270, -220), (-200, -60)], 18, look.second)
