"""What a spreadsheet did is undone to the row; whoever came in since, or was changed since, is left and named."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from pme.audit import AuditAlias, AuditEntry, first_broken
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Academy, BrowserSession, Membership, Person, Personnel, Standing
from pme.people.models_history import PersonnelChange
from pme.undoing.models import Change
from pme.web.changed import views
from tests.conftest import Visits
from tests.support.cast import HOME, START, email_of
from tests.support.client import Page, Visit
from tests.support.people import id_of
from tests.support.work import run_jobs
from tests.web.test_bulk import carry_out, send

LINES = (
    "email;name;rank;unit;course;cohort;standing;roles;time percent",
    "ida@new.example;Ida Stone;Sergeant;1 Signals;core;Autumn;;;",
    "oto@new.example;Oto Field;;;core;Autumn;;;150",
    "gray@away.example;Gray Hill;;;core;;;;",
    "adams@home.example;;Major;9 Signals;other;Autumn;;;",
    "baker@home.example;;;;;;suspended;reviewer;",
)
TAKEN = (Enrolment.person_id, Enrolment.course, Enrolment.cohort_id, Enrolment.status)
SHOWN = (Person.email, Person.name, Person.rank)
RECORD = (Personnel.person_id, Personnel.name, Personnel.rank, Personnel.unit)


def as_stored(database: Database) -> dict[str, Any]:
    """All that a spreadsheet may change."""
    with database.session() as session:
        kept = {
            "accounts": select(*SHOWN).order_by(Person.id),
            "records": select(*RECORD).order_by(Personnel.id),
            "roles": select(Membership.person_id, Membership.role, Membership.standing).order_by(
                Membership.id
            ),
            "courses": select(*TAKEN),
            "cohorts": select(Cohort.course, Cohort.name).order_by(Cohort.id),
        }
        return {name: sorted(map(tuple, session.execute(wanted)), key=str) for name, wanted in kept.items()}


def carried_out(app: Flask, staff: Visit) -> Page:
    """The page of the change that the spreadsheet was."""
    looked = send(staff, *LINES)
    assert "problem" not in looked.words, looked.words
    done = carry_out(app, looked)
    assert "carried out" in done.words
    return done.follow("Undo it, or see what cannot be undone")


def outcomes(page: Page) -> dict[str, set[str]]:
    """What stands in the last column, by person."""
    found: dict[str, set[str]] = {}
    for row in page.tree.xpath("//tbody/tr"):
        name = " ".join(row.xpath("string(th)").split())
        found.setdefault(name, set()).add(" ".join(row.xpath("string(td[last()])").split()))
    return found


@pytest.mark.parametrize("is_many", [False, True])
def test_all_that_a_spreadsheet_did_is_undone_to_the_row(
    app: Flask, visit: Visits, database: Database, monkeypatch: pytest.MonkeyPatch, is_many: bool
):
    before, staff = as_stored(database), visit("evans")
    page = carried_out(app, staff)
    assert as_stored(database) != before
    assert "Left" not in page.words
    if is_many:
        monkeypatch.setattr(views, "AT_ONCE", 3)
        assert page.press("Undo").title == "Undoing what was done to many"
        assert run_jobs(app) == 1
        undone = staff.get(page.path)
    else:
        undone = page.press("Undo")
        assert "Undone: 5 people are as before." in undone.words
    assert as_stored(database) == before
    assert "As before" in staff.get(page.path).words
    with database.session() as session:
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        assert first_broken(session, academy_id=home) is None
        people = select(Person.id)
        strangers = select(AuditAlias.person_id).where(AuditAlias.person_id.not_in(people))
        assert session.scalars(strangers).all() == [], "no number of theirs is given to somebody else"
        ranks = session.execute(
            select(PersonnelChange.was, PersonnelChange.became).where(PersonnelChange.fact == "rank")
        )
        assert sorted(map(tuple, ranks)) == [("Captain", "Major"), ("Major", "Captain")]
        told = str(session.scalars(select(AuditEntry.detail).where(AuditEntry.act == "change undone")).all())
        assert "Major" not in told
        assert "Ida" not in told
    again = carry_out(app, send(staff, *LINES))
    assert "carried out" in again.words, "the same spreadsheet can be carried out again"


def test_whoever_came_in_or_was_changed_since_is_listed_before_and_after(
    app: Flask, visit: Visits, database: Database
):
    staff = visit("evans")
    page = carried_out(app, staff)
    with database.writing() as session:
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        ida, oto, gray = (id_of(session, each) for each in ("ida@new.example", "oto@new.example", "gray"))
        session.execute(
            update(Membership).where(Membership.person_id == ida).values(standing=Standing.ACTIVE)
        )
        session.add(
            BrowserSession(
                token_sha256="0" * 64, person_id=oto, academy_id=home, started_at=START, renewed_at=START
            )
        )
        adams = Personnel.person_id == id_of(session, "adams")
        session.execute(update(Personnel).where(adams).values(nation="Elsewhere", unit="3 Guards"))
    expected = {
        "Ida Stone": {"Not undone: they have accepted, and can sign in"},
        "Oto Field": {"Not undone: they have accepted, and can sign in"},
        "Adams": {"Not undone: somebody else has changed it since"},
    }
    seen = outcomes(staff.get(page.path))
    undone = staff.get(page.path).press("Undo")
    assert "Undone: 2 people are as before. 3 people were left as they are" in undone.words
    for told in (seen, outcomes(undone)):
        for name, says in expected.items():
            assert next(value for key, value in told.items() if name in key) == says
    with database.session() as session:
        assert session.get(Person, ida) is not None
        assert (
            session.scalars(
                select(Personnel).where(Personnel.person_id == gray, Personnel.academy_id == home)
            ).all()
            == []
        )
        assert session.scalars(select(Person.id).where(Person.email == email_of("gray"))).one() == gray
        assert session.scalars(select(Cohort.name).where(Cohort.name == "Autumn")).all(), "Ida is in it"
        assert session.scalars(select(Change.undone_at)).one() is not None


def test_a_spreadsheet_of_another_academy_is_undone_by_nobody_here(
    app: Flask, visit: Visits, database: Database
):
    page = carried_out(app, visit("evans"))
    before = as_stored(database)
    for name in ("frost", "clarke"):
        assert visit(name).send(f"{page.path}/undo").status_code == 404
    assert visit("keller").send(f"{page.path}/undo").status_code == 403
    assert as_stored(database) == before
