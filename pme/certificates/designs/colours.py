"""Colours of a design: whether words on them can be read, and the nearest that would do. Pure."""

from pme.certificates.press.look import channels

WORDS, LINES = 4.5, 3.0
"""Least contrasts: WCAG 2.2, success criteria 1.4.3 and 1.4.11."""
WHITE, BLACK = "#ffffff", "#000000"
STEPS = 256


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def nearest(colour: str, against: tuple[str, ...], least: float, *, darker: bool) -> str:
    """The colour itself, or made only so much darker, or lighter, that it has this contrast against each other."""
    towards = BLACK if darker else WHITE
    for step in range(STEPS + 1):
        mixed = _mixed(colour, towards, step / STEPS)
        if all(contrast(mixed, other) >= least for other in against):
            return mixed
    return towards


def _mixed(colour: str, towards: str, share: float) -> str:
    pairs = zip(channels(colour), channels(towards), strict=True)
    return "#" + "".join(f"{round((one + (other - one) * share) * 255):02x}" for one, other in pairs)


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004

    red, green, blue = map(linear, channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
