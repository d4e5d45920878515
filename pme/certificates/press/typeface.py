"""What the shipped fonts can do: which characters they draw, and how wide."""

from functools import cache

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from pme.certificates.press.assets import FONTS

SERIF, SANS = "SourceSerif4Display-Regular.ttf", "SourceSans3-Regular.ttf"
USUAL = 0.5
"""Ems, for a character that the measured font lacks."""


@cache
def covered() -> frozenset[int]:
    """The code points that at least one shipped font draws."""
    points: set[int] = set()
    for file in sorted(FONTS.glob("*.ttf")):
        with TTFont(file, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


class Ruler:
    """Measures words in one shipped font."""

    def __init__(self, file: str) -> None:
        with TTFont(FONTS / file, lazy=True) as font:
            em = font["head"].unitsPerEm
            widths = font["hmtx"].metrics
            self._ems: dict[int, float] = {
                point: widths[name][0] / em for point, name in font.getBestCmap().items()
            }

    def __call__(self, text: str) -> float:
        """The width of the text in ems."""
        return sum(self._ems.get(ord(letter), USUAL) for letter in text)
