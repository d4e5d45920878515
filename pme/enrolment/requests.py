"""Requests to take a course: a student asks, staff approve or decline in words.

Whoever approves enrols the student in the same transaction (`pme.admission`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pme.enrolment.models import AcademyCourse, EnrolmentStatus
from pme.enrolment.models_admission import EnrolmentRequest, RequestStatus
from pme.enrolment.noting import note
from pme.enrolment.queries import find_enrolment
from pme.errors import Conflict, Invalid
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _

LONGEST_WORDS = 1000
DECLINE_WHY = lazy("Say in a sentence why, and what the student can do. They read it.")
ALREADY = lazy("You have asked for this course already. Your academy will answer.")
SETTLED = lazy("This request has been answered already, or was withdrawn.")


def requestable(session: Session, academy_id: int) -> frozenset[str]:
    """The courses of an academy that its students may ask for."""
    return frozenset(
        session.scalars(
            select(AcademyCourse.course).where(
                AcademyCourse.academy_id == academy_id, AcademyCourse.takes_requests.is_(True)
            )
        )
    )


def let_ask(session: Session, academy_id: int, course: str, *, is_open: bool, by: int, at: datetime) -> None:
    """Say whether students may ask for a course of their academy."""
    chosen = session.scalars(
        select(AcademyCourse)
        .where(AcademyCourse.academy_id == academy_id, AcademyCourse.course == course)
        .with_for_update()
    ).one()
    if chosen.takes_requests == is_open:
        return
    chosen.takes_requests = is_open
    session.flush()
    note(
        session,
        "requests for course allowed" if is_open else "requests for course ended",  # not words
        academy_id=academy_id,
        by=by,
        subject=f"course {course}",
        at=at,
        before={"requests": not is_open},
        after={"requests": is_open},
    )


def ask(
    session: Session, academy_id: int, person_id: int, *, course: str, words: str, at: datetime
) -> EnrolmentRequest:
    """A student asks for a course. Raises Conflict where there is nothing to ask for, Invalid for a long text."""
    if len(words) > LONGEST_WORDS:
        raise Invalid(
            _("Keep this under {longest} characters.", longest=grouped(LONGEST_WORDS)), field="words"
        )
    if course not in requestable(session, academy_id):
        raise Conflict(_("This course cannot be asked for here. Your academy enrols its students itself."))
    enrolment = find_enrolment(session, person_id, academy_id, course)
    if enrolment is not None and enrolment.status is EnrolmentStatus.ACTIVE:
        raise Conflict(_("You take this course already."))
    request = EnrolmentRequest(
        academy_id=academy_id, person_id=person_id, course=course, words=words.strip(), asked_at=at
    )
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError as error:
        raise Conflict(ALREADY) from error
    _note(session, request, "course asked for", person_id, at, None)  # not words
    return request


def settle(
    session: Session, request: EnrolmentRequest, status: RequestStatus, *, answer: str, by: int, at: datetime
) -> None:
    """Answer a request. Raises Conflict when that was done before, Invalid when it is declined without words."""
    if request.status is not RequestStatus.WAITING:
        raise Conflict(SETTLED)
    told = answer.strip()
    if len(told) > LONGEST_WORDS:
        raise Invalid(
            _("Keep this under {longest} characters.", longest=grouped(LONGEST_WORDS)), field="answer"
        )
    if status is RequestStatus.DECLINED and not told:
        raise Invalid(DECLINE_WHY, field="answer")
    before = request.status
    request.status, request.answer, request.settled_at, request.settled_by = status, told, at, by
    session.flush()
    acts = {
        RequestStatus.APPROVED: "request approved",
        RequestStatus.DECLINED: "request declined",
        RequestStatus.TAKEN_BACK: "request taken back",  # not words
    }
    _note(session, request, acts[status], by, at, before)


def request_by_id(
    session: Session, academy_id: int, request_id: int, *, for_update: bool = False
) -> EnrolmentRequest | None:
    """A request at an academy, or None. `for_update` holds it until the transaction ends."""
    wanted = select(EnrolmentRequest).where(
        EnrolmentRequest.academy_id == academy_id, EnrolmentRequest.id == request_id
    )
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)


def waiting(
    session: Session, academy_id: int, *, course: str = "", offset: int, limit: int
) -> Sequence[EnrolmentRequest]:
    """Requests that wait for an answer, those that wait longest first; of one course where it is named."""
    wanted = select(EnrolmentRequest)
    if course:
        wanted = wanted.where(EnrolmentRequest.course == course)
    return session.scalars(
        wanted.where(
            EnrolmentRequest.academy_id == academy_id, EnrolmentRequest.status == RequestStatus.WAITING
        )
        .order_by(EnrolmentRequest.asked_at, EnrolmentRequest.id)
        .offset(offset)
        .limit(limit)
    ).all()


def held_waiting(
    session: Session, academy_id: int, ids: Collection[int], *, but: int
) -> Sequence[EnrolmentRequest]:
    """Those of these requests that wait, held until the transaction ends; nobody answers their own."""
    return session.scalars(
        select(EnrolmentRequest)
        .where(
            EnrolmentRequest.academy_id == academy_id,
            EnrolmentRequest.id.in_(ids),
            EnrolmentRequest.status == RequestStatus.WAITING,
            EnrolmentRequest.person_id != but,
        )
        .order_by(EnrolmentRequest.asked_at, EnrolmentRequest.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def count_waiting(session: Session, academy_id: int) -> int:
    """How many requests wait for an answer."""
    counted = select(func.count(EnrolmentRequest.id)).where(
        EnrolmentRequest.academy_id == academy_id, EnrolmentRequest.status == RequestStatus.WAITING
    )
    return session.scalar(counted) or 0


def waiting_by_course(session: Session, academy_id: int) -> dict[str, int]:
    """How many requests wait for an answer, course by course."""
    counted = (
        select(EnrolmentRequest.course, func.count(EnrolmentRequest.id))
        .where(EnrolmentRequest.academy_id == academy_id, EnrolmentRequest.status == RequestStatus.WAITING)
        .group_by(EnrolmentRequest.course)
        .order_by(EnrolmentRequest.course)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def settled(session: Session, academy_id: int, *, at_most: int) -> Sequence[EnrolmentRequest]:
    """Requests that were answered, the latest first."""
    return session.scalars(
        select(EnrolmentRequest)
        .where(EnrolmentRequest.academy_id == academy_id, EnrolmentRequest.status != RequestStatus.WAITING)
        .order_by(EnrolmentRequest.settled_at.desc(), EnrolmentRequest.id.desc())
        .limit(at_most)
    ).all()


def latest_of(session: Session, academy_id: int, person_id: int) -> dict[str, EnrolmentRequest]:
    """The latest request of a student for each course."""
    rows = session.scalars(
        select(EnrolmentRequest)
        .where(EnrolmentRequest.academy_id == academy_id, EnrolmentRequest.person_id == person_id)
        .order_by(EnrolmentRequest.id)
    )
    return {row.course: row for row in rows}


def _note(
    session: Session,
    request: EnrolmentRequest,
    act: str,
    by: int,
    at: datetime,
    before: RequestStatus | None,
) -> None:
    note(
        session,
        act,
        academy_id=request.academy_id,
        by=by,
        subject=f"request {request.id}",
        at=at,
        before={"status": before.value if before else None},
        after={"status": request.status.value, "course": request.course},
    )
