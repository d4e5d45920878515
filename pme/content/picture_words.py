"""How much room words take in a picture that is drawn before any font is known. Pure.

Widths are those of DejaVu Sans, the widest of the common fonts for screens, in hundredths of the type
size, so that what fits by them fits everywhere; letters of other scripts count as wide ones.
"""

from unicodedata import combining, east_asian_width

BOLD = 1.14
_WIDTHS = {
    34: " ,.’‘'|ijlI/\\",
    43: "-:;!frt()[]",
    56: 'cs"“”',
    64: "0123456789abdeghknopquvxyzFELJT?_–*",
    84: "ABCDGHKNOPQRSUVXYZw#+=<>≤≥",
    108: "MWm%@&—…œŒ",
}
_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in the unit of its size."""
    hundredths = sum(_width(letter) for letter in text)
    return hundredths * size / 100 * (BOLD if bold else 1)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines that fit the width; a word too long for a line is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, width, size, bold=bold)
        lines += whole
    return [*lines, line] if line else lines


def _pieces(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _width(letter: str) -> int:
    if combining(letter):
        return 0
    if letter in _OF:
        return _OF[letter]
    return 100 if east_asian_width(letter) in "WF" else 90
