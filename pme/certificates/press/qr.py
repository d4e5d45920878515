"""The QR code of the verification page, as an SVG drawing."""

import segno

MASK = 2
"""Trying all eight masks takes most of the time; any one may be used."""
QUIET = 2
"""Empty modules drawn around the code; the white field it lies on adds the rest."""


def qr_svg(address: str) -> bytes:
    """The address as a QR code: one path, a stroke for each run of dark modules in a row.

    Strokes are a trifle higher than a row, so that no viewer shows light between two rows.
    """
    matrix = segno.make(address, error="m", mask=MASK, micro=False).matrix
    side = len(matrix) + 2 * QUIET
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            length = next((n for n in range(x, len(row)) if not row[n]), len(row)) - x
            if length:
                runs.append(f"M{x + QUIET} {y + QUIET}.5h{length}")
            x += max(length, 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" stroke-width="1.04" d="{"".join(runs)}"/></svg>'
    ).encode("ascii")
