"""What goes beside the certificates: names of files, and the list of all of them. Pure."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from pme.reports.files.form import csv_cell
from pme.words.lazily import lazy

LONGEST = 60
BETWEEN = re.compile(r"[\W_]+")
HEADINGS = ("number", "rank", "holder", "course", "issued_on", "valid_until", "verify_at", "file", "problem")
README = lazy(
    """The certificates of a cohort.

certificates/    The originals, each a PDF that the academy signed and that carries its credential. Send these.
for-printing.pdf All of them in one file, for a printer only. It holds no signatures: whoever is sent it cannot
                 prove anything by it. Each certificate is two pages; printed on both sides it is one sheet.
index.csv        All of them with their numbers and addresses of verification, also those that could not be
                 printed, with the reason.
"""
)


@dataclass(frozen=True, slots=True)
class Line:
    """One certificate in the list. `problem` says why it has no file."""

    number: str
    rank: str
    holder: str
    course: str
    issued_on: date
    valid_until: date | None
    verify_at: str
    file: str = ""
    problem: str = ""


def file_name(number: str, holder: str) -> str:
    """The name of a certificate's file: its number and its holder, in letters and digits of any script."""
    parts = (
        BETWEEN.sub("-", normalize("NFC", each)).strip("-")[:LONGEST].strip("-") for each in (number, holder)
    )
    return "-".join(part for part in parts if part) + ".pdf"


def as_csv(lines: Iterable[Line]) -> bytes:
    """The list as CSV that no spreadsheet runs anything of."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS)
    for each in lines:
        told = each.number, each.rank, each.holder, each.course, each.issued_on, each.valid_until
        writer.writerow(map(csv_cell, (*told, each.verify_at, each.file, each.problem)))
    return buffer.getvalue().encode()
