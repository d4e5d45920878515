"""The live board as the doors show it: filtered, sorted and paged by its address alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request
from sqlalchemy import ColumnElement, and_

from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.enrolment.queries import cohort_sizes
from pme.progress.board import BoardRow, Syllabus, board_rows, where_they_are
from pme.progress.whereabouts import LEAST_DAYS, MOST_DAYS, QUIET_DAYS, STUCK_DAYS, Rule, State
from pme.web.addresses import number_in
from pme.web.loaders import catalogue
from pme.web.session import db_session
from pme.web.signin import now
from pme.words.lazily import lazy
from pme.words.speech import _

A_PAGE = 100
MOST_AT_ONCE = 600
"""Students on one board: with more of them, a cohort is chosen first."""
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
SHOW: Mapping[str, tuple[str, Callable[[BoardRow], bool]]] = {
    "": (lazy("Everybody"), lambda _row: True),
    "stuck": (lazy("Stuck"), lambda row: bool(row.stuck)),
    "quiet": (lazy("Quiet"), lambda row: row.is_quiet),
    "overdue": (lazy("Overdue"), lambda row: row.is_overdue),
    "under-way": (lazy("Under way"), lambda row: row.state is State.UNDER_WAY),
    "not-begun": (lazy("Not begun"), lambda row: row.state is State.NOT_BEGUN),
    "complete": (lazy("Complete"), lambda row: row.state is State.COMPLETE),
}
SORTS: Mapping[str, Callable[[BoardRow], tuple[object, ...]]] = {
    "name": lambda row: (row.name.casefold(),),
    "where": lambda row: (row.done / max(1, row.of), row.name.casefold()),
    "last": lambda row: (row.last_at or LONG_AGO, row.name.casefold()),
    "standing": lambda row: (
        not row.is_overdue,
        not row.stuck,
        not row.is_quiet,
        row.state.value,
        row.name.casefold(),
    ),
}


@dataclass(frozen=True)
class Board:
    """What one look at the board shows. `rows` are those of this page, `numbers` count everybody in scope."""

    syllabus: Syllabus
    rule: Rule
    at: datetime
    rows: Sequence[BoardRow]
    found: int
    numbers: Mapping[str, int]
    where: Sequence[tuple[str, str, int]]
    asked: Mapping[str, str]
    sort: str
    is_down: bool
    page: int
    pages: int

    @property
    def shows(self) -> dict[str, str]:
        """What may be shown, for the form."""
        return {key: f"{text} ({self.numbers[key]})" for key, (text, _fits) in SHOW.items()}

    def query(self, **changes: str | int) -> dict[str, str]:
        """The address's fields with changes; what is usual or empty is left out."""
        usual = {"quiet": str(QUIET_DAYS), "stuck": str(STUCK_DAYS), "page": "1", "sort": "name"}
        fields = {**self.asked, **{name: str(value) for name, value in changes.items()}}
        return {name: value for name, value in fields.items() if value and usual.get(name) != value}

    @property
    def chips(self) -> list[tuple[str, dict[str, str]]]:
        """What narrows the board, in words, each with the address's fields without it."""
        found = []
        if self.asked["show"]:
            found.append((str(SHOW[self.asked["show"]][0]), self.query(show="", page=1)))
        if self.asked["module"]:
            titles = {slug: title for slug, title, _students in self.where}
            says = _("Now in {module}", module=titles.get(self.asked["module"], self.asked["module"]))
            found.append((says, self.query(module="", page=1)))
        return found

    def by(self, column: str) -> dict[str, str]:
        """The address's fields that sort by a column, the other way where it is sorted by it already."""
        down = "down" if self.sort == column and not self.is_down else ""
        return self.query(sort=column, way=down, page=1)

    def sorted(self, column: str) -> str:
        """For `aria-sort`: how the column is sorted, "" where it is not."""
        return ("descending" if self.is_down else "ascending") if self.sort == column else ""


def sizes_of(scope: ColumnElement[bool]) -> dict[int | None, int]:
    """How many students each cohort has on a board; None counts those in no cohort. The withdrawn stand on none."""
    return cohort_sizes(db_session(), and_(scope, Enrolment.status == EnrolmentStatus.ACTIVE))


def are_too_many(sizes: Mapping[int | None, int]) -> bool:
    """Whether there are more students in these cohorts than one board can show quickly."""
    return sum(sizes.values()) > MOST_AT_ONCE


def board_of(academy_id: int, course: Versioned[Course], scope: ColumnElement[bool]) -> Board:
    """The board of the enrolments in scope, as the request asks for it."""
    syllabus, args, at = Syllabus.of(catalogue(), course.content), request.args, now()
    rule = Rule(_days("quiet", QUIET_DAYS), _days("stuck", STUCK_DAYS))
    show = args.get("show", "") if args.get("show") in SHOW else ""
    module = args.get("module", "") if args.get("module") in {m.slug for m in syllabus.modules} else ""
    sort, is_down = (args["sort"] if args.get("sort") in SORTS else "name"), args.get("way") == "down"
    rows = board_rows(db_session(), academy_id, scope, syllabus, rule=rule, at=at)
    fits = SHOW[show][1]
    chosen = [row for row in rows if fits(row) and (not module or (row.place and row.place.module == module))]
    chosen.sort(key=SORTS[sort], reverse=is_down)
    pages = max(1, -(-len(chosen) // A_PAGE))
    page = min(pages, max(1, number_in(args.get("page")) or 1))
    return Board(
        syllabus=syllabus,
        rule=rule,
        at=at,
        rows=chosen[(page - 1) * A_PAGE : page * A_PAGE],
        found=len(chosen),
        numbers={key: sum(map(test, rows)) for key, (_says, test) in SHOW.items()},
        where=where_they_are(rows, syllabus),
        asked={
            "show": show,
            "module": module,
            "quiet": str(rule.quiet_days),
            "stuck": str(rule.stuck_days),
            "sort": sort,
            "way": "down" if is_down else "",
            "page": str(page),
        },
        sort=sort,
        is_down=is_down,
        page=page,
        pages=pages,
    )


def _days(name: str, usual: int) -> int:
    days = number_in(request.args.get(name))
    return days if days is not None and LEAST_DAYS <= days <= MOST_DAYS else usual
