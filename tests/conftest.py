"""What every test may ask for."""

import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from pme import create_app, schema
from pme.config import Settings
from pme.db import Database
from tests.support import apart
from tests.support import html as pages
from tests.support.cast import set_the_stage
from tests.support.client import Visit
from tests.support.clock import Clock
from tests.support.keys import KEYS_SECRET
from tests.support.templates import share_templates

pytest_plugins = ["tests.support.browser", "tests.support.databases"]

Visits = Callable[[str], Visit]
LONGEST = ("browser/test_every_page.py", "tests/browser/", "tests/durability/", "web/test_permissions.py")
SELDOM = (20_000, 20, 50)
"""After how many new objects the youngest garbage is collected, and after how many times the older."""
STATEMENTS = 4_000
"""Compiled statements that an engine of the tests keeps: they send more kinds than an installation does in a day."""
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = (
    False  # or every process of a test compiles what it imports, and each worker every test
)
apart.install()
hypothesis.settings.register_profile("busy", suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")  # a machine that is busy for a moment is no fault of what is tested


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while modules and tests are read, and never look through these again: they stay.

    Afterwards seldom: tests make many objects and drop them, and looking for circles took a tenth of their time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*SELDOM)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker is left with them at the end, and all at one that keeps its album."""
    items.sort(
        key=lambda item: next((n for n, part in enumerate(LONGEST) if part in item.nodeid), len(LONGEST))
    )


@pytest.fixture(autouse=True)
def academies_apart() -> Iterator[None]:
    """A test fails where the application sent a statement over rows of an academy that names none."""
    apart.NOTICED.clear()
    yield
    noticed = list(dict.fromkeys(map(str, apart.NOTICED)))
    assert noticed == [], "\n".join([*noticed, apart.REMEDY])


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


@pytest.fixture(scope="session")
def _databases() -> Iterator[dict[str, Database]]:
    """This worker's databases by address, since an engine anew connects and compiles every statement anew."""
    databases: dict[str, Database] = {}
    yield databases
    for database in databases.values():
        database.dispose()


def keep_statements(database: Database) -> None:
    """Let an engine that outlives a test compile each statement once."""
    kept: Any = database.engine._compiled_cache
    kept.capacity = STATEMENTS


@pytest.fixture
def database(database_url: str, _databases: dict[str, Database]) -> Iterator[Database]:
    """The database of this test, as the stage was set."""
    if database_url not in _databases:
        _databases[database_url] = Database(database_url)
        keep_statements(_databases[database_url])
    database = _databases[database_url]
    yield database
    if not isinstance(database.engine.pool, QueuePool) or database.engine.pool.checkedout():
        _databases.pop(database_url).dispose()  # the test left something open: the next one begins anew


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session in a write transaction that is never committed."""
    with database.session() as session:
        session.connection(execution_options={"pme_write": True})
        yield session
        session.rollback()


@pytest.fixture
def environment(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of this test's application."""
    return {
        "PME_DATABASE_URL": database_url,
        "PME_INSTANCE_DIR": str(tmp_path_factory.getbasetemp() / "instance"),
        "PME_SECRET_KEY": "for-the-tests-only-" + "k" * 32,
        "PME_KEYS_SECRET": KEYS_SECRET,
        "PME_ARGON2_KIB": "8",
        "PME_ARGON2_PASSES": "1",
        "PME_CONTENT_ACADEMY": "home",
        "PME_DEVELOPMENT": "yes",
        "PME_WORKER": "off",
    }


@pytest.fixture(scope="session")
def _of_all_workers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], Path]:
    """A folder by its name in which all workers of the run keep what one of them has made."""
    own = tmp_path_factory.getbasetemp()

    def folder(name: str) -> Path:
        place = (own if worker_id == "master" else own.parent) / name
        place.mkdir(mode=0o700, exist_ok=True)
        return place

    return folder


@pytest.fixture(scope="session")
def compiled_templates(_of_all_workers: Callable[[str], Path]) -> Path:
    """Where all workers of the run keep the templates that one of them has compiled."""
    return _of_all_workers("templates")


@pytest.fixture(scope="session", autouse=True)
def _skeletons(_of_all_workers: Callable[[str], Path]) -> Iterator[None]:
    """What one worker has read strictly no other reads again."""
    pages.Shared.folder = _of_all_workers("skeletons")
    yield
    pages.Shared.folder = None


@pytest.fixture(scope="session")
def _apps() -> Iterator[dict[str, Flask]]:
    """This worker's applications by database, since building one anew for each test costs most of it."""
    apps: dict[str, Flask] = {}
    yield apps
    for app in apps.values():
        database: Database = app.extensions["pme_database"]
        database.dispose()
        app.extensions["pme_renderer"].close()


@pytest.fixture
def app(environment: dict[str, str], _apps: dict[str, Flask], compiled_templates: Path) -> Flask:
    """The application on this test's database."""
    url = environment["PME_DATABASE_URL"]
    if url not in _apps:
        share_templates(Path(environment["PME_INSTANCE_DIR"]), compiled_templates)
        _apps[url] = create_app(Settings.from_environment(environment))
        keep_statements(_apps[url].extensions["pme_database"])
        gc.collect()
        gc.freeze()  # it stays, too
    return _apps[url]


@pytest.fixture
def clock(app: Flask) -> Iterator[Clock]:
    """The application's clock, in the test's hands."""
    own = app.extensions["pme_clock"]
    app.extensions["pme_clock"] = clock = Clock(own())
    yield clock
    app.extensions["pme_clock"] = own


@pytest.fixture
def visit(app: Flask, request: pytest.FixtureRequest) -> Visits:
    """A member of the cast in a browser of their own, signed in unless they are nobody."""
    by_form = request.node.get_closest_marker("by_form") is not None
    return lambda name: Visit(app, name, by_form=by_form)
