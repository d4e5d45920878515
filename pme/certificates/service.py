"""Acts on certificates: issue one, once, numbered without gaps."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate, CertificateCounter
from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.db import insert_into
from pme.errors import Unavailable
from pme.people.models import Academy, Person, Personnel
from pme.progress.models import CourseCompletion

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 24
TRIES = 5


def issue(
    session: Session,
    completion: CourseCompletion,
    course: Versioned[Course],
    *,
    person: Person,
    academy: Academy,
    at: datetime,
) -> Certificate:
    """Issue the certificate of a completion, or give back the one it has.

    The number comes from a counter raised in this transaction; should a number or code be taken all
    the same (an import, say), the next one is tried. Raises Unavailable when none could be had.
    """
    kept = session.scalar(select(Certificate).where(Certificate.enrolment_id == completion.enrolment_id))
    if kept is not None:
        return kept
    for _ in range(TRIES):
        certificate = _draft(session, completion, course, person, academy, at)
        try:
            with session.begin_nested():
                session.add(certificate)
                session.flush()
        except IntegrityError:
            continue
        return certificate
    raise Unavailable("The certificate could not be numbered just now. Try again in a minute.")


def new_code() -> str:
    """The unguessable part of a verification address: 24 signs of 30, about 117 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def next_number(session: Session, academy: Academy, *, year: int) -> str:
    """The academy's next certificate number of a year, like DEMO-2026-000001."""
    session.execute(
        insert_into(session, CertificateCounter)
        .values(academy_id=academy.id, year=year, last=0)
        .on_conflict_do_nothing()
    )
    last = session.execute(
        update(CertificateCounter)
        .where(CertificateCounter.academy_id == academy.id, CertificateCounter.year == year)
        .values(last=CertificateCounter.last + 1)
        .returning(CertificateCounter.last)
    ).scalar_one()
    return f"{academy.slug.upper()}-{year}-{last:06d}"


def _draft(
    session: Session,
    completion: CourseCompletion,
    course: Versioned[Course],
    person: Person,
    academy: Academy,
    at: datetime,
) -> Certificate:
    content = course.content
    known = session.scalar(
        select(Personnel).where(Personnel.person_id == person.id, Personnel.academy_id == academy.id)
    )
    holder = known or person  # the academy's own word for who this is, where it has one
    signatories = [[academy.signatory_name, academy.signatory_role]] if academy.signatory_name else []
    return Certificate(
        enrolment_id=completion.enrolment_id,
        person_id=person.id,
        academy_id=academy.id,
        number=next_number(session, academy, year=at.year),
        code=new_code(),
        holder_name=holder.name,
        holder_rank=holder.rank,
        academy_name=academy.name,
        academy_nation=academy.nation,
        course=content.slug,
        course_title=content.title,
        course_sha256=course.sha256,
        certificate_title=content.certificate.title,
        statement=content.certificate.statement,
        outcomes=[outcome.text for outcome in content.outcomes],
        hours=content.hours,
        percent=completion.percent,
        language=content.language,
        signatories=signatories,
        issued_on=at.date(),
        issued_at=at,
    )
