"""What a certificate of today would print: the facts that are frozen when it is issued."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.designs.design import Design
from pme.certificates.designs.queries import current_version
from pme.certificates.designs.texts import filled
from pme.certificates.levels import level_of
from pme.certificates.models import Certificate
from pme.certificates.statements import NOTHING, statements_of
from pme.content.catalogue import Versioned, pinned
from pme.content.editions import edition_by_id
from pme.content.models import CourseEdition
from pme.content.shapes import Course
from pme.errors import Conflict
from pme.people.models import Academy, Person, Personnel
from pme.people.queries import get_academy, get_person
from pme.progress.in_force import completion_in_force
from pme.progress.validity import end_after
from pme.words.speech import _

HOUSE = Design()
LONGEST_WORDED = 200
"""Characters that a certificate keeps of its heading."""


def printed_facts(
    session: Session,
    course: Versioned[Course],
    *,
    edition: CourseEdition | None,
    person: Person,
    academy: Academy,
    percent: float,
    earned_at: datetime,
) -> dict[str, Any]:
    """The columns of `Certificate` that are printed, but for number, code and day of issue, as they are now."""
    content = course.content
    known = session.scalar(
        select(Personnel).where(Personnel.person_id == person.id, Personnel.academy_id == academy.id)
    )
    holder = known or person  # the academy's own word for who this is, where it has one
    version = current_version(session, academy.id)
    design = Design.from_json(version.content) if version else HOUSE
    stated = statements_of(session, academy.id).get(content.slug, NOTHING)
    return {
        "holder_name": holder.name,
        "holder_rank": holder.rank,
        "academy_name": academy.name,
        "academy_nation": academy.nation,
        "course": content.slug,
        "course_title": content.title,
        "course_sha256": course.sha256,
        "edition_id": edition.id if edition else None,
        "edition": edition.label if edition else "",
        "edition_sha256": edition.digest if edition else "",
        "certificate_title": _worded("heading", design, content, academy),
        "statement": _worded("statement", design, content, academy),
        "outcomes": [[outcome.id, outcome.text, level_of(outcome)] for outcome in content.outcomes],
        "hours": content.hours,
        "ects": stated.ects(content.hours),
        "frameworks": [list(pair) for pair in stated.frameworks],
        "percent": percent,
        "language": content.language,
        "signatories": design.signed_by(content.language) or [list(pair) for pair in academy.signatories],
        "earned_on": earned_at.astimezone(UTC).date(),
        "valid_until": end_after(session, academy.id, content.slug, since=earned_at),
    }


def _worded(kind: str, design: Design, course: Course, academy: Academy) -> str:
    """The design's heading or statement in the language of the course; the course's own where it has none."""
    own = course.certificate.title if kind == "heading" else course.certificate.statement
    values = {"course": course.title, "academy": academy.name, "nation": academy.nation}
    words = filled(getattr(design.texts_in(course.language), kind), values)
    return words if words and len(words) <= LONGEST_WORDED else own


def facts_today(session: Session, certificate: Certificate) -> dict[str, Any]:
    """What a certificate would print were it issued now for the same course, edition and day.

    Raises Conflict where its completion no longer counts, or its holder was erased.
    """
    academy_id = certificate.academy_id
    standing = completion_in_force(session, academy_id, certificate.enrolment_id)
    if standing is None or standing.is_revoked:
        raise Conflict(_("The completion behind this certificate is revoked. Restore it first."))
    if not certificate.holder_name:
        raise Conflict(_("The holder's data was erased. A certificate without a name cannot be issued."))
    edition = edition_by_id(session, certificate.edition_id or standing.edition_id)
    course = pinned(session, edition.version_id if edition else standing.version_id, Course)
    return printed_facts(
        session,
        course,
        edition=edition,
        person=get_person(session, certificate.person_id),
        academy=get_academy(session, academy_id),
        percent=standing.percent,
        earned_at=standing.since,
    )
