"""How a person wants pages to look: colours, size, spacing and width of text, and pictures on request."""

from dataclasses import dataclass, fields

CHOICES: dict[str, tuple[str, ...]] = {
    "theme": ("", "light", "dark"),
    "size": ("", "large", "larger"),
    "spacing": ("", "wide"),
    "measure": ("", "narrow", "broad"),
    "data": ("", "sparing"),
    "keys": ("", "off"),
}
"""What may be chosen; the empty word leaves it to the device and to the house."""
MOST_CHARACTERS = 60
"""What is kept of a look at most: a longer line says its names by their first two letters."""

NAMES = {name[:2]: name for name in CHOICES}


@dataclass(frozen=True)
class Look:
    """The choices of one person or browser.

    `theme` is that of the colours, `size` and `spacing` those of text, `measure` the width of a line, `data`
    whether pictures are sent only when asked for, `keys` whether single keys do something. Each is one of CHOICES.
    """

    theme: str = ""
    size: str = ""
    spacing: str = ""
    measure: str = ""
    data: str = ""
    keys: str = ""

    @property
    def kept(self) -> str:
        """The choices in one line, such as “theme=dark size=large”; empty where nothing was chosen."""
        chosen = [(each.name, getattr(self, each.name)) for each in fields(self)]
        whole = " ".join(f"{name}={value}" for name, value in chosen if value)
        if len(whole) <= MOST_CHARACTERS:
            return whole
        return " ".join(f"{name[:2]}={value}" for name, value in chosen if value)

    @property
    def is_sparing(self) -> bool:
        """Whether pictures wait until they are asked for."""
        return self.data == "sparing"


def look_of(kept: str | None) -> Look:
    """The choices that such a line tells; whatever is not among CHOICES is left out."""
    pairs = (pair.partition("=") for pair in (kept or "")[:MOST_CHARACTERS].split())
    named = ((NAMES.get(name, name), value) for name, _mark, value in pairs)
    return Look(**{name: value for name, value in named if value in CHOICES.get(name, ())})
