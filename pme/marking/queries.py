"""Reads about marking, shaped for pages: groups with their counts, scripts of a group, marks of a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.enrolment.models import Cohort, Enrolment
from pme.marking.claims import Held, place_for
from pme.marking.models import Mark, MarkingPlan, Release, Script
from pme.marking.plan import Plan
from pme.marking.standing import FIRST, SECOND, MarkStatus, ScriptState
from pme.people.models import Person

ON_THEIR_PLACES = Mark.place.is_not(None)


@dataclass(frozen=True)
class Group:
    """The scripts of one quiz in one cohort; `cohort_id` is None for students without a cohort."""

    academy_id: int
    course: str
    slug: str
    cohort_id: int | None

    @property
    def number(self) -> int:
        """The cohort as addresses write it: 0 for none."""
        return self.cohort_id or 0

    @property
    def name(self) -> str:
        """How the audit trail names the group."""
        return f"{self.course}/{self.slug}, cohort {self.cohort_id or 'none'}"


@dataclass(frozen=True)
class GroupLine:
    """A group with how many scripts are in each state, and when the oldest unreleased one was handed in."""

    group: Group
    cohort: str | None
    counts: Mapping[ScriptState, int]
    oldest: datetime | None

    @property
    def of(self) -> int:
        """All scripts of the group."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class MarkLine:
    """A mark that has a place, with its marker's name."""

    mark: Mark
    marker: str


@dataclass(frozen=True)
class ScriptLine:
    """A script of a group, with the marks on their places and the writer's name, for plans that show it."""

    script: Script
    writer: str
    marks: tuple[MarkLine, ...]


def plan_row(session: Session, group: Group, *, for_update: bool = False) -> MarkingPlan | None:
    """The stored plan of a group, or None."""
    wanted = select(MarkingPlan).where(
        MarkingPlan.academy_id == group.academy_id,
        MarkingPlan.course == group.course,
        MarkingPlan.slug == group.slug,
        MarkingPlan.cohort_id.is_not_distinct_from(group.cohort_id),
    )
    return session.scalar(wanted.with_for_update() if for_update else wanted)


def is_named(session: Session, attempt: Attempt) -> bool:
    """Whether whoever marks an attempt may know whose it is."""
    cohort_id = session.scalar(
        select(Enrolment.cohort_id).where(
            Enrolment.id == attempt.enrolment_id, Enrolment.academy_id == attempt.academy_id
        )
    )
    return plan_of(session, Group(attempt.academy_id, attempt.course, attempt.slug, cohort_id)).is_named


def plan_of(session: Session, group: Group) -> Plan:
    """The rules of a group: its plan, or what holds without one."""
    row = plan_row(session, group)
    return row.rules if row else Plan()


def in_group(group: Group) -> ColumnElement[bool]:
    """The scripts of a group, for a statement that joins attempt and enrolment (`scripts_with`)."""
    return and_(
        Script.academy_id == group.academy_id,
        Script.course == group.course,
        Script.slug == group.slug,
        Enrolment.cohort_id.is_not_distinct_from(group.cohort_id),
    )


