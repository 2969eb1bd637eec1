"""Things made by a joiner, and what grows beside them."""

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import Look, darker, fall, lighter, mix, rounded, sheet
from shop.demo.art.kinds.vessels import shine
from shop.demo.art.registry import kind


@kind(focus=(-10, -420), zoom=1.7, place="floor")
def chair(c: Canvas, look: Look) -> None:
    """Draw a chair."""
    c.ground(190, 0.24)
    dark = darker(look.main, 0.22)
    c.line([(-120, -290), (-150, -20)], 26, dark)
    c.line([(150, -290), (176, -24)], 26, dark)
    c.line([(-140, -120), (168, -120)], 16, dark)
    c.line([(-150, -660), (-128, -300)], 28, look.main)
    c.line([(150, -660), (128, -300)], 28, look.main)
    for x in (-80, -27, 27, 80):
        c.line([(x * 1.1, -600), (x, -320)], 14, lighter(look.main, 0.06))
    c.curve([(-176, -690), (0, -706), (176, -690), (170, -600), (0, -612), (-170, -600)], rounded(look.main, 0.7))
    c.line([(-180, -290), (-205, 0)], 30, look.main)
    c.line([(180, -290), (205, 0)], 30, look.main)
    c.poly([(-150, -350), (150, -350), (206, -286), (-206, -286)], sheet(look.second))
    c.rect(-208, -290, 416, 30, fall(look.main), r=12)
    for i in range(-6, 7):
        c.line([(i * 22, -348), (i * 30, -290)], 3, darker(look.second, 0.2))


@kind(focus=(0, -330), zoom=1.7, place="floor")
def stool(c: Canvas, look: Look) -> None:
    """Draw a stool."""
    c.ground(180, 0.24)
    c.line([(0, -400), (20, -60)], 34, darker(look.main, 0.28))
    c.line([(-110, -410), (-190, 0)], 36, look.main)
    c.line([(-116, -410), (-196, 0)], 12, lighter(look.main, 0.2))
    c.line([(110, -410), (190, 0)], 36, darker(look.main, 0.08))
    c.line([(-150, -180), (150, -180)], 18, darker(look.main, 0.15))
    c.lathe([(-470, 220), (-425, 214)], rounded(look.second), tilt=0.16)
    c.ellipse(0, -470, 220, 44, rounded(lighter(look.second, 0.16), 0.7))
    c.ellipse(6, -464, 170, 28, rounded(look.second, 0.5))


@kind(focus=(140, -400), zoom=1.6, place="floor")
def desk(c: Canvas, look: Look) -> None:
    """Draw a desk."""
    c.ground(330, 0.24)
    for x in (-270, 270):
        c.line([(x, -400), (x * 1.08, 0)], 26, darker(look.main, 0.25))
    c.rect(-360, -440, 720, 34, fall(look.main), r=6)
    c.rect(-330, -408, 660, 92, sheet(darker(look.main, 0.06)), r=4)
    for x in (-322, -104, 114):
        c.rect(x, -400, 208, 76, sheet(lighter(look.main, 0.06)), r=4)
        c.ellipse(x + 104, -362, 10, 10, look.second)
    for x in (-320, 320):
        c.line([(x, -320), (x * 1.06, 0)], 30, look.main)
    c.rect(-150, -452, 190, 12, look.accent, r=4)
    c.rect(-140, -464, 170, 12, lighter(look.accent, 0.35), r=4)
    c.line([(220, -440), (220, -560), (150, -640)], 12, look.second)
    c.at(146, -626, 1, 40).poly([(-30, -20), (30, -20), (70, 70), (-70, 70)], rounded(look.accent))


@kind(focus=(-180, -330), zoom=1.6, place="floor")
def table(c: Canvas, look: Look) -> None:
    """Draw a table."""
    c.ground(370, 0.24)
    for x in (-270, 270):
        c.line([(x, -330), (x, -40)], 30, darker(look.main, 0.3))
    c.line([(-270, -150), (270, -150)], 22, darker(look.main, 0.3))
    c.poly([(-330, -380), (330, -380), (400, -330), (-400, -330)], sheet(lighter(look.main, 0.12)))
    for i in range(-3, 4):
        c.line([(i * 94, -378), (i * 114, -332)], 3, darker(look.main, 0.1))
    c.rect(-400, -332, 800, 34, fall(look.main), r=6)
    for x in (-340, 340):
        c.poly([(x - 24, -300), (x + 24, -300), (x * 1.04 + 15, 0), (x * 1.04 - 15, 0)], rounded(look.main))
    fruit = c.at(30, -352, 0.52)
    for x, y, tone in ((-70, -110, look.second), (0, -140, look.accent), (74, -108, look.second)):
        fruit.ellipse(x, y, 66, 64, rounded(tone))
    fruit.lathe([(-110, 190), (-50, 160), (-4, 80)], rounded((240, 234, 222)))


