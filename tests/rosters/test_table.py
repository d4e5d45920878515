"""A table from outside: what programs write, and what must not be taken."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from pme.intake.made import Refused
from pme.intake.table import take_table

ROWS = [
    ["email", "name", "unit"],
    ["a@b.example", "Zoë Ångström", "1, 2"],
    ["b@b.example", "Łukasz Ćwik", ""],
]


def taken(content: bytes, **options: str):
    return take_table(content, options).told


def test_a_table_is_read_whatever_separates_its_cells():
    for mark in ",;\t|":
        text = "\r\n".join(mark.join(f'"{cell}"' for cell in row) for row in ROWS)
        told = taken(text.encode())
        assert told["separator"] == mark
        assert told["rows"] == [ROWS[0], ROWS[1], ["b@b.example", "Łukasz Ćwik"]]


def test_a_table_is_read_whatever_letters_it_is_written_with():
    western, cyrillic = "email;name\na@b.example;Zoë Müller", "email;name\na@b.example;Олена Шевченко"
    for text, encoding, mark in (
        (western, "utf-8", b""),
        (western, "utf-8-sig", b""),
        (western, "utf-16", b""),
        (western, "cp1252", b""),
        (cyrillic, "cp1251", b""),
        (cyrillic, "utf-16-le", b"\xff\xfe"),
    ):
        told = taken(mark + text.encode(encoding))
        assert told["rows"][1][1] == text.rpartition(";")[2], encoding
    central = "email,name\na@b.example,Łukasz Ćwik".encode("cp1250")
    assert taken(central, encoding="cp1250")["rows"][1][1] == "Łukasz Ćwik"
    with pytest.raises(Refused, match="not written in UTF-8"):
        taken(central, encoding="utf-8")


def test_excel_says_its_separator_and_leaves_empty_rows():
    told = taken(b"\xef\xbb\xbfsep=;\r\nemail;name\r\n;;\r\na@b.example;Ada\r\n")
    assert told["rows"] == [["email", "name"], [], ["a@b.example", "Ada"]]


def test_a_workbook_gives_days_and_numbers_as_they_would_be_typed():
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["external_id", "valid_until", "time_percent", "name"])
    sheet.append([20417.0, datetime(2027, 6, 30, tzinfo=UTC).replace(tzinfo=None), 112.5, "  Ada   Byron "])
    file = io.BytesIO()
    book.save(file)
    assert taken(file.getvalue())["rows"][1] == ["20417", "2027-06-30", "112.5", "Ada Byron"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old kind"),
        (b"PK\x03\x04 not a zip", "ZIP|damaged|workbook"),
        (b"email\0name\n", "neither CSV"),
        (b"email\n" + b"a@b.example\n" * 20_002, "more than 20,000 rows"),
        (b"email\n" + b"a" * 3_000, "longer than a cell"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, says: str):
    with pytest.raises(Refused, match=says):
        taken(content)
