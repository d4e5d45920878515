"""Reports on paper: a document of plain words goes in, the bytes of a PDF come out of a process of its own."""

from pme.certificates.press.assets import FONTS_KNOWN
from pme.press.keeper import Press, Trade
from pme.reports.files.paper import Sheet
from pme.words.lazily import lazy

TIME_LIMIT = 20.0
"""Seconds a printing may take while somebody waits."""
PATIENT = 240.0
"""The same in the background."""

REPORTS = Trade(
    program="pme.reports.files.press_child",
    fonts=FONTS_KNOWN,
    busy=lazy("Other reports are being made as PDF just now. Try again in a minute."),
    late=lazy(
        "The PDF could not be made within {seconds} seconds. Filter the report, or download "
        "it as a spreadsheet."
    ),
    too_much=lazy("The report is too long for a PDF. Filter the report, or download it as a spreadsheet."),
    failed=lazy(
        "The PDF could not be made. The fault has been logged. Filter the report, or "
        "download it as a spreadsheet."
    ),
)

_press = Press(REPORTS)


def render(sheet: Sheet, *, within: float = TIME_LIMIT) -> bytes:
    """The report as a PDF; equal documents give equal bytes. Hold no transaction meanwhile.

    Raises Invalid when it is too much to print, Unavailable when it cannot be printed in time.
    """
    return _press.print(sheet.as_json(), within=within)


def close() -> None:
    """End the process of the press; the next printing starts another."""
    _press.close()
