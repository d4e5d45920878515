"""Telling: from an academy's rows to statements in its outbox, each once, however often it is begun anew.

A row is told when nothing is told of it yet; the cursor of its kind only spares looking at all rows again.
"""

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pme.config import Settings
from pme.db import Database, insert_into
from pme.people.models import Academy
from pme.privacy.models import Erasure
from pme.xapi import sources_learning, sources_tasks
from pme.xapi.asking import AT_ONCE, Ask, Found, Source
from pme.xapi.models import Lrs, LrsActor, LrsCursor, LrsStatement, StatementState
from pme.xapi.statements import as_text, statement

SOURCES: Mapping[str, Source] = {
    sources_learning.READ: sources_learning.read,
    sources_tasks.BEGUN: sources_tasks.begun,
    sources_tasks.ENDED: sources_tasks.ended,
    sources_tasks.MARKED_AGAIN: sources_tasks.marked_again,
    sources_learning.MODULES: sources_learning.modules,
    sources_learning.COURSES: sources_learning.courses,
    sources_learning.CERTIFICATES: sources_learning.certificates,
    sources_learning.WITHDRAWN: sources_learning.withdrawn,
}
CHANGING = (sources_tasks.ENDED,)
"""Kinds whose rows are there long before they are told, so that no cursor says how far they are."""
SETTLED = timedelta(minutes=10)
"""How long after a row one with a lower id may become visible: longer than any transaction lasts."""
SIGNS = 16
"""Random bytes in a pseudonym."""


def tell(
    database: Database, settings: Settings, academy_id: int, *, at: datetime, seconds: float = 30.0
) -> int:
    """Write what is new at an academy into its outbox; tells how many statements. Ends after so many seconds,
    and goes on from there the next time.
    """
    here, until, written = database.seeing(str(academy_id)), time.monotonic() + seconds, 0
    with here.session() as session:
        ask = ask_of(session, academy_id, settings)
    for source in SOURCES:
        cursor = _cursor(here, academy_id, source, at=at)
        highest, found = cursor.after_id, [_NONE]
        while found and time.monotonic() < until:
            with here.session() as session:
                found = SOURCES[source](session, ask, highest)
            if found:
                with here.writing() as session:
                    written += _write(session, ask, source, found, at=at)
                highest = found[-1].id
            if len(found) < AT_ONCE:
                found = []
        if source not in CHANGING and time.monotonic() < until:
            _settle(here, cursor, highest, at=at)
    return written


def ask_of(session: Session, academy_id: int, settings: Settings) -> Ask:
    """What the sources are asked for an academy that has an LRS."""
    slug, is_demo, names = session.execute(
        select(Academy.slug, Academy.is_demo, Lrs.names_certificates)
        .join(Lrs, Lrs.academy_id == Academy.id)
        .where(Academy.id == academy_id, Lrs.academy_id == academy_id)
    ).one()
    return Ask(academy_id, slug, settings.public_url, is_demo=is_demo, names_certificates=names)


def begin_anew(session: Session, academy_id: int) -> None:
    """Forget that anything was told. Pseudonyms stay, so that all that follows means the same people."""
    for table in (LrsStatement, LrsCursor):
        session.execute(delete(table).where(table.academy_id == academy_id))


_NONE = Found(0, 0, ())


def _cursor(database: Database, academy_id: int, source: str, *, at: datetime) -> LrsCursor:
    known = select(LrsCursor).where(LrsCursor.academy_id == academy_id, LrsCursor.source == source)
    with database.session() as session:
        found = session.scalar(known)
    return found or LrsCursor(academy_id=academy_id, source=source, after_id=0, seen_id=0, seen_at=at)


def _settle(database: Database, cursor: LrsCursor, highest: int, *, at: datetime) -> None:
    """Move a cursor on: up to what was seen long enough ago."""
    highest = max(highest, cursor.seen_id)
    is_moving = cursor.seen_id > cursor.after_id
    if highest == cursor.after_id or (is_moving and at - cursor.seen_at < SETTLED):
        return
    moved = {
        "after_id": cursor.seen_id,
        "seen_id": highest,
        "seen_at": at,
    }
    key = {"academy_id": cursor.academy_id, "source": cursor.source}
    with database.writing() as session:
        session.execute(
            insert_into(session, LrsCursor)
            .values(**key, **moved)
            .on_conflict_do_update(index_elements=[LrsCursor.academy_id, LrsCursor.source], set_=moved)
        )


def _write(session: Session, ask: Ask, source: str, found: Sequence[Found], *, at: datetime) -> int:
    people = {each.person_id for each in found}
    erased = set(
        session.scalars(
            select(Erasure.person_id).where(
                Erasure.academy_id == ask.academy_id, Erasure.person_id.in_(people)
            )
        )
    )  # meanwhile
    actors = _actors(session, ask.academy_id, people - erased)
    rows = [
        {
            "academy_id": ask.academy_id,
            "person_id": each.person_id,
            "statement_id": made["id"],
            "source": source,
            "source_id": each.id,
            "verb": told.verb.value,
            "body": as_text(made),
            "occurred_at": told.at,
            "written_at": at,
            "state": StatementState.WAITING,
            "problem": "",
            "is_open": each.is_open,
        }
        for each in found
        if each.person_id in actors
        for told in each.told
        for made in [
            statement(replace(told, actor=actors[each.person_id]), ask.words, home=ask.home),
        ]
    ]
    new = insert_into(session, LrsStatement).on_conflict_do_nothing(
        index_elements=[LrsStatement.academy_id, LrsStatement.statement_id]
    )
    if rows:
        session.execute(new, rows)
    if source == sources_tasks.ENDED:
        session.execute(
            update(LrsStatement)
            .where(
                LrsStatement.academy_id == ask.academy_id,
                LrsStatement.source == sources_tasks.BEGUN,
                LrsStatement.source_id.in_([each.id for each in found]),
                LrsStatement.is_open,
            )
            .values(is_open=False)
        )
    return len(rows)


def _actors(session: Session, academy_id: int, people: Iterable[int]) -> dict[int, str]:
    """The pseudonym of each, made where there is none."""
    wanted = sorted(people)
    named = select(LrsActor.person_id, LrsActor.name).where(
        LrsActor.academy_id == academy_id, LrsActor.person_id.in_(wanted)
    )
    known = dict(session.execute(named).all())
    new = [
        {"academy_id": academy_id, "person_id": each, "name": secrets.token_hex(SIGNS)}
        for each in wanted
        if each not in known
    ]
    if new:
        session.execute(insert_into(session, LrsActor).on_conflict_do_nothing(), new)
        known = dict(session.execute(named).all())
    return known
