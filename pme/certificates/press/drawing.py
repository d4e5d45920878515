"""Pictures that are already drawn: WeasyPrint copies their operators instead of reading an SVG."""

from dataclasses import dataclass
from typing import Any

import pydyf
import weasyprint
from weasyprint.urls import URLFetcher

POINTS = 0.75
"""Points in a CSS pixel."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A square picture in PDF operators, `side` units wide, y pointing down.

    It has the two methods that WeasyPrint asks of an image, and no transparency or text.
    """

    operators: bytes
    side: float

    def get_intrinsic_size(self, *_: object) -> tuple[float, float, float]:
        """Width and height in pixels, and their ratio."""
        return self.side, self.side, 1.0

    def draw(self, stream: Any, width: float, height: float, *_: object) -> None:
        """Copy the operators to the page, scaled to this size in pixels."""
        stream.transform(a=width / self.side, d=height / self.side)
        stream.stream.append(self.operators)


def from_svg(url: str, *, side: int, fetcher: URLFetcher) -> Drawing:
    """An opaque SVG picture, drawn once by WeasyPrint on a page of its own; `side` in pixels."""
    drawn: list[bytes] = []

    def take(_: object, pdf: pydyf.PDF) -> None:
        page = next(each for each in pdf.objects if isinstance(each, pydyf.Stream))
        drawn.extend(part for part in page.stream if not part.endswith(b" gs"))

    weasyprint.HTML(
        string=f"<style>@page {{size: {side}px; margin: 0}} img {{display: block}}</style>"
        f"<body style='margin: 0'><img src='{url}' width='{side}' height='{side}'>",
        url_fetcher=fetcher,
    ).write_pdf(finisher=take, presentational_hints=True)
    upright = f"{1 / POINTS} 0 0 {-1 / POINTS} 0 {side} cm".encode("ascii")
    return Drawing(b"\n".join((b"q", upright, *drawn, b"Q")), side)
