"""Looks ready to print: styles parsed, pictures packed, the engraving drawn; the latest few are kept.

A look's colours take the place of the house's, which stand in the style sheets and in the house's crest.
"""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from pme.certificates.press import ornament, ornament_open
from pme.certificates.press.assets import ASSETS
from pme.certificates.press.drawing import from_svg
from pme.certificates.press.engraving import Inks
from pme.certificates.press.fetcher import AssetFetcher
from pme.certificates.press.look import ACCENT, ENGRAVED, HOUSE, METAL, OPEN, Look, channels, deeper
from pme.certificates.press.raster import Raster
from pme.certificates.press.seal import seal
from pme.certificates.press.sizes import LARGEST, SMALLEST
from pme.certificates.press.swift import Styles

BASE = f"{ASSETS.as_uri()}/"
MOST_KEPT = 8
SHEETS = {
    ENGRAVED: ("certificate.css", "supplement.css"),
    OPEN: ("certificate.css", "supplement.css", "open.css"),
}
BEHIND: Mapping[str, tuple[Callable[..., bytes], ...]] = {
    ENGRAVED: (ornament.award, ornament.supplement),
    OPEN: (ornament_open.award, ornament_open.supplement),
}
"""What lies behind the words of the first page and of the second."""
FRAMES = {ENGRAVED: ornament.frame, OPEN: ornament_open.frame}


@dataclass(frozen=True)
class Dress:
    """What all certificates of one look share."""

    style: weasyprint.CSS
    images: Mapping[str, Any]
    facsimiles: Mapping[str, Raster]
    behind: Mapping[str, tuple[bytes, ...]]
    frame: bytes
    styles: Styles = field(default_factory=dict)


class Wardrobe:
    """Makes dresses of looks, and keeps the latest."""

    def __init__(self, fonts: FontConfiguration) -> None:
        self._fonts = fonts
        self._kept: OrderedDict[Look, Dress] = OrderedDict()
        self.of(HOUSE)

    def of(self, look: Look) -> Dress:
        """The dress of a look. Words that are its own make no difference."""
        wanted = replace(look, opening="", footer="")
        dress = self._kept.pop(wanted, None) or self._made(wanted)
        self._kept[wanted] = dress
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return dress

    def _made(self, look: Look) -> Dress:
        colours = {ACCENT: look.accent, deeper(ACCENT): deeper(look.accent), METAL: look.metal}
        fetcher = AssetFetcher(colours)
        inks = Inks(accent=channels(look.accent), metal=channels(look.metal), panel=channels(look.panel))
        styles = "".join((ASSETS / name).read_text("utf-8") for name in SHEETS[look.layout])
        images: dict[str, Any] = {f"{BASE}seal": seal(inks)}
        if look.crest is not None:
            images[f"{BASE}crest"] = Raster(look.crest.body)
        elif look.house_crest:
            images[f"{BASE}crest"] = from_svg(f"{BASE}crest.svg", side=120, fetcher=fetcher)
        return Dress(
            style=weasyprint.CSS(
                string=fetcher.coloured(styles) + _size_classes(),
                base_url=BASE,
                font_config=self._fonts,
                url_fetcher=fetcher,
            ),
            images=images,
            facsimiles={name: Raster(picture.body) for name, picture in look.facsimiles},
            behind={
                direction: tuple(
                    zlib.compress(draw(inks, mirrored=direction == "rtl"), 9) for draw in BEHIND[look.layout]
                )
                for direction in ("ltr", "rtl")
            },
            frame=zlib.compress(FRAMES[look.layout](inks), 9),
        )


def _size_classes() -> str:
    """A class for each type size: a class costs less to read than a style attribute."""
    steps = range(SMALLEST, LARGEST + 1)
    return "\n".join(f".size-{step} {{ font-size: {step / 2}pt }}" for step in steps)
