"""The database: base class, column types, engine and sessions, for SQLite and PostgreSQL.

Knows no Flask and commits nothing. Reading transactions begin lazily; a writing one begins with
`write_session()` so that SQLite takes its write lock at once (`BEGIN IMMEDIATE`).
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    CursorResult,
    DateTime,
    Engine,
    Enum,
    Executable,
    MetaData,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from pme.config import Settings
from pme.config_limits import NO_LIMITS, Limits
from pme.errors import BUSY, Unavailable
from pme.fleeting.relay import FLEETING, Relay, relay_of
from pme.lent import lends, soon
from pme.line import Line
from pme.scope import EVERYWHERE, LIMITS, SEES, WRITES, announce
from pme.sizes import count_what_has_grown
from pme.stores.chosen import STORE, store_of
from pme.stores.home import Store
from pme.trips import fewer_trips

SAFE_WAL = (3, 51, 3)
"""First SQLite without the WAL-reset corruption bug of 3.7.0 to 3.51.2."""
BUSY_MILLISECONDS = 10_000
AWAY = (OperationalError, InterfaceError, NoConnection)
"""What is raised where a database cannot be used just now; the last where all connections stay in use for too long."""
RENEWED = 600
"""Seconds after which a connection to SQLite is opened anew: only then does it see what was counted elsewhere."""
WRITE = WRITES

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every stored thing; gives each constraint a name that migrations can speak of."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses moments without a time zone, and always gives one back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(enum: type[StrEnum], name: str) -> Enum:
    """A column type that stores an enum by value; pair it with `choice_check`."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


