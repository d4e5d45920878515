"""A registrar's day by keyboard alone, with the script and without; and an operator's look at what runs.

What has the focus is seen at every stop, nothing covers it, and it lies near what comes next after each act.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from pme.certificates.models import Certificate, CertificateEvent, CertificateEventKind
from pme.certificates.service import issue
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.people.models import Academy, Person
from pme.progress.models import CourseCompletion
from tests.browser.conftest import Tabs
from tests.browser.hands import Keyboard
from tests.browser.test_keyboard import nothing_unseen
from tests.support.cast import START, email_of
from tests.support.clock import Clock
from tests.support.completed import Learner, bring
from tests.support.work import run_jobs

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]

NAMES = ("Ana Adler", "Bo Berg")
ROWS = ("email;name;unit;course;cohort", "ilva@home.example;Ilva New;Harbour Group;core;")
WRONG = ("no address;Jory New;Harbour Group;core;", "kasimir@home.example;Kasimir New;;nothing;")
RIGHT = ("jory@home.example;Jory New;Harbour Group;core;", "kasimir@home.example;Kasimir New;;core;")


@pytest.fixture
def graduates(database: Database, clock: Clock) -> None:
    """A cohort whose two students hold certificates."""
    with database.writing() as session:
        ids = bring(session, [Learner(name, cohort="Spring") for name in NAMES])
        course = current(session).courses_by_slug["core"]
        for done in session.scalars(
            select(CourseCompletion).where(CourseCompletion.enrolment_id.in_(ids)).order_by("id")
        ).all():
            taken = session.get_one(Enrolment, done.enrolment_id)
            person = session.get_one(Person, taken.person_id)
            academy = session.get_one(Academy, done.academy_id)
            issue(session, done, course, person=person, academy=academy, at=START + timedelta(days=2))
    clock.at = START + timedelta(days=3)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(True, id="script"),
        pytest.param(False, id="no-script", marks=pytest.mark.soak),  # by pointer in each run
    ],
)
def test_the_whole_day_of_a_registrar_by_keyboard(
    app: Flask, database: Database, clock: Clock, browse: Tabs, address: str, graduates: None, script: bool
):
    irving = Keyboard(browse(script=script, accept_downloads=True), address)
    irving.sign_in("irving")

    def work() -> int:
        return run_jobs(app)

    send_a_roster(irving, work)
    enrol_somebody(irving)
    day = (clock.at + timedelta(days=60)).date()
    set_dates(irving, day.strftime("%m%d%Y"), database)
    look_for_somebody_and_give_them_time(irving)
    withdraw_and_undo(irving, database, script=script)
    take_a_report(irving)
    schedule_it(irving)
    put_certificates_together(irving, work)
    revoke_one(irving, database)
    hand_out_what_is_held(irving)
    look_at_what_was_made(irving)
    nothing_unseen(irving)


def send_a_roster(irving: Keyboard, work: Callable[[], int]) -> None:
    """A spreadsheet with two bad lines is looked through, mended and carried out."""
    irving.open("/academy")
    irving.follow("People")
    for rows, says in ((WRONG, "2 problems"), (RIGHT, "What it would change")):
        irving.open("/academy/people")
        irving.follow("Many by spreadsheet")
        with irving.page.expect_file_chooser() as chooser:
            irving.activate(irving.page.locator("input[type=file]"))
        text = "\n".join([*ROWS, *rows])
        chooser.value.set_files(FilePayload(name="new.csv", mimeType="text/csv", buffer=text.encode()))
        irving.press("Check it")
        irving.sees(says)
    irving.press("Carry out all changes")
    expect(irving.page).to_have_url(re.compile("/jobs/"))
    work()
    irving.open("/academy/people?words=kasimir")
    expect(irving.page.get_by_role("row", name=re.compile("Kasimir New.*Invited"))).to_be_visible()


def enrol_somebody(irving: Keyboard) -> None:
    """Somebody who takes nothing yet is found among those who could, chosen and enrolled."""
    irving.open("/academy/enrolments")
    irving.follow("Enrol people")
    irving.pick("Course", "Core course")
    irving.press("Show")
    irving.choose(re.compile("Baker Person"))
    irving.press("Enrol those chosen")
    irving.sees("1 enrolled")


def set_dates(irving: Keyboard, typed: str, database: Database) -> None:
    """A cohort gets its due date; the browser's own field for days is used as it is."""
    with database.session() as session:
        number = session.scalars(select(Cohort.id).where(Cohort.name == "Spring")).one()
    irving.open("/academy/cohorts")
    irving.follow("Spring")
    irving.is_at(f"/academy/cohorts/{number}")
    irving.reach(irving.page.locator("#due"))
    irving.page.keyboard.type(typed)
    irving.press("Save name and dates")
    irving.sees("Saved.")
    with database.session() as session:
        assert session.get_one(Cohort, number).due_on is not None


def look_for_somebody_and_give_them_time(irving: Keyboard) -> None:
    """Somebody is found by a part of their name; a mistake takes the focus to what is wrong."""
    irving.open("/academy/people")
    irving.write("Name, address, number or unit", "adams")
    irving.press("Search")
    irving.follow("Captain Adams Person")
    irving.reads("Captain Adams Person")
    irving.open("/academy/time")
    irving.write("E-mail address of the student", email_of("adams"))
    irving.write("Time, in percent of the usual", "lots")
    irving.press("Set the time")
    wrong = irving.page.get_by_role("alert")
    expect(wrong).to_be_visible()
    irving.activate(wrong.get_by_role("link").first)
    expect(irving.page.get_by_label("Time, in percent of the usual")).to_be_focused()
    irving.write("Time, in percent of the usual", "150")
    irving.press("Set the time")
    expect(irving.page.get_by_role("row", name=re.compile("Adams Person.*150"))).to_be_visible()


