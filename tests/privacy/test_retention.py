"""How long an academy keeps what: what the worker proposes, what goes with its years, what a backup erases again."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from pme import audit
from pme.assessment.models import Attempt
from pme.certificates.models import Certificate
from pme.db import Database
from pme.errors import Invalid
from pme.jobs.registry import DUTIES, Round, load
from pme.marking.models import Script
from pme.people.models import Person
from pme.privacy import journal
from pme.privacy.classes import CLASSES, Kept
from pme.privacy.due import propose, waiting
from pme.privacy.models import ErasureProposal, RetentionRule
from pme.privacy.replaying import replay
from pme.progress.models import CourseCompletion
from pme.schema import every_table
from pme.stores.folder import Folder
from tests.conftest import Visits
from tests.privacy.told import LATER, NAME, done, home, standing_in
from tests.support.belongings import Belongings
from tests.support.cast import START
from tests.support.client import Page, Visit
from tests.support.clock import Clock
from tests.support.essays import person_of


def test_an_academy_sets_how_long_it_keeps_what_and_where_nothing_may_stay_nothing_does(
    own: Belongings, app: Flask, database: Database, visit: Visits
):
    irving: Visit = visit("irving")
    page: Page = irving.get("/academy/retention")
    assert CLASSES[Kept.CERTIFICATES].basis in page.words
    for kind in ("certificates", "results"):
        rule = irving.get(f"/academy/retention/{kind}")
        for typed, says in (({"years": "ten"}, "whole years"), ({"basis": " "}, "on what basis")):
            refused = rule.press("Save", **typed)
            assert (refused.status, says in refused.words) == (422, True)
        kept = rule.press("Save", years="5", basis="Law 7, Art. 3", is_kept=[])
        assert "Law 7, Art. 3" in kept.words
    assert irving.fetch("/academy/retention/nothing").status_code == 404
    assert visit("frost").get("/academy/retention/results").words.count("Law 7") == 0
    with database.session() as session:
        assert session.scalar(select(func.count(RetentionRule.id))) == 2
        adams = person_of(session, "adams").id
    done(app, database)
    with database.session() as session:
        for model in (Attempt, Certificate, Script):
            assert session.scalar(select(func.count(model.id)).where(model.person_id == adams)) == 0
        assert standing_in(session) == set()


def test_the_worker_proposes_and_only_staff_erase(
    own: Belongings, database: Database, visit: Visits, clock: Clock
):
    with database.writing() as session:
        academy = home(session).id
        assert propose(session, academy, at=LATER) == 0
    at = clock.move(minutes=60 * 24 * 366 * 3)
    irving = visit("irving")
    with database.writing() as session:
        assert propose(session, academy, at=at) >= 5
        assert propose(session, academy, at=at) == 0, "once"
        names = [each.name for each in waiting(session, academy)]
    assert "Captain Irving Person" not in names, "who signs in is not forgotten"
    page = irving.get("/academy/retention")
    assert all(name in page.words for name in names)
    with database.session() as session:
        person = session.scalars(select(ErasureProposal.person_id)).first()
    kept = irving.post("/academy/retention/keep", person=person)
    assert "1 person is kept for another year" in kept.words
    with database.writing() as session:
        assert len(waiting(session, academy)) == len(names) - 1
        assert propose(session, academy, at=at + timedelta(days=300)) == 0, "kept for another year"
        assert propose(session, academy, at=at + timedelta(days=400)) == 1
        other = session.scalars(
            select(ErasureProposal.person_id).where(ErasureProposal.verdict == "waiting")
        ).first()
    elsewhere = visit("frost").post("/academy/retention/keep", person=other)
    assert "choose at least one person" in elsewhere.words
    with database.session() as session:
        assert len(waiting(session, academy)) == len(names), "nobody of another academy is kept by it"


def test_what_stayed_goes_when_its_years_are_over_and_completions_stay(
    own: Belongings, app: Flask, database: Database
):
    erased = done(app, database)
    person, years = erased.line.person_id, CLASSES[Kept.RESULTS].years
    load()
    daily = DUTIES["keep personal data no longer"].act
    for at, attempts in (
        (LATER + timedelta(days=366 * (years - 1)), True),
        (LATER + timedelta(days=367 * years), False),
    ):
        daily(Round(database, app.extensions["pme_settings"], Clock(at)))
        with database.session() as session:
            for model in (Attempt, Certificate, Script):
                many = session.scalar(select(func.count(model.id)).where(model.person_id == person))
                assert bool(many) is attempts, (model, at)
            assert session.scalar(select(func.count(CourseCompletion.id))) == 1
    with database.session() as session:
        acts = session.scalars(select(audit.AuditEntry.act)).all()
        assert acts.count("kept data let go") == 1
        assert audit.first_broken(session, academy_id=home(session).id) is None


def test_a_backup_that_is_restored_erases_again_and_a_changed_journal_is_found(
    own: Belongings, app: Flask, database: Database, tmp_path: Path
):
    before = _snapshot(database)
    erased = done(app, database)
    journal.keep(tmp_path, [erased.line])
    journal.keep(tmp_path, [erased.line])
    assert len(journal.read(tmp_path)) == 1
    _restore(database, before)
    with database.session() as session:
        assert standing_in(session), "the backup knows the name again"
    report = replay(database, tmp_path, Folder(tmp_path), at=LATER + timedelta(days=2))
    assert [line.person_id for line in report.again] == [erased.line.person_id]
    with database.session() as session:
        assert standing_in(session) == set()
        assert audit.first_broken(session, academy_id=home(session).id) is None
    again = replay(database, tmp_path, Folder(tmp_path), at=LATER + timedelta(days=3))
    assert (again.again, again.foreign, again.kept) == ([], [], 1)
    file = tmp_path / journal.NAME
    assert NAME not in file.read_text()
    _restore(database, before)
    with database.writing() as session:
        session.execute(update(Person).values(created_at=START + timedelta(days=1)))
    stranger = replay(database, tmp_path, Folder(tmp_path), at=LATER)
    assert (stranger.again, len(stranger.foreign)) == ([], 1), (
        "another person with the same number is not erased"
    )
    file.write_text(file.read_text().replace(f'"person_id": {erased.line.person_id}', '"person_id": 3'))
    with pytest.raises(Invalid, match="Line 1"):
        replay(database, tmp_path, Folder(tmp_path), at=LATER)


Rows = dict[str, list[dict[str, object]]]


def _snapshot(database: Database) -> Rows:
    """What a backup would hold."""
    with database.session() as session:
        return {
            table.name: [dict(row._mapping) for row in session.execute(select(table))]
            for table in every_table().metadata.sorted_tables
        }


def _restore(database: Database, rows: Rows) -> None:
    """Put a backup back, as whoever owns the database may."""
    from tests.support.tampering import unguarded  # noqa: PLC0415

    tables = every_table().metadata.sorted_tables
    with database.writing() as session, unguarded(session):
        for table in reversed(tables):
            session.execute(table.delete())
        for table in tables:
            if rows[table.name]:
                session.execute(table.insert(), rows[table.name])
