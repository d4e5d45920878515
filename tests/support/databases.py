"""The databases of the tests: whoever asks for `database_url` runs once on SQLite and once on PostgreSQL.

Each worker keeps one database of each kind, made from a template that is prepared once a run, and every
test finds it as the template was. So its address never changes, and an application may outlive a test.
`PME_TEST_DATABASE=sqlite` or `postgresql` keeps a run to one kind; `@pytest.mark.database("sqlite")`
keeps a test to one, and tests in a browser (`@pytest.mark.browser`) run on the first kind only. Of tests that
do the same on both kinds (`@pytest.mark.alike`, on one with many cases or on a file), PostgreSQL gets the first,
or as many as the mark says, and the others in `make soak`; a test that hangs on its database names both kinds.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from pme import db
from tests.support import postgres

KINDS = ("sqlite", "postgresql")
Prepare = Callable[[str], None]
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'
"""
COLUMNS = """
    SELECT quote_ident(column_name) FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = :table AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = "SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = 'public'"
keeper_key = pytest.StashKey[postgres.Keeper]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the keeper in the process that owns the run; workers find it by the environment."""
    if not hasattr(config, "workerinput"):
        config.stash[keeper_key] = postgres.Keeper()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the keeper started."""
    if keeper_key in config.stash:
        config.stash[keeper_key].close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a database once on each kind that is wanted."""
    if "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", _kinds_for(metafunc.definition), indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make soak` what PostgreSQL would be asked again, unless it alone is asked."""
    if os.environ.get("PME_TEST_DATABASE"):
        return
    asked: Counter[str] = Counter()
    for item in items:
        found = next(item.iter_markers_with_node("alike"), None)
        says_both = item.get_closest_marker("database") is not None
        if found is None or says_both or _kind_of(item) != "postgresql":
            continue
        node, mark = found
        group = item.nodeid.partition("[")[0] if node is item else node.nodeid
        if asked[group] >= (mark.args[0] if mark.args else 1):
            item.add_marker(pytest.mark.soak)
        asked[group] += 1


def _kind_of(item: pytest.Item) -> str:
    """The kind of database that a test runs on, or "" where it needs none."""
    return str(item.callspec.params.get("database_url", "")) if hasattr(item, "callspec") else ""


def _kinds_for(test: pytest.Item) -> list[str]:
    wanted = os.environ.get("PME_TEST_DATABASE", "")
    if wanted and wanted not in KINDS:
        raise pytest.UsageError(
            f"PME_TEST_DATABASE is {wanted!r}: it can be {' or '.join(KINDS)}, or left out"
        )
    kinds = [wanted] if wanted else list(KINDS)
    if mark := test.get_closest_marker("database"):
        return [kind for kind in kinds if kind in mark.args]
    return kinds[:1] if test.get_closest_marker("browser") else kinds


@pytest.fixture(scope="session")
def prepare_database() -> Prepare:
    """Fills the template: given the address of an empty database. Overridden by the tests' conftest."""
    return lambda _url: None


class Store:
    """One worker's database of one kind, which can be brought back to how the template was."""

    url: str

    def reset(self) -> None:
        """Make it equal to the template again."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of it."""


class SqliteStore(Store):
    """A file beside the template's, rewritten from it through SQLite's own backup."""

    def __init__(self, folder: Path, worker: str, prepare: Prepare) -> None:
        template, own = folder / "template.sqlite", folder / f"{worker}.sqlite"
        with once(folder / "sqlite") as first:
            if first:
                prepare(f"sqlite:///{template}")
        self.url = f"sqlite:///{own}"
        driver = db.sqlite_build().driver
        self._template, self._own = driver.connect(template), driver.connect(own)

    def reset(self) -> None:
        self._template.backup(self._own)

    def close(self) -> None:
        self._template.close()
        self._own.close()


class PostgresStore(Store):
    """A database copied from the template, whose rows are put back from a schema that keeps them."""

    def __init__(self, folder: Path, worker: str, prepare: Prepare) -> None:
        server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT")
        with server.connect() as connection, once(folder / "postgresql") as first:
            if first:
                connection.execute(text("CREATE DATABASE template"))
                prepare(postgres.server_url("template"))
                _keep_rows(postgres.server_url("template", user=postgres.SUPERUSER))
            connection.execute(text(f"CREATE DATABASE {worker} TEMPLATE template"))
        server.dispose()
        self.url = postgres.server_url(worker)
        self._engine = create_engine(postgres.server_url(worker, user=postgres.SUPERUSER), pool_size=1)
        with self._engine.begin() as connection:
            self._restore = connection.scalar(text("SELECT statements FROM kept.restore"))

    def reset(self) -> None:
        with self._engine.begin() as connection:
            connection.execution_options(no_parameters=True).exec_driver_sql(self._restore)

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def once(name: Path) -> Iterator[bool]:
    """True for the first worker of the run to come here, while the others wait for it."""
    with name.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = name.with_suffix(".done")
        yield not done.exists()
        done.touch()


def _keep_rows(url: str) -> None:
    """Copy the template's rows into the schema `kept`, with the statements that put them back.

    Rows go and come without triggers, since some tables refuse deletion on purpose.
    """
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA kept"))
        restore = [END_OTHERS, "SET LOCAL session_replication_role = replica"]
        for table in connection.scalars(text(TABLES)).all():
            public, kept = f'public."{table}"', f'kept."{table}"'
            restore.append(f"DELETE FROM {public}")
            if connection.scalar(text(f"SELECT EXISTS (SELECT FROM {public})")):
                names = ", ".join(connection.scalars(text(COLUMNS), {"table": table}))
                connection.execute(text(f"CREATE TABLE {kept} AS SELECT {names} FROM {public}"))
                restore.append(
                    f"INSERT INTO {public} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {kept}"
                )
        for name, last in connection.execute(text(SEQUENCES)):
            called = "false" if last is None else "true"
            restore.append(f"SELECT setval('public.{name}', {last or 1}, {called})")
        connection.execute(text("CREATE TABLE kept.restore (statements text)"))
        connection.execute(text("INSERT INTO kept.restore VALUES (:all)"), {"all": ";\n".join(restore)})
    engine.dispose()


@pytest.fixture(scope="session")
def _stores(prepare_database: Prepare) -> Iterator[Callable[[str], Store]]:
    """This worker's stores, each made when first asked for."""
    folder = Path(os.environ[postgres.FOLDER])
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    made: dict[str, Store] = {}

    def store(kind: str) -> Store:
        if kind not in made:
            sort = SqliteStore if kind == "sqlite" else PostgresStore
            made[kind] = sort(folder, worker, prepare_database)
        return made[kind]

    yield store
    for one in made.values():
        one.close()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, _stores: Callable[[str], Store]) -> str:
    """The address of a database that is as the template was, whatever the test before did."""
    store = _stores(request.param)
    store.reset()
    return store.url
