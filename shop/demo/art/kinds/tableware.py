"""What lies and stands in a kitchen: pans, plates, glasses, knives, boards."""

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import Look, Shade, darker, fall, lighter, mix, rounded, sheet
from shop.demo.art.kinds.vessels import rim, shine
from shop.demo.art.registry import kind


@kind(focus=(0, -120), scale=1.2)
def plates(c: Canvas, look: Look) -> None:
    """Draw plates."""
    c.ground(240)
    for i in range(4):
        y = -i * 34
        c.lathe(
            [(y - 52, 300 - i * 3), (y - 36, 285), (y - 14, 190)],
            rounded(look.main if i % 2 == 0 else lighter(look.main, 0.15)),
        )
        c.line(arc(0, y - 52, 299 - i * 3, 40, 0, 180), 5, look.second)
    c.ellipse(0, -154, 291, 46, rounded(lighter(look.main, 0.3), 0.5))
    c.line(arc(0, -154, 289, 45), 6, look.second)
    c.ellipse(0, -148, 196, 28, rounded(look.main, 0.4))


@kind(focus=(60, -180), scale=1.4)
def tumblers(c: Canvas, look: Look) -> None:
    """Draw tumblers."""
    for x, y, tint in ((-150, -66, look.second), (150, -60, look.accent), (0, 0, look.main)):
        glass = c.at(x, y)
        pale = mix(tint, (255, 255, 255), 0.5)
        glass.ground(105)
        glass.lathe([(-290, 108), (-12, 92)], rounded(pale, 0.8), soft=False)
        glass.lathe([(-180, 102), (-14, 90)], rounded(tint), soft=False)
        glass.ellipse(0, -180, 102, 11, lighter(tint, 0.3))
        rim(glass, -290, 108, pale)
        glass.ellipse(0, -289, 100, 10, mix(pale, tint, 0.25))
        shine(glass, -76, -260, 200, 12, 0.45)


@kind(focus=(-120, -60), zoom=1.6)
def pan(c: Canvas, look: Look) -> None:
    """Draw a pan."""
    c = c.at(-95, 0)
    c.ground(300)
    c.line([(200, -84), (470, -150)], 46, darker(look.main, 0.1))
    c.line([(204, -90), (466, -154)], 18, lighter(look.main, 0.18))
    c.ellipse(462, -153, 9, 7, darker(look.main, 0.6))
    c.lathe([(-120, 262), (-70, 250), (-12, 205)], rounded(look.main, 1.3))
    c.ellipse(0, -120, 262, 58, rounded(lighter(look.main, 0.22)))
    c.ellipse(0, -114, 244, 50, rounded(darker(look.main, 0.3), 1.2))
    c.ellipse(0, -104, 205, 38, rounded(darker(look.main, 0.12), 1.6))
    egg = c.at(-30, -104)
    egg.curve([(-110, 0), (-50, -25), (40, -20), (105, -4), (60, 20), (-30, 25)], look.second)
    egg.ellipse(10, -5, 36, 13, rounded(look.accent))


@kind(focus=(-60, -210), zoom=1.6, scale=1.08)
def saucepan(c: Canvas, look: Look) -> None:
    """Draw a saucepan."""
    c = c.at(-100, 0)
    c.ground(210)
    c.line([(190, -190), (440, -232)], 26, look.second)
    c.line([(192, -196), (436, -236)], 9, lighter(look.second, 0.35))
    c.lathe([(-250, 205), (-40, 205), (-8, 190)], rounded(look.main, 1.3), soft=False)
    for x, y in ((172, -210), (172, -170)):
        c.ellipse(x, y, 9, 9, look.second)
    rim(c, -250, 205, look.main, tilt=0.14)
    c.ellipse(0, -246, 184, 22, rounded(look.accent, 1.2))
    shine(c, -150, -215, 170, 18, 0.4)


@kind(focus=(40, -200), zoom=1.7, scale=1.2)
def casserole(c: Canvas, look: Look) -> None:
    """Draw a casserole."""
    c.ground(260)
    for side in (-1, 1):
        c.line(
            [(side * 225, -215), (side * 310, -220), (side * 310, -165), (side * 225, -165)],
            30,
            darker(look.main, 0.2),
            soft=True,
        )
    c.lathe([(-250, 250), (-90, 246), (-40, 230), (-8, 195)], rounded(look.main, 1.1))
    c.lathe([(-330, 96), (-300, 200), (-268, 256), (-246, 258)], rounded(lighter(look.main, 0.05), 1.1))
    c.line(arc(0, -246, 258, 26, 8, 172), 6, darker(look.main, 0.3))
    c.lathe([(-386, 44), (-366, 50), (-338, 26)], rounded(look.second))
    c.ellipse(0, -386, 44, 8, lighter(look.second, 0.35))
    shine(c, -190, -200, 120, 20, 0.3)


