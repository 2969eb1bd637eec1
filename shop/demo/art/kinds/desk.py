"""What lies on a desk, most of it seen from above."""

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import RGB, Look, Shade, darker, fall, lighter, mix, rounded, sheet
from shop.demo.art.kinds.vessels import rim, shine
from shop.demo.art.registry import kind

PAPER: RGB = (250, 245, 234)
INK: RGB = (54, 52, 60)


@kind(focus=(120, -330), zoom=1.7, place="flat", scale=1.1)
def notebook(c: Canvas, look: Look) -> None:
    """Draw a notebook."""
    book = c.at(0, -290, 1.0, -9)
    book.shadow(24, 26, 290, 340, 0.55)
    book.rect(-208, -286, 430, 584, darker(PAPER, 0.12), r=14)
    book.rect(-220, -290, 430, 580, sheet(look.main), r=16)
    book.rect(-220, -290, 76, 580, sheet(look.second), r=16)
    book.rect(-156, -290, 12, 580, darker(look.second, 0.2))
    book.rect(150, -292, 20, 586, look.accent)
    book.rect(-70, -190, 170, 96, PAPER, r=8)
    for y, w in ((-162, 110), (-136, 80)):
        book.rect(-48, y, w, 8, INK, r=4)
    book.line([(40, 288), (44, 330), (36, 362)], 14, look.accent, soft=True)


