"""The board of a cohort: who is where, who is stuck, who has gone quiet; in a handful of statements.

Everything shown of a student here is shown to the student too (`pme.web.student.progress`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from pme.assessment.effective import IS_PASSED, MARKED
from pme.assessment.models import Attempt, AttemptStatus, Decision, Response, Task
from pme.assessment.queries import TaskStanding, standings
from pme.content.catalogue import Catalogue
from pme.content.shapes import Course, Module
from pme.enrolment.cohorts import plans_of
from pme.enrolment.dates import is_over
from pme.enrolment.due import dues
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.plan import Plan, arranged_for
from pme.people.models import Academy, Personnel
from pme.progress.completion import Facts, Place, StepKind, is_done, places
from pme.progress.in_force import IS_REVOKED
from pme.progress.models import CourseCompletion, PageRead
from pme.progress.queries import facts_of
from pme.progress.whereabouts import Acts, Failed, Rule, State, is_quiet, state_of, stuck_on

WEEKS = 8
WEEK = timedelta(days=7)
Needed = tuple[tuple[str, tuple[Place, ...]], ...]
"""The steps that complete a course, by module."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One student of a course. `series` are acts in each of the last weeks, the latest last; `place` is where
    they go on, None when nothing is left. `stuck` says why they seem so, or "". `due_on` is until when they
    have time.
    """

    enrolment_id: int
    name: str
    cohort: str
    state: State
    place: Place | None
    place_title: str
    module_title: str
    done: int
    of: int
    last_at: datetime | None
    series: tuple[int, ...]
    stuck: str
    is_quiet: bool
    due_on: date | None
    is_overdue: bool
    completed_at: datetime | None


@dataclass(frozen=True)
class Syllabus:
    """A course as the board reads it: its published modules and the titles of all steps."""

    course: Course
    modules: tuple[Module, ...]
    titles: dict[tuple[StepKind, str, str], str]

    @classmethod
    def of(cls, catalogue: Catalogue, course: Course) -> "Syllabus":
        """From what is published now."""
        modules = tuple(m.content for slug in course.modules if (m := catalogue.module(slug)))
        titles = {(StepKind.PAGE, m.slug, page.slug): page.title for m in modules for page in m.pages}
        for module in modules:
            for slug in module.completion.quizzes:
                quiz = catalogue.quiz(slug)
                titles[StepKind.QUIZ, module.slug, slug] = quiz.content.title if quiz else slug
            for slug in module.completion.scenarios:
                scenario = catalogue.scenario(slug)
                titles[StepKind.SCENARIO, module.slug, slug] = scenario.content.title if scenario else slug
        return cls(course, modules, titles)

    def needed(self, plan: Plan) -> Needed:
        """The steps that complete the course as a cohort takes it, by module."""
        taken = arranged_for(self.course, plan)
        wanted = frozenset(taken.modules) - taken.optional
        return tuple((module.slug, places(module)) for module in self.modules if module.slug in wanted)

    def title(self, place: Place) -> str:
        """What a step is called."""
        return self.titles.get((place.kind, place.module, place.slug), place.slug)

    def task_title(self, task: Task, slug: str) -> str:
        """What a task is called, whichever module it is in; "" for one that is no longer asked."""
        kind = StepKind(task.value)
        return next((t for (k, _, name), t in self.titles.items() if k is kind and name == slug), "")


def board_rows(
    session: Session,
    academy_id: int,
    scope: ColumnElement[bool],
    syllabus: Syllabus,
    *,
    rule: Rule,
    at: datetime,
    is_active: bool = True,
) -> list[BoardRow]:
    """Every student in scope (enrolments of this academy) by name, in seven statements whatever their number.

    With `is_active` those only who still take part.
    """
    if is_active:
        scope = and_(scope, Enrolment.status == EnrolmentStatus.ACTIVE)
    people = session.execute(_people(academy_id, scope)).all()
    standing = standings(session, academy_id, [person.id for person in people])
    facts = facts_of(session, academy_id, standing)
    plans = plans_of(session, academy_id, {person.cohort_id for person in people})
    needed = {number: syllabus.needed(plans.get(number, {})) for number in {p.cohort_id for p in people}}
    due = {one.enrolment_id: one.due_on for one in dues(session, academy_id, scope)}
    zone = session.scalars(select(Academy.time_zone).where(Academy.id == academy_id)).one()
    acts = {row.enrolment_id: row for row in session.execute(_acts(academy_id, scope, at))}
    found = []
    for person in people:
        row = acts.get(person.id)
        did = Acts(
            begins_at=_begins(person.enrolled_at, person.starts_on),
            first_at=row.first_at if row else None,
            last_at=row.last_at if row else None,
            last_step_at=row.last_step_at if row else None,
        )
        done, of, place = _where(needed[person.cohort_id], facts[person.id])
        is_complete = person.completed_at is not None
        module = next((m.title for m in syllabus.modules if place and m.slug == place.module), "")
        failed = _failed(syllabus, list(standing[person.id].values()))
        found.append(
            BoardRow(
                enrolment_id=person.id,
                name=f"{person.rank} {person.name}".strip(),
                cohort=person.cohort or "",
                state=state_of(did, is_complete=is_complete),
                place=place,
                place_title=syllabus.title(place) if place else "",
                module_title=module,
                done=done,
                of=of,
                last_at=did.last_at,
                series=tuple(row[4:]) if row else (0,) * WEEKS,
                stuck=stuck_on(did, failed, rule, is_complete=is_complete, at=at),
                is_quiet=is_quiet(did, rule, is_complete=is_complete, at=at),
                due_on=(due_on := due.get(person.id)),
                is_overdue=due_on is not None and not is_complete and is_over(due_on, at, zone),
                completed_at=person.completed_at,
            )
        )
    return found


def _people(
    academy_id: int, scope: ColumnElement[bool]
) -> Select[int, str, str, str, datetime, int | None, date | None, datetime]:
    counts = and_(
        CourseCompletion.enrolment_id == Enrolment.id, CourseCompletion.academy_id == academy_id, ~IS_REVOKED
    )
    return (
        select(
            Enrolment.id,
            Personnel.name,
            Personnel.rank,
            Cohort.name.label("cohort"),
            Enrolment.enrolled_at,
            Enrolment.cohort_id,
            Cohort.starts_on,
            CourseCompletion.completed_at,
        )
        .join(
            Personnel,
            and_(Personnel.person_id == Enrolment.person_id, Personnel.academy_id == Enrolment.academy_id),
        )
        .outerjoin(Cohort, and_(Cohort.id == Enrolment.cohort_id, Cohort.academy_id == academy_id))
        .outerjoin(CourseCompletion, counts)
        .where(
            Enrolment.academy_id == academy_id,
            Personnel.academy_id == academy_id,
            scope,
        )
        .order_by(Personnel.name, Enrolment.id)
    )


def _begins(enrolled_at: datetime, starts_on: date | None) -> datetime:
    """From when somebody could be at work: nobody is quiet before their cohort begins."""
    return max(enrolled_at, datetime.combine(starts_on, time.min, UTC)) if starts_on else enrolled_at


def _where(needed: Needed, facts: Facts) -> tuple[int, int, Place | None]:
    """Steps done, steps in all, and the next one, among what completes the course.

    The rule of `module_progress` and `next_place`, without working the steps out anew for every student.
    """
    done, of, ahead = 0, 0, None
    for module, steps in needed:
        of += len(steps)
        if module in facts.modules:
            done += len(steps)
            continue
        left = [place for place in steps if not is_done(place, facts)]
        done += len(steps) - len(left)
        ahead = ahead or (left[0] if left else None)
    return done, of, ahead


def _failed(syllabus: Syllabus, standing: Sequence[TaskStanding]) -> list[Failed]:
    return [
        Failed(title, each.attempts - (each.unfinished_id is not None))
        for each in standing
        if not each.is_passed and (title := syllabus.task_title(each.task, each.slug))
    ]


def _acts(academy_id: int, scope: ColumnElement[bool], at: datetime) -> Select[tuple[object, ...]]:
    """First and last act, last step done, and acts by week, of each enrolment in scope.

    Acts: pages marked as read, attempts begun and ended by the student; answers and decisions of attempts that
    are still open tell of the last act, and are too many to be counted. Steps done: pages read, tasks passed or
    waiting for marks. `Attempt.latest_at` is not read: a pause moves it.
    """
    inside = select(Enrolment.id).where(Enrolment.academy_id == academy_id, scope)
    mine = and_(Attempt.academy_id == academy_id, Attempt.enrolment_id.in_(inside))
    yes, no = literal(1), literal(0)
    is_open = Attempt.status == AttemptStatus.OPEN
    ended_at = func.coalesce(Attempt.handed_in_at, Attempt.finished_at)
    by_itself = and_(Attempt.ends_at.is_not(None), ended_at >= Attempt.ends_at)
    is_step = or_(Attempt.status == AttemptStatus.MARKING, IS_PASSED)
    union = union_all(
        select(
            PageRead.enrolment_id,
            PageRead.read_at.label("at"),
            yes.label("act"),
            yes.label("counts"),
            yes.label("step"),
        ).where(PageRead.enrolment_id.in_(inside)),
        select(Attempt.enrolment_id, Attempt.started_at, yes, yes, no).where(mine),
        select(
            Attempt.enrolment_id,
            ended_at,
            case((by_itself, 0), else_=1),
            case((by_itself, 0), else_=1),
            case((is_step, 1), else_=0),
        )
        .select_from(MARKED)
        .where(mine, ended_at.is_not(None)),
        select(Attempt.enrolment_id, Response.saved_at, yes, no, no)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(mine, is_open),
        select(Attempt.enrolment_id, Decision.decided_at, yes, no, no)
        .join(Attempt, Attempt.id == Decision.attempt_id)
        .where(mine, Attempt.status.in_((AttemptStatus.OPEN, AttemptStatus.DEBRIEF))),
    ).subquery("acts")
    return _by_enrolment(union, at)


def _by_enrolment(union: Subquery, at: datetime) -> Select[tuple[object, ...]]:
    when, is_act, is_step = union.c.at, union.c.act == 1, union.c.step == 1
    weeks = []
    for number in range(WEEKS, 0, -1):
        begins, ends = at - number * WEEK, at - (number - 1) * WEEK
        within = and_(union.c.counts == 1, when > begins, when <= ends)
        weeks.append(func.sum(case((within, 1), else_=0)).label(f"week_{number}"))
    return select(
        union.c.enrolment_id,
        func.min(when).filter(is_act).label("first_at"),
        func.max(when).filter(is_act).label("last_at"),
        func.max(when).filter(is_step).label("last_step_at"),
        *weeks,
    ).group_by(union.c.enrolment_id)


def where_they_are(rows: Sequence[BoardRow], syllabus: Syllabus) -> list[tuple[str, str, int]]:
    """(module, title, students whose next step is in it) for each module of the course, in order."""
    at = [row.place.module for row in rows if row.place is not None and row.state is not State.COMPLETE]
    return [(module.slug, module.title, at.count(module.slug)) for module in syllabus.modules]
