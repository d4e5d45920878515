"""Acts on certificates: issue one, issue another in its place, revoke it.

Acts expect a writing transaction and the enrolment locked; they flush, never commit. Who issues twice all the same
is held off by the database, and gets the certificate that is there.
"""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pme.certificates.designs.queries import current_version
from pme.certificates.drafting import facts_today, printed_facts
from pme.certificates.models import (
    Cause,
    Certificate,
    CertificateCounter,
    CertificateEvent,
    CertificateEventKind,
    Ground,
)
from pme.certificates.numbering import account_for, draw_number
from pme.certificates.queries import certificates_of_enrolment, latest_of
from pme.content.catalogue import Versioned, pinned
from pme.content.editions import edition_by_id
from pme.content.shapes import Course
from pme.errors import Conflict, Invalid, Unavailable
from pme.keys.public import KeyKind
from pme.keys.queries import current_key
from pme.people.models import Academy, Person
from pme.people.queries import get_academy
from pme.progress.models import CompletionEvent, CourseCompletion
from pme.words.numbers import grouped
from pme.words.speech import _

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 24
TRIES = 5
LIST_LENGTH = 131_072
"""Places of a status list: the least of Bitstring Status List 1.0, so that a list tells of a crowd."""
LIST_FULL = LIST_LENGTH // 2
"""Certificates after which the next list begins: a free place is found at once."""
LONGEST_REASON = 1_000
TAKEN = "The number, the code or the place in the status list was taken already."  # not words (kept)
ISSUED_MEANWHILE = "The certificate had just been issued by another hand."  # not words (kept)


def issue(
    session: Session,
    completion: CourseCompletion,
    course: Versioned[Course],
    *,
    person: Person,
    academy: Academy,
    at: datetime,
) -> Certificate:
    """Issue the certificate of a completion, or give back the latest that it has.

    Raises Unavailable when no number could be had.
    """
    kept = latest_of(session, academy.id, completion.enrolment_id)
    if kept is not None:
        return kept
    facts = printed_facts(
        session,
        course,
        edition=edition_by_id(session, completion.edition_id),
        person=person,
        academy=academy,
        percent=completion.percent,
        earned_at=completion.completed_at,
    )
    facts |= {"enrolment_id": completion.enrolment_id, "person_id": person.id}
    return _keep(session, academy, facts, at=at)


def renew(
    session: Session,
    kept: Certificate,
    event: CompletionEvent,
    *,
    person: Person,
    academy: Academy,
    at: datetime,
) -> Certificate:
    """Issue a new certificate, under a number of its own, to a holder who did what was asked to keep it."""
    edition = edition_by_id(session, event.edition_id)
    if edition is None:
        raise Conflict(_("The edition that was asked for is not known. No certificate was issued."))
    facts = printed_facts(
        session,
        pinned(session, edition.version_id, Course),
        edition=edition,
        person=person,
        academy=academy,
        percent=event.percent,
        earned_at=event.at,
    )
    return _follow(session, academy, kept, facts, Cause.RENEWED, at=at)


def reissue(
    session: Session, kept: Certificate, *, taking: Collection[str], reason: str, by: int, at: datetime
) -> Certificate:
    """Issue a certificate with these fields as they are now (`words.FIELDS`) and all others as they were.

    Nothing has to change where the one before was revoked: the new one takes its place. Raises Invalid without a
    reason or where nothing would change, Conflict where it is not the latest.
    """
    given = _reason(reason)
    _is_latest(session, kept)
    now, was = facts_today(session, kept), printed_of(kept)
    facts = {name: now[name] if name in taking else was[name] for name in was}
    if facts == was and revocation_of(session, kept) is None:
        raise Invalid(
            _("Choose at least one line. Correct what is wrong where it is kept, then come back."),
            field="taking",
        )
    academy = get_academy(session, kept.academy_id)
    return _follow(session, academy, kept, facts, Cause.CORRECTED, by=by, reason=given, at=at)


def restore(
    session: Session, academy_id: int, enrolment_id: int, *, by: int, at: datetime
) -> Certificate | None:
    """Issue a new certificate where a completion counts again whose certificate was revoked with it; else None."""
    kept = latest_of(session, academy_id, enrolment_id)
    if kept is None or not kept.holder_name or revocation_of(session, kept, ground=Ground.COMPLETION) is None:
        return None
    facts = printed_of(kept) | {"percent": facts_today(session, kept)["percent"]}
    return _follow(session, get_academy(session, academy_id), kept, facts, Cause.RESTORED, by=by, at=at)


def revoke(
    session: Session, kept: Certificate, *, ground: Ground, reason: str, by: int, at: datetime
) -> CertificateEvent:
    """Revoke a certificate, for good. Raises Invalid without a reason, Conflict where it is revoked already."""
    given = _reason(reason)
    if revocation_of(session, kept) is not None:
        raise Conflict(_("This certificate is revoked already. Nothing was changed."))
    event = CertificateEvent(
        academy_id=kept.academy_id,
        certificate_id=kept.id,
        kind=CertificateEventKind.REVOKED,
        ground=ground,
        reason=given,
        by=by,
        at=at,
    )
    session.add(event)
    session.flush()
    return event


