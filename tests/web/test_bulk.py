"""People by spreadsheet, as a registrar sends them: looked through first, then carried out whole or not at all."""

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.people.models import Academy, BrowserSession, Membership, Person, Personnel, Role, Standing
from pme.people.models_history import PersonnelChange
from pme.rosters.models import Roster, RosterStatus
from tests.conftest import Visits
from tests.support.client import Page, Visit
from tests.support.work import run_duty, run_jobs

PAGE = "/academy/people/spreadsheet"


def send(visit: Visit, *lines: str, name: str = "people.csv") -> Page:
    return send_bytes(visit, "\r\n".join(lines).encode(), name)


def send_bytes(visit: Visit, content: bytes, name: str) -> Page:
    return visit.get(PAGE).press("Check it", file=(io.BytesIO(content), name))


def carry_out(app: Flask, page: Page) -> Page:
    after = page.press("Carry out all changes")
    run_jobs(app)
    return after.visit.get(page.path)


def known(database: Database, email: str) -> Personnel | None:
    with database.session() as session:
        return session.scalar(
            select(Personnel)
            .join(Person, Person.id == Personnel.person_id)
            .join(Academy, Academy.id == Personnel.academy_id)
            .where(Person.email == email, Academy.slug == "home")
        )


def test_a_registrar_adds_and_enrols_people_and_sending_it_again_changes_nothing(
    app: Flask, database: Database, visit: Visits
):
    irving = visit("irving")
    lines = (
        "email;name;rank;unit;external id;course;cohort;last day",
        "ida@new.example;Ida Ömer;Sergeant;1 Signals;0007;core;Autumn;31.12.2030",
        "adams@home.example;;Major;;;other;Autumn;",
    )
    page = send(irving, *lines)
    assert "1 person to add" in page.words
    assert "2 enrolments to add" in page.words
    assert "rank: Captain becomes Major" in page.words
    assert known(database, "ida@new.example") is None, "nothing is done before it is asked for"
    done = carry_out(app, page)
    assert "carried out" in done.words
    ida = known(database, "ida@new.example")
    assert ida is not None
    assert (ida.name, ida.external_id, ida.unit) == ("Ida Ömer", "0007", "1 Signals")
    with database.session() as session:
        membership = session.scalars(select(Membership).where(Membership.person_id == ida.person_id)).one()
        assert (membership.role, membership.standing) == (Role.STUDENT, Standing.INVITED)
        assert membership.valid_until == date(2030, 12, 31)
        taken = session.execute(
            select(Cohort.name, Enrolment.status)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .where(Enrolment.person_id == ida.person_id)
        ).one()
        assert tuple(taken) == ("Autumn", EnrolmentStatus.ACTIVE)
        changes = session.scalars(
            select(PersonnelChange.became).where(PersonnelChange.was == "Captain")
        ).all()
        assert changes == ["Major"]
        assert (
            session.scalars(select(Person.rank).where(Person.email == "adams@home.example")).one() == "Major"
        )
    again = send(irving, *lines)
    assert "There is nothing to do" in again.words
    found = irving.get("/academy/people?words=Ida").tree
    assert len(found.xpath("//tbody/tr[contains(., 'Ida Ömer')]")) == 1


def test_one_problem_stops_the_whole_and_is_told_by_row_and_column(database: Database, visit: Visits):
    irving = visit("irving")
    page = send(
        irving,
        "email,name,course",
        "ida@new.example,Ida,core",
        "no address,Oto,core",
        "x@new.example,X,knitting",
    )
    assert "2 problems" in page.words
    assert "Carry out all changes" not in page.text
    rows = list(csv.reader(io.StringIO(irving.fetch(f"{page.path}/problems.csv").get_data(as_text=True)[1:])))
    assert [row[:2] for row in rows] == [["row", "column"], ["3", "E-mail"], ["4", "Course"]]
    assert irving.send(page.path, invites="y").status_code == 303
    assert known(database, "ida@new.example") is None


