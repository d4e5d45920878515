"""What is new since the last visit: told once, with where it leads, to nobody else, and never by a GET that writes."""

from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from pme.assessment.models import Attempt, Task
from pme.assessment.models_regrade import Revision
from pme.certificates.models import Cause, Certificate
from pme.content.catalogue import current
from pme.content.publish import publish
from pme.db import Database
from pme.enrolment.cohorts import set_dates
from pme.enrolment.due import extend
from pme.enrolment.models import Cohort, Enrolment
from pme.invigilation import set_window
from pme.marking.models import Script
from pme.marking.standing import ScriptState
from pme.progress.models import CompletionEvent, EventKind
from tests.conftest import Visits
from tests.support.client import Page, Visit
from tests.support.clock import Clock
from tests.support.library import library
from tests.support.people import id_of
from tests.support.student import BASICS, COURSE, complete_course


def again(app: Flask, clock: Clock, name: str = "adams") -> Visit:
    """The same person, an hour later, signed in anew."""
    clock.move(minutes=60)
    return Visit(app, name)


def lines(page: Page) -> list[str]:
    found = page.tree.xpath("//section[@aria-labelledby='news']//li | //main[.//h1='What is new']/ul/li")
    return [" ".join(each.xpath("string()").split()) for each in found]


def own(database: Database) -> int:
    with database.session() as session:
        adams = id_of(session, "adams")
        return session.scalars(select(Enrolment.id).where(Enrolment.person_id == adams)).one()


def republished(database: Database, at: datetime, note: str, words: str) -> None:
    with database.writing() as session:
        module = current(session).modules_by_slug["basics"].content
        first = module.pages[0].model_copy(update={"title": words})
        edition = module.model_copy(update={"pages": (first, *module.pages[1:])})
        publish(session, library(edition), by_id=None, at=at, note=note)


def test_at_the_first_visit_nothing_is_new_and_what_was_done_in_it_is_not_told(
    app: Flask, clock: Clock, visit: Visits
):
    adams = visit("adams")
    assert lines(adams.get("/learn")) == []
    assert "Nothing is new" in adams.get("/news").words
    adams.get(f"{BASICS}/first").press("Mark as read and continue")
    assert lines(again(app, clock).get("/learn")) == []


def test_a_new_edition_of_what_one_read_says_what_the_author_changed(
    app: Flask, clock: Clock, visit: Visits, database: Database
):
    visit("adams").get(f"{BASICS}/first").press("Mark as read and continue")
    visit("gray").get("/learn")
    clock.move(minutes=30)
    republished(database, clock(), "The figure on the second page is put right", "Page one")
    adams = again(app, clock)
    (told,) = lines(adams.get("/learn"))
    assert told.startswith("“The basics”, which you read in, has a new edition.")
    assert "The author says: “The figure on the second page is put right”" in told
    assert lines(adams.get(COURSE)) == [told]
    assert lines(again(app, clock, "gray").get("/learn")) == [], "who has read nothing of it is told nothing"
    assert lines(again(app, clock).get("/learn")) == [], "at the next visit it is not new any more"


def test_everything_new_is_told_the_newest_first_with_a_page_of_its_own_and_can_be_seen(
    app: Flask, clock: Clock, visit: Visits, database: Database
):
    complete_course(visit("adams"))
    clock.move(minutes=60)
    _happened(database, own(database), clock)
    republished(database, clock.move(minutes=1), "start-up", "Page one")
    adams = again(app, clock)
    page = adams.get("/learn")
    assert len(lines(page)) == 5
    every = page.follow("All that is new: 8")
    told = lines(every)
    assert told[0].startswith("“The basics”")
    assert "The author says" not in told[0], "what a machine noted, no author said"
    whole = "\n".join(told)
    for words in (
        "Dates of your cohort “Spring” were changed: it is due on 1 June 2030.",
        "You have more time for “Core course”: until 1 July 2030.",
        "Your marks in “A short check” are there.",
        "Your result in “A short check” was corrected.",
        "Your completion of “Core course” was revoked.",
        "Your completion of “Core course” counts again.",
        "You have a certificate of “Core course”: HOME-2030-000009.",
    ):
        assert words in whole
    links = {str(link) for link in every.tree.xpath("//main/ul/li/a/@href")}
    assert "/attempts/quiz/1/result" in links
    for link in links - {
        "/attempts/quiz/1/result"
    }:  # the essay that was released stands in no quiz of the tests
        assert adams.get(link).status == 200, link
    assert lines(adams.get("/learn/core")) == lines(page)
    clock.move(minutes=1)
    after = page.press("Mark as seen")
    assert after.path == "/learn"
    assert lines(after) == []
    assert lines(visit("baker").get("/learn")) == []
    assert lines(again(app, clock).get("/learn")) == [], "what was seen stays seen"