def choice_check(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """The named CHECK that keeps a column to the values of its enum."""
    allowed = ", ".join(f"'{member.value}'" for member in enum)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_is_known")


@dataclass(frozen=True)
class SqliteBuild:
    """The SQLite in use: its driver, its version, and whether WAL is safe with it."""

    driver: ModuleType
    version: tuple[int, ...]

    @property
    def wal_is_safe(self) -> bool:
        """False for builds with the WAL-reset bug, which then use a rollback journal."""
        return self.version >= SAFE_WAL

    @property
    def journal(self) -> str:
        """The journal mode in use."""
        return "WAL" if self.wal_is_safe else "DELETE"

    def describe(self) -> str:
        """One sentence for the start-up message."""
        number = ".".join(map(str, self.version))
        if self.wal_is_safe:
            return f"SQLite {number}, write-ahead log, full synchronisation"
        return (
            f"SQLite {number} has the WAL-reset bug, so a rollback journal is used (writes are slower); "
            "install the pysqlite3 wheel or SQLite 3.51.3 or newer for the write-ahead log"
        )


def sqlite_build() -> SqliteBuild:
    """The best SQLite at hand: Python's own when it is safe, else the bundled one."""
    own = SqliteBuild(sqlite3, sqlite3.sqlite_version_info)
    if own.wal_is_safe:
        return own
    try:
        from pysqlite3 import dbapi2 as bundled  # noqa: PLC0415  (only looked for when needed)
    except ImportError:
        return own
    other = SqliteBuild(bundled, bundled.sqlite_version_info)
    return other if other.wal_is_safe else own


class Database:
    """An engine and its sessions. `sees` is what these see at first (see `pme.scope`).

    `pooled`: PgBouncer or the like gives each transaction another connection, so nothing is prepared on one. `replica`
    is where long reports are read, `store` and `relay` say where files lie and the way to Redis.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        sees: str = EVERYWHERE,
        pooled: bool = False,
        replica: str = "",
        store: Store | None = None,
        relay: Relay | None = None,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.url = make_url(url)
        self.is_pooled, self.relay = pooled, relay
        self._carried = {STORE: store, FLEETING: relay, LIMITS: limits}
        self._replica = (
            Database(soon(replica), pool_size=pool_size, sees=sees, pooled=pooled, limits=limits)
            if replica
            else None
        )
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._sqlite(pool_size) if self.is_sqlite else self._postgresql(pool_size)
        self.sees = sees
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        if not self.is_sqlite:
            event.listen(self._sessions, "after_begin", announce)
            fewer_trips(self.engine, is_pooled=pooled)
        self._line = Line(_beside(self.url.database) if self.is_sqlite else None)

    def describe(self) -> str:
        """One sentence that says which database is in use, without its password."""
        if self.is_sqlite:
            return f"{sqlite_build().describe()} ({self.url.database})"
        return f"PostgreSQL ({self.url.render_as_string(hide_password=True)})"

    def unguarded(self) -> str:
        """Why PostgreSQL does not keep academies apart here by itself, in one sentence; empty where it does."""
        if self.is_sqlite:
            return ""
        asked = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
        with self.engine.connect() as connection:
            role = connection.exec_driver_sql(asked).scalar()
        if role is None:
            return ""
        return (
            f"The database role “{role}” may bypass row-level security, so PostgreSQL does not check a second time "
            "that each academy sees its own rows only; use a role that is no superuser (docs/install.md)."
        )

    def unreachable(self, error: DBAPIError) -> Unavailable:
        """What to say when the database cannot be used: which one, why, and never its password."""
        if self.is_sqlite:
            name = f"The SQLite database {self.url.database}"
        else:
            host = self.url.host or self.url.query.get("host") or "this machine"
            port = f", port {self.url.port}" if self.url.port else ""
            name = f"The PostgreSQL database “{self.url.database or self.url.username}” on {host}{port}"
        why = (str(error.orig).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        if self.url.password and str(self.url.password) in why:
            why = "it refuses the connection"
        return Unavailable(f"{name} cannot be used; start it or correct PME_DATABASE_URL ({why}).")

    def session(self) -> Session:
        """A session that reads; its transaction begins with its first statement."""
        return self._sessions(info={SEES: self.sees, **self._carried})

    def seeing(self, sees: str) -> "Database":
        """The same database for those who see something else: everywhere, nowhere, or one academy by its id."""
        other = copy(self)
        other.sees = sees
        return other

    def for_reports(self) -> "Database":
        """Where long reports are read: a replica, which may be seconds behind, or this database while it is away."""
        return replica.seeing(self.sees) if (replica := self._replica) and lends(replica.engine) else self

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in a write transaction, committed at the end: for commands and tests."""
        with self.turn(), self.session() as session:
            begin_writing(session)
            yield session
            session.commit()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A writer's turn. SQLite takes one writer at a time and makes the others sleep and retry; waiting
        in line here costs less and is fair. PostgreSQL needs no line. Raises Unavailable after a long wait.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._line.enter(seconds=BUSY_MILLISECONDS / 1000):
            raise Unavailable(BUSY)
        try:
            yield
        finally:
            self._line.leave()

    def look_at_sizes(self) -> None:
        """Let SQLite count again what has grown much, so that it plans its queries by what is in the tables.

        Without it, a condition that nearly every row fulfils, such as the academy, may be looked up first.
        PostgreSQL counts by itself.
        """
        if not self.is_sqlite:
            return
        with self.turn(), self.engine.connect().execution_options(**{WRITE: True}) as connection:
            count_what_has_grown(connection)
            connection.commit()

    @property
    def faults(self) -> tuple[type[Exception], ...]:
        """What goes wrong with a connection of one's own, or on the way to it."""
        return (self.engine.dialect.loaded_dbapi.Error, DBAPIError, OSError)

    def own_connection(self) -> Any:
        """A connection of the driver that belongs to nobody else, for PostgreSQL's calls."""
        lent = self.engine.raw_connection()
        connection: Any = lent.driver_connection
        lent.detach()
        connection.autocommit = True
        return connection

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
        self._line.close()
        if self._replica is not None:
            self._replica.dispose()

    def _sqlite(self, pool_size: int) -> Engine:
        build = sqlite_build()
        engine = create_engine(
            self.url,
            module=build.driver,
            connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False},
            pool_size=pool_size,
            max_overflow=-1,  # whoever has the turn to write needs a connection, while others wait with theirs
            pool_recycle=RENEWED,
            hide_parameters=True,
        )

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            connection.isolation_level = None  # SQLAlchemy's "begin" below opens transactions
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            cursor.execute(f"PRAGMA journal_mode = {build.journal}")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            writes = connection.get_execution_options().get(WRITE, False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    def _postgresql(self, pool_size: int) -> Engine:
        return create_engine(
            self.url,
            pool_size=2 * pool_size,  # kept once needed: opening one takes longer than most requests
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=BUSY_MILLISECONDS / 1000,
            hide_parameters=True,
            connect_args={"prepare_threshold": None} if self.is_pooled else {},
        )


def _beside(file: str | None) -> Path | None:
    """Where writers of a database file wait in line; nowhere for one in memory."""
    return Path(f"{file}.line") if file and file != ":memory:" else None


def database_of(settings: Settings, *, sees: str = EVERYWHERE, limits: Limits = NO_LIMITS) -> Database:
    """The installation's database as the settings name it. Raises Refused where a library is lacking."""
    return Database(
        settings.database_url,
        pool_size=max(10, settings.threads),
        sees=sees,
        pooled=settings.database_pooled,
        replica=settings.reports_database_url,
        store=store_of(settings),
        relay=relay_of(settings),
        limits=limits,
    )


def asked(
    session: Session, statement: Executable, given: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a statement on columns, without what sessions do for entities: for what runs with every page."""
    return session.connection().execute(statement, given)


def insert_into(session: Session, model: type[Base]) -> Any:
    """An INSERT that can say `on_conflict_do_nothing` / `_do_update`, in the session's own dialect."""
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")  # it is there already
    return dialect.insert(model)


def wait_in_line(session: Session, key: int) -> None:
    """Wait for any other write transaction that waited with this key; lasts until the transaction ends.

    For PostgreSQL only: in SQLite every write transaction is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def share_line(session: Session, key: int) -> None:
    """Hold off whoever waits in line with this key, beside others who share it, until the transaction ends.

    For PostgreSQL only: in SQLite every write transaction is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": key})


def begin_writing(session: Session) -> None:
    """Leave any reading transaction behind and begin a writing one; load what you change after this call."""
    session.rollback()
    session.connection(execution_options={WRITE: True})


@contextmanager
def opened(settings: Settings, *, limits: Limits = NO_LIMITS) -> Iterator[Database]:
    """An installation's database for one command. Raises Unavailable, with a sentence, when it cannot be reached."""
    database = database_of(settings, limits=limits)
    try:
        if not database.is_sqlite:
            database.engine.connect().close()
        yield database
    except (OperationalError, InterfaceError) as error:
        raise database.unreachable(error) from error
    finally:
        database.dispose()
