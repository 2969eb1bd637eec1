"""Where things are shown: an empty room, a table by a window, a floor, a wall, a worktop from above, a meadow."""

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import NAMED, RGB, Fill, Look, Shade, darker, fall, lighter, mix, rounded, sheet
from shop.demo.art.kinds import KINDS
from shop.demo.art.kinds.printed import PAPER

Tones = tuple[RGB, RGB]


def soft_wall(c: Canvas, fill: Fill, glow: RGB, x: float = 420, y: float = 380) -> None:
    """Cover the scene with a fill and a pool of light around (x, y); both are soft, so they are drawn small and spread."""
    small = Canvas.blank(100, glow)
    small.rect(0, 0, 1000, 1000, fill)
    small.shadow(x, y, 640, 580, 0.6, glow)
    c.under(small.image)


def studio(c: Canvas, tones: Tones, *, ground: float | None) -> None:
    """Draw a plain wall, and a table from `ground` down unless the thing hangs or is seen from above."""
    wall, table = tones
    soft_wall(c, Shade((lighter(wall, 0.25), wall, darker(wall, 0.07)), down=True), mix(wall, (255, 252, 240), 0.75))
    if ground is not None:
        c.rect(0, ground, 1000, 1000 - ground, Shade((table, lighter(table, 0.14)), down=True))
        c.rect(0, ground - 2, 1000, 5, darker(table, 0.06))


