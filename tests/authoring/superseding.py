"""Acts of who keeps sources: publish a draft, supersede a source, certify what rests on it."""

from datetime import timedelta

from sqlalchemy import select

from pme.certificates.service import issue
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.people.models import Academy, Person
from pme.progress.models import CourseCompletion, ModuleCompletion
from tests.support.cast import START, email_of
from tests.support.client import Page, Visit

BECAUSE = "The institute has withdrawn it."


def publish(visit: Visit, draft: str) -> None:
    """Publish a draft that needs nobody's approval."""
    done = visit.get(f"{draft}/publish").press("Publish")
    assert "Students see it from now on" in done.words, done.words


def supersede(visit: Visit, draft: str, key: str, **more: str) -> Page:
    """Mark a source as superseded in a draft: fill in, look at what it touches, confirm."""
    form = visit.get(f"{draft}/source/{key}")
    look = form.press("Save in the draft", status="superseded", superseded_because=BECAUSE, **more)
    assert look.title == "What is affected"
    return look.press("Mark it as superseded in this draft")


def certify(database: Database, name: str, *, again: int = 0) -> str:
    """Let somebody complete the core course on what is published now; gives the certificate's number."""
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.email == email_of(name))).one()
        enrolment = session.scalars(
            select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.course == "core")
        ).one()
        published = current(session)
        course, module = published.courses_by_slug["core"], published.modules_by_slug["listening"]
        done = {"enrolment_id": enrolment.id, "completed_at": START}
        session.add(ModuleCompletion(module="listening", version_id=module.version_id, **done))
        completion = CourseCompletion(
            academy_id=enrolment.academy_id, course="core", version_id=course.version_id, percent=90.0, **done
        )
        session.add(completion)
        session.flush()
        academy = session.get_one(Academy, enrolment.academy_id)
        at = START + timedelta(days=again)
        return issue(session, completion, course, person=person, academy=academy, at=at).number
