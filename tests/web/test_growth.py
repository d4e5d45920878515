"""No page asks the database more often because there is more in it: ten times the people, the same statements."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pme import create_app
from pme.config import Settings
from pme.db import sqlite_build
from pme.demo import create_people
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Academy
from pme.reports.datasets.registry import DATASETS
from pme.watching import queries
from tests.support.templates import share_templates

FEW, MANY, KINDS = 15, 150, 4
PLACE = "aldermark"
STAFF = ("registrar", "auditor", "instructor", "student")
DOORS = ("academy.", "instructor.", "student.", "account.", "calendar.")
BY_KIND = {"/academy/audit"}
"""Asks once for each kind of thing that its lines name, and more kinds stand among more lines."""


def pages_of(app: Flask) -> list[str]:
    """Every address that needs no id, behind a sign-in."""
    found = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint.startswith(DOORS)
    ]
    return sorted(found)


def rows_of(app: Flask) -> list[str]:
    """Pages of single things, the same ones whatever else there is: the first class, its first person."""
    database = app.extensions["pme_database"]
    with database.seeing("*").session() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == PLACE)).one()
        first = select(Enrolment).where(Enrolment.academy_id == academy).order_by(Enrolment.id).limit(1)
        enrolment = session.scalars(first).one()
        cohort = session.scalars(
            select(Cohort.id)
            .join(Enrolment, Enrolment.cohort_id == Cohort.id)
            .where(Cohort.academy_id == academy)
            .order_by(Cohort.id)
        ).first()
    course = enrolment.course
    return [
        f"/academy/enrolments/{enrolment.id}",
        f"/academy/records/{enrolment.id}",
        f"/academy/cohorts/{cohort}",
        f"/academy/boards/{course}",
        f"/academy/courses/{course}/commander",
        f"/teach/cohorts/{cohort}",
        f"/teach/{course}",
        f"/teach/{course}?sort=-marks&state=under-way",
        f"/teach/board/{course}",
        f"/learn/{course}",
        *(f"/academy/reports/{name}" for name in DATASETS),
    ]


@contextmanager
def installation(
    folder: Path, people: int, environment: dict[str, str], compiled_templates: Path
) -> Iterator[tuple[Flask, dict[str, FlaskClient]]]:
    """One with so many people at each of two academies, and those who run one of them, signed in."""
    share_templates(folder, compiled_templates)
    given = environment | {"PME_DATABASE_URL": copied(environment, folder), "PME_INSTANCE_DIR": str(folder)}
    settings = Settings.from_environment(given)
    app = create_app(settings)
    database = app.extensions["pme_database"]
    try:
        at = datetime.now(UTC)
        known = create_people(database.seeing("*"), settings, people=people, seed="7", at=at)
        clients = {}
        for one in known:
            short, _, host = one.email.partition("@")
            if host.startswith(PLACE):
                clients[short] = entered(app, one.email, one.password)
        yield app, clients
    finally:
        database.dispose()
        app.extensions["pme_renderer"].close()


def copied(environment: dict[str, str], folder: Path) -> str:
    """The address of a copy of the test's database, which is as the stage was set."""
    connect = sqlite_build().driver.connect
    own = folder / "pme.sqlite3"
    with (
        closing(connect(environment["PME_DATABASE_URL"].removeprefix("sqlite:///"))) as known,
        closing(connect(own)) as copy,
    ):
        known.backup(copy)
    return f"sqlite:///{own}"


def entered(app: Flask, email: str, password: str) -> FlaskClient:
    """Somebody who is signed in."""
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    answer = client.post("/sign-in", data={"email": email, "password": password, "csrf_token": token})
    assert answer.status_code == 303
    return client


def statements(app: Flask, clients: dict[str, FlaskClient], paths: list[str]) -> dict[tuple[str, str], int]:
    """How many each page sends, the second time it is asked for, for each who may see it."""
    counted = {}
    for name, client in clients.items():
        for path in paths:
            client.get(path)
            if client.get(path).status_code == 200:
                tally = queries.TALLY.get()
                assert tally is not None
                counted[name, path] = tally.queries
    return counted


@pytest.mark.database("sqlite")
def test_ten_times_the_people_need_the_same_number_of_statements_on_each_page(
    tmp_path: Path, environment: dict[str, str], compiled_templates: Path
):
    seen = []
    for people in (FEW, MANY):
        with installation(tmp_path / str(people), people, environment, compiled_templates) as (app, clients):
            assert set(STAFF) <= set(clients)
            wanted = {name: clients[name] for name in STAFF}
            seen.append(statements(app, wanted, pages_of(app) + rows_of(app)))
    few, many = seen
    assert len(few) > 60
    for page in few.keys() & many.keys():
        more = many[page] - few[page]
        assert more <= (KINDS if page[1] in BY_KIND else 0), (page, few[page], many[page])
