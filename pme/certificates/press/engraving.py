"""The strokes of an engraver: waves, rings and smooth curves, written as PDF drawing operators.

In whatever unit the place of drawing has; colours as red, green and blue from 0 to 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, sin, tau

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


def pen(ink: Colour, width: float) -> Iterator[str]:
    """Takes up a pen of this ink and width."""
    yield write(ink, "RG")
    yield write((width,), "w")


def wave(ends: tuple[Point, Point], *, waves: int, height: float, phase: float) -> str:
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
    return curve(points, slopes, paint="S")


def ring(centre: Point, *, radius: float, swing: float, lobes: int, phase: float, paint: str = "S") -> str:
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
    return curve(points, slopes, paint=paint)


def curve(points: Sequence[Point], slopes: Sequence[Point], *, paint: str) -> str:
    """A smooth path through points at equal steps from 0 to 1, given the derivatives there."""
    third = 1 / (3 * (len(points) - 1))
    path = [write(points[0], "m")]
    for index in range(1, len(points)):
        (x0, y0), (u0, v0) = points[index - 1], slopes[index - 1]
        (x1, y1), (u1, v1) = points[index], slopes[index]
        handles = (x0 + third * u0, y0 + third * v0, x1 - third * u1, y1 - third * v1)
        path.append(write((*handles, x1, y1), "c"))
    return " ".join((*path, paint))


def write(numbers: Sequence[float], operator: str) -> str:
    """Numbers to a hundredth, which is finer than any press, then the operator."""
    return " ".join([*(f"{round(number, 2) + 0:g}" for number in numbers), operator])
