"""What is arranged around attempts: accommodations, windows of cohorts, further attempts.

Acts expect the enrolments they touch locked in a writing transaction; they flush, never commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from pme.assessment.models import Accommodation, Attempt, AttemptStatus, Break, FurtherAttempt, Task, Window
from pme.assessment.sitting import settle, sitting_of
from pme.assessment.timing import Allowance, Sitting, break_left, later_end, stand
from pme.content.catalogue import contents, pinned
from pme.content.shapes import Quiz
from pme.db import asked, insert_into
from pme.enrolment.models import Cohort, Enrolment
from pme.errors import Conflict, Invalid
from pme.people.models import Person, Personnel
from pme.people.queries import NAME_THERE, RANK_THERE, known_at
from pme.quick import Quick, Ready
from pme.words import times
from pme.words.speech import _

LEAST_PERCENT, MOST_PERCENT, MOST_BREAK = 100, 400, 240
AT_ONCE = 500
_arranged = Accommodation.__table__.c
ARRANGED = select(_arranged.time_percent, _arranged.break_minutes).where(
    _arranged.person_id == bindparam("person_id"), _arranged.academy_id == bindparam("academy_id")
)
"""Built once: it runs with every question under time."""
READY = Ready(ARRANGED)


def allowance_of(asker: Session | Quick, person_id: int, academy_id: int) -> Allowance:
    """What a person needs in every timed task of an academy."""
    given = {"person_id": person_id, "academy_id": academy_id}
    rows = asker.asked(READY, given) if isinstance(asker, Quick) else asked(asker, ARRANGED, given).all()
    return Allowance(*rows[0]) if rows else Allowance()


def arranged(session: Session, academy_id: int) -> list[tuple[str, str, Allowance]]:
    """Whom an academy has arranged something for: name with rank, address, and what; by name."""
    rows = session.execute(
        select(
            RANK_THERE.label("rank"),
            NAME_THERE.label("name"),
            Person.email,
            Accommodation.time_percent,
            Accommodation.break_minutes,
        )
        .join(Person, Person.id == Accommodation.person_id)
        .outerjoin(Personnel, known_at(Accommodation.academy_id, Accommodation.person_id))
        .where(Accommodation.academy_id == academy_id)
        .order_by(NAME_THERE, Person.id)
    )
    found = [
        (f"{r.rank} {r.name}".strip(), r.email, Allowance(r.time_percent, r.break_minutes)) for r in rows
    ]
    return [one for one in found if not one[2].is_usual]


def set_accommodation(
    session: Session, person_id: int, academy_id: int, *, allowance: Allowance, by: int, at: datetime
) -> list[int]:
    """Set what a person needs; gives the open attempts whose end moved later by it.

    An attempt that is under way has its longer time at once, and a running break its longer allowance;
    less time holds from the next attempt on. Raises Invalid for a number out of range.
    """
    _check(allowance)
    values: dict[str, object] = {"time_percent": allowance.time_percent, "set_by": by, "set_at": at}
    values["break_minutes"] = allowance.break_minutes
    session.execute(
        insert_into(session, Accommodation)
        .values(person_id=person_id, academy_id=academy_id, **values)
        .on_conflict_do_update(
            index_elements=[Accommodation.person_id, Accommodation.academy_id], set_=values
        )
    )
    moved = []
    for attempt in _open(session, Attempt.person_id == person_id, Attempt.academy_id == academy_id):
        limit = pinned(session, attempt.version_id, Quiz).content.time_limit_minutes
        if limit is None:
            continue
        settle(session, attempt, at=at)  # a break that has ended by itself is not revived
        sitting = sitting_of(session, attempt)
        end = later_end(sitting, limit, allowance)
        if end != attempt.ends_at:
            attempt.ends_at = end
            moved.append(attempt.id)
        _lengthen_break(session, attempt, sitting, allowance)
    session.flush()
    return moved


def find_window(
    session: Session, academy_id: int, cohort_id: int | None, task: Task, slug: str
) -> Window | None:
    """When a cohort may begin a task, or None where it always may."""
    if cohort_id is None:
        return None
    return session.scalar(
        select(Window).where(
            Window.academy_id == academy_id,
            Window.cohort_id == cohort_id,
            Window.task == task,
            Window.slug == slug,
        )
    )


def windows_of(session: Session, cohort: Cohort) -> dict[tuple[Task, str], Window]:
    """Every window of a cohort."""
    rows = session.scalars(
        select(Window).where(Window.academy_id == cohort.academy_id, Window.cohort_id == cohort.id)
    )
    return {(window.task, window.slug): window for window in rows}


@dataclass(frozen=True)
class Terms:
    """Under which terms a student may begin a task: attempts in all (None: any number), window, allowance."""

    attempts: int | None
    allowance: Allowance
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def is_before(self, at: datetime) -> bool:
        """Whether the task is not open yet."""
        return self.opens_at is not None and at < self.opens_at

    def is_after(self, at: datetime) -> bool:
        """Whether the task can no longer be begun."""
        return self.closes_at is not None and at >= self.closes_at


def terms_of(session: Session, enrolment: Enrolment, task: Task, slug: str, *, limit: int | None) -> Terms:
    """Under which terms a student may begin a task of which its author allows `limit` attempts."""
    window = find_window(session, enrolment.academy_id, enrolment.cohort_id, task, slug)
    return Terms(
        attempts=attempts_allowed(session, enrolment.id, task, slug, limit=limit),
        allowance=allowance_of(session, enrolment.person_id, enrolment.academy_id),
        opens_at=window.opens_at if window else None,
        closes_at=window.closes_at if window else None,
    )


def check_open(window: Window | None, title: str, *, at: datetime) -> None:
    """Raises Conflict where a task cannot be begun at this moment."""
    if window is None:
        return
    if window.opens_at is not None and at < window.opens_at:
        raise Conflict(
            _("“{title}” opens on {when}. Come back then.", title=title, when=written(window.opens_at))
        )
    if window.closes_at is not None and at >= window.closes_at:
        raise Conflict(
            _(
                "“{title}” closed on {when}. Your instructor can tell you what comes next.",
                title=title,
                when=written(window.closes_at),
            )
        )


def set_window(
    session: Session,
    cohort: Cohort,
    task: Task,
    slug: str,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    at: datetime | None = None,
) -> None:
    """Say when a cohort may begin a task, changed at this moment; with neither moment it always may.

    An untimed quiz that is under way until the old closing has the later one at once, never an earlier. One whose time
    is over is left to be handed in as of its end.
    Raises Invalid when it would close before it opens.
    """
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid(_("The window must close after it opens. Correct one of the two."), field="closes")
    window = find_window(session, cohort.academy_id, cohort.id, task, slug)
    if window is not None:  # it stays without moments, too: students are told that they were taken away
        window.opens_at, window.closes_at, window.changed_at = opens_at, closes_at, at
    elif opens_at is not None or closes_at is not None:
        session.add(
            Window(
                academy_id=cohort.academy_id,
                cohort_id=cohort.id,
                task=task,
                slug=slug,
                opens_at=opens_at,
                closes_at=closes_at,
                changed_at=at,
            )
        )
    session.flush()
    if task is Task.QUIZ:
        _move_ends(session, cohort, slug, closes_at, at=at)


def _move_ends(
    session: Session, cohort: Cohort, slug: str, closes_at: datetime | None, *, at: datetime | None
) -> None:
    """What is under way until a quiz closes has the later end; what is over by now stays over."""
    members = select(Enrolment.id).where(
        Enrolment.academy_id == cohort.academy_id, Enrolment.cohort_id == cohort.id
    )
    open_ones = select(
        Attempt.id, Attempt.version_id, Attempt.started_at, Attempt.ends_at, Attempt.latest_at
    ).where(
        Attempt.academy_id == cohort.academy_id,
        Attempt.enrolment_id.in_(members),
        Attempt.task == Task.QUIZ,
        Attempt.slug == slug,
        Attempt.status == AttemptStatus.OPEN,
        Attempt.ends_at.is_not(None),
    )
    rows = session.execute(open_ones.order_by(Attempt.id).with_for_update()).all()
    quizzes = contents(session, {row.version_id for row in rows})
    untimed = {
        number
        for number, quiz in quizzes.items()
        if isinstance(quiz, Quiz) and quiz.time_limit_minutes is None
    }
    later = [
        row.id
        for row in rows
        if row.version_id in untimed
        and (closes_at is None or row.ends_at < closes_at)
        and (at is None or not stand(Sitting(row.started_at, row.ends_at, row.latest_at), at).is_over)
    ]
    for begin in range(0, len(later), AT_ONCE):
        some = Attempt.id.in_(later[begin : begin + AT_ONCE])
        moved = update(Attempt).where(Attempt.academy_id == cohort.academy_id, some)
        session.execute(moved.values(ends_at=closes_at))


def attempts_allowed(
    session: Session, enrolment_id: int, task: Task, slug: str, *, limit: int | None
) -> int | None:
    """How many attempts a student has at a task where its author allows `limit`; None: as many as they like."""
    return None if limit is None else limit + further_attempts(session, enrolment_id, task, slug)


def further_attempts(session: Session, enrolment_id: int, task: Task, slug: str) -> int:
    """How many further attempts at a task a student was given."""
    given = select(func.count(FurtherAttempt.id)).where(
        FurtherAttempt.enrolment_id == enrolment_id,
        FurtherAttempt.task == task,
        FurtherAttempt.slug == slug,
    )
    return session.scalar(given) or 0


def give_further_attempt(
    session: Session, enrolment: Enrolment, task: Task, slug: str, *, limit: int | None, by: int, at: datetime
) -> None:
    """Give a student one more attempt at a task. Raises Conflict while one is left, so that a double click
    gives one.
    """
    allowed = attempts_allowed(session, enrolment.id, task, slug, limit=limit)
    used = session.scalar(
        select(func.count(Attempt.id)).where(
            Attempt.academy_id == enrolment.academy_id,
            Attempt.enrolment_id == enrolment.id,
            Attempt.task == task,
            Attempt.slug == slug,
        )
    )
    if allowed is None or (used or 0) < allowed:
        raise Conflict(_("This student still has an attempt left at this task. Nothing was changed."))
    session.add(FurtherAttempt(enrolment_id=enrolment.id, task=task, slug=slug, given_by=by, given_at=at))
    session.flush()


def written(moment: datetime) -> str:
    """A moment as the house writes it: “2 March 2026, 08:00 UTC”."""
    return times.moment(moment)


def _open(session: Session, *where: object) -> Sequence[Attempt]:
    wanted = select(Attempt).where(
        Attempt.task == Task.QUIZ, Attempt.status == AttemptStatus.OPEN, Attempt.ends_at.is_not(None)
    )
    held = wanted.where(*where).order_by(Attempt.id).with_for_update()  # type: ignore[arg-type]
    return session.scalars(held.execution_options(populate_existing=True)).all()


def _lengthen_break(session: Session, attempt: Attempt, sitting: Sitting, allowance: Allowance) -> None:
    running = session.scalar(select(Break).where(Break.attempt_id == attempt.id, Break.ended_at.is_(None)))
    if running is not None:
        ended = [pause for pause in sitting.pauses if pause.ended_at]
        left = break_left(ended, allowance, running.began_at)
        running.until = max(running.until, running.began_at + left)


def _check(allowance: Allowance) -> None:
    if not LEAST_PERCENT <= allowance.time_percent <= MOST_PERCENT:
        raise Invalid(
            _(
                "Give the time in percent of the usual, from {least} to {most}: 150 is one and a half times the usual.",
                least=LEAST_PERCENT,
                most=MOST_PERCENT,
            ),
            field="time_percent",
        )
    if not 0 <= allowance.break_minutes <= MOST_BREAK:
        raise Invalid(
            _("Give the minutes of breaks, from 0 to {most}.", most=MOST_BREAK),
            field="break_minutes",
        )
