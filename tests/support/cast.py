"""The fixed cast of every story.

Adams takes the core course, Baker takes another, Clarke teaches the core course, Davis teaches another,
Evans runs the academy, Frost runs another academy, where Gray takes and Hayes teaches the core course.
Irving is the registrar, Jensen the course director and Keller the auditor of Evans's academy; Lund runs the
installation. Nobody is not signed in.
"""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from pme.config import Argon2Cost
from pme.content.publish import publish
from pme.enrolment.service import choose_course, enrol
from pme.people.models import Academy, Role
from pme.people.passwords import Hashing
from pme.people.service import add_academy, add_person, appoint, grant
from tests.support.keys import give_keys
from tests.support.library import library

PASSWORD = "a long walk by the river"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CHEAP = Argon2Cost(passes=1, kibibytes=8, lanes=1)
NOBODY = "nobody"
HOME, AWAY = "home", "away"

PEOPLE: dict[str, tuple[str, Role, str | None]] = {
    "adams": (HOME, Role.STUDENT, "core"),
    "baker": (HOME, Role.STUDENT, "other"),
    "clarke": (HOME, Role.INSTRUCTOR, "core"),
    "davis": (HOME, Role.INSTRUCTOR, "other"),
    "evans": (HOME, Role.ADMINISTRATOR, None),
    "frost": (AWAY, Role.ADMINISTRATOR, None),
    "gray": (AWAY, Role.STUDENT, "core"),
    "hayes": (AWAY, Role.INSTRUCTOR, "core"),
    "irving": (HOME, Role.REGISTRAR, None),
    "jensen": (HOME, Role.DIRECTOR, None),
    "keller": (HOME, Role.AUDITOR, None),
    "lund": (HOME, Role.INSTALL, None),
}
CAST = (*PEOPLE, NOBODY)


def email_of(name: str) -> str:
    """The address a member of the cast signs in with."""
    return f"{name}@{PEOPLE[name][0]}.example"


def set_the_stage(session: Session) -> None:
    """Publish the library and bring the cast in."""
    publish(session, library(), by_id=None, at=START, note="for the tests")
    academies = {slug: _academy(session, slug) for slug in (HOME, AWAY)}
    hashing = Hashing(CHEAP)
    for each in academies.values():
        give_keys(session, each, at=START)
    for each in academies.values():
        for slug in ("core", "other"):
            choose_course(session, each.id, course=slug, by_id=None, at=START)
    for name, (slug, role, course) in PEOPLE.items():
        person = add_person(
            session,
            hashing,
            email=email_of(name),
            name=f"{name.title()} Person",
            rank="Captain",
            password=PASSWORD,
            at=START,
        )
        academy = academies[slug]
        grant(session, person.id, academy.id, role)
        if course and role is Role.STUDENT:
            enrol(session, person.id, academy.id, course=course, at=START)
        if course and role is Role.INSTRUCTOR:
            appoint(session, person.id, academy.id, course)


def _academy(session: Session, slug: str) -> Academy:
    academy = add_academy(session, slug=slug, name=f"{slug.title()} Academy", nation="Nowhere", at=START)
    academy.signatory_name, academy.signatory_role = "Evans Person", "Director of Studies"
    academy.support = f"Support at {slug}."
    session.flush()
    return academy
