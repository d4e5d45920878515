"""Item quality: how each question of each edition works, by the figures of the pages of quality.

A figure that rests on too few people is left out, as there. Importing `lines` imports no numpy; asking does.
"""

from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pme.assessment.corrections import corrected
from pme.assessment.models import Attempt, Task
from pme.assessment.regrades import corrections_in_force
from pme.assessment.statistics_figures import Figure, value_of
from pme.content.models import ContentVersion
from pme.content.shapes import Quiz, Scenario
from pme.reports import quality_rows
from pme.reports.datasets.column import WHOSE, By, Column, Kind, Row, Shape
from pme.reports.datasets.query import Ask, Dataset, only
from pme.reports.datasets.taken import TASK, contents_of, course_title, first_attempts
from pme.reports.quality_rows import EDITION
from pme.words.lazily import lazy

if TYPE_CHECKING:  # imports numpy
    from pme.assessment.statistics_items import ItemFigures

TASKS = (Task.QUIZ, Task.SCENARIO)
SHAPE = Shape(
    name="item-quality",
    title=lazy("Item quality"),
    says=lazy("How each question of a quiz and each decision of a scenario works, edition by edition."),
    version=1,
    columns=(
        *TASK,
        Column(
            "edition",
            lazy("Edition"),
            Kind.TEXT,
            lazy("The first 12 characters of the SHA-256 of the edition of the task."),
            in_files_only=True,
        ),
        Column(
            "item", lazy("Item"), Kind.TEXT, lazy("Short name of the question or decision within the task.")
        ),
        Column(
            "outcome",
            lazy("Outcome"),
            Kind.TEXT,
            lazy("Short name of the learning outcome that it asks for."),
            may_lack=True,
        ),
        Column(
            "critical", lazy("Critical"), Kind.YES, lazy("Whether failing this item can fail the whole task.")
        ),
        Column(
            "students",
            lazy("Students"),
            Kind.WHOLE,
            lazy("People whose first attempt met it."),
            unit="people",
        ),
        Column("unanswered", lazy("Unanswered"), Kind.WHOLE, lazy("Those who left it empty."), unit="people"),
        Column(
            "facility",
            lazy("Facility"),
            Kind.NUMBER,
            lazy("Mean credit, 0 to 1; empty under 10 people."),
            unit="credit",
            may_lack=True,
        ),
        Column(
            "discrimination",
            lazy("Item-total"),
            Kind.NUMBER,
            lazy("Correlation of the credit with that on the other items, -1 to 1; empty under 30 people."),
            unit="coefficient",
            may_lack=True,
        ),
        Column(
            "median_seconds",
            lazy("Median time"),
            Kind.NUMBER,
            lazy("Median of the time spent on it; empty where too few times are known."),
            unit="seconds",
            may_lack=True,
        ),
        Column(
            "flags",
            lazy("Flags"),
            Kind.TEXT,
            lazy("What needs a closer look, separated by semicolons: hard, easy, weak, backwards, idle."),
            may_lack=True,
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE),
    sort="discrimination",
    period="first attempted",
)


@dataclass(frozen=True)
class _Edition:
    """An edition of a task that was taken in a course."""

    course: str
    task: Task
    slug: str
    version_id: int
    sha256: str


def lines(session: Session, ask: Ask) -> list[Row]:
    """A line for each question or decision of each edition that was taken; as many statements for all of them."""
    where = first_attempts(ask, *TASKS)
    editions = _editions(session, where)
    contents = contents_of(session, (edition.version_id for edition in editions))
    corrections = corrections_in_force(session, ask.academy_id)
    found: list[Row] = []
    with closing(_Reader(session, where)) as read:
        for number, edition in enumerate(editions):
            ask.told(number, len(editions))
            content = contents[edition.version_id]
            if isinstance(content, Quiz):
                content = corrected(content, corrections.get((edition.course, edition.version_id), ())).quiz
            task = (edition.course, course_title(ask, edition.course), edition.task.value, edition.slug)
            edited = (content.title, edition.sha256[:12])
            found.extend((*task, *edited, *_figures(each)) for each in read.figures(edition, content))
    return found


class _Reader:
    """Reads the figures of editions, one after the other in their order."""

    def __init__(self, session: Session, where: list[ColumnElement[bool]]) -> None:
        self._marks = quality_rows.marks(session, where)
        self._answers = quality_rows.answers(session, (Attempt.task == Task.QUIZ, *where))
        self._decisions = quality_rows.decisions(session, (Attempt.task == Task.SCENARIO, *where))

    def close(self) -> None:
        """Let go what was not read."""
        for each in (self._marks, self._answers, self._decisions):
            each.close()

    def figures(self, edition: _Edition, content: Quiz | Scenario) -> "tuple[ItemFigures, ...]":
        """Those of the next edition."""
        matrices = import_module(
            "pme.reports.quality_matrix"
        )  # brings numpy, 25 MB: only where it is asked for
        statistics = import_module("pme.assessment.statistics_items")
        marks = self._marks.edition(edition.course, edition.version_id)
        if isinstance(content, Quiz):
            matrix = matrices.of_quiz(content, marks, self._answers)
        else:
            matrix = matrices.of_scenario(content, marks, self._decisions).matrix
        found: tuple[ItemFigures, ...] = statistics.item_figures(matrix)
        return found


def _editions(session: Session, where: list[ColumnElement[bool]]) -> list[_Edition]:
    rows = session.execute(
        select(*EDITION, ContentVersion.sha256)
        .join(ContentVersion, ContentVersion.id == Attempt.version_id)
        .where(*where)
        .group_by(*EDITION, ContentVersion.sha256)
        .order_by(*EDITION)
    )
    return [_Edition(*row) for row in rows]


def _figures(each: "ItemFigures") -> Row:
    return (
        each.item.id,
        each.item.stratum or None,
        each.item.is_critical,
        each.n,
        each.unanswered,
        _rounded(each.facility),
        _rounded(each.discrimination),
        _rounded(each.times.median),
        "; ".join(f"{one.flag} ({one.part})" if one.part else one.flag.value for one in each.remarks) or None,
    )


def _rounded(figure: Figure) -> float | None:
    value = value_of(figure)
    return None if value is None else round(value, 4)


ITEMS = Dataset(SHAPE, lines=lines, tasks=TASKS, at_most=3_000)
