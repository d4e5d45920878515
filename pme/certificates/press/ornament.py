"""The engraving on a certificate: frame, corner rosettes, panel, and the lace behind the name.

All of it is computed and written as PDF drawing operators, once for the life of the press; as SVG
the same lines would cost more than the whole page. Millimetres, from the lower left corner.
"""

from collections.abc import Iterable, Iterator
from math import pi, tau

from pme.certificates.press.engraving import Inks, pen, ring, wave, write

WIDTH, HEIGHT = 297.0, 210.0
POINTS = 72 / 25.4
"""Points in a millimetre."""
FRAME = 12.0
"""From the edge of the paper to the middle of the frame."""
FIELD = 16.0
"""From the edge of the paper to the field inside the frame."""
PANEL = 205.0
"""Where the panel with the record begins."""


SUPPLEMENT = 184.0
"""Where the panel of the second page begins."""
FOOT = 47.0
"""Where it ends, above how to verify."""


def award(inks: Inks, *, mirrored: bool) -> bytes:
    """What lies behind the words of the first page; `mirrored` puts the panel on the left."""
    return drawn([*_panel(inks, PANEL, FIELD), *_lace(inks)], mirrored=mirrored)


def supplement(inks: Inks, *, mirrored: bool) -> bytes:
    """What lies behind the words of the second page."""
    return drawn(_panel(inks, SUPPLEMENT, FOOT), mirrored=mirrored)


def frame(inks: Inks) -> bytes:
    """The frame of both pages."""
    return drawn([*_frame(inks), *_corners(inks)], mirrored=False)


def drawn(parts: Iterable[str], *, mirrored: bool) -> bytes:
    """Parts in millimetres as one picture beneath the words, in points."""
    place = (-POINTS, 0, 0, POINTS, WIDTH * POINTS, 0) if mirrored else (POINTS, 0, 0, POINTS, 0, 0)
    return "\n".join(("/Artifact BMC q", write(place, "cm"), "1 J 1 j", *parts, "Q EMC")).encode("ascii")


def _panel(inks: Inks, begins: float, foot: float) -> Iterator[str]:
    yield write(inks.panel, "rg")
    yield write((begins, foot, WIDTH - FIELD - begins, HEIGHT - FIELD - foot), "re f")
    if foot > FIELD:
        yield from pen(inks.metal, 0.2)
        yield write((FIELD, foot), "m") + " " + write((WIDTH - FIELD, foot), "l S")
    ends = (begins, foot), (begins, HEIGHT - FIELD)
    for ink, offset in ((inks.thin(inks.accent, 0.6), 0.0), (inks.metal, pi)):
        yield from pen(ink, 0.1)
        for strand in range(4):
            yield wave(ends, waves=22, height=1.5, phase=offset + strand * pi / 6)


def _lace(inks: Inks) -> Iterator[str]:
    centre = ((FIELD + PANEL) / 2, HEIGHT / 2)
    rings = (
        (inks.accent, 0.14, 60.0, 7.0, 36),
        (inks.metal, 0.24, 48.5, 7.0, 30),
        (inks.accent, 0.14, 37.0, 7.0, 24),
        (inks.metal, 0.24, 26.0, 6.0, 18),
    )
    for ink, strength, radius, swing, lobes in rings:
        yield from pen(inks.thin(ink, strength), 0.1)
        for strand in range(4):
            yield ring(centre, radius=radius, swing=swing, lobes=lobes, phase=strand * pi / 2)


def _frame(inks: Inks) -> Iterator[str]:
    low, left, high, right = FRAME, FRAME, HEIGHT - FRAME, WIDTH - FRAME
    sides = (
        (((left, low), (right, low)), 42),
        (((right, low), (right, high)), 28),
        (((right, high), (left, high)), 42),
        (((left, high), (left, low)), 28),
    )
    for ink, offset in ((inks.accent, 0.0), (inks.metal, pi)):
        yield from pen(ink, 0.11)
        for ends, waves in sides:
            for strand in range(-2, 3):
                yield wave(ends, waves=waves, height=2.3, phase=offset + strand * pi / 9)
    for inset, width in ((8.1, 0.5), (9.0, 0.12), (15.0, 0.12), (FIELD, 0.3)):
        yield from pen(inks.accent, width)
        yield write((inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset), "re S")


def _corners(inks: Inks) -> Iterator[str]:
    for x in (FRAME, WIDTH - FRAME):
        for y in (FRAME, HEIGHT - FRAME):
            yield write(inks.paper, "rg")
            yield from pen(inks.accent, 0.3)
            yield ring((x, y), radius=5.6, swing=0, lobes=4, phase=0, paint="B")
            for ink, radius, swing, lobes in (
                (inks.accent, 3.9, 1.3, 12),
                (inks.metal, 2.0, 1.2, 8),
            ):
                yield from pen(ink, 0.1)
                for strand in range(3):
                    yield ring((x, y), radius=radius, swing=swing, lobes=lobes, phase=strand * tau / 3)
