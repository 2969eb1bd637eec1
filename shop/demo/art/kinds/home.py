"""Light and textiles."""

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import Look, Shade, darker, fall, lighter, mix, rounded, sheet
from shop.demo.art.registry import kind

GLOW = (255, 236, 190)


@kind(focus=(0, -480), scale=1.05)
def table_lamp(c: Canvas, look: Look) -> None:
    """Draw a table lamp."""
    c.shadow(0, -420, 520, 420, 0.55, GLOW)
    c.ground(120)
    c.lathe([(-330, 26), (-300, 40), (-200, 112), (-90, 122), (-10, 84)], rounded(look.second))
    c.line([(0, -400), (0, -320)], 16, look.accent)
    c.line([(70, -30), (190, -8), (330, -24), (480, -4)], 6, darker(look.second, 0.4), soft=True)
    c.poly(
        [(-130, -640), (130, -640), (230, -380), (-230, -380)],
        Shade((lighter(look.main, 0.5), lighter(look.main, 0.35), look.main, darker(look.main, 0.12))),
    )
    c.ellipse(0, -380, 230, 24, lighter(GLOW, 0.3))
    c.ellipse(0, -640, 130, 12, lighter(look.main, 0.55))
    c.rect(-70, -190, 12, 70, (255, 252, 244), r=6, alpha=0.35)


@kind(focus=(0, -400), place="wall")
def pendant(c: Canvas, look: Look) -> None:
    """Draw a pendant."""
    c.line([(0, -1200), (0, -540)], 7, look.accent)
    c.shadow(0, -200, 560, 480, 0.6, GLOW)
    c.lathe([(-570, 22), (-536, 26)], rounded(look.second), soft=False)
    c.lathe(
        [(-540, 90), (-480, 210), (-380, 280), (-270, 290), (-160, 230), (-100, 130)],
        Shade((lighter(look.main, 0.3), lighter(look.main, 0.55), look.main, darker(look.main, 0.16))),
    )
    for y, w in ((-500, 180), (-440, 248), (-380, 280), (-320, 292), (-260, 286), (-200, 258), (-145, 205)):
        c.line(arc(0, y, w, w * 0.1, 4, 176), 4, darker(look.main, 0.16))
    c.ellipse(0, -100, 130, 15, lighter(GLOW, 0.5))


@kind(focus=(110, -560), zoom=1.6)
def arm_lamp(c: Canvas, look: Look) -> None:
    """Draw an arm lamp."""
    c.shadow(210, -160, 420, 330, 0.5, GLOW)
    c.ground(120)
    c.lathe([(-44, 110), (-8, 126)], rounded(look.main))
    c.line([(0, -44), (-150, -330)], 18, look.second)
    c.line([(-150, -330), (110, -600)], 18, look.second)
    for x, y, r in ((-150, -330, 22), (110, -600, 22), (0, -48, 20)):
        c.ellipse(x, y, r, r, look.accent)
        c.ellipse(x, y, r * 0.4, r * 0.4, darker(look.accent, 0.4))
    head = c.at(110, -600, 1, -32)
    head.rect(-44, -34, 88, 70, rounded(look.main), r=18)
    head.lathe([(30, 46), (90, 96), (180, 150)], rounded(look.main), tilt=0.16)
    head.ellipse(0, 180, 150, 25, lighter(GLOW, 0.4))
    head.ellipse(0, 182, 46, 18, (255, 255, 244))


@kind(focus=(0, -260), zoom=1.8)
def candles(c: Canvas, look: Look) -> None:
    """Draw candles."""
    for x, y, high in ((-190, -50, 300), (-95, -70, 410), (0, -56, 500), (95, -70, 380), (190, -50, 270), (40, 0, 220)):
        one = c.at(x, y)
        one.shadow(0, -high - 60, 110, 130, 0.5, GLOW)
        one.ground(44, 0.4)
        one.lathe([(-16, 56), (-2, 62)], rounded(look.second))
        one.lathe([(-high, 25), (-12, 27)], rounded(look.main), soft=False)
        one.ellipse(0, -high, 25, 5, lighter(look.main, 0.4))
        one.line([(0, -high), (1, -high - 22)], 4, (60, 50, 44))
        one.curve(
            [(0, -high - 18), (-15, -high - 46), (0, -high - 96), (15, -high - 46)],
            Shade(((255, 247, 214), (250, 196, 92)), down=True),
        )


