"""From the cells of a table to the rows of a roster, with everything that is wrong, by row and column. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from pme.people.models import Role
from pme.rosters.columns import (
    BY_KEY,
    COLUMNS,
    EMPTY,
    LANGUAGES,
    STANDINGS,
    TAKES,
    heading_of,
    keys_by_heading,
)
from pme.words.speech import _

Spelling = Callable[[str], tuple[str, str]]
"""Brings a cell to one spelling; gives it, and what is wrong with it or ""."""
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
DAY_FIRST = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
FORMULA_GUARD = re.compile(r"'(?=[=+\-@])")
"""What a spreadsheet-safe export puts before a cell that looks like a formula."""


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place of the table: `row` as the spreadsheet counts it, `column` its title or ""."""

    row: int
    column: str
    says: str


@dataclass(frozen=True)
class Row:
    """One row: what stands in it by the keys of columns; what is empty is not there."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Roster:
    """What a table says, what is wrong with it, and the headings that nobody knows."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(default=())


def read_roster(table: Sequence[Sequence[str]]) -> Roster:
    """The rows of a table whose first row that is not empty holds the headings."""
    start = next((place for place, cells in enumerate(table) if any(cells)), None)
    if start is None:
        return Roster(
            problems=(Problem(1, "", _("The table is empty. Download the template to see how it begins.")),)
        )
    places, ignored, problems = _headings(table[start], start + 1)
    if problems:
        return Roster(problems=tuple(problems), ignored=tuple(ignored))
    rows = []
    for number, cells in enumerate(table[start + 1 :], start=start + 2):
        if not any(cells):
            continue
        found = {key: cells[place] for place, key in places.items() if place < len(cells) and cells[place]}
        kept, wrong = _checked(number, found)
        problems += wrong
        if not wrong:  # what is half understood is held against nothing
            rows.append(Row(number, kept))
    if not rows and not problems:
        problems.append(Problem(start + 2, "", _("There is no row below the headings.")))
    return Roster(tuple(rows), tuple(problems), tuple(ignored), tuple(places.values()))


def day_of(text: str) -> date:
    """A day as people and spreadsheets write it. Raises ValueError for what is none."""
    if found := ISO.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := DAY_FIRST.fullmatch(text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    raise ValueError(text)


def number_of(text: str) -> Decimal:
    """A number with a decimal point or a decimal comma. Raises ValueError for what is none."""
    bare = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").rstrip("%")
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    try:
        return Decimal(bare)
    except InvalidOperation:
        raise ValueError(text) from None


def _headings(cells: Sequence[str], number: int) -> tuple[dict[int, str], list[str], list[Problem]]:
    places: dict[int, str] = {}
    ignored, problems = [], []
    for place, cell in enumerate(cells):
        if not cell:
            continue
        key = keys_by_heading().get(heading_of(cell))
        if key is None:
            ignored.append(cell)
        elif key in places.values():
            problems.append(
                Problem(number, str(BY_KEY[key].title), _("Two columns have this heading. Keep one of them."))
            )
        else:
            places[place] = key
    if "email" not in places.values() and "external_id" not in places.values():
        near = [c for c in ignored if get_close_matches(heading_of(c), ["email", "externalid"], cutoff=0.6)]
        if near:
            says = _(
                "There is no column “email”, by which people are recognised. Is it the column “{near}”? "
                "Name it “email”. The first row must hold the headings.",
                near=near[0],
            )
        else:
            says = _(
                "There is no column “email”, by which people are recognised. The first row must hold the "
                "headings."
            )
        problems.append(Problem(number, "", says))
    return places, ignored, problems


def _checked(number: int, found: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The cells of a row in one spelling, and what is wrong with them."""
    kept, problems = {}, []
    for column in COLUMNS:
        if column.key not in found:
            continue
        text = FORMULA_GUARD.sub("", found[column.key], count=1)
        if text == EMPTY:
            if column.can_be_emptied:
                kept[column.key] = EMPTY
            else:
                problems.append(
                    Problem(
                        number,
                        str(column.title),
                        _("This value cannot be removed. Leave the cell empty to keep it as it is."),
                    )
                )
            continue
        if column.longest and len(text) > column.longest:
            problems.append(
                Problem(
                    number, str(column.title), _("Keep this under {most} characters.", most=column.longest)
                )
            )
            continue
        says = ""
        if column.key in SPELLINGS:
            text, says = SPELLINGS[column.key](text)
        if says:
            problems.append(Problem(number, str(column.title), says))
        else:
            kept[column.key] = text
    return kept, problems


def _email(text: str) -> tuple[str, str]:
    bare = text.strip("<>").removeprefix("mailto:").lower()
    is_one = re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", bare)
    return bare, "" if is_one else _(
        "“{text}” is not an e-mail address. Write one like name@academy.example.", text=text
    )


def _roles(text: str) -> tuple[str, str]:
    names = [name for name in re.split(r"[\s,;+/]+", text.lower()) if name]
    known = {role.value for role in Role if role is not Role.INSTALL}
    if strange := [name for name in names if name not in known]:
        return text, _(
            "“{text}” is not a role. Write one of: {known}.", text=strange[0], known=", ".join(sorted(known))
        )
    return " ".join(sorted(set(names))), ""


def _one_of(known: Sequence[str]) -> Spelling:
    def spell(text: str) -> tuple[str, str]:
        bare = text.lower()
        return bare, "" if bare in known else _(
            "“{text}” is not known here. Write one of: {known}.", text=text, known=", ".join(known)
        )

    return spell


def _day(text: str) -> tuple[str, str]:
    try:
        return day_of(text).isoformat(), ""
    except ValueError:
        return text, _("“{text}” is not a day. Write it like 2027-06-30 or 30.06.2027.", text=text)


def _percent(text: str) -> tuple[str, str]:
    try:
        number = number_of(text)
    except ValueError:
        return text, _("“{text}” is not a number. Write a whole percentage from 100 to 400.", text=text)
    if number != number.to_integral_value() or not 100 <= number <= 400:  # noqa: PLR2004  (as the platform takes it)
        return text, _("“{text}” is not a whole percentage from 100 to 400.", text=text)
    return str(int(number)), ""


SPELLINGS: Mapping[str, Spelling] = {
    "email": _email,
    "roles": _roles,
    "language": _one_of(LANGUAGES),
    "standing": _one_of(tuple(STANDINGS)),
    "enrolment": _one_of(tuple(TAKES)),
    "valid_until": _day,
    "time_percent": _percent,
}
"""How the cells of some columns are brought to one spelling: gives the text, and what is wrong with it or ""."""
