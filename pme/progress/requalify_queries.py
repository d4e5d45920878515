"""Reads about requalification: what a holder is asked, and how much of it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from pme.assessment.effective import IS_PASSED, MARKED
from pme.assessment.models import Attempt, AttemptStatus
from pme.content.models import CourseEdition
from pme.enrolment.models import Enrolment
from pme.progress.completion import Place, StepKind
from pme.progress.models_requalify import EditionCall, Ending, Requalification, RequalifiedPart

# Built once: it runs with every page that is read and every task that is finished.
OPEN = select(Requalification).where(
    Requalification.academy_id == bindparam("academy_id"),
    Requalification.enrolment_id == bindparam("enrolment_id"),
    Requalification.closed_at.is_(None),
)


@dataclass(frozen=True)
class Asked:
    """What one holder is asked, with what is done of it; `note` is the academy's, `edition` its label."""

    enrolment_id: int
    edition: str
    note: str
    due_on: date | None
    parts: tuple[tuple[Place, bool], ...]

    @property
    def done(self) -> int:
        """How many parts are done."""
        return sum(is_done for _, is_done in self.parts)


@dataclass(frozen=True)
class CallLine:
    """A call with how many it asked, and how many of these have finished."""

    call: EditionCall
    asked: int
    done: int


def open_requalification(session: Session, academy_id: int, enrolment_id: int) -> Requalification | None:
    """What a holder is asked now, or None."""
    return session.scalar(OPEN, {"academy_id": academy_id, "enrolment_id": enrolment_id})


def is_asked(session: Session, enrolment: Enrolment, place: Place) -> bool:
    """Whether the holder of a completion is asked to do a step anew."""
    asked = open_requalification(session, enrolment.academy_id, enrolment.id)
    return asked is not None and place in parts_of(asked)


def parts_of(asked: Requalification) -> tuple[Place, ...]:
    """The steps that are asked, in their order."""
    return tuple(Place(StepKind(kind), module, slug) for kind, module, slug in asked.parts)


def done_in(session: Session, asked: Sequence[Requalification]) -> dict[int, frozenset[Place]]:
    """What is done of each, in two queries: pages read again, tasks begun since it was asked and passed."""
    done: dict[int, set[Place]] = {one.id: set() for one in asked}
    academies = {one.academy_id for one in asked}
    rows = session.execute(
        select(
            RequalifiedPart.requalification_id,
            RequalifiedPart.kind,
            RequalifiedPart.module,
            RequalifiedPart.slug,
        ).where(
            RequalifiedPart.academy_id.in_(academies), RequalifiedPart.requalification_id.in_(done.keys())
        )
    )
    for number, kind, module, slug in rows:
        done[number].add(Place(kind, module, slug))
    passed = session.execute(
        select(Requalification.id, Attempt.task, Attempt.slug)
        .select_from(MARKED)
        .join(Requalification, Requalification.enrolment_id == Attempt.enrolment_id)
        .where(
            Attempt.academy_id.in_(academies),
            Requalification.id.in_(done.keys()),
            Attempt.started_at >= Requalification.asked_at,
            Attempt.status == AttemptStatus.FINISHED,
            IS_PASSED,
        )
    ).all()
    tasks = {(number, task.value, slug) for number, task, slug in passed}
    for one in asked:
        done[one.id] |= {place for place in parts_of(one) if (one.id, place.kind.value, place.slug) in tasks}
    return {number: frozenset(places) for number, places in done.items()}


def asked_of(session: Session, academy_id: int, enrolment_ids: Sequence[int]) -> dict[int, Asked]:
    """What each of these enrolments is asked now, by enrolment."""
    rows = session.execute(
        select(Requalification, CourseEdition, EditionCall.note)
        .join(CourseEdition, CourseEdition.id == Requalification.edition_id)
        .outerjoin(
            EditionCall,
            and_(EditionCall.id == Requalification.call_id, EditionCall.academy_id == academy_id),
        )
        .where(
            Requalification.academy_id == academy_id,
            Requalification.enrolment_id.in_(enrolment_ids),
            Requalification.closed_at.is_(None),
        )
    ).all()
    if not rows:
        return {}
    done = done_in(session, [row[0] for row in rows])
    return {
        one.enrolment_id: Asked(
            enrolment_id=one.enrolment_id,
            edition=edition.shown,
            note=note or "",
            due_on=one.due_on,
            parts=tuple((place, place in done[one.id]) for place in parts_of(one)),
        )
        for one, edition, note in rows
    }


def calls_of(session: Session, academy_id: int, course: str) -> list[CallLine]:
    """The calls of an academy on the holders of a course, the latest first, with how far they are."""
    is_done = Requalification.ending == Ending.DONE
    rows = session.execute(
        select(EditionCall, func.count(Requalification.id), func.count(Requalification.id).filter(is_done))
        .join(Requalification, Requalification.call_id == EditionCall.id)
        .where(
            EditionCall.academy_id == academy_id,
            Requalification.academy_id == academy_id,
            EditionCall.course == course,
        )
        .group_by(EditionCall.id)
        .order_by(EditionCall.id.desc())
    )
    return [CallLine(*row) for row in rows]


def call_by_id(
    session: Session, academy_id: int, call_id: int, *, for_update: bool = False
) -> EditionCall | None:
    """A call of this academy, or None."""
    wanted = select(EditionCall).where(EditionCall.id == call_id, EditionCall.academy_id == academy_id)
    return session.scalar(wanted.with_for_update() if for_update else wanted)


def overdue_requalifications(session: Session, academy_id: int, *, on: date) -> list[Requalification]:
    """What is asked and not done by its day, earliest first: for reminders and reports."""
    return list(
        session.scalars(
            select(Requalification)
            .where(
                Requalification.academy_id == academy_id,
                Requalification.closed_at.is_(None),
                Requalification.due_on < on,
            )
            .order_by(Requalification.due_on, Requalification.id)
        )
    )
