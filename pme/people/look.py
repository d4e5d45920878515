"""How a person wants pages to look: colours, size, spacing and width of text, and pictures on request."""

from dataclasses import dataclass, fields

CHOICES: dict[str, tuple[str, ...]] = {
    "theme": ("", "light", "dark"),
    "size": ("", "large", "larger"),
    "spacing": ("", "wide"),
    "measure": ("", "narrow", "broad"),
    "data": ("", "sparing"),
}
"""What may be chosen; the empty word leaves it to the device and to the house."""
MOST_CHARACTERS = 60


@dataclass(frozen=True)
class Look:
    """The choices of one person or browser.

    `theme` is that of the colours, `size` and `spacing` those of text, `measure` the width of a line, `data`
    whether pictures are sent only when asked for. Each is one of CHOICES.
    """

    theme: str = ""
    size: str = ""
    spacing: str = ""
    measure: str = ""
    data: str = ""

    @property
    def kept(self) -> str:
        """The choices in one line, such as “theme=dark size=large”; empty where nothing was chosen."""
        chosen = ((each.name, getattr(self, each.name)) for each in fields(self))
        return " ".join(f"{name}={value}" for name, value in chosen if value)

    @property
    def is_sparing(self) -> bool:
        """Whether pictures wait until they are asked for."""
        return self.data == "sparing"


def look_of(kept: str | None) -> Look:
    """The choices that such a line tells; whatever is not among CHOICES is left out."""
    pairs = (pair.partition("=") for pair in (kept or "")[:MOST_CHARACTERS].split())
    return Look(**{name: value for name, _mark, value in pairs if value in CHOICES.get(name, ())})
