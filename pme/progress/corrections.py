"""What becomes of a completion afterwards: revoked, restored, amended by a regrade. Each is one more event.

Acts expect the enrolment locked in a writing transaction; they flush, never commit.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from pme.assessment.effective import BATCH, MARKED
from pme.assessment.effective import PERCENT as MARK
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.content.catalogue import Catalogue
from pme.content.edition_content import EditionContent
from pme.content.editions import content_of, edition_by_id
from pme.enrolment.cohorts import plans_of
from pme.enrolment.models import Enrolment
from pme.enrolment.plan import Plan, arranged_for
from pme.errors import Conflict, Invalid
from pme.progress.completion import StepKind, percent_of, tasks_of
from pme.progress.in_force import InForce, completion_in_force, completions_in_force
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind
from pme.words.speech import _

LONGEST_REASON = 1_000
LEAST_CHANGE = 1e-9
KIND_OF = {task: StepKind(task.value) for task in Task}
Before = Mapping[int, Mapping[int, float]]
"""By enrolment, what attempts had earned before a regrade: attempt -> percent."""
Marked = tuple[int, Task, str, float]
"""A finished attempt: its id, its task, and the percent in force."""


def revoke(
    session: Session, academy_id: int, enrolment_id: int, *, reason: str, by: int, at: datetime
) -> CompletionEvent:
    """Revoke a completion. Raises Invalid without a reason, Conflict where there is none or it is revoked."""
    standing = _standing(session, academy_id, enrolment_id)
    if standing.is_revoked:
        raise Conflict(_("This completion is revoked already. Nothing was changed."))
    return _settle(session, standing, EventKind.REVOKED, reason=reason, by=by, at=at)


def restore(
    session: Session, academy_id: int, enrolment_id: int, *, reason: str, by: int, at: datetime
) -> CompletionEvent:
    """Take a revocation back. Raises Invalid without a reason, Conflict where nothing is revoked."""
    standing = _standing(session, academy_id, enrolment_id)
    if not standing.is_revoked:
        raise Conflict(_("This completion is not revoked. Nothing was changed."))
    return _settle(session, standing, EventKind.RESTORED, reason=reason, by=by, at=at)


def amend_after_regrade(
    session: Session, catalogue: Catalogue, before: Before, *, regrade_id: int, academy_id: int, at: datetime
) -> list[int]:
    """Record the new result of each completion that a regrade changes; gives their enrolments.

    The result is that of the attempts finished by the day of completion, as they are marked now: what a
    student did afterwards does not count. `before` tells what the attempts had earned until then.
    """
    ids, amended = sorted(before), []
    contents: dict[int | None, EditionContent | None] = {}
    rules: dict[object, _Rule] = {}
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        marks, plans = _marks(session, academy_id, batch), _plans(session, academy_id, batch)
        events = []
        for standing in completions_in_force(session, academy_id, CourseCompletion.enrolment_id.in_(batch)):
            if standing.edition_id not in contents:
                edition = edition_by_id(session, standing.edition_id)
                contents[standing.edition_id] = content_of(session, edition) if edition else None
            content = contents[standing.edition_id] or _published(catalogue, standing.course)
            mine, plan = marks[standing.enrolment_id], plans[standing.enrolment_id]
            if content is None or not mine:
                continue
            key = (standing.edition_id, standing.course, frozenset(plan.items()))
            if key not in rules:
                rules[key] = _Rule.of(replace(content, course=arranged_for(content.course, plan)))
            new = rules[key].percent(mine)
            earlier = before[standing.enrolment_id]
            old = rules[key].percent([(n, t, slug, earlier.get(n, percent)) for n, t, slug, percent in mine])
            if abs(new - old) > LEAST_CHANGE:
                amended.append(standing.enrolment_id)
                events.append(
                    _facts(
                        standing, EventKind.AMENDED, percent=new, before=standing.percent,
                        regrade_id=regrade_id, at=at,
                    )
                )  # fmt: skip
        if events:
            session.execute(insert(CompletionEvent), events)
    return amended


def _standing(session: Session, academy_id: int, enrolment_id: int) -> InForce:
    standing = completion_in_force(session, academy_id, enrolment_id)
    if standing is None:
        raise Conflict(_("This course is not completed. Nothing was changed."))
    return standing


def _settle(
    session: Session, standing: InForce, kind: EventKind, *, reason: str, by: int, at: datetime
) -> CompletionEvent:
    given = reason.strip()
    if not given:
        raise Invalid(_("Say why, in words that the holder may read."), field="reason")
    if len(given) > LONGEST_REASON:
        raise Invalid(
            _("Keep the reason under {most} characters.", most=LONGEST_REASON),
            field="reason",
        )
    event = CompletionEvent(**_facts(standing, kind, percent=standing.percent, reason=given, by=by, at=at))
    session.add(event)
    session.flush()
    return event


def _facts(
    standing: InForce,
    kind: EventKind,
    *,
    percent: float,
    at: datetime,
    before: float | None = None,
    reason: str = "",
    regrade_id: int | None = None,
    by: int | None = None,
) -> dict[str, Any]:
    """What is written down of an event."""
    return {
        "academy_id": standing.academy_id,
        "enrolment_id": standing.enrolment_id,
        "course": standing.course,
        "kind": kind,
        "edition_id": standing.edition_id,
        "percent": percent,
        "percent_before": before,
        "reason": reason,
        "regrade_id": regrade_id,
        "by": by,
        "at": at,
    }


def _plans(session: Session, academy_id: int, ids: Sequence[int]) -> dict[int, Plan]:
    """By enrolment, what its cohort arranged about optional modules."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.cohort_id).where(
            Enrolment.academy_id == academy_id, Enrolment.id.in_(ids)
        )
    )
    cohorts = {row.id: row.cohort_id for row in rows}
    plans = plans_of(session, academy_id, set(cohorts.values()))
    return {number: plans.get(cohort_id, {}) for number, cohort_id in cohorts.items()}


