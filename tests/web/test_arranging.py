"""Courses, cohorts and time on the pages: a registrar's morning, a student's way in, an instructor's changes."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from pme.audit import AuditEntry, first_broken
from pme.content.publish import publish
from pme.db import Database
from pme.enrolment.models import AcademyCourse, Cohort, Enrolment, Extension
from pme.enrolment.models_admission import EnrolmentCode
from pme.enrolment.prerequisites import set_prerequisites
from pme.enrolment.requests import ask
from pme.enrolment.service import enrol
from pme.people.models import Academy, Person, Role
from pme.people.service import grant
from tests.conftest import Visits
from tests.support.belongings import give
from tests.support.calendars import read_calendar
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Page, Visit
from tests.support.clock import Clock
from tests.support.library import course, library

SECRET_REASON = "CANARY-reason"


def in_days(clock: Clock, days: int) -> str:
    return (clock.at + timedelta(days=days)).date().isoformat()


def shown(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B %Y}"


def ticked(page: Page, name: str, *who: str) -> list[str]:
    boxes = page.choices(name)
    return [value for text, value in boxes.items() if any(each in text for each in who)]


def cohort_id(database: Database, name: str) -> int:
    with database.session() as session:
        return session.scalars(select(Cohort.id).where(Cohort.name == name)).one()


def made(irving: Visit, clock: Clock, *, of: str = "core", due: int = 9) -> Page:
    page = irving.get("/academy").follow("Cohorts")
    return page.press(
        "Create the cohort", course=of, name="Spring", starts=in_days(clock, 2), due=in_days(clock, due)
    )


def test_a_registrar_makes_a_cohort_says_who_teaches_it_and_enrols_people(
    visit: Visits, database: Database, clock: Clock
):
    irving = visit("irving")
    wrong = irving.get("/academy/cohorts").press(
        "Create the cohort", course="core", name="Spring", starts=in_days(clock, 9), due=in_days(clock, 2)
    )
    assert wrong.status == 422
    assert "The due date has to be on or after the start date." in wrong.words
    assert wrong.tree.xpath("//input[@name='name']/@value") == ["Spring"], "what was typed is still there"
    page = made(irving, clock)
    assert page.title == "Spring"
    page = page.press("Save the instructors", person=ticked(page, "person", "Clarke"))
    assert "Instructors Captain Clarke Person" in page.words
    choosing = page.follow("Enrol people into this cohort")
    page = choosing.press("Enrol those chosen", person=ticked(choosing, "person", "Baker"))
    assert "1 enrolled." in page.words
    assert "Captain Baker Person" in page.words
    (chosen,) = page.choices("enrolment").values()
    page = page.press("Withdraw those chosen", enrolment=[chosen])
    assert "1 person withdrawn; every record stays." in page.words
    withdrawn = irving.get("/academy/enrolments?status=withdrawn&course=core")
    page = withdrawn.press("Enrol those chosen again", enrolment=[chosen])
    assert "1 person enrolled again." in page.words
    moved = irving.get("/academy/enrolments?course=core")
    page = moved.press("Move", enrolment=list(moved.choices("enrolment").values()), to="")
    assert "1 person moved." in page.words, "Adams was in no cohort before"
    with database.session() as session:
        every = select(AuditEntry.act).where(AuditEntry.act != "signed in").order_by(AuditEntry.id)
        acts = session.scalars(every).all()
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        assert acts == [
            "cohort made",
            "cohort dates set",
            "cohort instructors set",
            "people enrolled",
            "enrolment withdrawn",
            "enrolment taken up again",
            "student moved to cohort",
        ]
        assert first_broken(session, academy_id=academy) is None
    keller = visit("keller").get(f"/academy/cohorts/{cohort_id(database, 'Spring')}")
    assert keller.tree.xpath("//main//form") == [], "an auditor reads and changes nothing"


def test_everybody_of_a_cohort_comes_along_but_for_those_who_lack_something(
    visit: Visits, database: Database, clock: Clock
):
    give(database, "adams")
    visit("jensen").post("/academy/course-rules", course="other", needs="core", requests="yes")
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        spring = session.scalars(
            select(Cohort).where(Cohort.name == "Spring", Cohort.academy_id == academy)
        ).one()
        spring_id = spring.id
        person = Person(email="ivory@home.example", name="Ivory", password_hash="x", created_at=START)
        session.add(person)
        session.flush()
        grant(session, person.id, academy, Role.STUDENT)
        session.add(
            Enrolment(
                person_id=person.id, academy_id=academy, course="core", cohort_id=spring.id, enrolled_at=START
            )
        )
    irving = visit("irving")
    page = irving.get("/academy/enrol?course=other")
    whole = {"from": str(spring_id)}
    lacking = page.press("Enrol the whole cohort", **whole)
    assert lacking.status == 422
    assert "1 person has not completed the prerequisites of this course." in lacking.words
    assert "Ivory “Core course”" in lacking.words
    again = lacking.press("Waive the prerequisite and enrol everybody", reason=" ")
    assert "Say why the prerequisite is waived." in again.words
    page = again.press("Enrol the others")
    assert "1 enrolled; 1 left out: prerequisites not completed." in page.words
    waived = irving.get("/academy/enrol?course=other").press("Enrol the whole cohort", **whole)
    page = waived.press("Waive the prerequisite and enrol everybody", reason=SECRET_REASON)
    assert "1 enrolled; 1 took the course already." in page.words
    one = page.follow("Ivory")
    assert SECRET_REASON in one.words
    assert SECRET_REASON not in visit("keller").get(one.path).words, "the reason stays with who runs it"


def test_a_student_comes_in_by_a_code_sees_what_is_due_and_has_it_in_a_calendar(
    visit: Visits, database: Database, clock: Clock
):
    irving, baker = visit("irving"), visit("baker")
    page = made(irving, clock).press("Create a code", until=in_days(clock, 1), capacity="1")
    (code,) = re.findall(r"\b(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}\b", page.words)
    assert "0 of 1 places" in page.words
    home = baker.get("/learn")
    for typed, says in (("", "Enter the code"), ("ABCD-EFGH-JKMN", "There is no such code")):
        home = home.press("Join", code=typed)
        assert (home.status, says in home.words) == (422, True)
    home = home.press("Join", code=code.lower().replace("-", " "))
    assert "You take “Core course” now." in home.words
    assert f"Due on {shown(in_days(clock, 9))} , in 9 days" in home.words
    assert f"Core course starts {shown(in_days(clock, 2))} , in 2 days" in home.words
    assert visit("gray").get("/learn").press("Join", code=code).status == 422, "another academy's code"
    assert "no such code" in visit("gray").get("/learn").press("Join", code=code).words
    page = home.follow("Have these dates in your own calendar").press("Create an address")
    (address,) = re.findall(r"/feeds/[\w-]+\.ics", page.text)[:1]
    nobody = visit("nobody")
    sent = nobody.fetch(address)
    assert sent.mimetype == "text/calendar"
    events = read_calendar(sent.get_data())
    assert {event["SUMMARY"] for event in events} == {"Core course starts", "Core course is due"}
    due = next(event for event in events if event["SUMMARY"].endswith("due"))
    assert due["DTSTART"] == date.fromisoformat(in_days(clock, 9))
    one = irving.get("/academy/enrolments?course=core&q=baker").follow("Captain Baker Person")
    short = one.press("Set the due date", due=in_days(clock, 9), reason=SECRET_REASON)
    assert (short.status, SECRET_REASON in short.text) == (422, True)
    later = short.press("Set the due date", due=in_days(clock, 20))
    assert SECRET_REASON in later.words
    moved = {event["UID"]: event for event in read_calendar(nobody.fetch(address).get_data())}
    assert moved[due["UID"]]["DTSTART"] == date.fromisoformat(in_days(clock, 20)), "the same event, later"
    assert SECRET_REASON not in baker.get("/learn").text + nobody.fetch(address).get_data(as_text=True)
    clock.at += timedelta(days=21)
    assert f"Was due on {shown(in_days(clock, -1))} , yesterday" in visit("baker").get("/learn").words
    page = visit("baker").get("/calendar").press("End the address")
    assert nobody.fetch(address).status_code == 404


def test_who_enters_many_wrong_codes_has_to_wait(visit: Visits, database: Database, clock: Clock):
    baker, page = visit("baker"), made(visit("irving"), clock)
    page.press("Create a code", until=in_days(clock, 1))
    with database.session() as session:
        code = session.scalars(select(EnrolmentCode.code)).one()
    home = baker.get("/learn")
    for _ in range(8):
        home = home.press("Join", code="ABCD-EFGH-JKMN")
    for typed in ("ABCD-EFGH-JKMN", code):
        assert "Try again in 15 minutes" in home.press("Join", code=typed).words
    clock.move(minutes=16)
    assert "You take “Core course” now." in home.press("Join", code=code).words


def test_a_student_asks_is_declined_in_words_asks_again_and_is_let_in(
    visit: Visits, database: Database, clock: Clock
):
    made(visit("irving"), clock)
    baker, irving = visit("baker"), visit("irving")
    page = baker.get("/learn").follow("See the courses of your academy, and ask for one")
    page = page.press("Ask for this course: Core course", words="I teach it next year.")
    assert "You have asked for it" in page.words
    assert "1 waiting" in irving.get("/academy").words
    queue = irving.get("/academy/requests")
    assert "I teach it next year." in queue.words
    wordless = queue.press("Decline: Captain Baker Person")
    assert (wordless.status, "Say in a sentence why" in wordless.words) == (422, True)
    wordless.press("Decline: Captain Baker Person", answer="The course is full. Ask again in May.")
    page = baker.get("/courses")
    assert "declined: “The course is full. Ask again in May.”" in page.words
    page.press("Ask for this course: Core course").press("Take the request back: Core course")
    baker.get("/courses").press("Ask for this course: Core course")
    spring = str(cohort_id(database, "Spring"))
    page = irving.get("/academy/requests").press("Approve and enrol: Captain Baker Person", cohort=spring)
    assert "Enrolled." in page.words
    assert "Core course" in baker.get("/learn").words
    with database.writing() as session:
        session.execute(update(AcademyCourse).values(takes_requests=False))
    assert visit("gray").get("/courses").tree.xpath("//main//form") == []


def test_an_instructor_sets_dates_gives_more_time_and_confirms_work_of_equal_value(
    visit: Visits, database: Database, clock: Clock
):
    own = give(database, "adams")
    clarke, adams = visit("clarke"), visit("adams")
    page = clarke.get(f"/teach/core/cohorts/{own.cohort}")
    wrong = page.press("Save the dates", starts="31 June", due="")
    assert (wrong.status, "Give a day like 2026-06-30" in wrong.words) == (422, True)
    page = wrong.press("Save the dates", starts="", due=in_days(clock, 3))
    assert page.status == 200
    assert shown(in_days(clock, 3)) in adams.get("/learn").words
    sent = clarke.fetch(f"/teach/core/cohorts/{own.cohort}/dates.ics")
    assert [event["DTSTART"] for event in read_calendar(sent.get_data())] == [
        date.fromisoformat(in_days(clock, 3))
    ]
    time = clarke.get(f"/teach/core/students/{own.enrolment}/time")
    page = time.press("Give a later due date", due=in_days(clock, 8), reason=SECRET_REASON)
    assert SECRET_REASON in page.words
    assert SECRET_REASON not in adams.get("/learn").text
    with database.session() as session:
        assert session.scalars(select(Extension.reason)).all() == [SECRET_REASON]
    work = clarke.get(f"/teach/core/students/{own.enrolment}").follow("Work of equal value")
    page = work.press("Confirm it as done: Further on")
    assert "“Further on” counts as done." in page.words
    shown_to_adams = adams.get("/learn/core")
    assert "Further on" in shown_to_adams.words
    assert shown_to_adams.words.count("Complete") >= 1
    for where in (f"/teach/core/students/{own.enrolment}", "/teach/core", "/academy"):
        who = clarke if where.startswith("/teach") else visit("evans")
        assert "counts as done" not in who.get(where).words


def test_only_who_may_set_the_time_zone_does_and_a_wrong_one_is_refused(
    visit: Visits, database: Database, clock: Clock
):
    evans = visit("evans")
    page = evans.get("/academy/course-rules")
    wrong = page.press("Save the time zone", zone="Mars/Olympus")
    assert wrong.status == 422
    assert wrong.tree.xpath("//input[@name='zone']/@value") == ["Mars/Olympus"]
    assert "midnight" in wrong.press("Save the time zone", zone="Asia/Tokyo").words
    with database.session() as session:
        zones = {row.slug: row.time_zone for row in session.execute(select(Academy.slug, Academy.time_zone))}
    assert (zones[HOME], zones[AWAY]) == ("Asia/Tokyo", "UTC")


@pytest.mark.parametrize("who", ["frost", "gray", "hayes"])
def test_nothing_of_one_academy_is_in_the_lists_of_another(
    visit: Visits, database: Database, clock: Clock, who: str
):
    give(database, "adams")
    made(visit("irving"), clock, of="other")
    visitor = visit(who)
    for where in ("/academy/cohorts", "/academy/enrolments", "/academy/requests", "/courses", "/calendar"):
        page = visitor.fetch(where)
        if page.status_code == 200:
            text = page.get_data(as_text=True)
            assert "Adams" not in text
            assert f"/academy/cohorts/{cohort_id_of_home(database)}" not in text
    if who == "frost":
        spring = cohort_id_of_home(database)
        for where in (f"/academy/enrolments?cohort={spring}", f"/academy/enrol?cohort={spring}"):
            assert visitor.get(where).status == 404


def cohort_id_of_home(database: Database) -> int:
    with database.session() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        return session.scalars(select(Cohort.id).where(Cohort.academy_id == academy)).first() or 0


def test_what_a_cohort_leaves_out_is_not_there_for_its_students_and_what_it_asks_for_is(
    visit: Visits, database: Database
):
    own = give(database, "adams")
    some = course("core", "Core course", ("basics", "further")).model_copy(update={"required": ("basics",)})
    with database.writing() as session:
        publish(session, library(some), by_id=None, at=START, note="one module is optional")
    irving, adams = visit("irving"), visit("adams")
    assert "Not needed to complete the course." in adams.get("/learn/core").words
    page = irving.get(f"/academy/cohorts/{own.cohort}")
    assert "module-basics" not in page.text, "what completes the course is nothing to arrange"
    page.press("Save the modules", **{"module-further": "required"})
    assert "Not needed to complete the course." not in adams.get("/learn/core").words
    page = irving.get(page.path).press("Save the modules", **{"module-further": "left-out"})
    assert page.choices("module-further")["Left out in this cohort"] == "left-out"
    assert "Further on" not in adams.get("/learn/core").words
    for where in ("/learn/core/further/", "/learn/core/further/first", "/learn/core/further/whole-module"):
        assert adams.get(where).status == 404
    assert adams.send("/learn/core/further/first").status_code == 404


def test_nobody_waives_extends_or_approves_for_themselves(visit: Visits, database: Database, clock: Clock):
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        irving = session.scalars(select(Person.id).where(Person.email == email_of("irving"))).one()
        grant(session, irving, academy, Role.STUDENT)
        request = ask(session, academy, irving, course="other", words="", at=START)
        own = enrol(session, irving, academy, course="core", at=START)
        set_prerequisites(session, academy, "other", ["core"], titles={}, by=irving, at=START)
        asked, taken = request.id, own.id
    visitor = visit("irving")
    for where, sent in (
        (f"/academy/requests/{asked}", {"go": "approve", "reason": "Mine."}),
        (f"/academy/enrolments/{taken}/extension", {"due": in_days(clock, 9), "reason": "Mine."}),
        ("/academy/enrol", {"course": "other", "person": str(irving), "go": "waive", "reason": "Mine."}),
    ):
        assert visitor.post(where, **sent).status == 403, where
    assert (
        visit("jensen").post(f"/academy/requests/{asked}", go="approve", reason="Shown elsewhere.").status
        == 200
    )
    with database.session() as session:
        held = session.scalars(select(Enrolment.course).where(Enrolment.person_id == irving)).all()
        assert sorted(held) == ["core", "other"]
