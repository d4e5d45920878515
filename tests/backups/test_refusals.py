"""What a backup and a restore refuse, in a sentence that says what to do, with everything as it was before."""

import fcntl
import json
import os
import resource
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from pme import schema
from pme.backups import places, postgres
from pme.backups.belongings import LAST, SUFFIX, belongings
from pme.backups.manifest import DATABASE, NAME
from pme.db import Database
from pme.errors import Unavailable
from pme.privacy import journal
from tests.backups.conftest import Owner

AT = datetime(2026, 5, 1, tzinfo=UTC)
RETURN = "instance/returns/1/x.zip"
Elsewhere = Callable[[], Owner]
only_sqlite = pytest.mark.database("sqlite")


@pytest.fixture
def backup(owner: Owner, tmp_path: Path) -> Path:
    """A backup with a file of the instance folder in it."""
    kept = owner.instance / RETURN.removeprefix("instance/")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a sealed return " * 500)
    path = tmp_path / f"one{SUFFIX}"
    code, said = owner.runs("backup", path)
    assert code == 0, said
    return path


def everything(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.name not in ("upkeep.lock", "empty.sqlite")}


def changed(backup: Path, name: str, *, by: Callable[[bytes], bytes]) -> Path:
    """The same backup with another content of one part, packed well."""
    other = backup.with_name(f"changed-{uuid4().hex}{SUFFIX}")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(other, "w") as new:
        for each in old.namelist():
            new.writestr(each, by(old.read(each)) if each == name else old.read(each))
    return other


