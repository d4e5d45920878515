"""Probes of the database and of what is kept in it, each a few reads over the whole installation."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pme import schema
from pme.audit import AuditEntry
from pme.config import Settings
from pme.content import attachment_store
from pme.content.drift import apart as drifted
from pme.content.files import read_tree
from pme.content.kept_files import files_of, hashes
from pme.content.publish import newest
from pme.db import Database, sqlite_build
from pme.doctor import seen_machine
from pme.doctor.facts import Content, Engine, Erasures, Signing, Unnamed, Work
from pme.errors import Invalid
from pme.jobs.models import Duty, Job, JobStatus
from pme.keys import chains, service
from pme.keys.keyring import Keyring
from pme.keys.models import SigningKey
from pme.keys.public import KeyKind
from pme.keys.queries import without_keys
from pme.outbox.models import Letter, LetterState
from pme.people.models import Academy
from pme.privacy import journal
from pme.privacy.models import Erasure
from pme.stores.chosen import store_of

DAY = timedelta(days=1)
SIGNS = {KeyKind.ED25519: "credentials, returns and QR codes", KeyKind.P256: "PDF files"}
PRAGMAS = ("journal_mode", "synchronous", "foreign_keys")
SHOWN = ("fsync", "full_page_writes", "synchronous_commit")
FAULTS = 3
STEPS = 100_000
"""Steps of SQLite after which whoever waits for it hears that it goes on: some milliseconds."""
BROKEN_INDEXES = """
    SELECT 'the index ' || c.relname || ' is not valid' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT i.indisvalid ORDER BY 1
"""


def engine(
    database: Database, *, is_brief: bool = False, still: Callable[[], object] = lambda: None
) -> Engine:
    """Its kind, settings, soundness (unless this is to be brief) and schema; `still` is called while it reads on."""
    faults: list[str] = []
    with database.session() as session:
        connection = session.connection()
        revision = schema.revision_at(connection) or ""
        if database.is_sqlite:
            version, settings = (
                sqlite_build().version,
                {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in PRAGMAS},
            )
            faults = [] if is_brief else _faults_of_sqlite(connection, still)
        else:
            number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
            version = (number // 10_000, number % 10_000)
            settings = {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar()) for name in SHOWN}
            faults = list(connection.scalars(text(BROKEN_INDEXES)))
    return Engine(
        is_sqlite=database.is_sqlite,
        version=version,
        describes=sqlite_build().describe()
        if database.is_sqlite
        else f"PostgreSQL {version[0]}.{version[1]}",
        is_safe_build=not database.is_sqlite or sqlite_build().wal_is_safe,
        settings=settings,
        faults=None if is_brief else tuple(faults[:FAULTS]),
        unguarded=database.unguarded().rstrip("."),
        revision=revision,
        newest=schema.newest(),
        is_known=schema.knows(revision),
    )


def academies(session: Session) -> tuple[int, int]:
    """How many there are that are real, and how many demonstrations."""
    found = dict(session.execute(select(Academy.is_demo, func.count()).group_by(Academy.is_demo)).all())
    return found.get(False, 0), found.get(True, 0)


def clock_of(session: Session) -> float | None:
    """Seconds by which the database server's clock is ahead of ours; SQLite has none."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    session.execute(text("SELECT 1"))
    before = datetime.now(UTC)
    there = session.scalar(text("SELECT clock_timestamp()"))
    return seen_machine.apart(there, before) if isinstance(there, datetime) else None


def newest_act(session: Session) -> datetime | None:
    """When the last act on record was."""
    return session.scalar(select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1))


