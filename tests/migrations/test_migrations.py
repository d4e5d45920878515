"""Migrations: one line of them, both ways, ending where the models are, run by one process at a time."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text

from pme import schema
from pme.config import ROOT
from pme.db import Database
from pme.people.models import Person
from pme.schema import every_table
from tests.support.cast import CAST, NOBODY, set_the_stage
from tests.support.postgres import server_url

UPGRADE = (
    "import sys; from pme import schema; from pme.db import Database; schema.upgrade(Database(sys.argv[1]))"
)


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


REVISIONS = [script.revision for script in reversed(list(scripts().walk_revisions()))]


def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'empty.sqlite'}"


def _postgresql(_folder: Path) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    server = create_engine(server_url(), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server_url(name)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


KINDS: dict[str, Callable[[Path], Iterator[str]]] = {"sqlite": _sqlite, "postgresql": _postgresql}
WANTED = [kind for kind in KINDS if os.environ.get("PME_TEST_DATABASE") in (None, "", kind)]


@pytest.fixture(params=WANTED)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind with nothing in it."""
    for url in KINDS[request.param](tmp_path):
        database = Database(url)
        yield database
        database.dispose()


def columns_of(database: Database) -> dict[str, list[tuple[str, str, bool]]]:
    """Every table with its columns: name, type, whether it may be empty."""
    found = inspect(database.engine).get_multi_columns()  # one question for all tables
    return {
        str(table): sorted((c["name"], str(c["type"]), bool(c["nullable"])) for c in columns)
        for (_, table), columns in sorted(found.items(), key=lambda each: str(each[0][1]))
    }


def rows_of(database: Database) -> dict[str, list[str]]:
    with database.session() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in every_table().metadata.sorted_tables
        }


def test_migrations_are_numbered_and_have_one_head():
    assert scripts().get_heads() == [schema.newest()]
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    files = sorted(path.name for path in (ROOT / "migrations/versions").glob("*.py"))
    assert [name.partition("_")[0] for name in files] == REVISIONS


def test_no_migration_imports_the_models():
    for path in (ROOT / "migrations/versions").glob("*.py"):
        assert "pme.people" not in path.read_text(encoding="utf-8")
        assert "models" not in path.read_text(encoding="utf-8"), path.name


@pytest.fixture
def scripts_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step would read every file of the migrations anew."""
    known = scripts()
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _config: known)


@pytest.mark.usefixtures("scripts_read_once")
def test_every_migration_goes_up_down_and_up_again(empty: Database):
    assert schema.revision(empty) is None
    stages = []
    for revision in REVISIONS:
        schema.upgrade(empty, to=revision)
        assert schema.revision(empty) == revision
        stages.append(columns_of(empty))
    for number in range(len(REVISIONS) - 1, 0, -1):
        schema.downgrade(empty, to=REVISIONS[number - 1])
        assert columns_of(empty) == stages[number - 1]
    schema.downgrade(empty, to="base")
    assert schema.revision(empty) is None
    assert set(columns_of(empty)) <= {"alembic_version"}
    schema.upgrade(empty)
    assert columns_of(empty) == stages[-1]


def test_after_all_migrations_the_schema_is_what_the_models_say(database: Database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, every_table().metadata) == []


def test_every_rule_of_the_models_is_kept_by_the_database(database: Database):
    inspector = inspect(database.engine)
    for table in every_table().metadata.sorted_tables:
        named = {str(rule.name) for rule in table.constraints if rule.name} - {f"pk_{table.name}"}
        found = inspector.get_check_constraints(table.name) + inspector.get_unique_constraints(table.name)
        kept = {str(rule["name"]) for rule in found} | {
            str(key["name"]) for key in inspector.get_foreign_keys(table.name)
        }
        assert named == kept, table.name


def test_upgrading_again_changes_nothing(database: Database):
    before = rows_of(database)
    schema.upgrade(database)
    assert rows_of(database) == before


def test_what_is_stored_survives_the_last_migration_both_ways(empty: Database):
    schema.upgrade(empty)
    with empty.writing() as session:
        set_the_stage(session)
    before = rows_of(empty)
    forgets = getattr(scripts().get_revision(REVISIONS[-1]).module, "FORGETS", ())
    if len(REVISIONS) > 1:  # the first migration has nothing before it that could hold data
        schema.downgrade(empty, to=REVISIONS[-2])
        schema.upgrade(empty)
    after = rows_of(empty)
    assert {**after, **{table: before[table] for table in forgets}} == before
    with empty.session() as session:
        assert len(session.scalars(select(Person)).all()) == len(CAST) - 1
    assert NOBODY in CAST


def test_four_processes_that_upgrade_at_once_all_succeed(empty: Database):
    url = empty.url.render_as_string(hide_password=False)
    started = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    told = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, told
    assert schema.revision(empty) == schema.newest()