def flipped(backup: Path, name: str) -> Path:
    """The same backup with one byte changed on disk, within one part."""
    with zipfile.ZipFile(backup) as packed:
        info = packed.getinfo(name)
    body = bytearray(backup.read_bytes())
    body[info.header_offset + 30 + len(name) + 20 + info.compress_size // 2] ^= 0x40
    other = backup.with_name(f"flipped{SUFFIX}")
    other.write_bytes(body)
    return other


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: what a full disk does, from within."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@only_sqlite
def test_a_damaged_backup_is_refused_by_the_name_of_what_is_damaged(
    owner: Owner, elsewhere: Elsewhere, backup: Path, tmp_path: Path
):
    there = elsewhere()
    for damaged, says in (
        (changed(backup, RETURN, by=lambda body: body + b"!"), f"damaged: {RETURN} is not as it was"),
        (flipped(backup, DATABASE), f"damaged: {DATABASE} is not as it was"),
        (changed(backup, NAME, by=lambda _: b"{}"), "This is no backup that this version"),
        (changed(backup, NAME, by=lambda text: text.replace(b"instance/", b"../../")), "This is no backup"),
    ):
        for words in (("--check",), ()):
            code, said = there.runs("restore", damaged, *words)
            assert (code, says in said) == (1, True), said
    cut = tmp_path / f"cut{SUFFIX}"
    cut.write_bytes(backup.read_bytes()[:-300])
    code, said = there.runs("restore", cut)
    assert (code, "its end is missing" in said) == (1, True), said
    assert there.runs("restore", tmp_path / "none")[0] == 1
    wrong_rows = changed(backup, NAME, by=lambda text: text.replace(b'"person": ', b'"person": 9'))
    code, said = there.runs("restore", wrong_rows)
    assert (code, "other rows in person" in said) == (1, True), said
    assert everything(there.instance) == set()


@only_sqlite
def test_only_the_right_kind_of_backup_comes_back_where_nothing_runs(
    owner: Owner, elsewhere: Elsewhere, backup: Path, tmp_path: Path
):
    there = elsewhere()
    newer = changed(backup, NAME, by=lambda text: text.replace(f'"{schema.newest()}"'.encode(), b'"9999"'))
    code, said = there.runs("restore", newer)
    assert (code, "made by a newer PME" in said) == (1, True), said
    other = Owner(
        there.environment | {"PME_DATABASE_URL": "postgresql://pme@localhost/x"}, there.patch, there.heard
    )
    code, said = other.runs("restore", backup)
    assert (code, "Set it to a database of the same kind" in said) == (1, True), said
    with (there.instance / "upkeep.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, said = there.runs("restore", backup)
        assert (code, "The platform is running" in said) == (1, True), said
    journalled = tmp_path / "erasures.jsonl"
    journalled.write_text('{"academy": "home"}\n')
    code, said = there.runs("restore", backup, "--erasures", journalled)
    assert (code, f"Line 1 of {journalled}" in said) == (1, True), said
    with disk_full_at(100_000):
        code, said = there.runs("restore", backup)
    assert (code, "Everything is as before" in said) == (1, True), said
    assert everything(there.instance) == set()


@only_sqlite
def test_a_backup_of_an_older_schema_is_brought_up_and_other_secrets_are_told(
    owner: Owner, elsewhere: Elsewhere, tmp_path: Path
):
    old, there, path = elsewhere(), elsewhere(), tmp_path / f"old{SUFFIX}"
    code, said = old.runs("backup", path)
    assert (code, "nothing to back up yet" in said) == (1, True), said
    database = Database(old.settings.database_url)
    schema.upgrade(database, to="0034")
    database.dispose()
    assert old.runs("backup", path)[0] == 0
    there.environment |= {"PME_KEYS_SECRET": "another-secret-" * 3, "PME_SECRET_KEY": "another-key-" * 4}
    code, said = there.runs("restore", path)
    assert code == 0, said
    assert f"The schema was brought from 0034 to {schema.newest()}." in said
    assert "NOTICE: PME_KEYS_SECRET is not the one" in said
    assert "NOTICE: The secret key is another" in said


@only_sqlite
def test_a_backup_is_written_whole_or_not_at_all(owner: Owner, backup: Path, tmp_path: Path):
    code, said = owner.runs("backup", backup)
    assert (code, "never written over another" in said) == (1, True), said
    target = tmp_path / "target"
    target.mkdir()
    (owner.instance / "returns/large.zip").write_bytes(os.urandom(9_000_000))
    for limit in (100_000, 8_000_000):  # while the database is copied; while the file is packed
        with disk_full_at(limit):
            code, said = owner.runs("backup", target)
        assert (code, "Nothing was left behind" in said) == (1, True), said
        assert list(target.iterdir()) == []
    for wrong, says in (
        (tmp_path / "nowhere/x.pme-backup", "is not there; create it"),
        (tmp_path / "x.zip", f"name a file that ends with {SUFFIX}"),
    ):
        code, said = owner.runs("backup", wrong)
        assert (code, says in said) == (1, True), said


@only_sqlite
def test_the_newest_are_kept_and_backups_are_not_backed_up(owner: Owner, tmp_path: Path):
    folder = owner.instance / "kept"
    folder.mkdir()
    for day in range(3):
        places.place_for(folder, at=AT + timedelta(days=day)).touch()
    (folder / "of-somebody-else.pme-backup").touch()
    (stale := folder / f".pme-20260501T000000Z{SUFFIX}-0123abcd.part").touch()
    os.utime(stale, (0, 0))
    code, said = owner.runs("backup", folder, "--keep", "2")
    assert code == 0, said
    assert said.count("Deleted, since 2 are kept") == 2
    assert len(list(folder.iterdir())) == 3, "the newest two, and what has another name"
    assert json.loads((owner.instance / LAST).read_text())["file"] in map(str, folder.iterdir())
    assert belongings(owner.instance) == []
    assert owner.runs("backup", folder / "x.pme-backup", "--keep", "2")[0] == 1


@only_sqlite
def test_what_fails_at_the_last_moment_leaves_what_was_there(
    owner: Owner, backup: Path, monkeypatch: pytest.MonkeyPatch
):
    before = {path: path.read_bytes() for path in owner.instance.rglob("*") if path.is_file()}

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pme.backups.standing.swap_database", broken)
    code, said = owner.runs("restore", backup, "--replace")
    assert (code, "No space left on device. Everything is as before." in said) == (1, True), said
    after = {path: path.read_bytes() for path in owner.instance.rglob("*") if path.is_file()}
    assert after == before | {owner.instance / "upkeep.lock": b"", owner.instance / journal.NAME: b""}


@pytest.mark.database("postgresql")
def test_postgresql_comes_back_whole_or_stays_as_it_is(
    owner: Owner, elsewhere: Elsewhere, backup: Path, monkeypatch: pytest.MonkeyPatch
):
    there = elsewhere()
    found = Database(there.settings.database_url)
    with found.session() as session:
        session.connection()
        code, said = there.runs("restore", backup)
        assert (code, "1 others are connected to the database" in said) == (1, True), said
    found.dispose()
    truncated = changed(backup, NAME, by=lambda text: text.replace(b'"person": ', b'"person": 9'))
    code, said = there.runs("restore", truncated)
    assert (code, "other rows in person" in said) == (1, True), said
    with found.session() as session:
        assert postgres.rows_in(session) == {}, "the empty schema is back in its place"
    found.dispose()
    assert there.runs("restore", backup)[0] == 0
    code, said = there.runs("restore", truncated, "--replace")
    assert (code, "other rows in person" in said) == (1, True), said
    with found.session() as session:
        assert postgres.rows_in(session)["person"] == 12, "what was there is there again"
    found.dispose()


def test_a_program_of_postgresql_that_is_missing_or_too_old_is_told():
    assert postgres.program_for("pg_dump", "9.6 (Debian)")
    with pytest.raises(Unavailable, match=r"is older than the server, .*postgresql-client-99"):
        postgres.program_for("pg_dump", "99beta1")
    with pytest.raises(Unavailable, match="is not installed; install the package postgresql-client-15"):
        postgres.program_for("pg_nothing", "15.3")


def test_programs_of_postgresql_get_the_password_where_no_list_of_processes_shows_it():
    database = Database(
        "postgresql+psycopg://pme:hid%40den@db.example:5433/pme?sslmode=require&options=-c%20jit%3Doff"
    )
    address, environment = postgres.reached(database)
    database.dispose()
    assert address == "postgresql://pme@db.example:5433/pme?sslmode=require"
    assert environment["PGPASSWORD"] == "hid@den"
    assert environment["PGOPTIONS"] == "-c jit=off -c pme.academy=*"