def withdraw_and_undo(irving: Keyboard, database: Database, *, script: bool) -> None:
    """One is withdrawn from a narrowed list, which stays narrowed; undoing is the next stop of Tab."""
    irving.open("/academy/enrolments")
    irving.pick("Course", "Core course")
    irving.write("Name, unit, number or e-mail address", "baker")
    irving.press("Show")
    irving.choose(re.compile("Choose Captain Baker Person"))
    irving.press("Withdraw those chosen")
    irving.sees("1 person withdrawn")
    assert "q=baker" in irving.page.url
    undo = irving.page.get_by_role("button", name="Undo", exact=True)
    if script:
        expect(irving.page.get_by_role("status")).to_be_focused()
        irving.page.keyboard.press("Tab")
        expect(undo).to_be_focused()
    irving.activate(undo)
    irving.sees("Undone: 1 person is as before.")
    assert "q=baker" in irving.page.url
    with database.session() as session:
        wanted = select(Enrolment.status).join(Person, Person.id == Enrolment.person_id)
        stands = session.scalars(
            wanted.where(Person.email == email_of("baker"), Enrolment.course == "core")
        ).one()
    assert stands is EnrolmentStatus.ACTIVE


def take_a_report(irving: Keyboard) -> None:
    """A report is narrowed, sorted by a heading and taken as a file."""
    irving.open("/academy/reports")
    irving.follow("Completions")
    irving.activate(irving.page.locator("summary", has_text="Filter this report"))
    irving.pick("Cohort", r"Spring.*")
    irving.press("Show")
    irving.sees("2 rows")
    irving.activate(irving.page.get_by_role("columnheader").get_by_role("link", name="Name"))
    assert "cohort=" in irving.page.url
    with irving.page.expect_download() as taken:
        irving.press("CSV")
    text = Path(taken.value.path()).read_text("utf-8-sig")
    assert all(name in text for name in NAMES)


def schedule_it(irving: Keyboard) -> None:
    """It is kept as a view, and made by itself every Monday."""
    irving.reach(irving.page.locator("form:has(button:text-is('Save this view')) input[type=text]"))
    irving.page.keyboard.type("Spring for the staff")
    irving.press("Save this view")
    irving.reads("Spring for the staff")
    irving.choose("Every Monday")
    irving.choose("CSV")
    irving.press("Make it automatically")
    irving.sees("Every Monday as CSV")


def put_certificates_together(irving: Keyboard, work: Callable[[], int]) -> None:
    """The certificates of the cohort are put together in the background and fetched."""
    irving.open("/academy/cohorts")
    irving.follow("Spring")
    irving.press("Put the certificates together")
    irving.sees("You may leave this page")
    work()
    irving.open("/academy/jobs")
    irving.activate(irving.page.get_by_role("row", name=re.compile("Ready")).first.get_by_role("link"))
    irving.sees("2 certificates are in the ZIP")
    with irving.page.expect_download() as taken:
        irving.activate(irving.page.get_by_role("link", name=re.compile("^Download ")))
    assert taken.value.suggested_filename.endswith(".zip")


def revoke_one(irving: Keyboard, database: Database) -> None:
    """One of them is looked for, and revoked for a reason."""
    irving.open("/academy/certificates")
    irving.write("Name, number or course", "berg")
    irving.press("Search")
    irving.activate(irving.page.get_by_role("rowheader").get_by_role("link").first)
    irving.follow("Revoke it")
    irving.press("Revoke the certificate")
    expect(irving.page.get_by_role("alert")).to_be_visible()
    irving.reach(irving.page.locator("input[name=ground]").first)
    irving.page.keyboard.press("Space")
    irving.write("In words", "Issued by mistake.")
    irving.press("Revoke the certificate")
    irving.sees("Reason: Issued by mistake.")
    with database.session() as session:
        revoked = session.scalars(
            select(Certificate.holder_name)
            .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
            .where(CertificateEvent.kind == CertificateEventKind.REVOKED)
        ).all()
    assert revoked == ["Bo Berg"]


def hand_out_what_is_held(irving: Keyboard) -> None:
    """Somebody asked what is held of them."""
    irving.open("/academy/people?words=adams")
    irving.follow("Captain Adams Person")
    with irving.page.expect_download() as taken:
        irving.press("Download all data")
    assert taken.value.suggested_filename.startswith("person-")
    irving.follow("Erase")
    irving.sees("Adams Person")


def look_at_what_was_made(irving: Keyboard) -> None:
    """Notices of what is over are put away; the letters and the list of requests say what they are for."""
    irving.open("/academy/jobs")
    irving.activate(irving.page.get_by_role("button", name=re.compile("^Dismiss ")))
    irving.sees("dismissed.")
    irving.open("/academy/letters")
    irving.open("/academy/requests")
    irving.follow("Prerequisites of courses")
    irving.reads("Prerequisites of courses")


def test_an_operator_looks_at_status_and_work_by_keyboard(browse: Tabs, address: str):
    lund = Keyboard(browse(), address)
    lund.sign_in("lund")
    lund.activate(lund.page.get_by_role("link", name="Installation").first)
    lund.follow("State of the installation")
    lund.reads("State of the installation")
    lund.press("Run the full check")
    lund.reads("Full check of the installation")
    lund.open("/install")
    lund.follow("Work in the background")
    lund.reads("Work in the background")
    nothing_unseen(lund)