def test_people_are_suspended_withdrawn_and_let_in_again(app: Flask, database: Database, visit: Visits):
    adams, irving = visit("adams"), visit("irving")
    carry_out(
        app,
        send(irving, "email,standing,course,enrolment", "adams@home.example,suspended,core,withdrawn"),
    )
    assert adams.fetch("/learn").status_code == 303, "signed out at once"
    with database.session() as session:
        one = select(Enrolment.status).join(Person).where(Person.email == "adams@home.example")
        assert session.scalars(one).one() is EnrolmentStatus.WITHDRAWN
        assert (
            session.scalars(
                select(BrowserSession.id)
                .join(Person)
                .where(Person.email == "adams@home.example", BrowserSession.ended_at.is_(None))
            ).all()
            == []
        )
    carry_out(app, send(irving, "email,standing,course", "adams@home.example,active,core"))
    assert "core" in visit("adams").get("/learn").text


def test_what_was_looked_through_is_refused_when_the_academy_changed_since(
    app: Flask, database: Database, visit: Visits
):
    irving = visit("irving")
    page = send(irving, "email,name", "ida@new.example,Ida")
    other = send(irving, "email,name", "ida@new.example,Ida Another")
    carry_out(app, other)
    refused = carry_out(app, page)
    assert "refused, nothing was done" in refused.words
    assert "changed since" in refused.words
    ida = known(database, "ida@new.example")
    assert ida is not None
    assert ida.name == "Ida Another"


def test_nobody_brings_in_more_than_they_may_give_nor_changes_who_stands_above(visit: Visits):
    page = send(
        visit("irving"),
        "email,name,roles,unit",
        "ida@new.example,Ida,administrator,",
        "evans@home.example,,,Elsewhere",
        "irving@home.example,,,Elsewhere",
    )
    assert "3 problems" in page.words


def test_somebody_with_an_account_elsewhere_is_added_like_anybody_else(
    app: Flask, database: Database, visit: Visits
):
    page = send(visit("irving"), "email,name,rank", "gray@away.example,G. Grey,Major")
    assert "1 person to add" in page.words
    carry_out(app, page)
    with database.session() as session:
        account = session.scalars(select(Person).where(Person.email == "gray@away.example")).one()
        names = session.scalars(
            select(Personnel.name).where(Personnel.person_id == account.id).order_by(Personnel.id)
        ).all()
    assert account.name == "Gray Person", "what the other academy knows stays"
    assert names == ["Gray Person", "G. Grey"]


def test_a_roster_of_another_academy_is_unknown_and_what_it_said_is_forgotten(
    app: Flask, database: Database, visit: Visits
):
    page = send(visit("irving"), "email,name", "ida@new.example,Ida")
    frost = visit("frost")
    for where in (page.path, f"{page.path}/problems.csv"):
        assert frost.fetch(where).status_code == 404
    assert frost.send(page.path).status_code == 404
    carry_out(app, page)
    with database.session() as session:
        kept = session.scalars(select(Roster)).one()
        assert (kept.status, kept.table_rows) == (RosterStatus.DONE, None)
    run_duty(app, "forget old spreadsheets of people", at=app.extensions["pme_clock"]() + timedelta(days=8))
    with database.session() as session:
        assert session.scalars(select(Roster.changes)).one() == []


@pytest.mark.database("sqlite")
def test_the_templates_are_read_back_as_they_were_given(visit: Visits):
    irving = visit("irving")
    book = irving.fetch(f"{PAGE}/template.xlsx").data
    sheet = load_workbook(io.BytesIO(book))["People"]
    assert sheet.freeze_panes == "A2"
    for content, name in ((book, "people.xlsx"), (irving.fetch(f"{PAGE}/template.csv").data, "people.csv")):
        page = send_bytes(irving, content, name)
        assert "2 people to add" in page.words, page.words
        assert "problem" not in page.title
    dictionary = irving.fetch(f"{PAGE}/columns.csv").get_data(as_text=True)
    assert "valid_until" in dictionary
    assert irving.fetch(f"{PAGE}/template.doc").status_code == 404


@pytest.mark.database("sqlite")
def test_a_file_that_is_none_is_refused_beside_the_field(visit: Visits):
    irving = visit("irving")
    page = send_bytes(irving, b"\xd0\xcf\x11\xe0" + b"\0" * 600, "people.xls")
    assert page.status == 422
    assert "old kind" in page.words
    assert irving.get(PAGE).press("Check it").status == 422