@kind(focus=(70, -330), zoom=2.1, place="flat", scale=1.1)
def pen(c: Canvas, look: Look) -> None:
    """Draw a pen."""
    sheet_of_paper = c.at(-30, -280, 1.0, 7)
    sheet_of_paper.shadow(10, 18, 330, 320, 0.4)
    sheet_of_paper.rect(-270, -270, 540, 540, PAPER)
    for row in range(7):
        y, length = -190 + row * 58, (440, 400, 430, 250, 0, 0, 0)[row]
        wave = [(-220 + x, y + (10 if (x // 16) % 2 else -10) * (0.4 + (x * 7 % 5) / 6)) for x in range(0, length, 16)]
        if wave:
            sheet_of_paper.line(wave, 5, mix(look.accent, PAPER, 0.12), soft=True)
    one = c.at(40, -250, 1.1, -34)
    one.shadow(20, 22, 330, 40, 0.0)
    one.rect(-236, -6, 520, 44, (40, 32, 40), r=20, alpha=0.18)
    one.poly(
        [(-330, 0), (-236, -20), (-236, 20)],
        Shade((lighter(look.second, 0.5), look.second, darker(look.second, 0.3)), down=True),
    )
    one.line([(-322, 0), (-262, 0)], 3, darker(look.second, 0.5))
    one.rect(-240, -23, 520, 46, fall(look.main, 1.8), r=20)
    one.rect(20, -26, 22, 52, fall(look.second, 1.8), r=4)
    one.rect(70, -12, 200, 12, fall(look.second, 1.5), r=6)
    if look.variant == 0:
        one.rect(272, -14, 46, 28, fall(look.second, 1.8), r=6)


@kind(focus=(0, -480), zoom=1.8, place="flat")
def pencils(c: Canvas, look: Look) -> None:
    """Draw pencils."""
    box = c.at(0, -280, 1.05, -6)
    box.shadow(20, 24, 380, 300, 0.5)
    box.rect(-310, -190, 620, 400, darker(look.second, 0.25), r=18)
    box.rect(-310, -200, 620, 400, sheet(look.second), r=18)
    box.rect(-288, -178, 576, 356, darker(look.second, 0.4), r=8)
    for i in range(12):
        x, tone = -264 + i * 48, (look.main, look.accent)[i % 2]
        one = box.at(x, 0)
        one.poly([(-4, -168), (4, -168), (20, -108), (-20, -108)], rounded((226, 196, 150)))
        one.poly([(-5, -170), (5, -170), (9, -146), (-9, -146)], (58, 56, 60))
        one.rect(-20, -110, 40, 270, Shade((lighter(tone, 0.25), tone, tone, darker(tone, 0.25))))
        one.rect(-20, 120, 40, 16, (214, 178, 90))
        one.rect(-20, 136, 40, 30, rounded(lighter(tone, 0.4)), r=6)


@kind(focus=(0, -200), scale=1.35)
def ink_bottle(c: Canvas, look: Look) -> None:
    """Draw an ink bottle."""
    c.ground(170)
    glass = mix(look.main, (235, 240, 246), 0.35)
    c.rect(-180, -260, 360, 260, rounded(glass), r=54)
    c.rect(-160, -190, 320, 174, rounded(look.main), r=44)
    c.rect(-110, -176, 220, 116, PAPER, r=6)
    c.rect(-96, -162, 192, 88, look.second, r=4)
    drop = c.at(0, -84)
    drop.curve([(0, -70), (-24, -26), (0, -2), (24, -26)], PAPER)
    c.lathe([(-310, 76), (-250, 84)], rounded(glass), soft=False)
    c.lathe([(-420, 92), (-300, 92)], rounded(look.accent), soft=False)
    c.ellipse(0, -420, 92, 14, rounded(lighter(look.accent, 0.25)))
    for x in range(-80, 90, 20):
        c.line([(x, -404), (x, -306)], 4, darker(look.accent, 0.16))
    shine(c, -158, -220, 180, 16, 0.4)


@kind(focus=(40, -330), zoom=1.8, place="flat", scale=1.08)
def letters(c: Canvas, look: Look) -> None:
    """Draw letters."""
    for x, y, turn, tone in ((-70, -360, -16, look.second), (60, -310, 7, look.main)):
        one = c.at(x, y, 1.0, turn)
        one.shadow(16, 22, 320, 220, 0.5)
        one.rect(-290, -180, 580, 370, sheet(tone), r=6)
        one.poly([(-290, -180), (290, -180), (0, 40)], sheet(lighter(tone, 0.14)))
        one.line([(-288, -178), (0, 42), (288, -178)], 5, darker(tone, 0.18))
        one.ellipse(0, 36, 42, 42, darker(look.accent, 0.15))
        one.ellipse(-3, 33, 37, 37, sheet(look.accent))
        one.curve([(0, 10), (-15, 34), (0, 58), (15, 34)], lighter(look.accent, 0.25))
    card = c.at(120, -110, 1.0, -5)
    card.shadow(10, 16, 230, 130, 0.45)
    card.rect(-200, -110, 400, 230, PAPER, r=4)
    for i, w in enumerate((260, 300, 180)):
        card.rect(-160, -66 + i * 44, w, 7, mix(INK, PAPER, 0.35), r=3)


@kind(focus=(0, -120), zoom=1.7, scale=1.1)
def tray(c: Canvas, look: Look) -> None:
    """Draw a tray."""
    c.ground(300)
    c.poly([(-270, -170), (270, -170), (330, -60), (-330, -60)], sheet(darker(look.main, 0.25)))
    c.poly([(-250, -160), (250, -160), (300, -72), (-300, -72)], sheet(look.second))
    c.rect(-332, -66, 664, 60, fall(look.main), r=12)
    c.line([(-60, -160), (-74, -74)], 10, look.main)
    pencil_cup = c.at(-170, -96, 0.72)
    for x, turn, tone in ((-30, -10, look.accent), (10, 5, (214, 178, 90)), (36, 14, (90, 120, 140))):
        pencil_cup.at(x, -180, 1, turn).rect(-11, -220, 22, 240, rounded(tone), r=6)
    pencil_cup.lathe([(-210, 86), (-6, 84)], rounded(look.accent), soft=False)
    rim(pencil_cup, -210, 86, look.accent)
    pencil_cup.ellipse(0, -200, 0, 0, look.accent)
    block = c.at(100, -104)
    for i, tone in enumerate((PAPER, (240, 226, 196), look.second, PAPER)):
        block.rect(-110 + i * 4, -22 - i * 20, 220, 20, rounded(darker(tone, 0.03 * i), 0.5), r=3)
    block.ellipse(20, -104, 44, 24, rounded(look.accent))


@kind(focus=(80, -400), zoom=1.7, place="wall", scale=1.08)
def wall_clock(c: Canvas, look: Look) -> None:
    """Draw a wall clock."""
    face = c.at(0, -330)
    face.shadow(36, 46, 340, 340, 0.6)
    face.ellipse(0, 0, 276, 276, sheet(look.main, 1.4))
    face.ellipse(0, 0, 244, 244, darker(look.main, 0.2))
    face.ellipse(0, 3, 240, 240, sheet(look.second, 0.4))
    for minute in range(60):
        mark = face.at(0, 0, 1, minute * 6)
        if minute % 5 == 0:
            mark.line([(0, -214), (0, -178)], 9, INK)
        else:
            mark.line([(0, -214), (0, -204)], 3, mix(INK, look.second, 0.4))
    face.at(0, 0, 1, 304).rect(-9, -130, 18, 160, INK, r=8)
    face.at(0, 0, 1, 54).rect(-6, -196, 12, 230, INK, r=6)
    face.at(0, 0, 1, 160).line([(0, -190), (0, 50)], 4, look.accent)
    face.ellipse(0, 0, 15, 15, look.accent)


@kind(focus=(0, -230), zoom=1.7, place="flat", scale=1.05)
def scissors(c: Canvas, look: Look) -> None:
    """Draw scissors."""
    top = c.at(0, -300, 1.1, 38)
    for offset, colour in ((18, None), (0, look)):
        for side in (-1, 1):
            half = top.at(0 if colour else 10, offset, 1, side * -9)
            _blade(half, side, look if colour else None)
    top.ellipse(0, 0, 17, 17, look.accent)
    top.ellipse(0, 0, 7, 7, darker(look.accent, 0.5))


def _blade(c: Canvas, side: int, look: Look | None) -> None:
    ring = arc(side * 66, 216, 58, 88)
    hole = list(reversed(arc(side * 66, 216, 34, 62)))
    blade = [(-22, 40), (-20, -120), (side * -4, -320), (20, -120), (22, 40)]
    if look is None:
        for shape in (blade, [*ring, *hole]):
            c.poly(shape, (46, 36, 44), 0.2)
        return
    c.poly(blade, Shade((lighter(look.second, 0.5), look.second, darker(look.second, 0.15))))
    c.line([(side * -4, 30), (side * 16, 90), (side * 40, 134)], 30, look.main, soft=True)
    c.poly([*ring, *hole], sheet(look.main))


@kind(focus=(-120, -300), zoom=1.9, place="flat", scale=1.08)
def keyboard(c: Canvas, look: Look) -> None:
    """Draw a keyboard."""
    board = c.at(0, -290, 1.05, -7)
    board.shadow(16, 30, 410, 210, 0.6)
    board.rect(-370, -142, 740, 306, darker(look.main, 0.35), r=24)
    board.rect(-370, -152, 740, 304, sheet(look.main), r=24)
    for row, keys in enumerate((13, 13, 12, 11)):
        width = 684 / keys
        for i in range(keys):
            tone = look.accent if (row, i) in {(0, 0), (2, keys - 1)} else look.second
            tone = darker(tone, 0.14) if i in {0, keys - 1} and tone == look.second else tone
            _key(board, -342 + i * width, -128 + row * 51, width - 7, tone)
    for x, w in ((-342, 90), (-246, 90), (-150, 306), (162, 84), (252, 90)):
        _key(board, x, 76, w - 4, look.second)


def _key(c: Canvas, x: float, y: float, w: float, tone: RGB) -> None:
    c.rect(x, y + 3, w, 44, darker(tone, 0.3), r=8)
    c.rect(x + 3, y, w - 6, 38, lighter(tone, 0.1), r=8)