def signing(session: Session, settings: Settings) -> Signing:
    """The keys of every academy, and until when their certificates hold."""
    keyring = Keyring.of(settings)
    lacking = {
        academy.slug: " and for ".join(SIGNS[kind] for kind in kinds)
        for academy, kinds in without_keys(session)
    }
    rows = session.execute(
        select(SigningKey, Academy.slug)
        .join(Academy, Academy.id == SigningKey.academy_id)
        .where(SigningKey.revoked_at.is_(None), SigningKey.retired_at.is_(None))
        .order_by(Academy.slug, SigningKey.id)
    ).all()
    unopened = [
        f"{key.label} of {slug}"
        for key, slug in rows
        if key.private_sealed and not service.can_be_opened(key, keyring)
    ]
    ends = {
        slug: min(one.not_valid_after_utc for one in chains.certificates_in(key.certificate_chain))
        for key, slug in rows
        if key.kind is KeyKind.P256 and key.certificate_chain
    }
    return Signing(sum(academies(session)), lacking, tuple(unopened), ends)


def content(session: Session, settings: Settings) -> Content:
    """The content folders beside what is published."""
    current = newest(session)
    kept = files_of(session, current.id if current else None)
    folder = hashes(read_tree(settings.modules_dir, settings.quizzes_dir).files)
    found = drifted(folder, kept)
    return Content(len(kept), found.edited, found.conflicts, found.waiting)


def unnamed(session: Session, settings: Settings, *, at: datetime) -> Unnamed:
    """What lies in the store and is nobody's."""
    found = attachment_store.unnamed(session, store_of(settings), at=at)
    return Unnamed(len(found), sum(each.size for each in found), tuple(each.name for each in found[:FAULTS]))


def work(session: Session, *, at: datetime) -> Work:
    """Workers, jobs, duties and letters of the whole installation."""
    seen_at = session.scalar(select(func.max(Duty.ran_at)))
    waiting = select(func.min(Job.not_before)).where(Job.status == JobStatus.WAITING, Job.not_before <= at)
    oldest_letter = select(func.min(Letter.created_at)).where(Letter.state == LetterState.WAITING)
    failed = select(func.count(Job.id)).where(Job.status == JobStatus.FAILED, Job.ended_at > at - DAY)
    undelivered = select(func.count(Letter.id)).where(
        Letter.state.in_([LetterState.FAILED, LetterState.LATE]), Letter.not_after > at - DAY
    )
    duties = session.execute(select(Duty.name, Duty.problem).where(Duty.problem != "").order_by(Duty.name))
    return Work(
        silent=_since(seen_at, at),
        oldest_job=_since(session.scalar(waiting), at),
        failed_jobs=session.scalar(failed) or 0,
        duties={name: problem for name, problem in duties},  # noqa: C416 (rows are not pairs to the type checker)
        oldest_letter=_since(session.scalar(oldest_letter), at),
        failed_letters=session.scalar(undelivered) or 0,
    )


def erasures(session: Session, settings: Settings) -> Erasures:
    """The journal beside the database's own rows."""
    rows = list(session.scalars(select(Erasure.sha256)))
    try:
        lines = journal.read(settings.instance_dir)
    except Invalid as error:
        return Erasures(error.says, 0, len(rows), 0)
    return Erasures("", len(lines), len(rows), len({*rows} - {line.sha256 for line in lines}))


def _faults_of_sqlite(connection: Connection, still: Callable[[], object]) -> list[str]:
    with _calling(connection, still):
        found = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA quick_check({FAULTS})")]
        faults = [] if found == ["ok"] else found
        broken: dict[str, int] = defaultdict(int)
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            broken[str(row[0])] += 1
    return faults + [
        f"{number} rows of {table} refer to rows that are not there" for table, number in broken.items()
    ]


@contextmanager
def _calling(connection: Connection, still: Callable[[], object]) -> Iterator[None]:
    """Call somebody every so often while SQLite reads; what they raise ends the reading."""
    raised: list[Exception] = []

    def call() -> bool:
        try:
            still()
        except Exception as error:  # noqa: BLE001  (SQLite would swallow it)
            raised.append(error)
        return bool(raised)

    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(call, STEPS)
    try:
        yield
    except DBAPIError:
        if raised:
            raise raised[0] from None
        raise
    finally:
        driver.set_progress_handler(None, 0)


def _since(moment: datetime | None, at: datetime) -> timedelta | None:
    return at - moment if moment is not None else None