def by_the_window(c: Canvas, tones: Tones, chance: int) -> None:
    """Draw a table before a window, with company on it."""
    wall, _ = tones
    soft_wall(c, Shade((lighter(wall, 0.1), darker(wall, 0.06))), lighter(wall, 0.7), 300, 300)
    left = chance % 2 == 0
    window(c.at(250 if left else 750, 600), chance)
    wood = NAMED[("oak", "ash", "walnut")[chance // 2 % 3]]
    c.rect(0, 730, 1000, 270, Shade((lighter(wood, 0.12), wood), down=True))
    c.rect(0, 728, 1000, 10, lighter(wood, 0.35))
    for y in (800, 872, 940):
        c.line([(0, y), (1000, y + 4)], 2, darker(wood, 0.12))
    beam = [(120, 1000), (330, 738), (640, 738), (520, 1000)]
    c.poly(beam if left else [(1000 - x, y) for x, y in beam], (255, 244, 214), 0.22)
    company(c.at(835 if left else 165, 770), ("vase", "pot", "book_pile", "carafe", "candles")[chance // 6 % 5])


def window(c: Canvas, chance: int) -> None:
    """Draw a window with a view, its sill's middle at (0, 0)."""
    frame = (248, 243, 233)
    c.rect(-190, -500, 380, 500, darker(frame, 0.08))
    c.rect(-170, -480, 340, 470, Shade(((170, 203, 217), (226, 234, 226)), down=True))
    c.ellipse(60 - chance % 100, -370, 36, 36, (255, 244, 206))
    for i, tone in enumerate(((164, 188, 160), (128, 158, 126), (94, 128, 100))):
        y = -170 + i * 48
        hill = [
            (-170, -10),
            (-170, y + 30),
            (-80, y - 20 + i * 14),
            (30, y + 22),
            (110, y - 14),
            (170, y + 16),
            (170, -10),
        ]
        c.poly(hill, tone)
    for x in (-8, 154, -170):
        c.rect(x, -480, 16, 470, frame)
    for y in (-480, -260, -26):
        c.rect(-170, y, 340, 16, frame)
    c.rect(-210, -14, 420, 28, fall(frame, 1.2), r=4)


COMPANY: dict[str, tuple[str, Look, float]] = {
    "vase": ("vase", Look(NAMED["cream"], NAMED["oat"], NAMED["sage"]), 0.62),
    "pot": ("pot", Look(NAMED["clay"], NAMED["clay"], NAMED["leaf"]), 0.58),
    "carafe": ("carafe", Look(NAMED["sky"], NAMED["oak"], NAMED["white"]), 0.55),
    "candles": ("candles", Look(NAMED["cream"], NAMED["brass"], NAMED["cream"]), 0.42),
    "olive": ("olive_tree", Look(NAMED["clay"], NAMED["walnut"], NAMED["moss"]), 0.62),
    "lamp": ("table_lamp", Look(NAMED["cream"], NAMED["teal"], NAMED["brass"]), 0.5),
    "stool": ("stool", Look(NAMED["oak"], NAMED["ash"], NAMED["ash"]), 0.5),
}


def company(c: Canvas, name: str) -> None:
    """Draw something that keeps the product company, standing at (0, 0)."""
    if name == "book_pile":
        for i, tone in enumerate(("teal", "cream", "rust", "indigo")):
            width = 250 - i * 16 + (i % 2) * 22
            c.rect(-width / 2 + i * 5, -38 * (i + 1), width, 36, fall(NAMED[tone]), r=5)
            c.rect(-width / 2 + i * 5 + 20, -38 * (i + 1) + 14, 40, 6, PAPER, r=3)
        return
    kind, look, scale = COMPANY[name]
    KINDS[kind].draw(c.at(0, 0, scale), look)


def on_the_floor(c: Canvas, tones: Tones, chance: int) -> None:
    """Draw a room with a wooden floor, a picture on the wall and something green."""
    wall, _ = tones
    soft_wall(c, Shade((lighter(wall, 0.1), darker(wall, 0.08))), lighter(wall, 0.6))
    floor = NAMED["oak" if chance % 3 else "ash"]
    c.rect(0, 690, 1000, 310, Shade((darker(floor, 0.04), lighter(floor, 0.14)), down=True))
    for i, y in enumerate((722, 768, 828, 904)):
        c.line([(0, y), (1000, y)], 2, darker(floor, 0.14))
        for x in range(120 + i * 90, 1000, 330):
            c.line([(x, y), (x + (x - 500) * 0.05, y + 46 + i * 12)], 2, darker(floor, 0.14))
    c.rect(0, 660, 1000, 34, lighter(wall, 0.55))
    art = Look(NAMED["teal"], NAMED["honey"], NAMED["walnut"], chance // 3 % 6)
    x = 180 if chance % 2 else 820
    KINDS["wall_print"].draw(c.at(x, 440, 0.46), art)
    c.ellipse(500, 850, 430, 84, mix(NAMED["cream"], wall, 0.4))
    c.line(arc(500, 850, 404, 72), 6, mix(NAMED["rust"], wall, 0.4))
    company(c.at(1000 - x, 790), "olive" if chance // 2 % 2 else "lamp")


def on_the_wall(c: Canvas, tones: Tones, chance: int) -> None:
    """Draw a wall above a sideboard."""
    wall, _ = tones
    soft_wall(c, Shade((lighter(wall, 0.16), darker(wall, 0.08))), lighter(wall, 0.6), 380, 260)
    wood = NAMED[("walnut", "oak")[chance % 2]]
    c.shadow(500, 760, 560, 60, 0.5)
    c.rect(60, 764, 880, 236, sheet(wood))
    c.rect(40, 740, 920, 30, fall(lighter(wood, 0.1)), r=4)
    for x in (84, 364, 644):
        c.rect(x, 792, 268, 208, sheet(lighter(wood, 0.05)), r=4)
        c.ellipse(x + 134, 838, 11, 11, NAMED["brass"])
    names = ("vase", "pot", "lamp", "candles")
    company(c.at(160, 752), names[chance // 2 % 4])
    company(c.at(820, 748), "book_pile")


def boards(c: Canvas, tones: Tones, chance: int) -> None:
    """Draw wooden boards seen from above."""
    wood = NAMED[("ash", "oak", "walnut")[chance % 3]]
    soft_wall(c, Shade((lighter(wood, 0.16), darker(wood, 0.06))), lighter(wood, 0.35))
    for i in range(6):
        y = 90 + i * 166
        c.line([(0, y), (1000, y - 14)], 3, darker(wood, 0.18))
        c.line([(0, y + 60 + i * 6), (420, y + 50), (1000, y + 66)], 2, darker(wood, 0.07), soft=True)


def worktop(c: Canvas, tones: Tones, chance: int) -> None:
    """Draw a worktop seen from above, with a cup and a sprig at its edge."""
    boards(c, tones, chance)
    cup = c.at(860 if chance // 3 % 2 else 140, 150)
    cup.shadow(18, 26, 190, 180, 0.55)
    cup.ellipse(0, 0, 130, 130, sheet((246, 240, 228)))
    cup.ellipse(0, 0, 104, 104, sheet(darker((246, 240, 228), 0.1)))
    cup.ellipse(0, 0, 72, 72, sheet((250, 246, 238)))
    cup.ellipse(0, 0, 60, 60, rounded((96, 58, 36)))
    sprig = c.at(110 if chance // 3 % 2 else 890, 890, 1.0, -40 if chance % 2 else 40)
    sprig.line([(0, 90), (6, -160)], 6, NAMED["moss"], soft=True)
    for i in range(6):
        for side in (-1, 1):
            leaf = sprig.at(3, 60 - i * 40, 1.1, side * 55)
            leaf.curve([(0, 0), (-17, -38), (0, -84), (17, -38)], mix(NAMED["fern"], NAMED["sage"], i / 7))


def in_the_open(c: Canvas, tones: Tones, chance: int) -> None:
    """Draw hills, trees and a path of grass."""
    soft_wall(
        c, Shade(((168, 202, 214), (236, 232, 212), (244, 226, 196)), down=True), (255, 246, 220), 300 + chance % 400
    )
    c.ellipse(300 + chance % 400, 250, 64, 64, (255, 246, 216))
    layers = ((176, 196, 184), (146, 174, 152), (116, 150, 120), (94, 130, 96))
    for i, tone in enumerate(layers):
        y = 430 + i * 76
        bumps = [
            (x, y + ((chance >> (i + x // 100 + 1)) % 5) * 16 - (30 if x % 200 else 0)) for x in range(-100, 1201, 100)
        ]
        c.curve([(-200, 1100), *bumps, (1300, 1100)], tone)
    for i, x in enumerate((70, 170, 880, 950)):
        tree = c.at(x, 720, 0.8 + (i % 2) * 0.3)
        tree.line([(0, 0), (0, -70)], 14, (98, 74, 56))
        tree.curve([(0, -300), (-56, -180), (-76, -60), (0, -34), (76, -60), (56, -180)], rounded((62, 100, 76)))
    c.rect(0, 712, 1000, 288, Shade(((132, 160, 98), (164, 182, 116)), down=True))
    for i in range(30):
        x, y = (i * 197 + chance % 90) % 1000, 740 + (i * 83) % 240
        c.line([(x, y), (x + 6, y - 20)], 4, (112, 144, 86))


def at_the_camp(c: Canvas, tones: Tones, chance: int) -> None:
    """Draw the same country from a camp table of planks."""
    in_the_open(c, tones, chance)
    wood = NAMED["oak"]
    c.shadow(500, 1000, 800, 330, 0.5)
    for i, y in enumerate((770, 846, 924)):
        c.rect(0, y, 1000, 74 + i * 4, fall(lighter(wood, 0.1 - i * 0.04)))
        c.line([(0, y + 30), (380, y + 26), (1000, y + 36)], 2, darker(wood, 0.12), soft=True)
    enamel = Look(NAMED["white"], NAMED["indigo"], NAMED["walnut"])
    KINDS["enamel_mug"].draw(c.at(860 if chance % 2 else 140, 812, 0.5), enamel)
