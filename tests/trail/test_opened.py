"""Each student sees who opened their attempts: noted when a page is sent, once a look, and to nobody else."""

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from pme.db import Database
from pme.marking.plan import Plan
from pme.marking.planning import set_plan
from pme.marking.queries import Group
from pme.people.models import Academy
from pme.trail.models import Opened, Part
from pme.trail.opened import OpenedLine, opened_by
from tests.conftest import Visits
from tests.support.belongings import Belongings, give
from tests.support.cast import AWAY, HOME, START
from tests.support.client import Visit
from tests.support.clock import Clock
from tests.support.essays import SLUG, give_script, person_of


def looks_at(database: Database, name: str = "adams", slug: str = HOME) -> list[tuple[str, Part]]:
    with database.session() as session:
        return [(line.by, line.part) for line in lines_of(session, name, slug)]


def lines_of(session: Session, name: str, slug: str = HOME) -> list[OpenedLine]:
    academy = session.scalars(select(Academy.id).where(Academy.slug == slug)).one()
    return list(opened_by(session, academy, person_of(session, name).id))


@pytest.fixture
def own(database: Database) -> Belongings:
    """What Adams owns."""
    return give(database, "adams")


def test_a_student_can_learn_who_opened_their_attempts_and_shared_reflections(
    own: Belongings, visit: Visits, database: Database, clock: Clock
):
    clarke, adams = visit("clarke"), visit("adams")
    clarke.get(f"/teach/attempts/{own.finished_quiz}")
    clarke.get(f"/teach/attempts/{own.finished_quiz}")
    assert looks_at(database) == [("Captain Clarke Person", Part.ATTEMPT)], "a reload is the same look"
    clock.move(minutes=16)
    clarke.get(f"/teach/attempts/{own.finished_quiz}")
    assert len(looks_at(database)) == 2
    clarke.get(f"/teach/attempts/{own.debrief}")
    assert looks_at(database)[0][1] is Part.ATTEMPT, "what is private is not opened"
    debrief = adams.get(f"/attempts/scenario/{own.debrief}/debrief")
    debrief.press("Save and share it with my instructors", prompt_0="I listened.")
    clarke.get(f"/teach/attempts/{own.debrief}")
    assert looks_at(database)[0] == ("Captain Clarke Person", Part.REFLECTION)
    with database.session() as session:
        (line, *_) = lines_of(session, "adams")
        assert (line.slug, line.number, line.course) == ("checkpoint", 1, "core")


def test_who_may_not_open_an_attempt_leaves_no_trace_and_other_academies_see_none(
    own: Belongings, visit: Visits, database: Database
):
    for name in ("davis", "evans", "hayes", "adams"):
        assert visit(name).fetch(f"/teach/attempts/{own.finished_quiz}").status_code in (403, 404)
    assert looks_at(database) == []
    visit("clarke").get(f"/teach/attempts/{own.finished_quiz}")
    assert looks_at(database, slug=AWAY) == []
    assert looks_at(database, "baker") == []


def test_an_essay_is_noted_only_where_its_page_names_the_writer(visit: Visits, database: Database):
    code = give_script(database, "adams")
    visit("clarke").get(f"/teach/core/scripts/{code}")
    assert looks_at(database) == [], "nobody knows whose it is"
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        clarke = person_of(session, "clarke").id
        set_plan(session, Group(academy, "core", SLUG, None), Plan(is_named=True), by=clarke, at=START)
    visit("clarke").get(f"/teach/core/scripts/{code}")
    assert looks_at(database) == [("Captain Clarke Person", Part.SCRIPT)]


def test_a_page_whose_look_cannot_be_noted_is_not_sent(
    own: Belongings, visit: Visits, app: Flask, database: Database
):
    clarke: Visit = visit("clarke")
    engine = app.extensions["pme_database"].engine

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO attempt_opened"):
            raise engine.dialect.loaded_dbapi.OperationalError("disk full")

    event.listen(engine, "before_cursor_execute", refuse)
    try:
        page = clarke.get(f"/teach/attempts/{own.finished_quiz}")
    finally:
        event.remove(engine, "before_cursor_execute", refuse)
    assert page.status == 503
    assert "noted for the student" in page.words
    assert "Adams" not in page.words
    with database.session() as session:
        assert session.scalars(select(Opened)).all() == []


def test_a_get_that_writes_anything_else_is_found_by_every_test(app: Flask, visit: Visits):
    clarke = visit("clarke")
    writes = app.extensions["pme_database"]

    def meddle() -> None:
        with writes.writing() as session:
            session.connection().exec_driver_sql("UPDATE person SET rank = 'Major' WHERE id = 1")

    app.before_request_funcs.setdefault(None, []).append(meddle)
    try:
        with pytest.raises(AssertionError, match="person"):
            clarke.get("/teach")
    finally:
        app.before_request_funcs[None].remove(meddle)
