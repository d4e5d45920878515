"""The journal of erasures after a restore: its chains may fork, and nothing may be taken out from between."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pme.db import Database
from pme.errors import Invalid
from pme.people.models import Academy, Person
from pme.privacy import journal
from pme.privacy.journal import START as FIRST
from pme.privacy.journal import Line, line_of
from pme.privacy.replaying import replay
from pme.stores.folder import Folder
from tests.support.cast import AWAY, START, email_of


def after(previous: Line | None, person: int) -> Line:
    """An erasure that was chained to another, or to none."""
    made = START + timedelta(hours=person)
    line = line_of(academy="home", academy_id=1, person_id=person, created_at=START, stays=(), at=made)
    return replace(line, sha256=line.digest(previous.sha256 if previous else FIRST))


def test_journals_that_went_apart_are_put_together_and_a_gap_shows(tmp_path: Path):
    first = after(None, 1)
    came_later, known_here = after(first, 2), after(first, 3)  # the second was never in the restored database
    last = after(known_here, 4)
    journal.keep(tmp_path, [first, came_later])
    journal.keep(tmp_path, [first, known_here, last])
    assert journal.read(tmp_path) == [first, came_later, known_here, last]
    for gap in (first, known_here):
        journal.write_new(tmp_path / "copy", [line for line in journal.read(tmp_path) if line != gap])
        with pytest.raises(Invalid, match="it was changed"):
            journal.read_file(tmp_path / "copy")
    with pytest.raises(Invalid, match="cannot be read as a journal"):
        journal.read_file(tmp_path / "nothing")
    with pytest.raises(Invalid, match="cannot be written"):
        journal.write_new(tmp_path / "no-folder" / "copy", [])


def test_somebody_who_came_to_an_academy_after_the_backup_is_left_as_they_are(
    database: Database, tmp_path: Path
):
    with database.session() as session:
        away = session.scalars(select(Academy).where(Academy.slug == AWAY)).one()
        adams = session.scalars(select(Person).where(Person.email == email_of("adams"))).one()
    line = line_of(
        academy=AWAY, academy_id=away.id, person_id=adams.id, created_at=adams.created_at, stays=(), at=START
    )
    journal.keep(tmp_path, [replace(line, sha256=line.digest(FIRST))])
    done = replay(database, tmp_path, Folder(tmp_path), at=START)
    assert (done.again, done.foreign, done.kept) == ([], [], 0)
    with database.session() as session:
        assert session.get_one(Person, adams.id).email == email_of("adams")
