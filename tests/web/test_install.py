"""The administrator of the installation: academies and their first administrators, numbers, nothing of students."""

from flask import Flask
from sqlalchemy import select

from pme.audit import AuditEntry
from pme.db import Database
from tests.conftest import Visits
from tests.support.belongings import give
from tests.support.cast import NOBODY, email_of
from tests.support.client import Visit
from tests.support.people import id_of, link_on

FRESH = "harbour lantern willow granite"


def test_a_new_academy_gets_its_first_administrator_who_then_runs_it(
    app: Flask, database: Database, visit: Visits
):
    lund, guest = visit("lund"), visit(NOBODY)
    home = lund.get("/install")
    assert (
        home.press("Add the academy", name="Lake Academy", nation="Nowhere", slug="Lake Side").status == 422
    )
    assert home.press("Add the academy", name="Lake Academy", nation="Nowhere", slug="home").status == 422
    page = home.press("Add the academy", name="Lake Academy", nation="Nowhere", slug="lake-side")
    assert "This academy has no administrator yet" in page.words
    link = link_on(page.press("Invite", name="Mbeki Person", email="mbeki@lake.example"))
    guest.get(link).submit(password=FRESH, again=FRESH)
    mbeki = Visit(app, NOBODY)
    signed_in = mbeki.get("/sign-in").submit(email="mbeki@lake.example", password=FRESH)
    assert signed_in.title == "Lake Academy"
    assert "1 person" in mbeki.get("/academy/people").words
    assert "This academy has no administrator yet" not in lund.get(page.path).words
    rows = lund.get("/install").tree.xpath("//tbody/tr[contains(., 'Lake')]/td/text()")
    assert rows == ["Nowhere", "1", "0", "1"]
    with database.session() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
        assert {"academy added", "administrator invited", "person added"} <= set(acts)


def test_numbers_are_all_that_the_installation_sees_of_people(database: Database, visit: Visits):
    own, lund = give(database, "adams"), visit("lund")
    with database.session() as session:
        adams = id_of(session, "adams")
    for page in (lund.get("/install"), lund.get("/install/academies/1")):
        assert page.status == 200
        assert "Adams" not in page.text
        assert email_of("adams") not in page.text
    for address in (
        "/academy",
        "/academy/people",
        f"/academy/people/{adams}",
        "/academy/courses",
        "/teach/core",
        f"/teach/attempts/{own.finished_quiz}",
        "/learn",
        "/certificates",
    ):
        assert lund.fetch(address).status_code in (403, 404), address
    assert lund.get("/").path == "/install"


def test_nobody_of_an_academy_opens_the_door_of_the_installation(visit: Visits):
    for name in ("adams", "clarke", "evans", "irving", "jensen", "keller"):
        assert visit(name).fetch("/install").status_code == 403
