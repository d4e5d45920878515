"""An installation as an earlier version left it comes to the newest schema with all its rows, and opens its pages.

The oldest passes every later migration on its way; the others are for `make soak`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from pme import audit, create_app, schema
from pme.certificates.models import Certificate
from pme.config import Settings
from pme.db import Database
from pme.people.models import Academy
from tests.migrations import stored
from tests.migrations.test_migrations import KINDS, REVISIONS, WANTED
from tests.support.client import Visit
from tests.support.postgres import SUPERUSER

OLDEST = stored.revisions()[0]
LARGEST = 60_000
TEACH = "/teach/core"
PAGES = {
    "adams": ("/learn/core", "/learn/core/basics/", "/learn/core/my-progress", "/account"),
    "gray": ("/certificates",),
    "clarke": (TEACH, f"{TEACH}/board", f"{TEACH}/quizzes/check/quality", f"{TEACH}/panels", "/author"),
    "evans": ("/academy", "/academy/people", "/academy/certificates", "/academy/reports", "/academy/audit"),
    "nobody": ("/", "/verify"),
}
CASES = [
    pytest.param(kind, revision, marks=() if revision == OLDEST else pytest.mark.soak)
    for kind in WANTED
    for revision in stored.revisions()
]


@pytest.fixture
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, stored.Rows]]:
    """A database of an earlier revision with its rows, brought to the newest; and those rows."""
    kind, revision = request.param
    for url in KINDS[kind](tmp_path):
        database, rows = Database(url), stored.stored(revision)
        schema.upgrade(database, to=revision)
        owner = database.url if database.is_sqlite else database.url.set(username=SUPERUSER)
        stored.load(Database(owner.render_as_string(hide_password=False)), rows)
        schema.upgrade(database)
        yield database, rows
        database.dispose()


@pytest.mark.parametrize(
    "upgraded", [pytest.param(case.values, marks=case.marks) for case in CASES], indirect=True
)
def test_a_stored_installation_is_upgraded_with_all_its_rows_and_opens_its_pages(
    upgraded: tuple[Database, stored.Rows], environment: dict[str, str]
):
    database, rows = upgraded
    assert schema.revision(database) == schema.newest()
    with database.session() as session:
        for table in ("academy", "person", "attempt", "response", "course_completion", "certificate"):
            there = session.scalar(text(f"SELECT count(*) FROM {table}"))
            assert there == len(rows[table]) > 0, table
        for academy in (None, *session.scalars(select(Academy.id))):
            assert audit.first_broken(session, academy_id=academy) is None
        code, number = session.execute(
            select(Certificate.code, Certificate.number).order_by(Certificate.id)
        ).first() or ("", "")
    settings = environment | {"PME_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    app = create_app(Settings.from_environment(settings))
    try:
        for name, pages in PAGES.items():
            visit = Visit(app, name)
            assert {page: visit.get(page).status for page in pages} == dict.fromkeys(pages, 200), name
        assert number in Visit(app, "nobody").get(f"/verify/{code}").text
    finally:
        app.extensions["pme_database"].dispose()
        app.extensions["pme_renderer"].close()


def test_some_revisions_are_stored_and_stay_small():
    assert len(stored.revisions()) >= 3
    assert set(stored.revisions()) <= set(REVISIONS)
    sizes = {path.name: path.stat().st_size for path in stored.FOLDER.iterdir()}
    assert max(sizes.values()) < LARGEST, sizes
