"""The engraved parts of a certificate: frame, corner rosettes, panel and the rose behind the name.

All are computed and written as PDF drawing operators, once for the life of the press: as SVG the
same lines cost more than the rest of the page. Millimetres, from the lower left corner.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, tau

WIDTH, HEIGHT = 297.0, 210.0
POINTS = 72 / 25.4
FRAME = 12.0
INNER = 17.2
PANEL = 205.0

Point = tuple[float, float]
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Inks:
    """The colours of the engraving, as red, green and blue from 0 to 1."""

    accent: Colour
    metal: Colour
    paper: Colour = (1.0, 1.0, 1.0)

    def tint(self, colour: Colour, strength: float) -> Colour:
        """The colour thinned with paper; 0 is bare paper, 1 the full colour."""
        red, green, blue = (
            paper + (ink - paper) * strength for ink, paper in zip(colour, self.paper, strict=True)
        )
        return red, green, blue


def backdrop(inks: Inks, *, mirrored: bool) -> bytes:
    """Everything that lies behind the words; `mirrored` puts the panel on the left."""
    flip = (-POINTS, 0, 0, POINTS, WIDTH * POINTS, 0) if mirrored else (POINTS, 0, 0, POINTS, 0, 0)
    parts = ["/Artifact BMC q", _operator(flip, "cm"), "1 J 1 j"]
    parts += _panel(inks)
    parts += _rose_behind_the_name(inks)
    parts += _frame(inks)
    parts.append("Q EMC")
    return "\n".join(parts).encode("ascii")


def _panel(inks: Inks) -> Iterator[str]:
    yield _operator(inks.tint(inks.accent, 0.045), "rg")
    yield _operator((PANEL, INNER, WIDTH - INNER - PANEL, HEIGHT - 2 * INNER), "re f")
    ends = (PANEL, INNER), (PANEL, HEIGHT - INNER)
    yield from _stroke(inks.tint(inks.accent, 0.55), 0.1)
    for phase in range(4):
        yield _wave(*ends, waves=22, amplitude=1.5, phase=phase * pi / 6)
    yield from _stroke(inks.metal, 0.1)
    for phase in range(4):
        yield _wave(*ends, waves=22, amplitude=1.5, phase=pi + phase * pi / 6)


def _rose_behind_the_name(inks: Inks) -> Iterator[str]:
    centre = ((INNER + PANEL) / 2, HEIGHT / 2 + 2)
    yield from _stroke(inks.tint(inks.accent, 0.13), 0.1)
    for phase in range(3):
        yield _rose(centre, radius=52, depth=16, lobes=36, phase=phase * tau / 3)
    yield from _stroke(inks.tint(inks.metal, 0.22), 0.1)
    for phase in range(3):
        yield _rose(centre, radius=39, depth=11, lobes=24, phase=phase * tau / 3)
    yield from _stroke(inks.tint(inks.accent, 0.13), 0.1)
    for phase in range(2):
        yield _rose(centre, radius=26, depth=10, lobes=18, phase=phase * pi)


def _frame(inks: Inks) -> Iterator[str]:
    left, right, low, high = FRAME, WIDTH - FRAME, FRAME, HEIGHT - FRAME
    sides = (
        ((left, low), (right, low), 42),
        ((right, low), (right, high), 28),
        ((right, high), (left, high), 42),
        ((left, high), (left, low), 28),
    )
    for colour, offset in ((inks.accent, 0.0), (inks.metal, pi)):
        yield from _stroke(colour, 0.11)
        for start, end, waves in sides:
            for phase in range(5):
                yield _wave(
                    start, end, waves=waves, amplitude=2.3, phase=offset + (phase - 2) * pi / 9
                )
    for inset, width in ((FRAME - 3.9, 0.5), (FRAME - 3.0, 0.12), (FRAME + 3.0, 0.12)):
        yield from _stroke(inks.accent, width)
        yield _operator((inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset), "re S")
    yield from _stroke(inks.accent, 0.3)
    yield _operator((INNER - 1.2, INNER - 1.2, WIDTH - 2 * INNER + 2.4, HEIGHT - 2 * INNER + 2.4), "re S")
    for corner in ((left, low), (right, low), (right, high), (left, high)):
        yield _operator(inks.paper, "rg")
        yield _rose(corner, radius=5.6, depth=0, lobes=4, phase=0, paint="f")
        yield from _stroke(inks.accent, 0.3)
        yield _rose(corner, radius=5.6, depth=0, lobes=4, phase=0)
        yield from _stroke(inks.accent, 0.1)
        for phase in range(3):
            yield _rose(corner, radius=3.9, depth=1.3, lobes=12, phase=phase * tau / 3)
        yield from _stroke(inks.metal, 0.1)
        for phase in range(3):
            yield _rose(corner, radius=2.0, depth=1.2, lobes=8, phase=phase * tau / 3)


def _stroke(colour: Colour, width: float) -> Iterator[str]:
    yield _operator(colour, "RG")
    yield _operator((width,), "w")


def _wave(start: Point, end: Point, *, waves: int, amplitude: float, phase: float) -> str:
    """A sine wave along the straight line from start to end."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    nx, ny = -dy / length, dx / length
    count = waves * 4
    points: list[Point] = []
    slopes: list[Point] = []
    for index in range(count + 1):
        t = index / count
        angle = tau * waves * t + phase
        height = amplitude * sin(angle)
        rate = amplitude * tau * waves * cos(angle)
        points.append((start[0] + t * dx + height * nx, start[1] + t * dy + height * ny))
        slopes.append((dx + rate * nx, dy + rate * ny))
    return _curve(points, slopes, paint="S")


def _rose(
    centre: Point, *, radius: float, depth: float, lobes: int, phase: float, paint: str = "S"
) -> str:
    """A closed curve: a circle whose radius swings by `depth` in so many lobes."""
    count = lobes * 4
    points: list[Point] = []
    slopes: list[Point] = []
    for index in range(count + 1):
        angle = tau * index / count
        swing = lobes * angle + phase
        r, rate = radius + depth * cos(swing), -depth * lobes * sin(swing)
        x, y = cos(angle), sin(angle)
        points.append((centre[0] + r * x, centre[1] + r * y))
        slopes.append((tau * (rate * x - r * y), tau * (rate * y + r * x)))
    return _curve(points, slopes, paint=paint)


def _curve(points: Sequence[Point], slopes: Sequence[Point], *, paint: str) -> str:
    """A smooth path through points at equal steps of 0-1, with these derivatives (Hermite)."""
    third = 1 / (3 * (len(points) - 1))
    path = [_operator(points[0], "m")]
    for index in range(1, len(points)):
        (x0, y0), (u0, v0) = points[index - 1], slopes[index - 1]
        (x1, y1), (u1, v1) = points[index], slopes[index]
        path.append(
            _operator(
                (x0 + third * u0, y0 + third * v0, x1 - third * u1, y1 - third * v1, x1, y1), "c"
            )
        )
    return " ".join((*path, paint))


def _operator(numbers: Sequence[float], name: str) -> str:
    return " ".join([*(f"{round(number, 3) + 0:g}" for number in numbers), name])