def test_a_changed_window_is_told_by_the_name_of_its_test_and_not_twice_and_so_is_one_taken_away(
    app: Flask, clock: Clock, visit: Visits, database: Database
):
    adams = visit("adams")
    adams.get("/learn")
    clock.move(minutes=30)
    with database.writing() as session:
        enrolment, staff = session.get_one(Enrolment, own(database)), id_of(session, "clarke")
        cohort = Cohort(
            academy_id=enrolment.academy_id,
            course="core",
            name="Spring",
            created_at=clock(),
            changed_at=clock(),
        )
        session.add(cohort)
        session.flush()
        enrolment.cohort_id = cohort.id
        at = clock.move(minutes=1)
        closes = at + timedelta(days=9)
        set_window(session, cohort, Task.QUIZ, "check", opens_at=None, closes_at=closes, by=staff, at=at)
    adams = again(app, clock)
    told = lines(adams.get("/learn"))
    assert len(told) == 1
    assert told[0].startswith("When your cohort may begin “A short check” was changed.")
    assert lines(visit("baker").get("/learn")) == []
    with database.writing() as session:
        cohort, at = session.get_one(Cohort, cohort.id), clock.move(minutes=1)
        set_window(session, cohort, Task.QUIZ, "check", opens_at=None, closes_at=None, by=staff, at=at)
    told = lines(adams.get("/learn"))
    assert len(told) == 1
    assert told[0].startswith(
        "Your cohort may begin “A short check” at any time now: its dates were taken away."
    )


def _happened(database: Database, enrolment_id: int, clock: Clock) -> None:
    """Dates, more time, marks, a correction, a revoked and restored completion, and a certificate."""
    with database.writing() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        academy, person, staff = enrolment.academy_id, enrolment.person_id, id_of(session, "clarke")
        cohort = Cohort(academy_id=academy, course="core", name="Spring", created_at=clock())
        session.add(cohort)
        session.flush()
        enrolment.cohort_id = cohort.id
        at = clock.move(minutes=1)
        set_dates(session, cohort, starts_on=None, due_on=date(2030, 6, 1), by=staff, at=at)
        extend(session, enrolment, due_on=date(2030, 7, 1), reason="Duty", by=staff, at=at)
        quiz = session.scalars(select(Attempt).where(Attempt.slug == "check")).one()
        quiz.finished_at = at
        session.add(
            Script(
                attempt_id=quiz.id, person_id=person, academy_id=academy, course="core", slug="check",
                item="essay", code="ABCD", state=ScriptState.RELEASED, points=1.0,
            )
        )  # fmt: skip
        later = clock.move(minutes=1)
        session.add(
            Revision(
                attempt_id=quiz.id, number=1, percent=90.0, is_passed=True, level=quiz.level,
                result=quiz.result, regrades=[], is_current=True, at=later,
            )
        )  # fmt: skip
        for kind in (EventKind.REVOKED, EventKind.RESTORED):
            session.add(
                CompletionEvent(
                    academy_id=academy, enrolment_id=enrolment.id, course="core", kind=kind,
                    percent=90.0, reason="A mistake", by=staff, at=clock.move(minutes=1),
                )
            )  # fmt: skip
        earlier = session.scalars(select(Certificate).where(Certificate.person_id == person)).one()
        columns = {c.name: getattr(earlier, c.name) for c in Certificate.__table__.columns if c.name != "id"}
        columns |= {"number": "HOME-2030-000009", "code": "9" * 24, "issued_at": clock.move(minutes=1)}
        columns |= {"cause": Cause.RENEWED, "replaces_id": earlier.id, "status_index": 999}
        session.add(Certificate(**columns))