def revoke_all(
    session: Session, academy_id: int, enrolment_id: int, *, reason: str, by: int, at: datetime
) -> list[Certificate]:
    """Revoke every certificate of a completion that was revoked; gives those that were not revoked before."""
    standing = [
        each
        for each in certificates_of_enrolment(session, academy_id, enrolment_id)
        if revocation_of(session, each) is None
    ]
    for each in standing:
        revoke(session, each, ground=Ground.COMPLETION, reason=reason, by=by, at=at)
    return standing


def revocation_of(
    session: Session, kept: Certificate, *, ground: Ground | None = None
) -> CertificateEvent | None:
    """The event that revoked a certificate, or None; on a ground only, where one is given."""
    found = session.scalar(
        select(CertificateEvent).where(
            CertificateEvent.academy_id == kept.academy_id,
            CertificateEvent.certificate_id == kept.id,
            CertificateEvent.kind == CertificateEventKind.REVOKED,
        )
    )
    return found if found is None or ground in (None, found.ground) else None


def printed_of(kept: Certificate) -> dict[str, Any]:
    """The columns of a certificate that `printed_facts` makes."""
    return {
        name: getattr(kept, name)
        for name in (
            "holder_name", "holder_rank", "academy_name", "academy_nation", "course", "course_title",
            "course_sha256", "edition_id", "edition", "edition_sha256", "certificate_title", "statement",
            "outcomes", "hours", "ects", "frameworks", "percent", "language", "signatories", "earned_on",
            "valid_until",
        )
    }  # fmt: skip


def new_code() -> str:
    """The unguessable part of a verification address: 24 signs of 30, about 117 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def _reason(reason: str) -> str:
    given = reason.strip()
    if not given:
        raise Invalid(_("Say why, in words that the holder may read."), field="reason")
    if len(given) > LONGEST_REASON:
        raise Invalid(
            _("Keep the reason under {most} characters.", most=grouped(LONGEST_REASON)), field="reason"
        )
    return given


def _is_latest(session: Session, kept: Certificate) -> None:
    latest = latest_of(session, kept.academy_id, kept.enrolment_id)
    if latest is None or latest.id != kept.id:
        number = latest.number if latest else ""
        raise Conflict(_("Another certificate replaced this one meanwhile: {number}.", number=number))


def _follow(
    session: Session,
    academy: Academy,
    kept: Certificate,
    facts: dict[str, Any],
    cause: Cause,
    *,
    at: datetime,
    by: int | None = None,
    reason: str = "",
) -> Certificate:
    of_row = {
        "enrolment_id": kept.enrolment_id,
        "person_id": kept.person_id,
        "cause": cause,
        "replaces_id": kept.id,
        "issued_by": by,
        "reason": reason,
    }
    return _keep(session, academy, facts | of_row, at=at)


def _keep(session: Session, academy: Academy, facts: dict[str, Any], *, at: datetime) -> Certificate:
    """Number and keep a certificate; whatever number is drawn is accounted for."""
    follows: int | None = facts.get("replaces_id")
    key = current_key(session, academy.id, KeyKind.ED25519)
    design = current_version(session, academy.id)
    for _turn in range(TRIES):
        drawn = draw_number(session, academy, year=at.year)
        place = _free_place(session, academy.id)
        certificate = Certificate(
            **facts, **place, academy_id=academy.id, number=drawn.number, code=new_code(),
            design_version_id=design.id if design else None,
            is_demo=academy.is_demo or (key is not None and key.is_demo), issued_on=at.date(), issued_at=at,
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(certificate)
                session.flush()
                if follows is not None:
                    _supersede(session, academy.id, follows, by=facts["issued_by"], at=at)
        except IntegrityError:
            other = latest_of(session, academy.id, facts["enrolment_id"])
            if other is not None and other.id != follows:
                account_for(session, drawn, explanation=ISSUED_MEANWHILE, at=at)
                return other
            account_for(session, drawn, explanation=TAKEN, at=at)
            continue
        account_for(session, drawn, at=at)
        return certificate
    raise Unavailable(_("The certificate could not be numbered just now. Try again in a minute."))


def _supersede(
    session: Session, academy_id: int, certificate_id: int, *, by: int | None, at: datetime
) -> None:
    session.add(
        CertificateEvent(
            academy_id=academy_id,
            certificate_id=certificate_id,
            kind=CertificateEventKind.SUPERSEDED,
            by=by,
            at=at,
        )
    )
    session.flush()


def _free_place(session: Session, academy_id: int) -> dict[str, int]:
    """A place at random in the academy's status list: it says nothing of when or to whom it was given."""
    drawn = session.scalar(
        select(func.sum(CertificateCounter.last)).where(CertificateCounter.academy_id == academy_id)
    )
    number = 1 + ((drawn or 1) - 1) // LIST_FULL
    while True:
        index = secrets.randbelow(LIST_LENGTH)
        is_taken = select(Certificate.id).where(
            Certificate.academy_id == academy_id,
            Certificate.status_list == number,
            Certificate.status_index == index,
        )
        if session.scalar(is_taken) is None:
            return {"status_list": number, "status_index": index}
