"""The stories behind the album of the small library: every page, for each of the cast, in each state."""

from collections.abc import Iterator
from random import Random
from unittest.mock import patch

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, Task
from pme.certificates.models import Certificate
from pme.content.catalogue import current
from pme.content.publish import publish
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.service import enrol
from pme.people.models import Academy, Person, Role
from pme.people.passwords import Hashing
from pme.people.service import add_person, grant
from pme.reports import quality_kept
from pme.web import errors
from tests.browser import account_story, arranging_story, author_story, check_story, panel_story
from tests.browser.album import Album
from tests.browser.stories_certificates import certified
from tests.browser.stories_designs import designed
from tests.browser.stories_doors import entered
from tests.browser.stories_keys import rotated
from tests.browser.stories_lrs import connected
from tests.browser.stories_marking import marked
from tests.browser.stories_notes import noted
from tests.browser.stories_people import kept
from tests.browser.stories_progress import watched
from tests.browser.stories_regrade import corrected
from tests.browser.stories_reports import told
from tests.browser.stories_returns import sealed
from tests.browser.stories_taking import taken_along
from tests.browser.stories_time import under_time
from tests.browser.stories_types import answered
from tests.browser.stories_work import worked
from tests.support import student
from tests.support.attempts import Class, enrol_many, play_scenario, sit_quiz
from tests.support.cast import CAST, CHEAP, HOME, NOBODY, PASSWORD, START, email_of
from tests.support.client import Page, Visit
from tests.support.library import library, quiz, scenario
from tests.support.student import BASICS, COURSE
from tests.support.work import run_jobs

NOT_PAGES = {
    "public.speak_here",  # leads back to where one was
    "academy.completions",  # a file
    "academy.cohort_calendar",
    "instructor.cohort_calendar",
    "feeds.feed",
    "academy.report_dictionary_file",
    "academy.job_result",
    "academy.roster_template",
    "academy.roster_columns",
    "academy.roster_problems",
    "assets.favicon",
    "assets.media",
    "assets.manifest",
    "assets.worker",
    "assets.static",
    "author.draft_picture",
    "author.kept_picture",
    "author.course_package",
    "author.matrix_file",
    "author.published_matrix_file",
    "preview.media",
    "preview.page_pdf",
    "student.page_pdf",
    "student.notes_file",
    "health.live",
    "health.metrics",
    "health.ready",
    "issuers.did",
    "issuers.issuer",
    "issuers.published_keys",
    "issuers.single_file",
    "academy.course_supplement",
    "public.supplement",
    "instructor.panel_file",
    "instructor.quiz_quality_file",
    "instructor.scenario_quality_file",
    "public.robots",
    "public.xapi_profile",
    "public.credential",
    "public.token",
    "public.status_list",
    "vc_api.status_list",
    "academy.certificate_paper",
    "academy.design_image",
    "academy.design_look",
    "academy.design_paper",
    "academy.design_version_look",
    "academy.design_version_paper",
    "student.certificate_pdf",
    "student.course_file",
    "student.module_file",
    "student.record_on_paper",
    "student.record_for_systems",
    "student.record_signed",
}
"""What answers a GET with something that is not HTML."""
ALWAYS_ELSEWHERE = {"attempts.quiz", "preview.sitting"}
"""What answers every GET with a redirect."""
MANY = 55
LONG_NAME = "Maximilienne-Konstantinopoulou" * 3
JUDGED = (
    "/teach/core/quality",
    "/teach/core/quizzes/check/quality",
    "/teach/core/quizzes/check/quality/questions/1",
    "/teach/core/scenarios/checkpoint",
    "/teach/core/scenarios/checkpoint/quality",
)
EVERYWHERE = (
    "/",
    "/sign-in",
    "/verify",
    "/accessibility",
    "/help",
    "/help?q=cohort",
    "/help/students",
    "/reading-aids",
    "/keyboard",
    "/learn",
    "/news",
    "/learn/core",
    "/learn/other",
    "/certificates",
    "/search",
    "/search?q=claim",
    "/search?q=zebrawood",
    "/teach",
    "/teach/core",
    "/teach/other",
    *JUDGED,
    "/teach/other/quality",
    "/academy",
    "/nowhere",
)


