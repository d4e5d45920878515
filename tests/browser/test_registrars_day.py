"""The day of a registrar at one of two generated academies, from sign-in to sign-out; the other leaves no trace."""

import re
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select
from werkzeug.wsgi import ClosingIterator

from pme.content.catalogue import current
from pme.content.check import check_tree
from pme.content.publish import publish
from pme.crowd.names import ALDERMARK, CORVANE, Place
from pme.crowd.terms import in_order
from pme.db import Database
from pme.demo import SignIn, create_people
from pme.people.models import Academy, Person, Personnel
from tests.browser.conftest import Line, Tabs
from tests.browser.hands import Pointer
from tests.browser.registrars_day import Day, texts_of
from tests.support.work import run_jobs

pytestmark = pytest.mark.browser

PEOPLE, MANY = 60, 5_000
BOTH = {ALDERMARK: CORVANE, CORVANE: ALDERMARK}


class Overheard(Line):
    """The way to the application, on which everything that it says is kept."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.said: list[bytes] = []

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        with closing(ClosingIterator(super().__call__(environ, start))) as pieces:
            for piece in pieces:
                if not environ["PATH_INFO"].startswith("/static/"):
                    self.said.append(piece)
                yield piece


@pytest.fixture
def line(app: Flask) -> Overheard:
    return Overheard(app)


@pytest.mark.soak  # the forms are sent without a script in tests/web
@pytest.mark.database("sqlite")
def test_the_day_of_a_registrar_without_script(
    app: Flask, database: Database, line: Overheard, browse: Tabs, address: str
):
    spend_the_day(app, database, line, browse, address, ALDERMARK, script=False, people=PEOPLE)


@pytest.mark.database("postgresql")
def test_the_day_of_a_registrar_with_script(
    app: Flask, database: Database, line: Overheard, browse: Tabs, address: str
):
    spend_the_day(app, database, line, browse, address, CORVANE, script=True, people=PEOPLE)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("place", "script"), [(ALDERMARK, False), (CORVANE, True)], ids=["without script", "with script"]
)
def test_the_day_of_a_registrar_of_thousands(
    app: Flask, database: Database, line: Overheard, browse: Tabs, address: str, place: Place, script: bool
):
    settings = app.extensions["pme_settings"]
    with database.writing() as session:
        shipped = check_tree(settings.modules_dir, settings.quizzes_dir).require()
        publish(session, shipped, by_id=None, at=datetime.now(UTC), note="")
    spend_the_day(app, database, line, browse, address, place, script=script, people=MANY)


def spend_the_day(
    app: Flask,
    database: Database,
    line: Overheard,
    browse: Tabs,
    address: str,
    place: Place,
    *,
    script: bool,
    people: int,
) -> None:
    settings, at = app.extensions["pme_settings"], datetime.now(UTC)
    sign_ins = {one.email: one for one in create_people(database, settings, people=people, seed="1", at=at)}
    with database.session() as session:
        course = in_order([each.content for each in current(session).courses])[0]
    me = entered(browse, address, sign_ins[f"registrar@{place.slug}.example"], script=script)
    day = Day(me, lambda: run_jobs(app), place.slug, course.slug, course.title)
    day.board()
    day.correct()
    day.invite()
    day.send_spreadsheet()
    day.make_cohort()
    day.approve()
    day.extend()
    day.report()
    mark_equal_work(browse, address, sign_ins[f"instructor@{place.slug}.example"], day, script=script)
    check_publicly(browse, address, day.seal(), script=script)
    day.end()
    look_at_the_record(browse, address, sign_ins[f"auditor@{place.slug}.example"], script=script)
    said = unescape(b"".join(line.said).decode(errors="replace") + texts_of(day.files))
    assert len(told_of(database, place, said)) > PEOPLE // 2
    assert told_of(database, BOTH[place], said) == []


def entered(browse: Tabs, address: str, who: SignIn, *, script: bool) -> Pointer:
    """Somebody who signs in by the form."""
    me = Pointer(browse(script=script), address)
    me.open("/sign-in")
    me.write("E-mail address", who.email)
    me.write("Password", who.password)
    me.press("Sign in")
    expect(me.page.get_by_role("button", name="Sign out")).to_be_visible()
    return me


def mark_equal_work(browse: Tabs, address: str, who: SignIn, day: Day, *, script: bool) -> None:
    """An instructor confirms work of equal value for the student who was overdue."""
    teacher = entered(browse, address, who, script=script)
    teacher.open(f"/teach/{day.course}/students/{day.enrolment}/equal-work")
    teacher.page.get_by_role("button", name=re.compile("^Confirm it as done")).first.click()
    teacher.sees("Done, confirmed")


def look_at_the_record(browse: Tabs, address: str, who: SignIn, *, script: bool) -> None:
    """The auditor finds what was done that day, and that the record is whole."""
    auditor = entered(browse, address, who, script=script)
    auditor.open("/academy/audit")
    for act in ("due date extended", "request approved", "cohort made", "report exported"):
        expect(auditor.page.get_by_role("table")).to_contain_text(act)
    auditor.press("Verify the record")
    auditor.sees("The record is intact")


def check_publicly(browse: Tabs, address: str, sealed: bytes, *, script: bool) -> None:
    """Anybody can check the return, without an account."""
    guest = Pointer(browse(script=script), address)
    guest.open("/verify-return")
    file = FilePayload(name="return.zip", mimeType="application/zip", buffer=sealed)
    guest.page.locator("input[type=file]").set_input_files(file)
    guest.press("Verify")
    guest.reads("As it was sealed")


def told_of(database: Database, place: Place, said: str) -> list[str]:
    """What is told of an academy: its name and places, and the names and addresses of its people alone."""
    with database.session() as session:
        rows = session.execute(
            select(Academy.slug, Personnel.name, Person.email)
            .join(Personnel, Personnel.academy_id == Academy.id)
            .join(Person, Person.id == Personnel.person_id)
        ).all()
    theirs = {name for slug, name, _ in rows if slug == place.slug}
    others = {name for slug, name, _ in rows if slug != place.slug}
    addresses = {email for slug, _, email in rows if slug == place.slug}
    marks = {place.name, place.slug, place.slug.upper(), f"{place.prefix}-0", *place.places}
    return sorted({mark for mark in marks if mark in said} | (runs_in(said) & (theirs - others | addresses)))


def runs_in(said: str) -> set[str]:
    """Every run of one to four words: so that thousands of names are looked for at once."""
    runs: set[str] = set()
    for part in set(re.split(r"""[<>",;=\n]""", said)):
        words = part.split()
        runs.update(
            " ".join(words[at : at + count]) for count in range(1, 5) for at in range(len(words) - count + 1)
        )
    return runs
