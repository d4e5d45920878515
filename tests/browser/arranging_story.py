"""The story behind the album of cohorts, enrolments, requests and calendars: one look at each page and its refusal."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.models_admission import EnrolmentRequest
from pme.people.models import Academy, Person
from pme.privacy.models import ErasureProposal
from tests.browser.album import Album
from tests.support.cast import HOME, START, email_of
from tests.support.client import Visit


def played(album: Album, cast: dict[str, Visit], database: Database) -> None:
    """A registrar arranges a cohort, a student asks and comes in, an instructor gives more time."""
    irving, jensen, keller, baker, clarke = (
        cast[n] for n in ("irving", "jensen", "keller", "baker", "clarke")
    )
    later = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    album.take(irving.get("/academy/cohorts").press("Create the cohort", course="core", name=" "), "no name")
    page = irving.get("/academy/cohorts").press(
        "Create the cohort", course="core", name="Class 12", starts=later, due=later
    )
    album.take(page.press("Create a code", until="soon"), "no day")
    album.take(page.press("Create a code", until=later, capacity="20"), "with a code")
    with database.session() as session:
        teacher = session.scalars(select(Person.id).where(Person.email == email_of("clarke"))).one()
    kept = page.visit.get(page.path).press("Save the instructors", person=[str(teacher)])
    album.take(kept, "with an instructor")
    album.take(irving.get(irving.get("/changes").tree.xpath("//tbody//a/@href")[0]), "a cohort")
    kept.press("Undo")
    album.walk(keller, ["/academy/cohorts", page.path, "/academy/course-rules"], "as an auditor")
    baker.get("/courses").press("Ask for this course: Core course", words="I would like to.")
    queue = irving.get("/academy/requests")
    album.take(queue, "one waits")
    album.take(queue.press("Decline: Captain Baker Person"), "declined without words")
    _waiting_too(database, "adams")
    album.walk(irving, ("/academy/requests", "/academy/requests?course=core"), "several wait")
    album.walk(irving, ("/academy/retention",), "somebody is proposed")
    album.take(baker.get("/courses"), "asked")
    album.take(baker.get("/learn").press("Join", code="nothing"), "a wrong code")
    album.take(jensen.get("/academy/course-rules"), "to be set")
    jensen.post("/academy/course-rules", course="other", needs="core")
    with database.session() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        mine = select(Enrolment).where(Enrolment.academy_id == academy, Enrolment.course == "core")
        own = session.scalars(mine.order_by(Enrolment.id)).first()
        cohort = session.scalars(select(Cohort).where(Cohort.name == "Class 12")).one()
    assert own is not None
    album.walk(irving, ["/academy/enrolments", f"/academy/enrolments?cohort={cohort.id}"], "listed")
    _undone(album, irving, keller, own.id)
    album.take(irving.get(f"/academy/enrol?course=core&cohort={cohort.id}"), "to be chosen")
    album.take(
        irving.get("/academy/enrol?course=core").press("Show", q="nobody of this name"), "nobody found"
    )
    one = irving.get(f"/academy/enrolments/{own.id}")
    album.take(one.press("Set the due date", due="", reason=""), "nothing given")
    album.take(one.press("Set the due date", due=later, reason="Ill for a week."), "extended")
    album.walk(clarke, [f"/teach/core/students/{own.id}/equal-work"], "to be confirmed")
    album.walk(clarke, [f"/teach/core/students/{own.id}/time"], "extended")
    lacking = irving.post("/academy/enrol", course="other", go="chosen", person=[str(own.person_id)])
    album.take(lacking, "one lacks something")
    album.walk(cast["adams"], ["/learn", "/calendar"], "with dates")
    album.take(cast["adams"].get("/calendar").press("Create an address"), "made")
    with database.writing() as session:
        session.get_one(Enrolment, own.id).cohort_id = cohort.id
    album.take(irving.get(page.path), "with a certificate")


def _undone(album: Album, irving: Visit, keller: Visit, enrolment: int) -> None:
    """Irving withdraws somebody, thinks better of it, and suspends somebody who is moved on meanwhile."""
    album.take(irving.get("/academy/enrolments?course=core&q=nobody+like+this"), "nothing matches")
    page = irving.get("/academy/enrolments?course=core")
    album.take(page.press("Give the later date", due="soon", enrolment=[str(enrolment)]), "no reason")
    done = album.take(page.press("Withdraw those chosen", enrolment=[str(enrolment)]), "withdrawn")
    album.take(irving.get("/changes"), "to be undone")
    album.take(keller.get("/changes"), "as an auditor")
    link, *_earlier = irving.get("/changes").tree.xpath("//tbody//a/@href")  # the newest stands first
    album.take(irving.get(link), "to be undone")
    album.take(done.press("Undo"), "undone")
    album.take(irving.get(link), "undone")
    people = irving.get("/academy/people?words=Baker")
    album.take(people.press("Set the last day", until="soon"), "no day")
    suspended = people.press("Suspend", person=list(people.choices("person").values()))
    again = irving.get("/academy/people?words=Baker")
    again.press("Restore access", person=list(again.choices("person").values()))
    album.take(suspended.press("Undo"), "left as they are")
    irving.get("/academy/people").follow("Recent changes")


def _waiting_too(database: Database, name: str) -> None:
    """Somebody else asks for both courses, and has done nothing here for long."""
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        person = session.scalars(select(Person.id).where(Person.email == email_of(name))).one()
        for course in ("core", "other"):
            asked = {"academy_id": academy, "person_id": person, "course": course, "words": ""}
            session.add(EnrolmentRequest(**asked, asked_at=START))
        session.add(
            ErasureProposal(academy_id=academy, person_id=person, last_active_at=START, proposed_at=START)
        )
