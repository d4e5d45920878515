"""Pictures of a design as they come in: read in the intake's child, written anew, small enough for every certificate.

A facsimile becomes ink alone: its paper is made clear, so that nothing of it covers the engraving.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any

from pme.certificates.press.raster import Raster
from pme.content.media_reading import Bytes
from pme.intake.bounded import unnamed, worked
from pme.intake.made import Made, Refused
from pme.intake.pictures import format_of, taken_anew
from pme.later import later
from pme.words.lazily import lazy
from pme.words.speech import _

if TYPE_CHECKING:
    from PIL import Image, ImageStat
else:
    Image = later("PIL.Image")
    ImageStat = later("PIL.ImageStat")

MOST_BYTES = 5_000_000
CREST, FACSIMILE = (840, 420), (600, 180)
"""The most points across and down: 26 and 14 mm high at some 400 and 330 points an inch."""
HEAVIEST = {"crest": 55_000, "facsimile": 12_000}
"""Bytes that the picture may add to each certificate."""
SMALLER, TRIES = 0.85, 12
LIGHT, DARKER, FULL = 110, 18, 90
"""Paper is at least so light; a point is ink where it is so much darker, and full ink where it is this much."""
FAINT = 8
LEAST_INK, MOST_INK = 0.002, 0.45
NOT_INK = lazy(
    "A facsimile is a signature in dark ink on light paper. Write it on white paper, photographed in even light."
)
ONLY = lazy("A crest or facsimile is a PNG or JPEG file. Save it as one of these first.")
NO_DRAWING = lazy(
    "A drawing (SVG) can hold programs and addresses, so it is not accepted here: "
    "export it as PNG, 900 pixels wide or more, and send that."
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture made safe."""

    png: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return sha256(self.png).hexdigest()


def taken(body: IO[bytes], kind: str) -> Taken:
    """A file that somebody sends as a crest or facsimile, made safe. Raises NotTaken with a sentence for them."""
    with unnamed(body, MOST_BYTES) as file, worked("design", file, kind=kind) as answer:
        told = answer.told
        return Taken(answer.bytes_at((told["at"][0], told["at"][1])), told["width"], told["height"])


def take_picture(data: Bytes, options: Mapping[str, Any]) -> Made:
    """In the child: a PNG of what the file shows, and nothing else. Raises Refused."""
    head = data[0:4_096]
    if format_of(head) not in ("PNG", "JPEG"):
        raise Refused(NO_DRAWING if b"<svg" in head.lower() else ONLY)
    body, _unused = taken_anew(data[0 : len(data)])
    opened = Image.open(io.BytesIO(body))
    image = _cut(opened.convert("RGBA")) if options["kind"] == "crest" else _ink(opened)
    image.thumbnail(CREST)
    png = _light(image, HEAVIEST[options["kind"]])
    with Image.open(io.BytesIO(png)) as written:
        made = Made({"width": written.width, "height": written.height})
    made.told["at"] = made.add(png)
    return made


def _cut(image: Image.Image) -> Image.Image:
    """The picture without the clear margin around it."""
    seen = image.getchannel("A").point(lambda value: 255 if value > FAINT else 0).getbbox()
    if seen is None:
        raise Refused(_("There is nothing to see in this picture. Choose another one."))
    return image.crop(seen)


def _light(image: Image.Image, most: int) -> bytes:
    """The picture as a PNG that adds no more than this to a certificate: smaller, where it must be."""
    for _turn in range(TRIES):
        png = _written(image)
        if Raster(png).weight <= most:
            return png
        width, height = image.size
        image = image.resize((max(1, int(width * SMALLER)), max(1, int(height * SMALLER))))
    raise Refused(_("This picture stays too large even when it is made smaller. Send a simpler one."))


def _written(image: Image.Image) -> bytes:
    out = io.BytesIO()
    is_solid = "A" in image.getbands() and image.getchannel("A").getextrema() == (255, 255)
    (image.convert("RGB") if is_solid else image).save(out, "PNG", optimize=True)
    return out.getvalue()


def _ink(image: Image.Image) -> Image.Image:
    """The ink of a signature in one colour, as dark as it is, on nothing; cut to what is written."""
    on_white = Image.new("RGBA", image.size, "white")
    on_white.alpha_composite(image.convert("RGBA"))
    plain = on_white.convert("RGB")
    grey = plain.convert("L")
    paper = int(ImageStat.Stat(grey).median[0])
    if paper < LIGHT:
        raise Refused(NOT_INK)
    ink = grey.point(lambda value: max(0, min(255, (paper - DARKER - value) * 255 // FULL)))
    share = ImageStat.Stat(ink).mean[0] / 255
    if not LEAST_INK <= share <= MOST_INK:
        raise Refused(NOT_INK)
    strong = ink.point(lambda value: 255 if value >= FULL else 0)
    stat = ImageStat.Stat(plain, mask=strong if strong.getbbox() else ink)
    colour = tuple(int(part * 0.8) for part in stat.mean)
    ink = ink.crop(ink.getbbox())
    ink.thumbnail(FACSIMILE)
    whole = Image.new("RGBA", ink.size, (*colour, 0))
    whole.putalpha(ink)
    return whole
