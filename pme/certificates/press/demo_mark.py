"""A word like DEMO across a page, drawn beneath the words so that all of them stay legible."""

from collections.abc import Mapping, Sequence
from math import cos, radians, sin

from fontTools.pens.basePen import BasePen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from pme.certificates.press.assets import FONTS
from pme.certificates.press.engraving import Colour, Point, write
from pme.certificates.press.ornament import HEIGHT, POINTS, WIDTH

DEMO, SPECIMEN = "DEMO", "SPECIMEN"
TILT = 27.0
"""Degrees."""
LENGTH = 225.0
"""Millimetres from the first letter to the last."""
INKS: Mapping[str, Colour] = {DEMO: (0.972, 0.862, 0.84), SPECIMEN: (0.985, 0.915, 0.9)}
"""What shows a design covers less of it."""


def mark(word: str) -> bytes:
    """A word as PDF operators, in points from the lower left corner of a landscape A4 page."""
    with TTFont(FONTS / "SourceSans3-Semibold.ttf", lazy=True) as font:
        glyphs, names, widths = font.getGlyphSet(), font.getBestCmap(), font["hmtx"].metrics
        letters = [names[ord(letter)] for letter in word]
        units = sum(widths[letter][0] for letter in letters)
        size = LENGTH * POINTS / units
        turn = radians(TILT)
        parts = [
            "/Artifact BMC q",
            write(INKS[word], "rg"),
            write((1, 0, 0, 1, WIDTH / 2 * POINTS, HEIGHT / 2 * POINTS), "cm"),
            write((cos(turn), sin(turn), -sin(turn), cos(turn), 0, 0), "cm"),
            write((1, 0, 0, 1, -units * size / 2, -font["OS/2"].sCapHeight * size / 2), "cm"),
        ]
        x = 0.0
        for letter in letters:
            outline = _Outline(glyphs, size, x)
            glyphs[letter].draw(outline)
            parts += [*outline.strokes, "f"]
            x += widths[letter][0] * size
    return "\n".join([*parts, "Q EMC"]).encode("ascii")


class _Outline(BasePen):
    """Writes a glyph as a PDF path, in points."""

    def __init__(self, glyphs: object, size: float, x: float) -> None:
        super().__init__(glyphs)
        self._size, self._x = size, x
        self.strokes: list[str] = []

    def _moveTo(self, point: Point) -> None:  # noqa: N802  (named by the library)
        self._add((point,), "m")

    def _lineTo(self, point: Point) -> None:  # noqa: N802
        self._add((point,), "l")

    def _curveToOne(self, *points: Point) -> None:  # noqa: N802
        self._add(points, "c")

    def _closePath(self) -> None:  # noqa: N802
        self.strokes.append("h")

    def _add(self, points: Sequence[Point], operator: str) -> None:
        numbers = [number * self._size for point in points for number in point]
        numbers[::2] = [number + self._x for number in numbers[::2]]
        self.strokes.append(write(numbers, operator))
