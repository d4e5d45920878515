"""The few lines of the open layout: a bar along the side where reading begins, a record set apart, and one rosette.

Millimetres, from the lower left corner, as in the engraved layout.
"""

from collections.abc import Iterator
from math import pi

from pme.certificates.press.engraving import Inks, pen, ring, write
from pme.certificates.press.ornament import FOOT, HEIGHT, WIDTH, drawn

EDGE = 12.0
"""From the edge of the paper to whatever is drawn."""
BAR = 4.0
RECORD, DETAILS = 206.0, 184.0
"""Where the record of the first page and the details of the second begin."""


def award(inks: Inks, *, mirrored: bool) -> bytes:
    """What lies behind the words of the first page."""
    return drawn([*_record(inks, RECORD, EDGE), *_rosette(inks), *_bar(inks)], mirrored=mirrored)


def supplement(inks: Inks, *, mirrored: bool) -> bytes:
    """What lies behind the words of the second page."""
    return drawn([*_record(inks, DETAILS, FOOT), *_foot(inks), *_bar(inks)], mirrored=mirrored)


def frame(_inks: Inks) -> bytes:
    """What both pages have in whatever direction: nothing but paper."""
    return drawn([], mirrored=False)


def _bar(inks: Inks) -> Iterator[str]:
    yield write(inks.accent, "rg")
    yield write((EDGE, EDGE, BAR, HEIGHT - 2 * EDGE), "re f")
    yield write(inks.metal, "rg")
    yield write((EDGE + BAR + 0.9, EDGE, 0.35, HEIGHT - 2 * EDGE), "re f")


def _record(inks: Inks, begins: float, foot: float) -> Iterator[str]:
    yield write(inks.panel, "rg")
    yield write((begins, foot, WIDTH - EDGE - begins, HEIGHT - EDGE - foot), "re f")
    yield write(inks.accent, "rg")
    yield write((begins, HEIGHT - EDGE - 0.7, WIDTH - EDGE - begins, 0.7), "re f")


def _foot(inks: Inks) -> Iterator[str]:
    yield from pen(inks.metal, 0.2)
    yield write((24.0, FOOT), "m") + " " + write((WIDTH - EDGE, FOOT), "l S")


def _rosette(inks: Inks) -> Iterator[str]:
    """One rosette of fine lines, cut by the record, where the eye comes to rest."""
    yield "q " + write((EDGE, EDGE, RECORD - EDGE, HEIGHT - 2 * EDGE), "re W n")
    centre = (RECORD - 8.0, HEIGHT - 52.0)
    for ink, strength, radius, swing, lobes in (
        (inks.accent, 0.13, 62.0, 9.0, 44),
        (inks.metal, 0.22, 46.0, 9.0, 36),
        (inks.accent, 0.13, 31.0, 8.0, 28),
    ):
        yield from pen(inks.thin(ink, strength), 0.1)
        for strand in range(6):
            yield ring(centre, radius=radius, swing=swing, lobes=lobes, phase=strand * pi / 3)
    yield "Q"
