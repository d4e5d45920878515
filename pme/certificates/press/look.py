"""How a certificate looks, in plain values: layout, colours, pictures, and the few words that are a design's own."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ENGRAVED, OPEN = "engraved", "open"
LAYOUTS = (ENGRAVED, OPEN)
ACCENT, METAL, PANEL = "#0b5260", "#b98a3c", "#f9f6ed"
"""The house's colours: of lines and headings, of fine lines, and of the ground of the record."""
COLOUR = re.compile(r"#[0-9a-f]{6}")
DEEPER = 0.69
"""How much of the accent is left in headings, which are darker."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG in base 64, and what it shows."""

    png: str
    says: str

    @property
    def body(self) -> bytes:
        """The bytes of the PNG."""
        return b64decode(self.png, validate=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`crest` is None for none where `house_crest` is not set; `facsimiles` stand above the names that they name.

    `opening` stands before the holder's name and `footer` at the end, each in place of or beside the house's words.
    """

    layout: str = ENGRAVED
    accent: str = ACCENT
    metal: str = METAL
    panel: str = PANEL
    house_crest: bool = True
    crest: Picture | None = None
    facsimiles: tuple[tuple[str, Picture], ...] = ()
    opening: str = ""
    footer: str = ""

    def __post_init__(self) -> None:
        if self.layout not in LAYOUTS:
            raise ValueError("no such layout")
        for colour in (self.accent, self.metal, self.panel):
            if not COLOUR.fullmatch(colour):
                raise ValueError("no colour")

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Look:
        """The look that `dataclasses.asdict` took apart. Raises ValueError for what is no layout or colour."""
        crest = values["crest"]
        return cls(
            **{
                **values,
                "crest": Picture(**crest) if crest else None,
                "facsimiles": tuple((name, Picture(**picture)) for name, picture in values["facsimiles"]),
            }
        )


HOUSE = Look()


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1 of a colour like #0b5260."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def deeper(colour: str) -> str:
    """The darker form of an accent, for headings."""
    if colour == ACCENT:
        return "#073942"
    return "#" + "".join(f"{int(part * DEEPER * 255):02x}" for part in channels(colour))
