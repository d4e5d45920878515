"""Saved views of reports: kept, shared, and made by themselves as a letter's link or in a folder."""

import csv
import errno
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from pme.config import Settings
from pme.db import Database
from pme.jobs.models import Job, JobStatus
from pme.jobs.tries import MOST_TRIES, WHILE_AWAY
from pme.outbox.models import Letter
from pme.people.models import Membership, Person, Standing
from pme.reports.models import ReportSchedule, ReportView
from pme.reports.scheduled import NOT_ANY_MORE, OUTSIDE
from pme.stores.chosen import scratch_of
from tests.conftest import Visits
from tests.reports.told import PEOPLE
from tests.support.cast import email_of
from tests.support.client import Page
from tests.support.clock import Clock
from tests.support.completed import bring
from tests.support.work import run_duty, run_jobs

COMPLETIONS = "/academy/reports/completions"
MONDAY = datetime(2026, 3, 9, 5, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def learners(database: Database) -> None:
    with database.writing() as session:
        bring(session, PEOPLE)


@pytest.fixture(autouse=True)
def nothing_lies_about(app: Flask) -> Iterator[None]:
    yield
    for path in scratch_of(app.extensions["pme_settings"]).glob("*"):
        path.unlink()


@pytest.fixture
def export_dir(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """An installation with an export folder."""
    own: Settings = app.extensions["pme_settings"]
    app.extensions["pme_settings"] = replace(own, export_dir=tmp_path)
    yield tmp_path
    app.extensions["pme_settings"] = own


def keep(visits: Visits, name: str = "First battalion", **more: str) -> Page:
    page = visits("evans").get(f"{COMPLETIONS}?unit=1st&sort=-percent")
    return page.press("Save this view", name=name, **more)


def names_in(content: bytes) -> list[str]:
    return [row["name"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]


def test_a_view_opens_the_report_as_it_was_kept(visit: Visits):
    view = keep(visit)
    assert view.title == "First battalion"
    assert "Unit 1st" in view.words
    assert "Result, descending" in view.words
    report = view.follow("Open the report")
    assert "2 rows" in report.words
    assert report.text.index("Ana") < report.text.index("Cai")
    assert "First battalion" in visit("evans").get("/academy/reports").words


def test_a_view_needs_a_name_of_its_own(visit: Visits):
    keep(visit)
    for name, says in (
        ("", "Give the view a name"),
        ("First battalion", "under this name already"),
        ("x" * 81, "at most 80"),
    ):
        again = keep(visit, name)
        assert again.status == 422
        assert says in again.words
        assert f'value="{name}"' in again.text


def test_a_shared_view_is_seen_by_staff_and_changed_by_its_maker_only(visit: Visits):
    view = keep(visit)
    jensen, frost = visit("jensen"), visit("frost")
    assert jensen.fetch(view.path).status_code == 404
    view.press("Share it with staff")
    assert "shared by" in jensen.get("/academy/reports").words
    assert "Open the report" in jensen.get(view.path).words
    assert "Delete" not in jensen.get(view.path).words
    assert jensen.send(f"{view.path}/delete").status_code == 403
    assert frost.fetch(view.path).status_code == 404
    assert frost.send(f"{view.path}/schedules", rhythm="daily").status_code == 404
    visit("evans").get(view.path).press("Delete")
    assert jensen.fetch(view.path).status_code == 404


def test_an_auditor_opens_views_and_keeps_none(visit: Visits):
    view = keep(visit, shared="y")
    keller = visit("keller")
    page = keller.get(view.path)
    assert "Open the report" in page.words
    assert "Made automatically" not in page.words
    assert "Save this view" not in keller.get(COMPLETIONS).words
    assert keller.send(f"{COMPLETIONS}/views", name="Mine").status_code == 403


def test_a_scheduled_view_comes_as_a_link_that_needs_signing_in(
    app: Flask, visit: Visits, database: Database, clock: Clock
):
    clock.at = MONDAY - timedelta(days=2)
    view = keep(visit).press("Make it automatically", form="csv", covers="before")
    assert "Every Monday as CSV, by e-mail, as a link" in view.words
    assert "9 March 2026, 05:00 UTC" in view.words
    run_duty(app, "due reports")
    assert run_jobs(app) == 0  # not before its time
    clock.at = MONDAY
    for _ in range(2):  # once each, however often one looks
        run_duty(app, "due reports")
    assert run_jobs(app) == 1
    with database.session() as session:
        (letter,) = session.scalars(select(Letter).where(Letter.template == "report"))
        job = session.scalars(select(Job)).one()
    assert letter.address == email_of("evans")
    assert f"/academy/jobs/{job.id}" in letter.body
    assert not [
        word for word in ("Ana", "Cai", "First battalion", "1st") if word in letter.body + letter.subject
    ]
    evans = visit("evans")
    done = evans.get(f"/academy/jobs/{job.id}")
    assert done.tree is not None
    content = evans.fetch(
        done.tree.xpath("string(//main//a[starts-with(., 'Download')]/@href)"), buffered=True
    )
    assert names_in(content.data) == ["Ana", "Cai"]  # of the week before, of this unit
    assert visit("jensen").fetch(f"/academy/jobs/{job.id}").status_code == 404
    view = evans.get(view.path).press("End this: Every Monday")
    assert "Nothing is made from it automatically yet." in view.words


def test_who_has_left_gets_nothing_any_more(app: Flask, visit: Visits, database: Database, clock: Clock):
    clock.at = MONDAY - timedelta(days=2)
    keep(visit).press("Make it automatically", form="csv")
    with database.writing() as session:
        person = select(Person.id).where(Person.email == email_of("evans")).scalar_subquery()
        session.execute(
            update(Membership).where(Membership.person_id == person).values(standing=Standing.SUSPENDED)
        )
    clock.at = MONDAY
    run_duty(app, "due reports")
    assert run_jobs(app) == 0
    with database.session() as session:
        schedule = session.scalars(select(ReportSchedule)).one()
        assert (schedule.problem, schedule.next_at) == (NOT_ANY_MORE, datetime(2026, 3, 16, 5, tzinfo=UTC))


def test_a_scheduled_view_goes_into_the_folder_of_its_academy(
    app: Flask, visit: Visits, clock: Clock, export_dir: Path, database: Database
):
    clock.at = MONDAY - timedelta(days=2)
    keep(visit).press("Make it automatically", form="csv", covers="view", way="folder")
    clock.at = MONDAY
    run_duty(app, "due reports")
    assert run_jobs(app) == 1
    with database.session() as session:
        view = session.scalars(select(ReportView.id)).one()
    (made,) = [path for path in export_dir.rglob("*") if path.is_file()]
    assert made == export_dir / "home" / f"view-{view}-completions-home-2026-03-09.csv"
    assert names_in(made.read_bytes()) == ["Ana", "Cai"]


def test_a_full_export_folder_is_told_and_the_report_waits_until_there_is_room(
    app: Flask,
    database: Database,
    clock: Clock,
    visit: Visits,
    export_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    def fail(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def status() -> JobStatus:
        with database.session() as session:
            return session.scalars(select(Job.status)).one()

    clock.at = MONDAY - timedelta(days=2)
    view = keep(visit).press("Make it automatically", form="csv", covers="view", way="folder")
    clock.at = MONDAY
    run_duty(app, "due reports")
    with monkeypatch.context() as patched:
        patched.setattr("pme.reports.scheduled.os.fsync", fail)
        for _ in range(MOST_TRIES + 1):
            run_jobs(app)
            clock.at += WHILE_AWAY
    assert status() is JobStatus.WAITING
    assert [path for path in export_dir.rglob("*") if path.is_file()] == [], "nothing half-made is left"
    assert "cannot be written: No space left on device" in visit("evans").get(view.path).words
    run_jobs(app)
    assert status() is JobStatus.DONE
    assert len(list(export_dir.rglob("*.csv"))) == 1
    assert "cannot be written" not in visit("evans").get(view.path).words


def test_a_folder_that_leads_elsewhere_is_refused(
    app: Flask,
    visit: Visits,
    clock: Clock,
    export_dir: Path,
    database: Database,
    tmp_path_factory: pytest.TempPathFactory,
):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (export_dir / "home").symlink_to(elsewhere)
    clock.at = MONDAY - timedelta(days=2)
    view = keep(visit).press("Make it automatically", form="csv", way="folder")
    clock.at = MONDAY
    run_duty(app, "due reports")
    run_jobs(app, raises=False)
    assert not list(elsewhere.iterdir())
    with database.session() as session:
        assert session.scalars(select(Job.status)).one() is JobStatus.FAILED
    assert OUTSIDE in visit("evans").get(view.path).words


def test_without_an_export_folder_there_is_no_such_way(visit: Visits):
    view = keep(visit)
    assert "export folder" not in view.words
    answer = view.press("Make it automatically", way="folder")
    assert answer.status == 422
