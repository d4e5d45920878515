"""The spreadsheet that an academy downloads to fill in: the headings, and two rows that show how."""

import io
from collections.abc import Sequence

from pme.rosters.columns import COLUMNS
from pme.words.speech import _

NARROWEST, WIDEST = 10, 34


def example_rows(courses: Sequence[str]) -> list[list[str]]:
    """The headings, then an example of somebody new and of somebody known who takes a course."""
    first = [column.example for column in COLUMNS]
    course = [column.key for column in COLUMNS].index("course")
    first[course] = courses[0] if courses else ""
    if not courses:
        first = [
            "" if c.key in ("cohort", "enrolment") else cell for c, cell in zip(COLUMNS, first, strict=True)
        ]
    second = ["" for _unused in COLUMNS]
    second[0], second[1], second[2] = "A-20418", "s.baker@academy.example", "Sam Baker"  # not words
    return [[column.key for column in COLUMNS], first, second]


def workbook(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The same as XLSX: texts, so that leading zeros stay; the headings stand still, and a sheet explains them."""
    from openpyxl import Workbook  # noqa: PLC0415  (takes a moment that no other page need wait)
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  (a new workbook has a sheet)
    sheet.title = _("People")
    for row in (headings, *rows):
        sheet.append(list(row))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = min(max(len(column.example) + 4, NARROWEST), WIDEST)
        sheet.cell(1, place).font = Font(bold=True)
        for cell in sheet[letter]:
            cell.number_format = "@"
    means = book.create_sheet(_("Columns"))
    means.append([_("column"), _("needed"), _("example"), _("meaning")])
    for column in COLUMNS:
        means.append(
            [column.key, _("yes") if column.is_required else _("no"), column.example, str(column.means)]
        )
    for letter, width in zip("ABCD", (16, 10, 26, 90), strict=True):
        means.column_dimensions[letter].width = width
        means[f"{letter}1"].font = Font(bold=True)
        for cell in means[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    means.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
