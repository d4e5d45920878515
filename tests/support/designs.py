"""A crest and signatures to design with, drawn here: no academy's arms, nobody's hand."""

import io
from functools import cache
from math import sin

from PIL import Image, ImageDraw

from pme.certificates.designs.pictures import Taken, take_picture


def crest(side: int = 400) -> Image.Image:
    """A shield with a wave on a clear ground."""
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((side * 0.15, 0, side * 0.85, side - 1), side * 0.3, fill="#5a1a2b")
    pen.line(
        [(side * (0.2 + 0.06 * step), side * (0.6 + 0.05 * sin(step))) for step in range(11)],
        fill="#e9d9a8",
        width=side // 20,
    )
    return image


def written(seed: int = 1) -> Image.Image:
    """Blue ink on white paper, as a telephone sees it."""
    image = Image.new("RGB", (900, 400), "#f4f2ec")
    pen = ImageDraw.Draw(image)
    line = [
        (120 + 6 * step, 200 + 70 * sin(step * 0.31 * seed) + 30 * sin(step * 0.9)) for step in range(110)
    ]
    pen.line(line, fill="#1d2f6f", width=7, joint="curve")
    return image


def as_file(image: Image.Image, form: str = "PNG", **more: object) -> bytes:
    """The picture as somebody would send it."""
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


@cache
def taken(kind: str, seed: int = 1) -> Taken:
    """A crest or facsimile as it is kept."""
    image = crest() if kind == "crest" else written(seed)
    made = take_picture(as_file(image), {"kind": kind})
    return Taken(made.bodies[0], made.told["width"], made.told["height"])
