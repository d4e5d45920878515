"""Returns that are made by themselves: on the first of a month or quarter, of the one before, by letter or folder."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from pme.audit import AuditEntry
from pme.config import Settings
from pme.db import Database
from pme.outbox.models import Letter
from pme.people.models import Membership, Person, Standing
from pme.returns.checking import check
from pme.returns.models import ReturnSchedule, SealedReturn
from pme.returns.rhythm import Turn, next_turn, period_before
from pme.returns.scheduled import NOT_ANY_MORE
from tests.conftest import Visits
from tests.support.cast import email_of
from tests.support.client import Page
from tests.support.clock import Clock
from tests.support.completed import Learner, bring
from tests.support.work import run_duty, run_jobs

PAGE = "/academy/returns/schedules"
ASKED = datetime(2026, 3, 5, 8, tzinfo=UTC)
DUE = datetime(2026, 4, 1, 5, 1, tzinfo=UTC)


@pytest.fixture
def export_dir(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """An installation with an export folder."""
    own: Settings = app.extensions["pme_settings"]
    app.extensions["pme_settings"] = replace(own, export_dir=tmp_path / "export")
    (tmp_path / "export").mkdir()
    yield tmp_path / "export"
    app.extensions["pme_settings"] = own


def schedule(visit: Visits, clock: Clock, **more: str) -> Page:
    clock.at = ASKED
    return visit("irving").get(PAGE).press("Make it automatically", turn="quarterly", courses="core", **more)


def fall_due(app: Flask, clock: Clock) -> None:
    clock.at = DUE
    run_duty(app, "due returns")
    run_duty(app, "due returns")  # again, as after a crash
    run_jobs(app)


def one_return(database: Database) -> SealedReturn:
    with database.session() as session:
        found = session.scalars(select(SealedReturn)).one()
        session.expunge(found)
    return found


@pytest.mark.parametrize(
    ("turn", "at", "next_at", "period"),
    [
        (Turn.MONTHLY, (2026, 1, 1), (2026, 2, 1), ((2025, 12, 1), (2025, 12, 31))),
        (Turn.MONTHLY, (2026, 3, 15), (2026, 4, 1), ((2026, 2, 1), (2026, 2, 28))),
        (Turn.QUARTERLY, (2026, 1, 1), (2026, 4, 1), ((2025, 10, 1), (2025, 12, 31))),
        (Turn.QUARTERLY, (2026, 6, 30), (2026, 7, 1), ((2026, 1, 1), (2026, 3, 31))),
        (Turn.QUARTERLY, (2026, 12, 31), (2027, 1, 1), ((2026, 7, 1), (2026, 9, 30))),
    ],
)
def test_a_turn_is_the_first_of_a_month_or_quarter_and_speaks_of_the_one_before(
    turn: Turn, at: tuple[int, ...], next_at: tuple[int, ...], period: Any
):
    moment = datetime(*at, 6, tzinfo=UTC)  # type: ignore[misc, arg-type]
    assert next_turn(turn, after=moment) == datetime(*next_at, 5, tzinfo=UTC)  # type: ignore[misc, arg-type]
    assert period_before(turn, at=moment) == tuple(date(*day) for day in period)


def test_a_return_is_sealed_by_itself_and_a_letter_links_to_it(
    app: Flask, visit: Visits, clock: Clock, database: Database
):
    with database.writing() as session:
        bring(session, [Learner("Ana", after=3), Learner("Later", after=31)])
    page = schedule(visit, clock, marking="UNCLASSIFIED", unnamed="y")
    assert "Every quarter, by e-mail, as a link" in page.words
    assert "1 April 2026" in " ".join(page.words.replace("\u00a0", " ").split())
    fall_due(app, clock)
    one = one_return(database)
    assert (one.since, one.until, one.courses) == (date(2026, 1, 1), date(2026, 3, 31), ["core"])
    assert one.counts["completions"] == 1
    assert one.has_file
    assert one.pseudonyms
    with database.session() as session:
        letter = session.scalars(select(Letter).where(Letter.template == "return")).one()
        assert f"/academy/returns/{one.id}\n" in letter.body
        assert "Ana" not in letter.body
        assert letter.subject == "Return 1 is sealed"
        acts = set(session.scalars(select(AuditEntry.act)))
    assert {"return scheduled", "return asked for", "return sealed"} <= acts
    with visit("irving").send(f"/academy/returns/{one.id}/file") as file:
        assert check(file.data).is_whole
    assert visit("frost").get(PAGE).words.count("Every quarter") == 0
    ended = visit("evans").get(PAGE).press("End this: Every quarter")
    assert "None yet" in ended.words
    clock.at = DUE + timedelta(days=100)
    run_duty(app, "due returns")
    assert one_return(database).number == 1


def test_a_return_goes_into_the_export_folder_or_says_why_not(
    app: Flask, visit: Visits, clock: Clock, database: Database, export_dir: Path
):
    schedule(visit, clock, way="folder")
    fall_due(app, clock)
    (file,) = (export_dir / "home").iterdir()
    assert file.name == "return-home-0001.zip"
    assert check(file.read_bytes()).is_whole
    assert "README.txt" in zipfile.ZipFile(io.BytesIO(file.read_bytes())).namelist()
    file.unlink()
    (export_dir / "home").rmdir()
    (export_dir / "home").symlink_to(export_dir.parent)
    clock.at = DUE + timedelta(days=92)
    run_duty(app, "due returns")
    run_jobs(app, raises=False)
    assert "leads out of the export folder" in visit("irving").get(PAGE).words
    assert not list(export_dir.parent.glob("*.zip"))


@pytest.mark.database("sqlite")
def test_who_may_not_seal_any_more_seals_nothing(app: Flask, visit: Visits, clock: Clock, database: Database):
    schedule(visit, clock)
    with database.writing() as session:
        person = session.scalars(select(Person.id).where(Person.email == email_of("irving"))).one()
        session.execute(
            update(Membership).where(Membership.person_id == person).values(standing=Standing.SUSPENDED)
        )
    fall_due(app, clock)
    with database.session() as session:
        assert session.scalars(select(SealedReturn)).all() == []
        made = session.scalars(select(ReturnSchedule)).one()
        assert made.problem == NOT_ANY_MORE
        assert made.next_at > DUE
    assert NOT_ANY_MORE in visit("evans").get(PAGE).words


@pytest.mark.database("sqlite")
def test_a_schedule_of_nothing_is_refused_with_what_was_chosen(visit: Visits, clock: Clock):
    clock.at = ASKED
    page = visit("irving").get(PAGE).press("Make it automatically", turn="monthly", few="y")
    assert page.status == 422
    assert "Choose at least one course." in page.words
    assert page.tree is not None
    assert page.tree.xpath("//input[@name='few'][@checked]")
    assert page.tree.xpath("//input[@name='turn'][@value='monthly'][@checked]")
    nobody = visit("irving").get(PAGE).press("Make it automatically", turn="daily", courses="nothing")
    assert nobody.status == 422
