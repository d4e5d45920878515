"""The acts on a completion that reach its certificates: revoke it, restore it.

Each runs inside one writing transaction that the caller opened, with the enrolment locked.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from pme import audit
from pme.certificates import service as certificates
from pme.certificates.models import Certificate
from pme.enrolment.models import Enrolment
from pme.progress.corrections import restore, revoke


def revoke_completion(
    session: Session, enrolment: Enrolment, *, reason: str, by: int, at: datetime
) -> list[Certificate]:
    """Revoke a completion, and with it every certificate of it that still holds; gives these.

    Raises Invalid without a reason, Conflict where it is revoked already.
    """
    academy_id = enrolment.academy_id
    event = revoke(session, academy_id, enrolment.id, reason=reason, by=by, at=at)
    gone = certificates.revoke_all(session, academy_id, enrolment.id, reason=reason, by=by, at=at)
    detail = {"event": event.id, "certificates": [each.number for each in gone]}
    _record(session, "completion revoked", enrolment, detail, by=by, at=at)
    return gone


def restore_completion(
    session: Session, enrolment: Enrolment, *, reason: str, by: int, at: datetime
) -> Certificate | None:
    """Take the revocation of a completion back; gives the certificate that is issued anew, where one went with it.

    Raises Invalid without a reason, Conflict where nothing is revoked.
    """
    academy_id = enrolment.academy_id
    event = restore(session, academy_id, enrolment.id, reason=reason, by=by, at=at)
    anew = certificates.restore(session, academy_id, enrolment.id, by=by, at=at)
    detail = {"event": event.id, "certificates": [anew.number] if anew else []}
    _record(session, "completion restored", enrolment, detail, by=by, at=at)
    return anew


def _record(
    session: Session, act: str, enrolment: Enrolment, detail: dict[str, object], *, by: int, at: datetime
) -> None:
    audit.record(
        session,
        act,
        actor=f"person {by}",
        subject=f"enrolment {enrolment.id}",
        at=at,
        academy_id=enrolment.academy_id,
        detail={"course": enrolment.course} | detail,
    )