def _marks(session: Session, academy_id: int, ids: Sequence[int]) -> dict[int, list[Marked]]:
    """By enrolment, the marks in force of what was finished by its completion."""
    rows = session.execute(
        select(Attempt.enrolment_id, Attempt.id, Attempt.task, Attempt.slug, MARK)
        .select_from(MARKED)
        .join(CourseCompletion, CourseCompletion.enrolment_id == Attempt.enrolment_id)
        .where(
            Attempt.academy_id == academy_id,
            CourseCompletion.academy_id == academy_id,
            Attempt.enrolment_id.in_(ids),
            Attempt.status == AttemptStatus.FINISHED,
            func.coalesce(Attempt.finished_at, Attempt.started_at) <= CourseCompletion.completed_at,
        )
    )
    found: dict[int, list[Marked]] = defaultdict(list)
    for enrolment_id, attempt_id, task, slug, percent in rows:
        found[enrolment_id].append((attempt_id, task, slug, percent or 0.0))
    return found


@dataclass(frozen=True)
class _Rule:
    """What counts for the result of a course as a cohort takes it, found out once for all who take it so."""

    tasks: Set[tuple[StepKind, str]]
    formative: Set[str]

    @classmethod
    def of(cls, content: EditionContent) -> "_Rule":
        """The rule of an edition."""
        wanted = frozenset(content.course.modules) - content.course.optional
        tasks = tasks_of(module for slug, module in content.modules.items() if slug in wanted)
        return cls(
            tasks, frozenset(slug for slug, each in content.scenarios.items() if each.mode == "formative")
        )

    def percent(self, marks: Sequence[Marked]) -> float:
        """The result that these marks come to."""
        best: dict[tuple[StepKind, str], float] = {}
        for _unused, task, slug, percent in marks:
            if task is Task.SCENARIO and slug in self.formative:
                continue
            key = (KIND_OF[task], slug)
            best[key] = max(percent, best.get(key, 0.0))
        return percent_of(self.tasks, best)


def _published(catalogue: Catalogue, slug: str) -> EditionContent | None:
    course = catalogue.course(slug)
    if course is None:
        return None
    return EditionContent(
        course.content,
        {name: m.content for name in course.content.modules if (m := catalogue.module(name))},
        {name: q.content for name, q in catalogue.quizzes_by_slug.items()},
        {name: s.content for name, s in catalogue.scenarios_by_slug.items()},
    )
