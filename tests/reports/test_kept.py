"""Figures that take long: kept, the same as those worked out at once, out of date when they are, academies apart."""

import csv
import io
import json
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.assessment.corrections import Correction, CorrectionKind
from pme.assessment.models import Attempt
from pme.assessment.regrades import Scope
from pme.content.catalogue import current
from pme.db import Database
from pme.jobs.models import Job
from pme.journeys_regrade import apply_correction
from pme.people.models import Academy, Person
from pme.privacy.erasing import erase
from pme.privacy.retention import rules_of, stays_of
from pme.reports import kept
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.read import NotWorkedOut, Reading
from pme.reports.datasets.registry import DATASETS
from pme.reports.kept import Standing
from pme.reports.models_kept import KeptFigures
from pme.reports.regrade_dry_run import try_correction
from pme.stores.folder import Folder
from tests.conftest import Visits
from tests.support.attempts import Class, enrol_many, sit_quiz
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Page
from tests.support.work import run_duty, run_jobs

NAME = "item-quality"
PAGE = f"/academy/reports/{NAME}"
NOW = START + timedelta(days=1)
AT_HOME, ELSEWHERE = 40, 35


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten attempts are many here."""
    monkeypatch.setitem(DATASETS, NAME, replace(DATASETS[NAME], at_most=10))


@pytest.fixture
def sat(database: Database) -> None:
    """Classes of two academies that sat the same quiz."""
    with database.writing() as session:
        sit(session, HOME, AT_HOME, seed=3)
        sit(session, AWAY, ELSEWHERE, seed=4)


def sit(session: Session, slug: str, number: int, *, seed: int) -> None:
    place = session.scalars(select(Academy).where(Academy.slug == slug)).one()
    together = Class(place, "core", "basics", START)
    enrolled = enrol_many(session, together, number, prefix=f"seed{seed}-")
    quiz = current(session).quizzes_by_slug["check"]
    sit_quiz(session, quiz, together, enrolled, random=Random(seed))
    dealt = {"items": [item.id for item in quiz.content.items], "options": {}}
    here = Attempt.academy_id == place.id, Attempt.enrolment_id.in_(enrolled)
    session.execute(update(Attempt).where(*here).values(draw=dealt))


def academy(session: Session, slug: str = HOME) -> int:
    return session.scalars(select(Academy.id).where(Academy.slug == slug)).one()


def reading(session: Session, slug: str = HOME, **more: Any) -> Reading:
    narrowed = Filters(**{key: more.pop(key) for key in ("courses", "since") if key in more})
    return Reading(session, DATASETS[NAME], academy(session, slug), narrowed, at=NOW, **more)


def standing(database: Database, slug: str = HOME, **more: Any) -> Standing:
    with database.session() as session:
        found = reading(session, slug, **more).standing
        assert found is not None
        return found


def as_of(database: Database) -> datetime:
    moment = standing(database).as_of
    assert moment is not None
    return moment.replace(microsecond=0)


def table(page: Page) -> list[list[str]]:
    assert page.tree is not None
    rows = page.tree.xpath("//table[caption[@id='rows']]/tbody/tr")
    return [[" ".join(cell.xpath("string()").split()) for cell in row] for row in rows]


@pytest.fixture
def worked_out(app: Flask, visit: Visits, sat: None) -> Page:
    """The page of the report once its figures were asked for and worked out."""
    page = visit("evans").get(PAGE)
    assert "have not been calculated yet" in page.words
    assert not table(page)
    asked = page.press("Calculate them")
    assert "Waiting for its turn" in asked.words
    assert run_jobs(app) == 1
    return visit("evans").get(PAGE)


def test_kept_figures_are_those_worked_out_at_once_on_screen_and_in_every_file(
    worked_out: Page, visit: Visits, database: Database
):
    with database.session() as session:
        direct = list(reading(session, is_patient=True).rows())
        assert list(reading(session).rows()) == direct
        assert list(reading(session, courses=("core",)).rows()) == direct
        assert list(reading(session, courses=("other",)).rows()) == []
        falling = list(reading(session, sort="-item", is_patient=True).rows())
        assert list(reading(session, sort="-item").rows()) == falling
    assert "Nothing new since then." in worked_out.words
    assert [row[3] for row in table(worked_out)] == [str(row[6]) for row in direct]
    evans = visit("evans")

    def file(form: str) -> bytes:
        return evans.send(f"{PAGE}/file", form=form, marking="X").get_data()

    by_csv = list(csv.DictReader(io.StringIO(file("csv").decode("utf-8-sig"))))
    by_json = json.loads(file("json"))
    facilities = [row[11] for row in direct]
    assert [float(row["facility"]) for row in by_csv] == facilities
    assert [row["facility"] for row in by_json["rows"]] == facilities
    assert datetime.fromisoformat(by_json["figures_as_of"]) == as_of(database)
    assert "Figures as of" in pypdf.PdfReader(io.BytesIO(file("pdf"))).pages[0].extract_text()


def test_a_file_of_figures_that_nobody_worked_out_yet_is_made_in_the_background_with_them(
    sat: None, app: Flask, visit: Visits, database: Database
):
    since = START.date()
    answer = visit("evans").send(f"{PAGE}/file?since={since}", form="csv", marking="X")
    assert answer.status_code == 303
    with pytest.raises(NotWorkedOut), database.session() as session:
        list(reading(session, since=since).rows())
    assert run_jobs(app) == 1
    assert standing(database, since=since).is_there
    assert not standing(database).is_there, "those of the whole report are others"


@pytest.mark.usefixtures("worked_out")
def test_figures_are_stale_after_an_attempt_a_regrade_or_an_erasure_and_only_at_that_academy(
    app: Flask, visit: Visits, database: Database
):
    visit("frost").get(PAGE).press("Calculate them")
    run_jobs(app)
    assert not standing(database).is_stale
    with database.session() as session:
        assert [row[9] for row in reading(session, AWAY).rows()][:1] == [ELSEWHERE]
    with database.writing() as session:
        sit(session, HOME, 2, seed=5)
    assert (standing(database).came, standing(database).is_changed) == (2, False)
    page = visit("evans").get(PAGE)
    assert "Since then 2 first attempts have come." in page.words
    assert table(page)[0][6] == str(AT_HOME), "what is kept is shown at once"

    anew(app, page)
    with database.session() as session:
        before = list(reading(session).rows())
    with database.writing() as session:
        correct(session)
    assert (standing(database).came, standing(database).is_changed) == (0, True)

    anew(app, visit("evans").get(PAGE))
    assert not standing(database).is_stale
    with database.session() as session:
        lines = list(reading(session).rows())
        assert lines == list(reading(session, is_patient=True).rows())
        assert lines != before, "who was right is wrong now"
    with database.writing() as session:
        person = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
        stays = stays_of(rules_of(session, academy(session)))
        by = session.scalars(select(Person.id).where(Person.email == email_of("irving"))).one()
        store = Folder(app.extensions["pme_settings"].instance_dir)
        erase(session, academy(session), person, stays=stays, by=by, at=NOW, store=store)
    assert standing(database).is_changed
    assert not standing(database, AWAY).is_stale


def anew(app: Flask, page: Page) -> None:
    page.press("Calculate again")
    assert run_jobs(app) == 1


def correct(session: Session) -> None:
    quiz = current(session).quizzes_by_slug["check"]
    scope = Scope(academy(session), "core", "check", quiz.version_id)
    new = Correction("CANARY-truth", CorrectionKind.KEY, {"right": ["true"]})
    by = session.scalars(select(Person.id).where(Person.email == email_of("clarke"))).one()
    dry = try_correction(session, current(session), scope, quiz.content, new)
    assert dry.effects
    apply_correction(
        session,
        current(session),
        scope,
        quiz.content,
        new,
        reason="It was wrong.",
        seal=dry.seal,
        by=by,
        at=NOW,
    )


@pytest.mark.usefixtures("sat")
def test_a_change_while_figures_are_worked_out_leaves_them_out_of_date(
    app: Flask, visit: Visits, database: Database, monkeypatch: pytest.MonkeyPatch
):
    visit("evans").get(PAGE).press("Calculate them")
    from pme.reports import keeping  # noqa: PLC0415

    read = keeping.worked_out

    def slowly(*given: Any, **more: Any) -> Any:
        found = read(*given, **more)
        with database.writing() as session:
            kept.outdate(session, academy(session))
        return found

    monkeypatch.setattr(keeping, "worked_out", slowly)
    run_jobs(app)
    assert standing(database).is_there
    assert standing(database).is_changed


@pytest.mark.usefixtures("sat")
def test_what_is_out_of_date_is_worked_out_at_night_and_what_somebody_narrowed_is_forgotten(
    app: Flask, database: Database
):
    run_duty(app, "figures of reports")
    run_duty(app, "figures of reports")
    assert run_jobs(app) == 2, "one for each academy, however often they are asked for"
    run_duty(app, "figures of reports")
    assert run_jobs(app) == 0, "nothing came"
    with database.writing() as session:
        sit(session, HOME, 2, seed=6)
        subject = kept.Subject(academy(session), NAME, {"unit": "1st"})
        kept.set_down(session, subject, [], {}, changes=0, as_of=START)
    run_duty(app, "figures of reports")
    assert run_jobs(app) == 0, "they are of today"
    run_duty(app, "figures of reports", at=app.extensions["pme_clock"]() + timedelta(days=8))
    with database.session() as session:
        assert set(session.scalars(select(KeptFigures.name))) == {NAME}
        assert [row.asked for row in session.scalars(select(KeptFigures))] == [{}, {}]
        waiting = session.scalars(select(Job).where(Job.kind == kept.KIND, Job.ended_at.is_(None))).all()
        assert len(waiting) == 2


def test_a_reader_is_closed_with_few_attempts_too(session: Session):
    sit(session, HOME, 5, seed=7)
    found = reading(session)
    assert found.standing is None
    with closing(found.rows()) as rows:
        assert next(rows)[9] == 5
