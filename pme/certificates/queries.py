"""Reads about certificates: which is in force, how each stands, and what came before and after it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, exists, select
from sqlalchemy.orm import Session, aliased

from pme.certificates.models import Cause, Certificate, CertificateEvent, CertificateEventKind
from pme.certificates.state import State, StateFacts, state_of

_follower = aliased(Certificate)
IS_LATEST: ColumnElement[bool] = ~exists().where(
    _follower.replaces_id == Certificate.id, _follower.academy_id == Certificate.academy_id
)
"""Nothing replaces the certificate: of each enrolment, one does."""


def _has(kind: CertificateEventKind) -> ColumnElement[bool]:
    event = aliased(CertificateEvent)
    return exists().where(
        event.certificate_id == Certificate.id,
        event.academy_id == Certificate.academy_id,
        event.kind == kind,
    )


IS_REVOKED: ColumnElement[bool] = _has(CertificateEventKind.REVOKED)
IS_SUPERSEDED: ColumnElement[bool] = _has(CertificateEventKind.SUPERSEDED)


def state_column(at: datetime) -> ColumnElement[str]:
    """How a certificate stands at a moment (`state_of`), said in SQL."""
    return case(
        (IS_REVOKED, State.REVOKED.value),
        (IS_SUPERSEDED, State.SUPERSEDED.value),
        (Certificate.valid_until < at.astimezone(UTC).date(), State.EXPIRED.value),
        else_=State.VALID.value,
    )


@dataclass(frozen=True)
class Held:
    """A certificate with what came of it, as of a moment."""

    certificate: Certificate
    state: State
    superseded: CertificateEvent | None = None
    revoked: CertificateEvent | None = None


@dataclass(frozen=True)
class Lineage:
    """All certificates of one enrolment, the latest first, and which of them is asked about."""

    every: Sequence[Held]
    this: Held
    by_id: dict[int, Held] = field(default_factory=dict)

    @property
    def latest(self) -> Held:
        """The one that nothing replaces."""
        return self.every[0]

    @property
    def before(self) -> Held | None:
        """The one that this one replaces."""
        return self.by_id.get(self.this.certificate.replaces_id or 0)

    @property
    def after(self) -> Held | None:
        """The one that replaces this one."""
        own = self.this.certificate.id
        return next((each for each in self.every if each.certificate.replaces_id == own), None)


def held(session: Session, academy_id: int, found: Iterable[Certificate], *, at: datetime) -> list[Held]:
    """Certificates of an academy with how they stand, in the order given."""
    rows = list(found)
    events = session.scalars(
        select(CertificateEvent).where(
            CertificateEvent.academy_id == academy_id,
            CertificateEvent.certificate_id.in_([each.id for each in rows]),
        )
    )
    came = {(event.certificate_id, event.kind): event for event in events}

    def of(each: Certificate) -> Held:
        superseded = came.get((each.id, CertificateEventKind.SUPERSEDED))
        revoked = came.get((each.id, CertificateEventKind.REVOKED))
        facts = StateFacts(
            each.valid_until,
            superseded.at if superseded else None,
            revoked.at if revoked else None,
        )
        return Held(each, state_of(facts, at), superseded, revoked)

    return [of(each) for each in rows]


def lineage_of(session: Session, certificate: Certificate, *, at: datetime) -> Lineage:
    """What came before and after a certificate."""
    academy_id = certificate.academy_id
    found = certificates_of_enrolment(session, academy_id, certificate.enrolment_id)
    every = held(session, academy_id, found, at=at)
    by_id = {each.certificate.id: each for each in every}
    return Lineage(every, by_id[certificate.id], by_id)


def certificates_of(session: Session, person_id: int, academy_id: int) -> Sequence[Certificate]:
    """A person's certificates from an academy, latest first."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person_id, Certificate.academy_id == academy_id)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    ).all()


def certificates_of_enrolment(session: Session, academy_id: int, enrolment_id: int) -> Sequence[Certificate]:
    """All certificates of an enrolment, latest first."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.academy_id == academy_id, Certificate.enrolment_id == enrolment_id)
        .order_by(Certificate.id.desc())
    ).all()


def latest_of(session: Session, academy_id: int, enrolment_id: int) -> Certificate | None:
    """The certificate of an enrolment that nothing replaces, whatever its state, or None."""
    return session.scalar(
        select(Certificate).where(
            Certificate.academy_id == academy_id, Certificate.enrolment_id == enrolment_id, IS_LATEST
        )
    )


def find_by_number(session: Session, number: str, academy_id: int) -> Certificate | None:
    """The certificate of an academy with this number, or None."""
    return session.scalar(
        select(Certificate).where(Certificate.number == number, Certificate.academy_id == academy_id)
    )


def number_before(session: Session, certificate: Certificate) -> str:
    """The number of the certificate that this one replaces; empty where it is the first."""
    before = select(Certificate.number).where(
        Certificate.academy_id == certificate.academy_id, Certificate.id == certificate.replaces_id
    )
    return (session.scalar(before) or "") if certificate.replaces_id else ""


def find_by_code(session: Session, code: str) -> Certificate | None:
    """The certificate of this verification code, or None. Case and dashes do not matter."""
    plain = code.replace("-", "").replace(" ", "").upper()
    return session.scalar(select(Certificate).where(Certificate.code == plain))


def withdrawn_places(session: Session, academy_id: int, status_list: int) -> list[int]:
    """The places of a status list whose certificates no longer hold: revoked, or replaced because they were wrong.

    One that was renewed goes on saying the truth until its last day.
    """
    return [place for of_list, place in withdrawn_of(session, academy_id) if of_list == status_list]


def withdrawn_of(session: Session, academy_id: int) -> list[tuple[int, int]]:
    """Every place (list, index) that an academy has withdrawn, as `withdrawn_places` says."""
    follower = aliased(Certificate)
    is_corrected = exists().where(
        follower.replaces_id == Certificate.id,
        follower.academy_id == Certificate.academy_id,
        follower.cause == Cause.CORRECTED,
    )
    found = session.execute(
        select(Certificate.status_list, Certificate.status_index)
        .where(Certificate.academy_id == academy_id, IS_REVOKED | is_corrected)
        .order_by(Certificate.status_list, Certificate.status_index)
    )
    return [(of_list, place) for of_list, place in found]
