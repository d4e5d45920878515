"""Completing what very many have earned at once, since less is asked of them now: here and now, or in a job.

An act of staff does what it does at once. What comes of it for each person takes some milliseconds each, so that of
many it goes on in the background, some at a time, and may be repeated without harm.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import journeys
from pme.content.catalogue import Catalogue, current
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.jobs.models import Job
from pme.jobs.registry import Work, handler
from pme.jobs.service import enqueue
from pme.marking.queries import Group, last_release
from pme.marking.release import release
from pme.progress.models import CourseCompletion
from pme.words.speech import _

KIND = "completions"
HERE = 50
"""Of how many people it is looked up while somebody waits whether they have completed their course."""
PART = 25
"""How many people of a job are looked at in one transaction."""
AT_ONCE = 500


def complete_what_is_earned(
    session: Session,
    catalogue: Catalogue,
    academy_id: int,
    ids: Sequence[int],
    *,
    about: str | None,
    at: datetime,
) -> Job | None:
    """Complete and certify what is earned now, in courses that leave something to be arranged.

    Gives the job that does it where they are many; `about` names the act, so that asking twice is asking once.
    """
    waiting = _waiting(session, catalogue, academy_id, ids)
    return complete_each(session, catalogue, academy_id, waiting, about=about, at=at)


def release_marks(
    session: Session, catalogue: Catalogue, group: Group, *, by: int, at: datetime
) -> Job | None:
    """Close what is fully marked of a group, at once; then complete and certify what is earned, of many in a job.

    Raises Conflict where nothing is ready.
    """
    ids = [each.id for each in release(session, group, by=by, at=at)]
    last = last_release(session, group)
    about = f"release {last.id}" if last else None
    return complete_each(session, catalogue, group.academy_id, ids, about=about, at=at)


def complete_each(
    session: Session,
    catalogue: Catalogue,
    academy_id: int,
    ids: Sequence[int],
    *,
    about: str | None,
    at: datetime,
) -> Job | None:
    """Complete and certify what these have earned; gives the job that does it where they are many."""
    if len(ids) <= HERE:
        _complete(session, catalogue, academy_id, ids, at=at)
        return None
    return enqueue(
        session,
        KIND,
        academy_id=academy_id,
        person_id=None,  # what is earned is earned: nobody cancels it
        payload={"enrolments": list(ids)},
        at=at,
        key=about,
        title=_("Courses that became complete by a change"),
    )


def job_about(session: Session, academy_id: int, *acts: str) -> Job | None:
    """The newest job that completes what came of some acts, or None."""
    keys = [f"{academy_id} {KIND} {about}" for about in acts]
    wanted = select(Job).where(Job.academy_id == academy_id, Job.kind == KIND, Job.key.in_(keys))
    return session.scalars(wanted.order_by(Job.id.desc()).limit(1)).first()


@handler(KIND)
def run(work: Work) -> None:
    """Look at some people at a time; who was looked at stays so, wherever a run ends."""
    ids, done = work.payload["enrolments"], int(work.state.get("done", 0))
    work.progress(done, len(ids))
    while done < len(ids):
        some = ids[done : done + PART]
        with work.writing() as session:
            _complete(session, current(session), work.academy_id or 0, some, at=work.at())
            done += len(some)
            work.progress(done, len(ids))
            work.checkpoint(done=done)


def _waiting(session: Session, catalogue: Catalogue, academy_id: int, ids: Sequence[int]) -> list[int]:
    """Those who still take a course that leaves something to be arranged, and have not completed it."""
    arranged = [each.content.slug for each in catalogue.courses if each.content.optional]
    found: list[int] = []
    for begin in range(0, len(ids) if arranged else 0, AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        done = select(CourseCompletion.enrolment_id).where(
            CourseCompletion.academy_id == academy_id, CourseCompletion.enrolment_id.in_(some)
        )
        waiting = select(Enrolment.id).where(
            Enrolment.academy_id == academy_id,
            Enrolment.id.in_(some),
            Enrolment.course.in_(arranged),
            Enrolment.status == EnrolmentStatus.ACTIVE,
            Enrolment.id.not_in(done),
        )
        found += session.scalars(waiting.order_by(Enrolment.id))
    return found


def _complete(
    session: Session, catalogue: Catalogue, academy_id: int, ids: Sequence[int], *, at: datetime
) -> None:
    wanted = select(Enrolment).where(
        Enrolment.academy_id == academy_id,
        Enrolment.id.in_(ids),
        Enrolment.status == EnrolmentStatus.ACTIVE,
    )
    for enrolment in session.scalars(wanted.order_by(Enrolment.id).with_for_update()).all():
        journeys.complete_if_earned(session, catalogue, enrolment, at=at)