def played(app: Flask, database: Database, *, every_language: bool = False) -> Album:
    """The album of all that the cast lives through."""
    album = Album(app, every_language=every_language)
    cast = {name: Visit(app, name) for name in CAST}
    for name in ("adams", NOBODY):
        album.walk(cast[name], ["/style-guide"], "in development", dead_ends=False)
    for name in ("adams", "clarke", "davis", "evans", NOBODY):
        album.walk(cast[name], addresses(database), "before anything")
    _on_a_device(album, cast["adams"])
    _in_the_middle(album, cast["adams"])
    album.walk(cast["adams"], addresses(database), "in the middle")
    album.walk(cast["clarke"], addresses(database), "while Adams is busy")
    _failing_then_passing(album, cast["adams"])
    for name, visit in cast.items():
        album.walk(visit, addresses(database), f"after {'all' if name == 'adams' else 'Adams'} is done")
    panel_story.played(album, cast["clarke"], database)
    _edges(album, cast, database)
    marked(album, cast, database)
    answered(album, cast["adams"], database)
    corrected(album, cast["clarke"], cast["adams"], database)
    under_time(album, cast, database)
    kept(album, cast, database)
    album.walk(cast["irving"], _personal(database), "who keeps personal data")
    told(album, cast["evans"], database)
    sealed(album, cast["irving"], cast[NOBODY])
    rotated(album, cast["evans"], cast["keller"])
    designed(album, cast["evans"])
    connected(album, cast["irving"], cast["keller"])
    trail = ("/academy/audit", "/academy/audit?verify=yes", "/academy/audit?person=nobody+at+all")
    album.walk(cast["keller"], trail, "who audits")
    arranging_story.played(album, cast, database)
    certified(album, cast, database)
    worked(album, cast["irving"], cast["lund"], database)
    # before Baker is asked for a second step, and Adams for less haste
    noted(album, Visit(app, "baker"), database)
    taken_along(album, Visit(app, "adams"), database)
    account_story.played(album, database)
    _refusals(album, cast[NOBODY])
    author_story.played(album, database)
    watched(album, cast, database)
    entered(album, database)
    return album


def _on_a_device(album: Album, adams: Visit) -> None:
    """A device that keeps modules for reading, and what it shows without a link."""
    album.take(off := adams.get("/device"), "that keeps nothing")
    album.take(off.press("Keep opened modules on this device"), "that keeps modules")
    album.take(adams.get(f"{BASICS}/"), "on a device that keeps modules")
    album.take(adams.get(f"{BASICS}/?kept=1"), "as a device keeps it")
    album.take(adams.get("/without-a-link"), "as a device keeps it")
    adams.get("/device").press("Keep nothing more, and remove what is kept")


def _personal(database: Database) -> Iterator[str]:
    """Where personal data is kept and erased."""
    yield from ("/academy/retention", "/academy/retention/results")
    with database.session() as session:
        adams = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
    yield f"/academy/people/{adams}/erase"


def addresses(database: Database) -> Iterator[str]:
    """Every address that leads to a page, for everything there is by now."""
    yield from EVERYWHERE
    for module in (BASICS, f"{COURSE}/further", "/learn/other/elsewhere"):
        yield from (f"{module}/{page}" for page in ("", "first", "whole-module"))
    yield f"{BASICS}/second"
    yield f"{BASICS}/quiz/check"
    yield from (f"{BASICS}/scenario/{slug}" for slug in ("checkpoint", "practice"))
    with database.session() as session:
        attempts, certificates = session.scalars(select(Attempt)).all(), session.scalars(select(Certificate))
        for attempt in attempts:
            yield from _addresses_of(attempt)
        for certificate in certificates.all():
            yield f"/verify/{certificate.code}"
            yield f"/verify/{certificate.code}?lang=fr"
        for enrolment in session.scalars(select(Enrolment)).all():
            yield f"/teach/{enrolment.course}/students/{enrolment.id}"


