"""Reads about progress: the facts that the rule of completion needs."""

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from pme.assessment.models import Task
from pme.assessment.queries import TaskStanding
from pme.db import asked
from pme.progress.completion import Facts, StepKind
from pme.progress.models import ModuleCompletion, PageRead
from pme.progress.models_equal import EqualWork

Standings = Mapping[tuple[Task, str], TaskStanding]


_read, _complete, _equal = PageRead.__table__.c, ModuleCompletion.__table__.c, EqualWork.__table__.c
_ids: BindParameter[Sequence[int]] = bindparam("enrolment_ids", expanding=True)

# Built once: what was read and completed, and the scenarios for which work of equal value counts ("" as
# their module), in one statement.
FACTS = union_all(
    select(_read.enrolment_id, _read.module, _read.page).where(_read.enrolment_id.in_(_ids)),
    select(_complete.enrolment_id, _complete.module, literal("")).where(_complete.enrolment_id.in_(_ids)),
    select(_equal.enrolment_id, literal(""), _equal.scenario).where(
        _equal.academy_id == bindparam("academy_id"), _equal.enrolment_id.in_(_ids), _equal.scenario != ""
    ),
)


def facts_of(session: Session, academy_id: int, standings: Mapping[int, Standings]) -> dict[int, Facts]:
    """What each enrolment at an academy has done, in one query beside the standings that are already known."""
    ids = list(standings)
    rows = asked(session, FACTS, {"academy_id": academy_id, "enrolment_ids": ids}).all()
    read: dict[int, set[tuple[str, str]]] = {number: set() for number in ids}
    complete: dict[int, set[str]] = {number: set() for number in ids}
    equal: dict[int, set[str]] = {number: set() for number in ids}
    for enrolment_id, module, page in rows:
        if not module:
            equal[enrolment_id].add(page)
        elif page:
            read[enrolment_id].add((module, page))
        else:
            complete[enrolment_id].add(module)
    return {
        number: Facts(
            read=frozenset(read[number]),
            quizzes_passed=_passed(standings[number], Task.QUIZ),
            scenarios_passed=_passed(standings[number], Task.SCENARIO) | equal[number],
            modules=frozenset(complete[number]),
        )
        for number in ids
    }


def best_marks(standings: Standings) -> dict[tuple[StepKind, str], float]:
    """The best mark (0-100) of each task that was finished."""
    return {
        (StepKind(task.value), slug): standing.best_percent
        for (task, slug), standing in standings.items()
        if standing.best_percent is not None
    }


def _passed(standings: Standings, task: Task) -> frozenset[str]:
    return frozenset(
        slug for (kind, slug), standing in standings.items() if kind is task and standing.is_passed
    )
