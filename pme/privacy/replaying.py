"""After a backup was restored: whom the journal says was erased is erased again, before anybody is served."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.db import Database
from pme.people.models import Academy, Person
from pme.privacy import journal
from pme.privacy.classes import Kept
from pme.privacy.erasing import erase, is_erased, is_known, is_same, lines_of, remove
from pme.privacy.journal import Line
from pme.privacy.journal_shared import share, shared
from pme.stores.home import Away, Store


@dataclass
class Replayed:
    """What came of it. `foreign`: lines that mean somebody who is not in this database, or is another person."""

    again: list[Line] = field(default_factory=list)
    foreign: list[Line] = field(default_factory=list)
    kept: int = 0


def replay(database: Database, instance_dir: Path, store: Store, *, at: datetime) -> Replayed:
    """Erase again whom the file names and the database still knows; add to the file what it lacks.

    Raises Invalid where a line of the file was changed: then nothing is done.
    """
    found = Replayed()
    journal.keep(instance_dir, _of_all(store))
    for line in journal.read(instance_dir):
        with database.writing() as session:
            person = _due(session, line)
            if person is None:
                continue
            if not is_same(person, line):
                found.foreign.append(line)
                continue
            stays = frozenset(Kept(name) for name in line.stays)
            erased = erase(
                session,
                line.academy_id,
                line.person_id,
                stays=stays,
                by=None,
                at=at,
                store=store,
                before=line,
            )
        remove(store, erased.files)
        found.again.append(line)
    with database.session() as session:
        rows = [line for academy in session.scalars(select(Academy)) for line in lines_of(session, academy)]
    journal.keep(instance_dir, rows)
    share(store, rows)
    found.kept = len(rows)
    return found


def _of_all(store: Store) -> list[Line]:
    try:
        return shared(store)
    except Away as error:  # the journal of this machine and the database are there
        structlog.get_logger().error("erasures of other machines cannot be read", exc_info=error)
        return []


def _due(session: Session, line: Line) -> Person | None:
    """The person whom a line means, unless they are not here or were erased already."""
    academy = session.scalar(
        select(Academy).where(Academy.id == line.academy_id, Academy.slug == line.academy)
    )
    if academy is None or is_erased(session, line.academy_id, line.person_id):
        return None
    if not is_known(session, line.academy_id, line.person_id):  # they came to this academy after the backup
        return None
    return session.get(Person, line.person_id)