def _addresses_of(attempt: Attempt) -> Iterator[str]:
    yield f"/teach/attempts/{attempt.id}"
    if attempt.task is Task.SCENARIO:
        yield f"/attempts/scenario/{attempt.id}"
        yield f"/attempts/scenario/{attempt.id}/debrief"
        return
    yield from (f"/attempts/quiz/{attempt.id}/questions/{number}" for number in range(1, 6))
    yield from (f"/attempts/quiz/{attempt.id}/{page}" for page in ("", "check", "result"))


def _in_the_middle(album: Album, adams: Visit) -> None:
    check_story.played(album, adams)
    adams.get(f"{BASICS}/first").press("Mark as read and continue")
    page = adams.get(f"{BASICS}/quiz/check").submit()
    for _ in range(5):
        album.take(_refused(page), "an answer that was not offered")
        album.take(page, "not answered yet")
        page = student.answer(page, student.WRONG)
    album.take(student.begin_scenario(adams).press("Decide: this is final"), "nothing chosen")
    practice = album.take(student.begin_scenario(adams, "practice"), "practice")
    practice = album.take(student.decide(practice, "Do shout"), "with feedback")
    album.take(student.decide(practice, "Do help"), "at the end of a practice")
    back = practice.visit.get(practice.path).press("Take this decision back")
    back = album.take(back.press("Take this decision back"), "taken back")
    album.take(back.press("Carry this practice on this device"), "carried")


def _refused(page: Page) -> Page:
    """The question again, after a form with an answer that nobody offered."""
    form = page.form("Save and continue")
    name = next(iter(form.xpath(".//*[@name='answer' or @name='order']/@name")), "row-1")
    return page.visit.post(form.get("action"), **{name: "99"})


def _failing_then_passing(album: Album, adams: Visit) -> None:
    check = adams.get(f"{BASICS}/quiz/check").submit().press("Save and check all answers")
    album.take(check.press("Hand in"), "failed")
    debrief = album.take(student.play(adams, "Do shout", "Do nothing"), "failed, with a critical error")
    album.take(debrief.press("Finish the debrief", prompt_0=" "), "nothing written")
    album.take(debrief.press("Finish the debrief", prompt_0="x" * 6_000), "too much written")
    album.take(student.reflect(debrief), "failed and finished")
    album.take(adams.get(f"{BASICS}/scenario/checkpoint"), "failed once")
    album.take(student.pass_quiz(adams), "passed")
    album.take(student.reflect(student.play(adams)), "passed")
    practice = adams.get(f"{BASICS}/scenario/practice").press("Go on with your attempt")
    practice = student.decide(student.decide(practice, "Do listen"), "Do help")
    album.take(student.reflect(practice.press("Go on to the debrief")), "practised")
    adams.get(f"{BASICS}/second").press("Mark as read and continue")
    album.take(student.read_module(adams, f"{COURSE}/further"), "complete")


def _edges(album: Album, cast: dict[str, Visit], database: Database) -> None:
    """Long lists and long words, nothing at all, no longer enrolled, no attempt left."""
    album.take(student.begin_scenario(cast["gray"]), "begun")
    with database.writing() as session:
        _add_people(session)
        publish(
            session,
            library(quiz(attempts=1), scenario(attempts=1)),
            by_id=None,
            at=START,
            note="one attempt only",
        )
    for name in ("ida", "jones", "kelly"):
        visit = Visit(album.app)
        visit.name = name
        visit.get("/sign-in").submit(email=f"{name}@home.example", password=PASSWORD)
        album.walk(visit, EVERYWHERE, "with nothing yet")
    album.walk(cast["clarke"], ("/teach", "/teach/core", "/teach/core?page=2"), "with many students")
    judged(album, cast["clarke"], database)
    album.walk(cast["adams"], (f"{BASICS}/quiz/check", f"{BASICS}/scenario/checkpoint"), "no attempt left")
    album.take(cast["adams"].post(f"{BASICS}/quiz/check"), "no attempt left")
    with database.writing() as session:
        person = session.scalars(select(Person.id).where(Person.email == email_of("gray"))).one()
        left = update(Enrolment).where(Enrolment.person_id == person)
        session.execute(left.values(status=EnrolmentStatus.WITHDRAWN))
    album.walk(cast["gray"], ("/learn", BASICS + "/", "/attempts/scenario/99"), "no longer enrolled")


