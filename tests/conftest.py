"""What every test may ask for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from pme import create_app, schema
from pme.config import Settings
from pme.db import Database
from tests.support.cast import set_the_stage
from tests.support.client import Visit

pytest_plugins = ["tests.support.browser", "tests.support.databases"]

Visits = Callable[[str], Visit]


@pytest.fixture(scope="session")
def prepare_database() -> Callable[[str], None]:
    """Fills the template of the run's databases: the newest schema, the library and the cast."""

    def prepare(url: str) -> None:
        database = Database(url)
        schema.upgrade(database)
        with database.writing() as session:
            set_the_stage(session)
        database.dispose()

    return prepare


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The database of this test, as the stage was set."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session in a write transaction that is never committed."""
    with database.session() as session:
        session.connection(execution_options={"pme_write": True})
        yield session
        session.rollback()


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of this test's application."""
    return {
        "PME_DATABASE_URL": database_url,
        "PME_INSTANCE_DIR": str(tmp_path / "instance"),
        "PME_SECRET_KEY": "for-the-tests-only-" + "k" * 32,
        "PME_ARGON2_KIB": "8",
        "PME_ARGON2_PASSES": "1",
        "PME_DEVELOPMENT": "yes",
    }


@pytest.fixture
def app(environment: dict[str, str]) -> Iterator[Flask]:
    """The application on this test's database."""
    app = create_app(Settings.from_environment(environment))
    yield app
    database: Database = app.extensions["pme_database"]
    database.dispose()


@pytest.fixture
def visit(app: Flask) -> Visits:
    """A member of the cast in a browser of their own, signed in unless they are nobody."""
    return lambda name: Visit(app, name)
