"""What a return holds: completions of a period, what changed since the last return, and sums by course and unit.

All is read in one transaction that sees one state of the database.
"""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.enrolment.models import Enrolment
from pme.people.models import Personnel
from pme.progress.models import CompletionEvent, EventKind
from pme.reports.datasets.column import Column, Kind, Row, Shape
from pme.reports.datasets.completions import SHAPE as COMPLETIONS
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.read import rows
from pme.returns.models import SealedReturn

FEW = 5
"""Below this many people a unit, service or nation is not named where few are to be hidden (assessment.md)."""
HIDDEN = "(few)"
NAMING = ("name", "rank", "email", "external_id")
GROUPS = ("nation", "service", "unit")
WHAT = {
    EventKind.EARNED: "new",
    EventKind.AMENDED: "amended by regrade",
    EventKind.REVOKED: "revoked",
    EventKind.RESTORED: "restored",
    EventKind.REQUALIFIED: "requalified",
}
CHANGES = Shape(
    name="changes",
    title="Changes since the last return",
    says="What became of completions since the academy's last return of the same course: a row for each event.",
    version=1,
    columns=(
        Column("event", "Event", Kind.WHOLE, "Number of the event in this installation."),
        Column(
            "person",
            "Person",
            Kind.TEXT,
            "Number or pseudonym of the person, as in the completions.",
            is_personal=True,
        ),
        Column("name", "Name", Kind.TEXT, "Name as the academy keeps it.", may_lack=True, is_personal=True),
        Column("course", "Course", Kind.TEXT, "Short name of the course."),
        Column("what", "What", Kind.TEXT, f"One of: {', '.join(WHAT.values())}."),
        Column(
            "percent_before",
            "Result before",
            Kind.NUMBER,
            "Result before a regrade.",
            unit="percent",
            may_lack=True,
        ),
        Column("percent", "Result", Kind.NUMBER, "Result in force after it.", unit="percent"),
        Column("at", "At", Kind.MOMENT, "When it happened."),
    ),
    filters=(),
    sort="event",
)
SUMS = Shape(
    name="summary",
    title="Completions by course and unit",
    says="How many completed each course in the period, by unit, and what they earned on average.",
    version=2,
    columns=(
        Column("course", "Course", Kind.TEXT, "Short name of the course.", in_files_only=True),
        Column("course_title", "Course title", Kind.TEXT, "Title of the course as it was published then."),
        Column("unit", "Unit", Kind.TEXT, "Unit of the people.", may_lack=True),
        Column("completed", "Completed", Kind.TEXT, f"How many; “under {FEW}” where few are hidden."),
        Column(
            "revoked",
            "Revoked",
            Kind.TEXT,
            f"How many of them were revoked; “under {FEW}” where few are hidden.",
        ),
        Column(
            "mean_percent",
            "Mean result",
            Kind.NUMBER,
            "Mean of their results.",
            unit="percent",
            may_lack=True,
        ),
    ),
    filters=(),
    sort="course",
)
Pseudonym = Callable[[object], str]


def pseudonym_with(secret: bytes) -> Pseudonym:
    """How people are called in a return that names nobody: the same throughout it, and in no other."""

    def call(person: object) -> str:
        return "P-" + hmac.new(secret, str(person).encode(), hashlib.sha256).hexdigest()[:12].upper()

    return call


def completions(
    session: Session, sealed: SealedReturn, *, at: datetime, pseudonym: Pseudonym | None
) -> Iterator[Row]:
    """The completions of the period, in the order in which they were earned."""
    filters = Filters(since=sealed.since, until=sealed.until, courses=tuple(sealed.courses))
    found = rows(session, "completions", sealed.academy_id, filters, at=at)
    keys = COMPLETIONS.keys
    hidden = _few(session, sealed, at) if sealed.hides_few else {}
    for row in found:
        cells = dict(zip(keys, row, strict=True))
        for group, named in hidden.items():
            if cells[group] is not None and cells[group] not in named:
                cells[group] = HIDDEN
        if pseudonym:
            cells |= dict.fromkeys(NAMING) | {"name": pseudonym(cells["person"]), "person": None}
            cells["certificate"] = None
        yield tuple(cells.values())


def changes(
    session: Session, sealed: SealedReturn, before: int, *, pseudonym: Pseudonym | None
) -> Iterator[Row]:
    """Everything that became of completions of these courses since an event, oldest first."""
    found = session.execute(
        select(CompletionEvent, Enrolment.person_id, Personnel.name)
        .join(Enrolment, Enrolment.id == CompletionEvent.enrolment_id)
        .outerjoin(
            Personnel,
            (Personnel.person_id == Enrolment.person_id) & (Personnel.academy_id == sealed.academy_id),
        )
        .where(
            CompletionEvent.academy_id == sealed.academy_id,
            Enrolment.academy_id == sealed.academy_id,
            CompletionEvent.course.in_(sealed.courses),
            CompletionEvent.id > before,
        )
        .order_by(CompletionEvent.id)
        .execution_options(yield_per=1_000)
    )
    for event, person, name in found:
        yield (
            event.id,
            pseudonym(person) if pseudonym else str(person),
            None if pseudonym else name,
            event.course,
            WHAT[event.kind],
            event.percent_before,
            event.percent,
            event.at,
        )


def newest_event(session: Session, academy_id: int) -> int:
    """The number of the newest event of an academy's completions, 0 where there is none."""
    return (
        session.scalar(select(func.max(CompletionEvent.id)).where(CompletionEvent.academy_id == academy_id))
        or 0
    )


def sums(found: Iterable[Row], *, hides_few: bool) -> list[Row]:
    """How many completed each course, by unit. Where few are hidden, so is every count that is not nothing."""
    place = {key: number for number, key in enumerate(COMPLETIONS.keys)}
    titles: dict[str, str] = {}
    totals: dict[tuple[str, str], list[float]] = defaultdict(list)
    revoked: Counter[tuple[str, str]] = Counter()
    for row in found:
        titles[str(row[place["course"]])] = str(row[place["course_title"]])
        group = (str(row[place["course"]]), str(row[place["unit"]] or ""))
        totals[group].append(float(row[place["percent"]] or 0))  # type: ignore[arg-type]  # a number
        revoked[group] += row[place["status"]] == "revoked"

    def count(number: int) -> str:
        return f"under {FEW}" if hides_few and 0 < number < FEW else str(number)

    return [
        (
            course,
            titles[course],
            unit or None,
            count(len(results)),
            count(revoked[course, unit]),
            None if hides_few and len(results) < FEW else round(sum(results) / len(results), 1),
        )
        for (course, unit), results in sorted(totals.items())
    ]


def _few(session: Session, sealed: SealedReturn, at: datetime) -> dict[str, frozenset[object]]:
    """The values of each group that stand for enough people to be named."""
    filters = Filters(since=sealed.since, until=sealed.until, courses=tuple(sealed.courses))
    people: dict[str, dict[object, set[object]]] = {group: defaultdict(set) for group in GROUPS}
    for row in rows(session, "completions", sealed.academy_id, filters, at=at):
        cells = dict(zip(COMPLETIONS.keys, row, strict=True))
        for group in GROUPS:
            people[group][cells[group]].add(cells["person"])
    return {
        group: frozenset(value for value, who in found.items() if len(who) >= FEW)
        for group, found in people.items()
    }