@kind(focus=(-60, -240), zoom=1.8, scale=1.1)
def blanket(c: Canvas, look: Look) -> None:
    """Draw a blanket."""
    c.ground(300)
    tones = (look.main, look.second, look.main, look.accent)
    for i, tone in enumerate(tones):
        y = -i * 92
        c.rect(-290 + i * 5, y - 96, 580 - i * 10, 94, fall(tone, 1.2), r=44)
        for x in range(-240, 260, 34):
            c.line([(x, y - 84), (x - 12, y - 18)], 4, darker(tone, 0.09))
        c.line([(-262, y - 52), (240, y - 46)], 5, darker(tone, 0.18))
    for x in range(-262, -130, 14):
        c.line([(x, -316), (x - 4, -256)], 5, lighter(look.accent, 0.1))
    c.rect(-276, -330, 150, 26, lighter(look.accent, 0.18), r=12)


@kind(focus=(60, -260), zoom=1.6, scale=1.05)
def cushion(c: Canvas, look: Look) -> None:
    """Draw a cushion."""
    c.ground(280)
    c.curve(
        [(-290, -520), (0, -486), (290, -524), (268, -260), (298, -6), (0, -22), (-298, -4), (-266, -260)],
        sheet(look.main, 1.7),
    )
    for i in range(-4, 5):
        c.line(
            [(i * 58, -480), (i * 54 + 8, -260), (i * 58, -34)],
            8 if i % 2 else 16,
            look.second if i % 2 else lighter(look.main, 0.14),
            soft=True,
        )
    c.line([(-284, -514), (0, -480), (284, -518)], 7, look.accent, soft=True)
    c.line([(-292, -8), (0, -26), (292, -10)], 7, look.accent, soft=True)
    c.curve([(-60, -330), (0, -250), (70, -330), (10, -300)], darker(look.main, 0.3), 0.35)


@kind(focus=(0, -300), place="wall")
def towel(c: Canvas, look: Look) -> None:
    """Draw a towel."""
    c.shadow(30, -260, 330, 380, 0.35)
    c.line([(-330, -560), (330, -560)], 24, look.accent)
    c.line([(-330, -566), (330, -566)], 7, lighter(look.accent, 0.35))
    for x, w, foot, tone in ((-230, 250, -60, look.main), (50, 190, -190, look.second)):
        c.rect(x, -580, w, 580 + foot, sheet(tone, 1.2), r=14)
        step = 27
        for row in range(int((560 + foot) / step)):
            c.line([(x + 8, -550 + row * step), (x + w - 8, -550 + row * step)], 4, darker(tone, 0.08))
        for column in range(1, int(w / step) + 1):
            c.line([(x + column * step - 8, -560), (x + column * step - 8, foot - 26)], 4, lighter(tone, 0.14))
        c.rect(x, foot - 96, w, 20, darker(tone, 0.24))
        for fringe in range(0, w - 6, 14):
            c.line([(x + 6 + fringe, foot - 6), (x + 6 + fringe, foot + 22)], 4, lighter(tone, 0.1))


@kind(focus=(-90, -320), zoom=1.6, place="boards")
def rug(c: Canvas, look: Look) -> None:
    """Draw a rug."""
    top = c.at(0, -290, 1.05, 9)
    top.shadow(14, 20, 310, 400, 0.5)
    for x in range(-226, 230, 18):
        for y in (-372, 356):
            top.line([(x, y), (x + 2, y + 20)], 6, lighter(look.second, 0.4))
    top.rect(-236, -356, 472, 714, sheet(look.main, 0.8), r=4)
    top.rect(-206, -326, 412, 654, look.second)
    top.rect(-192, -312, 384, 626, sheet(look.main, 0.7))
    for row in range(4):
        y = -234 + row * 156
        tone = look.accent if row % 2 else look.second
        for r, colour in ((150, tone), (104, look.main), (60, lighter(tone, 0.3)), (24, look.main)):
            top.poly([(-r, y), (0, y - r * 0.48), (r, y), (0, y + r * 0.48)], colour)
    for y in range(-340, 350, 15):
        top.line([(-234, y), (234, y)], 2, darker(look.main, 0.1))


@kind(focus=(-90, -300), zoom=1.8, scale=1.2)
def linen_stack(c: Canvas, look: Look) -> None:
    """Draw a linen stack."""
    c.ground(260)
    for i, tone in enumerate(
        (look.main, lighter(look.main, 0.3), look.second, lighter(look.second, 0.35), look.accent)
    ):
        y, high, w = -i * 74, 74 - (i % 2) * 10, 520 - i * 14
        c.rect(-w / 2, y - high, w, high - 2, fall(tone, 1.1), r=24)
        c.line([(-w / 2 + 22, y - high * 0.36), (w / 2 - 30, y - high * 0.3)], 4, darker(tone, 0.16))
        c.line([(-w / 2 + 22, y - high * 0.66), (w / 2 - 30, y - high * 0.62)], 4, darker(tone, 0.1))
    c.rect(-46, -392, 92, 390, mix(look.accent, (255, 255, 255), 0.6), alpha=0.9)
    c.rect(-36, -230, 72, 70, look.main, r=8)