def judged(album: Album, clarke: Visit, database: Database) -> None:
    """The pages on quality once a class has sat the quiz and played the scenario."""
    with database.writing() as session:
        home = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
        cohorts = [Cohort(academy_id=home.id, course="core", name=n, created_at=START) for n in ("A", "B")]
        session.add_all(cohorts)
        session.flush()
        together = Class(home, "core", "basics", START, cohorts)
        enrolled, catalogue = enrol_many(session, together, 70), current(session)
        check, gate = catalogue.quizzes_by_slug["check"], catalogue.scenarios_by_slug["checkpoint"]
        sit_quiz(session, check, together, enrolled, random=Random(1), confidence=True)
        play_scenario(session, gate, together, enrolled, random=Random(1))
    album.walk(clarke, JUDGED, "with a class")
    with patch.object(quality_kept, "AT_ONCE", 1):  # one is many here
        for kind in ("quizzes/check", "scenarios/checkpoint"):
            asked = album.take(clarke.get(f"/teach/core/{kind}/quality"), "not worked out yet")
            album.take(asked.press("Calculate them"), "waiting")
        run_jobs(album.app)
        kept = ("quizzes/check/quality", "quizzes/check/quality/questions/1", "scenarios/checkpoint/quality")
        album.walk(clarke, [f"/teach/core/{page}" for page in kept], "kept")


def _add_people(session: Session) -> None:
    home = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
    hashing = Hashing(CHEAP)

    def add(short: str, role: Role, name: str) -> Person:
        email = f"{short}@home.example"
        person = add_person(
            session, hashing, email=email, name=name, rank="Captain", password=PASSWORD, at=START
        )
        grant(session, person.id, home.id, role)
        return person

    add("ida", Role.STUDENT, "Ida Person")
    add("jones", Role.INSTRUCTOR, "Jones Person")
    grant(session, add("kelly", Role.ADMINISTRATOR, LONG_NAME).id, home.id, Role.STUDENT)
    for number in range(MANY):
        name = LONG_NAME if number == 0 else f"Student {number}"
        enrol(session, add(f"s{number}", Role.STUDENT, name).id, home.id, course="core", at=START)


def _refusals(album: Album, nobody: Visit) -> None:
    album.take(nobody.get("/sign-in").submit(), "nothing entered")
    for _ in range(8):
        failed = nobody.get("/sign-in").submit(email="adams@home.example", password="not the password")
        album.take(failed, "wrong password")
    album.take(nobody.get("/sign-in").submit(email="adams@home.example", password="not it"), "too often")
    album.take(nobody.get("/verify").submit(code=""), "no code")
    album.take(nobody.get("/verify").submit(code="ABCD"), "unknown code")
    asked = album.take(nobody.get("/verify/file"), "nothing sent")
    album.take(asked.press("Verify", text="something else"), "not a code")
    album.take(asked.follow("Français").press("Vérifier", text="autre chose"), "in French, not a code")
    album.take(Page(nobody, nobody.http.post("/sign-in", data={"email": "a"})), "a stale form")
    album.take(Page(nobody, nobody.http.get("/sign-out")), "the wrong method")
    album.take(Page(nobody, nobody.http.post("/sign-in", data={"email": "a" * 300_000})), "too large")
    for code in errors.TITLES:
        with album.app.test_request_context(f"/error-{code}"):
            answer = errors.page(code, errors.SAYS.get(code, "What happened."))
            album.keep(f"the error page {code}", album.app.process_response(answer))
