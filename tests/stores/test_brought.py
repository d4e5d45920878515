"""A file that was brought to the store and never kept is taken away after a day; one that is kept never is, however the
two meet.
"""

import hashlib
import io
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pme.config import Settings
from pme.content import attachment_store
from pme.content.attachment_store import bring, expect, keep, take_away
from pme.content.models import AttachmentFile, BroughtFile
from pme.db import Database
from pme.doctor import on_work, seen_database
from pme.doctor.finding import Level
from pme.stores import chosen
from pme.stores.chosen import STORE
from pme.stores.folder import Folder
from pme.stores.home import MEDIA, Away, Store, put
from tests.support.bucket import storage
from tests.support.cast import START

FILM, OTHER = b"a film" * 1000, b"another film" * 1000
DAY = timedelta(days=1, minutes=1)


def hash_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
def home(
    request: pytest.FixtureRequest, database: Database, environment: dict[str, str], tmp_path: Path
) -> Iterator[Store]:
    """Each home in turn, which the database knows of."""
    own = environment | {"PME_INSTANCE_DIR": str(tmp_path / "mine")}
    with storage() as kept:
        if request.param == "bucket":
            own |= kept.environment()
        store = chosen.store_of(Settings.from_environment(own))
        database._carried[STORE] = store
        yield store
        del database._carried[STORE]


def brought(database: Database, body: bytes, *, at: datetime) -> int | None:
    """Bring a file, as a form does before it writes."""
    with database.writing() as session:
        expect(session, [hash_of(body)], at=at)
    with database.session() as session:
        return bring(session, hash_of(body), [body])


def kept(database: Database, body: bytes, *, at: datetime) -> None:
    """Bring a file and keep it."""
    size = brought(database, body, at=at)
    with database.writing() as session:
        keep(session, hash_of(body), [body], at=at, brought=size)


def names(home: Store) -> list[str]:
    return [each.name.removeprefix(MEDIA) for each in home.list(MEDIA)]


def notes(database: Database) -> list[str]:
    with database.session() as session:
        return list(session.scalars(select(BroughtFile.sha256)))


def test_what_was_brought_and_never_kept_goes_after_a_day_and_nothing_else_does(
    database: Database, home: Store
):
    kept(database, FILM, at=START)
    assert notes(database) == []
    brought(database, OTHER, at=START)
    foreign = hash_of(b"of somebody else")
    put(home, MEDIA + foreign, io.BytesIO(b"of somebody else"))
    assert take_away(database, home, at=START + timedelta(hours=23)) == 0
    assert len(names(home)) == 3
    assert take_away(database, home, at=START + DAY) == 1
    assert sorted(names(home)) == sorted([hash_of(FILM), foreign]), "what was never noted here stays"
    assert notes(database) == []
    kept(database, OTHER, at=START + DAY)
    assert take_away(database, home, at=START + 3 * DAY) == 0
    assert hash_of(OTHER) in names(home)
    with database.session() as session:
        assert b"".join(attachment_store.body_of(session, hash_of(OTHER))) == OTHER


def test_what_is_brought_again_stays_for_another_day(database: Database, home: Store):
    brought(database, FILM, at=START)
    size = brought(database, FILM, at=START + timedelta(hours=20))
    assert take_away(database, home, at=START + DAY) == 0
    with database.writing() as session:
        keep(session, hash_of(FILM), [FILM], at=START + DAY, brought=size)
    assert take_away(database, home, at=START + 3 * DAY) == 0
    assert names(home) == [hash_of(FILM)]


def test_what_is_just_being_taken_away_is_neither_brought_nor_kept(
    database: Database, home: Store, monkeypatch: pytest.MonkeyPatch
):
    """Whoever comes in between is told, and no row ever names a file that is gone."""
    size, told = brought(database, FILM, at=START), []
    delete = type(home).delete

    def meanwhile(store: Store, name: str) -> None:
        with pytest.raises(Away) as late, database.writing() as session:
            keep(session, hash_of(FILM), [FILM], at=START + DAY, brought=size)
        with pytest.raises(Away) as again, database.writing() as session:
            expect(session, [hash_of(FILM)], at=START + DAY)
        told.extend([late.value.says, again.value.says])
        delete(store, name)

    monkeypatch.setattr(type(home), "delete", meanwhile)
    assert take_away(database, home, at=START + DAY) == 1
    assert told == [str(attachment_store.GOING)] * 2
    with pytest.raises(Away), database.writing() as session:
        keep(session, hash_of(FILM), [FILM], at=START + DAY, brought=size)
    with database.session() as session:
        assert session.scalar(select(AttachmentFile.sha256)) is None
    monkeypatch.undo()
    kept(database, FILM, at=START + DAY)
    assert names(home) == [hash_of(FILM)]


def test_a_store_that_is_away_is_asked_again_the_next_time(
    database: Database, home: Store, monkeypatch: pytest.MonkeyPatch
):
    brought(database, FILM, at=START)

    def away(_store: Store, _name: str) -> None:
        raise Away("it does not answer")

    with monkeypatch.context() as broken:
        broken.setattr(type(home), "delete", away)
        with pytest.raises(Away):
            take_away(database, home, at=START + DAY)
    assert notes(database) == [hash_of(FILM)]
    assert take_away(database, home, at=START + DAY + timedelta(hours=1)) == 1
    assert (names(home), notes(database)) == ([], [])


def test_two_who_bring_the_same_at_once_keep_it_once(database: Database, home: Store):
    first = brought(database, FILM, at=START)
    second = brought(database, FILM, at=START)
    for size in (first, second):
        with database.writing() as session:
            keep(session, hash_of(FILM), [FILM], at=START, brought=size)
    assert take_away(database, home, at=START + DAY) == 0
    assert names(home) == [hash_of(FILM)]


@pytest.mark.database("sqlite")
def test_half_a_film_of_a_process_that_was_killed_goes_and_a_young_one_stays(
    database: Database, tmp_path: Path
):
    home = Folder(tmp_path)
    (tmp_path / MEDIA).mkdir()
    for name in ("a.1234.part", "b.1234.part"):
        (tmp_path / MEDIA / name).write_bytes(b"half")
    os.utime(tmp_path / MEDIA / "a.1234.part", (START.timestamp(), START.timestamp()))
    now = datetime.fromtimestamp((tmp_path / MEDIA / "b.1234.part").stat().st_mtime, START.tzinfo)
    take_away(database, home, at=now)
    assert names(home) == ["b.1234.part"]


def test_the_doctor_tells_of_what_no_row_names_once_it_is_old(
    database: Database, home: Store, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    settings = Settings.from_environment(environment)
    monkeypatch.setattr(seen_database, "store_of", lambda _settings: home)
    kept(database, FILM, at=START)
    brought(database, OTHER, at=START)
    lost = hash_of(b"lost long ago")
    put(home, MEDIA + lost, io.BytesIO(b"lost long ago"))
    written = max(each.at for each in home.list(MEDIA))

    def told(at: datetime) -> tuple[Level, str]:
        with database.session() as session:
            finding = on_work.check_unnamed(seen_database.unnamed(session, settings, at=at))
        return finding.level, finding.found

    assert told(written + timedelta(hours=1))[0] is Level.FINE
    level, found = told(written + DAY)
    assert level is Level.LOOK
    assert found == f"1 file in the store (0.0 MB) that no row of this database names, such as {MEDIA}{lost}."
