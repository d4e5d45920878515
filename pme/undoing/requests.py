"""Requests that were approved together: they wait again, where their student has not asked anew meanwhile."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from pme.enrolment.models_admission import EnrolmentRequest, RequestStatus

AT_ONCE = 500


def let_wait_again(session: Session, academy_id: int, ids: Sequence[int]) -> None:
    """These requests have no answer any more."""
    for begin in range(0, len(ids), AT_ONCE):
        session.execute(
            update(EnrolmentRequest)
            .where(
                EnrolmentRequest.academy_id == academy_id,
                EnrolmentRequest.id.in_(ids[begin : begin + AT_ONCE]),
            )
            .values(status=RequestStatus.WAITING, answer="", settled_at=None, settled_by=None)
            .execution_options(synchronize_session="fetch")
        )


def asked_anew(session: Session, academy_id: int, ids: Sequence[int]) -> set[int]:
    """Those of these requests whose student asks for the same course in another one, which waits."""
    found: set[int] = set()
    other = aliased(EnrolmentRequest)
    for begin in range(0, len(ids), AT_ONCE):
        wanted = (
            select(EnrolmentRequest.id)
            .join(
                other,
                (other.person_id == EnrolmentRequest.person_id)
                & (other.academy_id == EnrolmentRequest.academy_id)
                & (other.course == EnrolmentRequest.course)
                & (other.id != EnrolmentRequest.id),
            )
            .where(
                EnrolmentRequest.academy_id == academy_id,
                EnrolmentRequest.id.in_(ids[begin : begin + AT_ONCE]),
                other.status == RequestStatus.WAITING,
            )
        )
        found |= set(session.scalars(wanted))
    return found
