"""A dump of a PostgreSQL database and its way back, by PostgreSQL's own programs.

The dump is taken of a snapshot in which the rows were counted, while others read and write on. It comes back in one
transaction: what was there before is moved to a schema of another name, or nothing has changed.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.orm import Session

from pme.backups.archive import PIECE
from pme.db import Database
from pme.errors import Unavailable
from pme.scope import EVERYWHERE, SETTING

DEBIAN = Path("/usr/lib/postgresql")
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
SCHEMA = "public"
HEAD = 60
"""Lines in which a script sets what holds for it."""
TRANSACTION_TIMEOUT = 17
"""First PostgreSQL that knows transaction_timeout, which its pg_restore sets for any other."""
OTHERS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Snapshot:
    """A moment of the database: its name for pg_dump, what was counted in it, and by which server."""

    name: str
    revision: str
    rows: dict[str, int]
    server: str


@contextmanager
def snapshot(database: Database) -> Iterator[Snapshot]:
    """A moment that lasts as long as this."""
    with database.session() as session:
        connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        name = session.scalar(text("SELECT pg_export_snapshot()"))
        yield Snapshot(str(name), _revision(connection), rows_in(session), _server(connection))


def rows_in(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    tables = sorted(inspect(session.connection()).get_table_names(schema=SCHEMA))
    return {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in tables}  # noqa: S608


def is_empty(session: Session) -> bool:
    """Whether nobody and no academy is in the database."""
    tables = {"person", "academy"} & set(inspect(session.connection()).get_table_names(schema=SCHEMA))
    return not any(session.scalar(text(f'SELECT 1 FROM "{name}" LIMIT 1')) for name in sorted(tables))  # noqa: S608


def in_use(session: Session) -> int:
    """How many others are connected to the database."""
    return session.scalar(text(OTHERS)) or 0


def dump(database: Database, moment: Snapshot) -> Iterator[bytes]:
    """The database as it was at a moment, in pg_dump's own form, piece by piece."""
    program = _program("pg_dump", _major(moment.server))
    how = ["--format=custom", "--no-owner", "--no-privileges", "--enable-row-security", f"--schema={SCHEMA}"]
    address, environment = reached(database)
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 (PostgreSQL's own)
            [program, *how, f"--snapshot={moment.name}", f"--dbname={address}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment,
        ) as process:
            output = cast("IO[bytes]", process.stdout)
            try:
                while piece := output.read(PIECE):
                    yield piece
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise Unavailable(f"pg_dump could not read the database: {_last(said)}")


def bring_back(database: Database, dumped: Path, *, keep_as: str) -> None:
    """Put a dump in the place of what is there, which is kept as a schema of this name; all of it or nothing."""
    with database.session() as session:
        major = _major(_server(session.connection()))
    database.dispose()
    restore = _program("pg_restore", major)
    psql = restore.with_name("psql") if restore.with_name("psql").exists() else _program("psql", major)
    address, environment = reached(database)
    how = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as told:
        reading = subprocess.Popen(  # noqa: S603 (PostgreSQL's own)
            [restore, "--file=-", "--no-owner", "--no-privileges", f"--schema={SCHEMA}", dumped],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        writing = subprocess.Popen(  # noqa: S603 (PostgreSQL's own)
            [psql, *how, f"--dbname={address}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=told,
            env=environment,
        )
        with suppress(BrokenPipeError), reading, writing:  # the pipe breaks where psql refuses: it says why
            script, into = cast("IO[bytes]", reading.stdout), cast("IO[bytes]", writing.stdin)
            renamed = f'ALTER SCHEMA {SCHEMA} RENAME TO "{keep_as}";\nCREATE SCHEMA {SCHEMA};\n'
            into.write(renamed.encode())
            for line in _head(script, major):
                into.write(line)
            shutil.copyfileobj(script, into, PIECE)
            if reading.wait():  # half a script must not be the end of the transaction
                writing.kill()
        if reading.returncode or writing.returncode:
            raise Unavailable(f"The database could not be brought back: {_last(said) or _last(told)}")


def take_back(session: Session, *, kept_as: str) -> None:
    """What was there before, in its place again."""
    session.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
    session.execute(text(f'ALTER SCHEMA "{kept_as}" RENAME TO {SCHEMA}'))


def drop(session: Session, schema: str) -> None:
    """Let go of what was there before."""
    session.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))


def program_for(name: str, server: str) -> str:
    """Where a program of PostgreSQL is that can speak to a server. Raises Unavailable, saying what to install."""
    return str(_program(name, _major(server)))


def reached(database: Database) -> tuple[str, dict[str, str]]:
    """How PostgreSQL's programs reach the database: an address without its password, and an environment with it."""
    query = dict(database.url.query)
    options = query.pop("options", "") or os.environ.get("PGOPTIONS", "")
    environment = dict(os.environ) | {"PGOPTIONS": f"{options} -c {SETTING}={EVERYWHERE}".strip()}
    if database.url.password:
        environment["PGPASSWORD"] = str(database.url.password)
    url = database.url
    address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return address.render_as_string(), environment


def _program(name: str, major: int) -> Path:
    places = [Path(found)] if (found := shutil.which(name)) else []
    places += sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    versions = {path: _version(path) for path in places}
    for path, version in versions.items():
        if version >= major:
            return path
    package = f"install the package postgresql-client-{major} (or a newer one)"
    if not versions:
        raise Unavailable(f"{name} of PostgreSQL is not installed; {package}, then try again.")
    raise Unavailable(
        f"{name} {max(versions.values())} is older than the server, which is PostgreSQL {major}; {package}, "
        "then try again."
    )


def _version(program: Path) -> int:
    try:
        said = subprocess.run(  # noqa: S603 (asked for its version)
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return int(found[1]) if (found := VERSION.search(said)) else 0


def _major(server: str) -> int:
    return int(re.split(r"\D", server, maxsplit=1)[0])


def _server(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SHOW server_version").scalar_one())


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version", schema=SCHEMA):
        return ""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def _head(script: IO[bytes], major: int) -> Iterator[bytes]:
    """The first lines of a script, without the settings that an older server does not know."""
    for _ in range(HEAD):
        line = script.readline()
        if not (line.startswith(b"SET transaction_timeout") and major < TRANSACTION_TIMEOUT):
            yield line


def _last(said: IO[bytes]) -> str:
    """What a program complained of, in a line."""
    said.seek(0)
    lines = [line.strip() for line in said.read().decode(errors="replace").splitlines() if line.strip()]
    wrong = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()] or lines
    return wrong[0] if wrong else ""