@kind(focus=(-60, -250), zoom=1.7, place="flat", scale=1.1)
def knife(c: Canvas, look: Look) -> None:
    """Draw a knife."""
    blade = c.at(0, -280, 1.15, -38)
    blade.shadow(-40, 26, 340, 60, 0.45)
    blade.poly(
        [(-360, -8), (-330, 20), (-240, 44), (70, 48), (70, -46), (-190, -46)],
        Shade((lighter(look.second, 0.5), look.second, lighter(look.second, 0.3)), down=True),
    )
    blade.poly(
        [(-360, -8), (-330, 20), (-240, 44), (70, 48), (70, 24), (-230, 20), (-320, 0)], lighter(look.second, 0.6)
    )
    blade.rect(66, -46, 34, 92, fall(look.accent), r=4)
    blade.curve([(96, -40), (200, -44), (320, -40), (345, -6), (330, 42), (210, 30), (96, 40)], fall(look.main))
    for x in (140, 220, 300):
        blade.ellipse(x, -2, 8, 8, look.accent)


@kind(focus=(-80, -330), zoom=1.6, place="flat", scale=1.1)
def board(c: Canvas, look: Look) -> None:
    """Draw a board."""
    top = c.at(0, -290, 1.05, -8)
    top.shadow(20, 26, 360, 290, 0.6)
    top.rect(-300, -220, 600, 452, darker(look.main, 0.4), r=26)
    top.rect(-300, -230, 600, 450, sheet(look.main), r=26)
    for row in range(5):
        for column in range(8):
            tone = mix(look.main, look.second, ((row * 3 + column * 5 + look.variant) % 7) / 10)
            top.rect(-282 + column * 70.5, -212 + row * 83, 68, 80, sheet(tone, 0.6))
    top.rect(200, -30, 58, 60, darker(look.main, 0.45), r=28)
    _herbs(top.at(-90, 30, 0.9, 30), look)


def _herbs(c: Canvas, look: Look) -> None:
    c.line([(-180, 20), (0, 0), (190, -40)], 8, darker(look.accent, 0.2), soft=True)
    for i in range(6):
        for side in (-1, 1):
            leaf = c.at(-130 + i * 58, 12 - i * 9, 0.95, 75 + side * 42)
            leaf.curve([(0, 0), (-20, -40), (0, -92), (20, -40)], rounded(mix(look.accent, (240, 250, 200), 0.05 * i)))


@kind(focus=(40, -190), scale=1.25)
def mortar(c: Canvas, look: Look) -> None:
    """Draw a mortar."""
    c.ground(180)
    c.line([(60, -250), (190, -520)], 54, darker(look.main, 0.15))
    c.line([(52, -250), (182, -522)], 26, lighter(look.main, 0.15))
    c.lathe([(-60, 110), (-10, 150)], rounded(darker(look.main, 0.1)))
    c.lathe([(-300, 210), (-200, 208), (-110, 168), (-50, 116)], rounded(look.main))
    c.ellipse(0, -300, 210, 36, rounded(lighter(look.main, 0.25)))
    c.ellipse(0, -298, 176, 27, rounded(darker(look.main, 0.35)))
    c.line([(46, -290), (70, -330)], 52, darker(look.main, 0.1))
    for i in range(26):
        x, y = (i * 83 + look.variant * 17) % 330 - 165, -270 + (i * 47) % 180
        c.ellipse(x * (1 + (y + 90) / 700), y, 4, 3, darker(look.main, 0.22))


@kind(focus=(-30, -360), zoom=1.8, place="flat", scale=1.1)
def spoons(c: Canvas, look: Look) -> None:
    """Draw spoons."""
    for i, (x, turn, tone) in enumerate(((-150, -14, look.main), (0, 0, look.second), (150, 14, look.accent))):
        one = c.at(x * 0.55, 10, 1.0, turn)
        one.shadow(16, -280, 90, 330, 0.4)
        one.line([(0, -20), (2, -360)], 34, darker(tone, 0.16))
        one.line([(-5, -20), (-3, -360)], 16, lighter(tone, 0.12))
        if i == 1:
            one.curve([(-52, -560), (56, -580), (60, -400), (16, -340), (-18, -340), (-60, -400)], sheet(tone))
        else:
            one.ellipse(0, -470, 70, 112, sheet(tone))
            one.ellipse(4, -464, 50, 84, sheet(darker(tone, 0.14)))
