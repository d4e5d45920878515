"""The seal over which the field of the digital signature lies, as PDF drawing operators."""

from collections.abc import Iterator
from math import cos, pi, sin, tau

from pme.certificates.press.drawing import Drawing
from pme.certificates.press.engraving import Inks, pen, ring, write

SIDE = 120.0
CENTRE = (SIDE / 2, SIDE / 2)


def seal(inks: Inks) -> Drawing:
    """A rosette with a key upon it, `SIDE` units wide."""
    parts = ["q 1 J 1 j", *_rosette(inks), *_disc(inks), *_key(inks), "Q"]
    return Drawing("\n".join(parts).encode("ascii"), SIDE)


def _rosette(inks: Inks) -> Iterator[str]:
    for ink, radius, swing, lobes in (
        (inks.accent, 50.0, 8.0, 36),
        (inks.metal, 41.0, 7.0, 30),
        (inks.accent, 33.5, 5.0, 24),
    ):
        yield from pen(ink, 0.32)
        for strand in range(4):
            yield ring(CENTRE, radius=radius, swing=swing, lobes=lobes, phase=strand * pi / 2)


def _disc(inks: Inks) -> Iterator[str]:
    yield write(inks.accent, "rg")
    yield from pen(inks.paper, 2.2)
    yield ring(CENTRE, radius=27.0, swing=0.7, lobes=32, phase=0, paint="B")
    yield from pen(inks.metal, 0.8)
    yield ring(CENTRE, radius=22.6, swing=0, lobes=4, phase=0)
    yield write(inks.metal, "rg")
    for dot in range(48):
        angle = tau * dot / 48
        x, y = CENTRE[0] + 20.2 * cos(angle), CENTRE[1] + 20.2 * sin(angle)
        yield write((x - 0.3, y - 0.3, 0.6, 0.6), "re f")


def _key(inks: Inks) -> Iterator[str]:
    """A key, upright: a ring with a bow, a shaft, and two teeth; y points down."""
    x, y = CENTRE
    yield from pen(inks.paper, 2.6)
    yield ring((x, y - 7.0), radius=5.4, swing=0.9, lobes=3, phase=0)
    yield write((x, y - 1.0), "m") + " " + write((x, y + 14.0), "l S")
    for height, length in ((13.0, 5.2), (8.6, 3.8)):
        yield write((x, y + height), "m") + " " + write((x + length, y + height), "l S")
