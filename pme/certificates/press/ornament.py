"""The engraving on a certificate: frame, corner rosettes, panel, and the lace behind the name.

All of it is computed and written as PDF drawing operators, once for the life of the press; as SVG
the same lines would cost more than the whole page. Millimetres, from the lower left corner.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, tau

WIDTH, HEIGHT = 297.0, 210.0
POINTS = 72 / 25.4
"""Points in a millimetre."""
FRAME = 12.0
"""From the edge of the paper to the middle of the frame."""
FIELD = 16.0
"""From the edge of the paper to the field inside the frame."""
PANEL = 205.0
"""Where the panel with the record begins."""

Point = tuple[float, float]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of the engraving, as red, green and blue from 0 to 1."""

    accent: Colour
    metal: Colour
    panel: Colour
    paper: Colour = (1.0, 1.0, 1.0)

    def thin(self, ink: Colour, strength: float) -> Colour:
        """The ink thinned with paper: 0 is bare paper, 1 the full colour."""
        red, green, blue = (
            bare + (full - bare) * strength for full, bare in zip(ink, self.paper, strict=True)
        )
        return red, green, blue


def backdrop(inks: Inks, *, mirrored: bool) -> bytes:
    """Everything that lies behind the words; `mirrored` puts the panel on the left."""
    place = (-POINTS, 0, 0, POINTS, WIDTH * POINTS, 0) if mirrored else (POINTS, 0, 0, POINTS, 0, 0)
    parts = ["/Artifact BMC q", _write(place, "cm"), "1 J 1 j"]
    parts += _panel(inks)
    parts += _lace(inks)
    parts += _frame(inks)
    parts += _corners(inks)
    parts.append("Q EMC")
    return "\n".join(parts).encode("ascii")


def _panel(inks: Inks) -> Iterator[str]:
    yield _write(inks.panel, "rg")
    yield _write((PANEL, FIELD, WIDTH - FIELD - PANEL, HEIGHT - 2 * FIELD), "re f")
    ends = (PANEL, FIELD), (PANEL, HEIGHT - FIELD)
    for ink, offset in ((inks.thin(inks.accent, 0.6), 0.0), (inks.metal, pi)):
        yield from _pen(ink, 0.1)
        for strand in range(4):
            yield _wave(ends, waves=22, height=1.5, phase=offset + strand * pi / 6)


def _lace(inks: Inks) -> Iterator[str]:
    centre = ((FIELD + PANEL) / 2, HEIGHT / 2)
    rings = (
        (inks.accent, 0.14, 60.0, 7.0, 36),
        (inks.metal, 0.24, 48.5, 7.0, 30),
        (inks.accent, 0.14, 37.0, 7.0, 24),
        (inks.metal, 0.24, 26.0, 6.0, 18),
    )
    for ink, strength, radius, swing, lobes in rings:
        yield from _pen(inks.thin(ink, strength), 0.1)
        for strand in range(4):
            yield _ring(centre, radius=radius, swing=swing, lobes=lobes, phase=strand * pi / 2)


def _frame(inks: Inks) -> Iterator[str]:
    low, left, high, right = FRAME, FRAME, HEIGHT - FRAME, WIDTH - FRAME
    sides = (
        (((left, low), (right, low)), 42),
        (((right, low), (right, high)), 28),
        (((right, high), (left, high)), 42),
        (((left, high), (left, low)), 28),
    )
    for ink, offset in ((inks.accent, 0.0), (inks.metal, pi)):
        yield from _pen(ink, 0.11)
        for ends, waves in sides:
            for strand in range(-2, 3):
                yield _wave(ends, waves=waves, height=2.3, phase=offset + strand * pi / 9)
    for inset, width in ((8.1, 0.5), (9.0, 0.12), (15.0, 0.12), (FIELD, 0.3)):
        yield from _pen(inks.accent, width)
        yield _write((inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset), "re S")


def _corners(inks: Inks) -> Iterator[str]:
    for x in (FRAME, WIDTH - FRAME):
        for y in (FRAME, HEIGHT - FRAME):
            yield _write(inks.paper, "rg")
            yield from _pen(inks.accent, 0.3)
            yield _ring((x, y), radius=5.6, swing=0, lobes=4, phase=0, paint="B")
            for ink, radius, swing, lobes in (
                (inks.accent, 3.9, 1.3, 12),
                (inks.metal, 2.0, 1.2, 8),
            ):
                yield from _pen(ink, 0.1)
                for strand in range(3):
                    yield _ring((x, y), radius=radius, swing=swing, lobes=lobes, phase=strand * tau / 3)


def _pen(ink: Colour, width: float) -> Iterator[str]:
    yield _write(ink, "RG")
    yield _write((width,), "w")


def _wave(ends: tuple[Point, Point], *, waves: int, height: float, phase: float) -> str:
    """A sine wave along the line between two points."""
    (x0, y0), (x1, y1) = ends
    dx, dy = x1 - x0, y1 - y0
    length = (dx * dx + dy * dy) ** 0.5
    across, up = -dy / length, dx / length
    count = waves * 4
    points: list[Point] = []
    slopes: list[Point] = []
    for index in range(count + 1):
        part = index / count
        angle = tau * waves * part + phase
        rise, rate = height * sin(angle), height * tau * waves * cos(angle)
        points.append((x0 + part * dx + rise * across, y0 + part * dy + rise * up))
        slopes.append((dx + rate * across, dy + rate * up))
    return _curve(points, slopes, paint="S")


def _ring(centre: Point, *, radius: float, swing: float, lobes: int, phase: float, paint: str = "S") -> str:
    """A closed curve: a circle whose radius swings in so many lobes."""
    count = lobes * 4
    points: list[Point] = []
    slopes: list[Point] = []
    for index in range(count + 1):
        angle = tau * index / count
        reach = radius + swing * cos(lobes * angle + phase)
        rate = -swing * lobes * sin(lobes * angle + phase)
        x, y = cos(angle), sin(angle)
        points.append((centre[0] + reach * x, centre[1] + reach * y))
        slopes.append((tau * (rate * x - reach * y), tau * (rate * y + reach * x)))
    return _curve(points, slopes, paint=paint)


def _curve(points: Sequence[Point], slopes: Sequence[Point], *, paint: str) -> str:
    """A smooth path through points at equal steps from 0 to 1, given the derivatives there."""
    third = 1 / (3 * (len(points) - 1))
    path = [_write(points[0], "m")]
    for index in range(1, len(points)):
        (x0, y0), (u0, v0) = points[index - 1], slopes[index - 1]
        (x1, y1), (u1, v1) = points[index], slopes[index]
        handles = (x0 + third * u0, y0 + third * v0, x1 - third * u1, y1 - third * v1)
        path.append(_write((*handles, x1, y1), "c"))
    return " ".join((*path, paint))


def _write(numbers: Sequence[float], operator: str) -> str:
    """Numbers to a hundredth, which is finer than any press, then the operator."""
    return " ".join([*(f"{round(number, 2) + 0:g}" for number in numbers), operator])
