"""The QR code of a certificate, as PDF drawing operators."""

import segno

MASK = 2
"""Any of the eight masks may be used; trying them all takes most of the time."""
LONG = 200
"""Letters from which larger modules help a camera more than more of them to correct errors with."""
QUIET = 3
"""Empty modules around the code; the margin of the page gives the rest of the four it needs."""


def qr_side(matrix: tuple[bytearray, ...]) -> int:
    """How many modules wide the drawing is, with its quiet border."""
    return len(matrix) + 2 * QUIET


def qr_matrix(text: str) -> tuple[bytearray, ...]:
    """The modules of the code for a text, row by row; 1 is dark."""
    error = "m" if len(text) <= LONG else "l"
    return segno.make(text, error=error, mask=MASK, micro=False, boost_error=False).matrix


def qr_drawing(matrix: tuple[bytearray, ...]) -> bytes:
    """The code in black on white, one unit a module, y pointing down.

    Each run of dark modules is one rectangle, a trifle too high so that no light shows between rows.
    """
    side = qr_side(matrix)
    parts = [f"1 g 0 0 {side} {side} re f 0 g"]
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                parts.append(f"{x + QUIET} {y + QUIET} {end - x} 1.03 re")
            x = end + 1
    parts.append("f")
    return "\n".join(parts).encode("ascii")
