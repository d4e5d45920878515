"""What has to be looked at again: tasks, review dates of courses and modules, sources still to be verified."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.authoring.models_tasks import ReviewTask, TaskStatus
from pme.content.catalogue import Catalogue
from pme.content.citations import Place
from pme.content.front_matter import split_front
from pme.content.parse_sources import Bibliography
from pme.content.yaml_edit import put
from pme.errors import Conflict, Invalid
from pme.people.models import Person
from pme.words.speech import _, _n

MOST_YEARS = 5


class DueKind(StrEnum):
    """What is due."""

    TASK = "task"
    COURSE = "course"
    MODULE = "module"
    SOURCE = "source"


@dataclass(frozen=True)
class Due:
    """One thing to look at. `key` is the id of a task, the path of a course's or module's file, or a source's key.

    `due` is None where no day is set; `is_over` says that the day has passed.
    """

    kind: DueKind
    key: str
    title: str
    about: str = ""
    module: str = ""
    who: str = ""
    due: date | None = None
    is_over: bool = False


@dataclass(frozen=True)
class Counts:
    """How much waits, for the front page of authoring."""

    tasks: int
    reviews: int
    sources: int
    overdue: int


SORTS = ("title", "kind", "module", "who", "due")
"""What the list can be sorted by."""


def tasks_due(session: Session, academy_id: int, *, today: date) -> list[Due]:
    """The open tasks of an academy."""
    rows = session.execute(
        select(ReviewTask, Person.name)
        .outerjoin(Person, Person.id == ReviewTask.holder_id)
        .where(ReviewTask.academy_id == academy_id, ReviewTask.status == TaskStatus.OPEN)
        .order_by(ReviewTask.due_on, ReviewTask.id)
    )
    return [
        Due(
            DueKind.TASK,
            str(task.id),
            task.title,
            _("{source_key} is superseded", source_key=task.source_key),
            task.module,
            name or task.authors,
            task.due_on,
            task.due_on < today,
        )
        for task, name in rows
    ]


def tasks_closed(session: Session, academy_id: int, *, most: int = 50) -> list[tuple[ReviewTask, str]]:
    """The tasks that were closed last, each with who closed it."""
    rows = session.execute(
        select(ReviewTask, Person.name)
        .outerjoin(Person, Person.id == ReviewTask.closed_by)
        .where(ReviewTask.academy_id == academy_id, ReviewTask.status != TaskStatus.OPEN)
        .order_by(ReviewTask.closed_at.desc(), ReviewTask.id.desc())
        .limit(most)
    )
    return [(task, name or "") for task, name in rows]


def open_tasks_of(session: Session, academy_id: int, source: str) -> Sequence[ReviewTask]:
    """The open tasks that a source has opened."""
    return session.scalars(
        select(ReviewTask)
        .where(
            ReviewTask.academy_id == academy_id,
            ReviewTask.source_key == source,
            ReviewTask.status == TaskStatus.OPEN,
        )
        .order_by(ReviewTask.due_on, ReviewTask.id)
    ).all()


def reviews_due(published: Catalogue, *, today: date, days: int) -> list[Due]:
    """The published courses and modules whose day of review has passed, or comes within so many days."""
    last = (today + timedelta(days=days)).isoformat()
    found = [
        Due(
            DueKind.COURSE,
            f"modules/{slug}.course.yaml",
            each.content.title,
            due=_day(each.content.review_date),
        )
        for slug, each in published.courses_by_slug.items()
        if each.content.review_date <= last
    ]
    found += [
        Due(
            DueKind.MODULE,
            f"modules/{slug}/module.md",
            each.content.title,
            module=slug,
            who=", ".join(each.content.authors),
            due=_day(each.content.review_date),
        )
        for slug, each in published.modules_by_slug.items()
        if each.content.review_date <= last
    ]
    return [replace(each, is_over=each.due is None or each.due < today) for each in found]


def sources_due(bibliography: Bibliography, cited: Mapping[str, Sequence[Place]]) -> list[Due]:
    """The sources that nobody has read yet, with where they are cited."""
    return [
        Due(
            DueKind.SOURCE,
            key,
            source.title,
            _places(cited.get(key, ())),
            ", ".join(dict.fromkeys(place.module for place in cited.get(key, ()) if place.module)),
        )
        for key, source in bibliography.sources.items()
        if source.status == "to-verify"
    ]


def arranged(found: Iterable[Due], *, sort: str, module: str = "", kind: str = "") -> list[Due]:
    """Narrowed to a module and a kind, by one of `SORTS` ("-": the last first).

    What has no day, module or person comes last, whichever way; those alike stand by their day.
    """
    wanted = [
        each
        for each in found
        if kind in ("", each.kind) and (not module or module in each.module.split(", "))
    ]
    in_order = sorted(wanted, key=lambda each: (each.due or date.max, each.title.casefold()))
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    orders: Mapping[str, Callable[[Due], Any]] = {
        "due": lambda each: each.due,
        "module": lambda each: each.module,
        "who": lambda each: each.who.casefold(),
        "kind": lambda each: list(DueKind).index(each.kind) + 1,
        "title": lambda each: each.title.casefold(),
    }
    order = orders.get(key, orders["due"])
    has_none = [each for each in in_order if not order(each)]
    rest = sorted((each for each in in_order if order(each)), key=order, reverse=is_down)
    return [*rest, *has_none]


def counts(session: Session, academy_id: int, reviews: Sequence[Due], sources: int, *, today: date) -> Counts:
    """How much waits in all."""
    open_tasks, late = session.execute(
        select(func.count(), func.count().filter(ReviewTask.due_on < today)).where(
            ReviewTask.academy_id == academy_id, ReviewTask.status == TaskStatus.OPEN
        )
    ).one()
    return Counts(open_tasks, len(reviews), sources, late + sum(each.is_over for each in reviews))


def with_review_date(text: str, path: str, day: date, *, today: date, reviewer: str = "") -> str:
    """The text of a course or module with another day of review (and reviewer); the rest stays to the letter.

    Raises Invalid for a day that is no later one.
    """
    if day <= today:
        raise Invalid(_("Choose a day after today: when should it be looked at again?"), field="day")
    if day > today + timedelta(days=366 * MOST_YEARS):
        raise Invalid(_("Choose a day within {number} years.", number=MOST_YEARS), field="day")
    fields = {"review_date": day.isoformat()} | ({"reviewer": reviewer} if reviewer else {})
    if not path.endswith(".md"):
        fields.pop("reviewer", None)
        return _with(text, fields)
    front, _lines, _rest = split_front(text)
    if front is None:
        raise Conflict(
            _("The first lines of this file cannot be read. Open it from the contents and correct it.")
        )
    begin = text.index("\n") + 1
    end = begin + len(front) + 1
    return text[:begin] + _with(text[begin:end], fields) + text[end:]


def _with(text: str, fields: Mapping[str, str]) -> str:
    for name, value in fields.items():
        text = put(text, (name,), value)
    return text


def _places(places: Sequence[Place]) -> str:
    number = len({place.spot for place in places})
    return _n("cited in {n} place", "cited in {n} places", number) if number else _("cited nowhere")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