def scripts_in(group: Group) -> Select[Script]:
    """Every script of a group, in the order in which rows are locked."""
    return (
        select(Script)
        .join(Attempt, Attempt.id == Script.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(in_group(group))
        .order_by(Script.id)
    )


def scripts_of(session: Session, attempt_id: int, academy_id: int) -> Sequence[Script]:
    """Every script of an attempt."""
    return session.scalars(
        select(Script)
        .where(Script.academy_id == academy_id, Script.attempt_id == attempt_id)
        .order_by(Script.id)
    ).all()


def group_of(session: Session, script: Script) -> Group:
    """The group that a script belongs to now."""
    cohort_id = session.scalar(
        select(Enrolment.cohort_id)
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .where(Attempt.id == script.attempt_id, Attempt.academy_id == script.academy_id)
    )
    return Group(script.academy_id, script.course, script.slug, cohort_id)


def group_lines(session: Session, scope: ColumnElement[bool]) -> list[GroupLine]:
    """Every group in scope: those that wait first, the longest waiting on top, then those that are done."""
    rows = session.execute(
        select(
            Script.academy_id,
            Script.course,
            Script.slug,
            Enrolment.cohort_id,
            Cohort.name,
            Script.state,
            func.count(Script.id),
            func.min(Attempt.handed_in_at),
        )
        .join(Attempt, Attempt.id == Script.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(scope)
        .group_by(
            Script.academy_id, Script.course, Script.slug, Enrolment.cohort_id, Cohort.name, Script.state
        )
    ).all()
    counts: dict[Group, dict[ScriptState, int]] = {}
    names: dict[Group, str | None] = {}
    waiting: dict[Group, list[datetime]] = {}
    for academy_id, course, slug, cohort_id, name, state, count, oldest in rows:
        group = Group(academy_id, course, slug, cohort_id)
        counts.setdefault(group, {})[state] = count
        names[group] = name
        if state is not ScriptState.RELEASED and oldest is not None:
            waiting.setdefault(group, []).append(oldest)
    lines = [
        GroupLine(group, names[group], counts[group], min(waiting.get(group, []), default=None))
        for group in counts
    ]
    return sorted(lines, key=_longest_waiting_first)


def _longest_waiting_first(line: GroupLine) -> tuple[bool, float, str, str]:
    since = line.oldest.timestamp() if line.oldest else 0.0
    return line.oldest is None, since, line.group.slug, line.cohort or ""


def count_unreleased(session: Session, scope: ColumnElement[bool]) -> int:
    """How many scripts in scope are not released."""
    return (
        session.scalar(select(func.count(Script.id)).where(scope, Script.state != ScriptState.RELEASED)) or 0
    )


def has_scripts(session: Session, scope: ColumnElement[bool], slug: str) -> bool:
    """Whether there is any script of a quiz in scope."""
    return session.scalar(select(Script.id).where(scope, Script.slug == slug).limit(1)) is not None


def count_in(session: Session, scope: ColumnElement[bool], group: Group) -> dict[ScriptState, int]:
    """How many scripts of a group are in each state."""
    rows = session.execute(
        select(Script.state, func.count(Script.id))
        .join(Attempt, Attempt.id == Script.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(scope, in_group(group))
        .group_by(Script.state)
    )
    return {row[0]: row[1] for row in rows}


def script_lines(
    session: Session,
    scope: ColumnElement[bool],
    group: Group,
    *,
    state: ScriptState | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[ScriptLine]:
    """Scripts of a group by code, which says nothing of who wrote them or when; two queries."""
    wanted = (
        scripts_in(group)
        .add_columns(Person.rank, Person.name)
        .join(Person, Person.id == Script.person_id)
        .where(scope)
        .order_by(None)
        .order_by(Script.code)
    )
    if state is not None:
        wanted = wanted.where(Script.state == state)
    rows = session.execute(wanted.offset(offset).limit(limit)).all()
    marks = marks_of(session, [row[0].id for row in rows])
    return [
        ScriptLine(script, f"{rank} {name}".strip(), marks.get(script.id, ())) for script, rank, name in rows
    ]


def marks_of(session: Session, script_ids: Sequence[int]) -> dict[int, tuple[MarkLine, ...]]:
    """The marks on their places, by script and place."""
    rows = session.execute(
        select(Mark, Person.rank, Person.name)
        .join(Person, Person.id == Mark.marker_id)
        .where(Mark.script_id.in_(script_ids), ON_THEIR_PLACES)
        .order_by(Mark.script_id, Mark.place)
    ).all()
    found: dict[int, tuple[MarkLine, ...]] = {}
    for mark, rank, name in rows:
        found[mark.script_id] = (*found.get(mark.script_id, ()), MarkLine(mark, f"{rank} {name}".strip()))
    return found


def find_script(
    session: Session, scope: ColumnElement[bool], code: str, *, for_update: bool = False
) -> Script | None:
    """A script by its code, or None. `for_update` holds every script of its attempt, always in one order."""
    script = session.scalar(select(Script).where(scope, Script.code == code))
    if script is not None and for_update:
        session.scalars(
            select(Script)
            .where(Script.academy_id == script.academy_id, Script.attempt_id == script.attempt_id)
            .order_by(Script.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
    return script


def own_mark(session: Session, script_id: int, marker_id: int) -> Mark | None:
    """A marker's own judgement of a script: the one on a place, else the one set aside last, or None.

    What once decided between others (which has a reason) is no marker's judgement.
    """
    return session.scalars(
        select(Mark)
        .where(
            Mark.script_id == script_id,
            Mark.marker_id == marker_id,
            Mark.place.in_((FIRST, SECOND)) | (Mark.place.is_(None) & (Mark.reason == "")),
        )
        .order_by(Mark.place.is_(None), Mark.id.desc())
    ).first()


def held_in(session: Session, script_ids: Sequence[int]) -> dict[int, list[Held]]:
    """Who holds the places of these scripts."""
    rows = session.execute(
        select(Mark.script_id, Mark.place, Mark.marker_id, Mark.status, Mark.claimed_until).where(
            Mark.script_id.in_(script_ids), ON_THEIR_PLACES
        )
    ).all()
    found: dict[int, list[Held]] = {}
    for script_id, place, marker_id, status, until in rows:
        held = Held(place or 0, marker_id, status is MarkStatus.FINISHED, until)
        found.setdefault(script_id, []).append(held)
    return found


def next_to_mark(
    session: Session, scope: ColumnElement[bool], group: Group, *, marker_id: int, after: str, at: datetime
) -> Script | None:
    """The next script, by code and round to the start, that a marker has unfinished or may take; None if none."""
    plan = plan_of(session, group)
    unread = (ScriptState.WAITING, ScriptState.SECOND)
    scripts = session.scalars(scripts_in(group).where(scope, Script.state.in_(unread))).all()
    held = held_in(session, [script.id for script in scripts])

    def is_open(script: Script) -> bool:
        of_script = held.get(script.id, [])
        if any(one.marker_id == marker_id and one.is_finished for one in of_script):
            return False
        place = place_for(plan, of_script, marker_id=marker_id, is_sampled=script.is_sampled, at=at)
        return place is not None

    found = sorted((script for script in scripts if is_open(script)), key=lambda script: script.code)
    return next((script for script in found if script.code > after), found[0] if found else None)


def neighbours(
    session: Session, scope: ColumnElement[bool], group: Group, code: str
) -> tuple[str | None, str | None]:
    """The codes before and after one, among the scripts of its group that are not released."""
    unreleased = (
        scripts_in(group)
        .with_only_columns(Script.code)
        .where(scope, Script.state != ScriptState.RELEASED)
        .order_by(None)
    )
    before = session.scalar(unreleased.where(Script.code < code).order_by(Script.code.desc()).limit(1))
    after = session.scalar(unreleased.where(Script.code > code).order_by(Script.code).limit(1))
    return before, after


def last_release(session: Session, group: Group) -> Release | None:
    """The latest release of a group, or None."""
    return session.scalars(
        select(Release)
        .where(
            Release.academy_id == group.academy_id,
            Release.course == group.course,
            Release.slug == group.slug,
            Release.cohort_id.is_not_distinct_from(group.cohort_id),
        )
        .order_by(Release.id.desc())
    ).first()


def not_received(session: Session, academy_id: int, course: str, *, but: int) -> Sequence[Attempt]:
    """Attempts that wait for marks but whose essays never became scripts, except a person's own."""
    return session.scalars(
        select(Attempt)
        .outerjoin(Script, Script.attempt_id == Attempt.id)
        .where(
            Attempt.academy_id == academy_id,
            Attempt.course == course,
            Attempt.task == Task.QUIZ,
            Attempt.status == AttemptStatus.MARKING,
            Attempt.person_id != but,
            Script.id.is_(None),
        )
        .order_by(Attempt.id)
    ).all()


def ready_attempts(session: Session, scope: ColumnElement[bool], group: Group) -> tuple[int, int]:
    """How many attempts of a group are fully marked, and how many are not, among those not released."""
    rows = session.execute(
        scripts_in(group)
        .with_only_columns(Script.attempt_id, Script.state)
        .where(scope, Script.state != ScriptState.RELEASED)
        .order_by(None)
    ).all()
    every = {attempt_id for attempt_id, _ in rows}
    short = {attempt_id for attempt_id, state in rows if state is not ScriptState.READY}
    return len(every - short), len(short)


def writer_of(session: Session, script: Script) -> str:
    """Who wrote a script, for plans that show it."""
    row = session.execute(select(Person.rank, Person.name).where(Person.id == script.person_id)).one()
    return f"{row.rank} {row.name}".strip()


def version_of(session: Session, script: Script) -> int:
    """The version of the quiz that a script's attempt is pinned to."""
    return session.scalars(
        select(Attempt.version_id).where(
            Attempt.id == script.attempt_id, Attempt.academy_id == script.academy_id
        )
    ).one()


def newest_version(session: Session, academy_id: int, course: str, slug: str) -> int | None:
    """The newest version of a quiz that a script was written for, or None."""
    return session.scalar(
        select(func.max(Attempt.version_id))
        .join(Script, Script.attempt_id == Attempt.id)
        .where(Script.academy_id == academy_id, Script.course == course, Script.slug == slug)
    )


def cohort_name(session: Session, group: Group) -> str | None:
    """The name of a cohort, or None."""
    return session.scalar(
        select(Cohort.name).where(Cohort.id == group.cohort_id, Cohort.academy_id == group.academy_id)
    )