@kind(focus=(-80, -400), zoom=1.7, place="wall")
def shelf(c: Canvas, look: Look) -> None:
    """Draw a shelf."""
    for y in (-500, -200):
        c.shadow(26, y + 40, 370, 60, 0.4)
        for x in (-230, 230):
            c.poly([(x - 8, y), (x + 8, y), (x + 8, y + 80), (x - 8, y + 60)], darker(look.second, 0.1))
        c.rect(-330, y, 660, 28, fall(look.main), r=4)
    tones = (
        look.accent,
        look.second,
        lighter(look.accent, 0.4),
        darker(look.main, 0.3),
        look.second,
        lighter(look.second, 0.5),
    )
    for i, tone in enumerate(tones):
        high, x = 130 + (i * 37) % 60, -300 + i * 44
        c.rect(x, -500 - high, 40, high, rounded(tone, 0.6), r=3)
        c.rect(x + 8, -490 - high + 20, 24, 8, lighter(tone, 0.5))
    jar = c.at(200, -500, 0.5)
    jar.lathe([(-250, 60), (-200, 110), (-60, 120), (-4, 80)], rounded(look.accent))
    low = c.at(-180, -200, 0.5)
    low.lathe([(-200, 130), (-4, 96)], rounded((200, 113, 79)), soft=False)
    for turn in (-40, -14, 12, 38):
        low.at(0, -200, 1, turn).curve([(0, 0), (-26, -80), (0, -190), (26, -80)], rounded((95, 143, 86)))
    c.rect(20, -226, 250, 26, look.second, r=4)
    c.rect(36, -250, 220, 24, lighter(look.accent, 0.3), r=4)
    shine(jar, -70, -180, 80)


@kind(focus=(0, -570), zoom=2.0, place="floor", scale=0.93)
def tall_clock(c: Canvas, look: Look) -> None:
    """Draw a tall clock."""
    c.ground(130)
    c.rect(-140, -60, 280, 58, rounded(darker(look.main, 0.1)), r=4)
    c.rect(-122, -200, 244, 142, rounded(look.main), r=3)
    c.rect(-94, -510, 188, 314, rounded(look.main), r=3)
    c.rect(-62, -478, 124, 246, rounded(darker(look.main, 0.5), 0.5), r=6)
    c.line([(0, -478), (10, -300)], 5, look.second)
    c.ellipse(11, -292, 32, 32, rounded(look.second))
    c.line([(-34, -478), (-34, -350)], 3, look.second)
    c.rect(-44, -352, 20, 60, rounded(look.second), r=6)
    c.rect(-128, -740, 256, 234, rounded(look.main), r=4)
    c.curve(
        [(-140, -736), (-70, -760), (0, -800), (70, -760), (140, -736), (0, -730)], rounded(darker(look.main, 0.08))
    )
    c.ellipse(0, -622, 98, 98, look.second)
    c.ellipse(0, -622, 88, 88, sheet(look.accent, 0.5))
    for hour in range(12):
        c.at(0, -622, 1, hour * 30).line([(0, -78), (0, -66)], 6 if hour % 3 == 0 else 3, (40, 36, 36))
    c.line([(0, -622), (34, -650)], 7, (40, 36, 36))
    c.line([(0, -622), (-14, -692)], 5, (40, 36, 36))


@kind(focus=(30, -470), zoom=1.6, place="floor")
def olive_tree(c: Canvas, look: Look) -> None:
    """Draw an olive tree."""
    c.ground(130)
    c.line([(0, -200), (-14, -330), (12, -470)], 26, darker(look.second, 0.1), soft=True)
    c.line([(2, -360), (70, -470)], 14, look.second, soft=True)
    for i in range(64):
        x, y = ((i * 97) % 400) - 200, -640 + ((i * 61) % 330)
        if (x / 205) ** 2 + ((y + 500) / 190) ** 2 > 1:
            continue
        leaf = c.at(x, y, 1.0, (i * 53) % 180 - 90)
        leaf.curve([(0, -44), (-15, 0), (0, 44), (15, 0)], mix(look.accent, (230, 236, 214), ((i * 7) % 10) / 16))
        if i % 9 == 0:
            c.ellipse(x + 16, y + 20, 12, 15, rounded((76, 66, 84)))
    c.lathe([(-230, 150), (-190, 142), (-10, 112)], rounded(look.main))
    c.lathe([(-246, 158), (-206, 156)], rounded(lighter(look.main, 0.08)), soft=False)
    c.ellipse(0, -246, 158, 16, rounded(lighter(look.main, 0.2)))
    c.ellipse(0, -245, 140, 12, (74, 56, 46))
    c.line([(8, -244), (-4, -300)], 26, darker(look.second, 0.1))


@kind(focus=(-60, -260), zoom=1.6, scale=1.1)
def watering_can(c: Canvas, look: Look) -> None:
    """Draw a watering can."""
    c.ground(200)
    c.line([(110, -60), (230, -200), (330, -430)], 26, darker(look.main, 0.15), soft=True)
    c.line([(106, -64), (226, -204), (326, -432)], 10, lighter(look.main, 0.15), soft=True)
    c.at(330, -436, 1, 26).lathe([(-30, 50), (30, 16)], rounded(look.second), soft=False)
    c.line([(-140, -60), (-270, -140), (-250, -330), (-80, -430), (40, -400), (70, -306)], 24, look.second, soft=True)
    c.lathe([(-300, 130), (-14, 165)], rounded(look.main), soft=False)
    c.lathe([(-60, 160), (-14, 166)], rounded(darker(look.main, 0.12)), soft=False)
    c.line(arc(0, -240, 136, 14, 2, 178), 5, darker(look.main, 0.2))
    c.poly([(-10, -320), (130, -316), (130, -290), (-10, -290)], rounded(look.main))
    c.ellipse(0, -302, 130, 17, rounded(lighter(look.main, 0.2)))
    c.ellipse(-14, -300, 100, 11, darker(look.main, 0.4))
    shine(c, -110, -260, 190, 14, 0.3)
