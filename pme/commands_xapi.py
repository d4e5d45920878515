"""The commands for an academy's Learning Record Store: how it stands, deliver now, tell everything anew."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.commands_content import opened
from pme.config import Settings
from pme.db import Database
from pme.errors import Invalid
from pme.people.models import Academy
from pme.xapi import service
from pme.xapi.delivering import deliver
from pme.xapi.models import Lrs
from pme.xapi.queries import find_lrs, standing_of
from pme.xapi.telling import tell

AT_ONCE = 3600.0
"""Seconds after which delivering ends at the latest; it goes on from there the next time."""
SURE = "This sends everything again from the start, which cannot be undone. Add --yes to do it."


def status(given: argparse.Namespace) -> int:
    """Say how the statements of an academy stand."""
    with _database() as (_settings, database), database.session() as session:
        lrs = _lrs(session, given.academy)
        counted = standing_of(session, lrs.academy_id)
    print(f"{lrs.url}: {lrs.state}")
    oldest = (
        f" (the oldest since {counted.oldest_waiting:%Y-%m-%d %H:%M} UTC)" if counted.oldest_waiting else ""
    )
    print(f"waiting {counted.waiting}{oldest}, delivered {counted.delivered}, refused {counted.refused}")
    print(f"last success: {_when(lrs.succeeded_at)}, last try: {_when(lrs.tried_at)}")
    if lrs.problem:
        print(lrs.problem)
    return 1 if lrs.problem else 0


def send(given: argparse.Namespace) -> int:
    """Tell what is new at an academy and deliver all that waits, now."""
    with _database() as (settings, database):
        with database.session() as session:
            academy_id = _lrs(session, given.academy).academy_id
        now = datetime.now(UTC)
        written = tell(database, settings, academy_id, at=now, seconds=AT_ONCE)
        done = deliver(database, settings, academy_id, at=now, seconds=AT_ONCE, is_asked=True)
        with database.session() as session:
            lrs, counted = _lrs(session, given.academy), standing_of(session, academy_id)
    print(f"written {written}, delivered {done.delivered}, refused {done.refused}, waiting {counted.waiting}")
    if counted.waiting:
        print(done.problem or lrs.problem or f"The LRS is {lrs.state}: nothing is sent.")
    return 1 if counted.waiting or done.refused else 0


def replay(given: argparse.Namespace) -> int:
    """Tell everything anew from the start."""
    if not given.yes:
        raise Invalid(SURE)
    with _database() as (_settings, database), database.writing() as session:
        lrs = _lrs(session, given.academy)
        service.replay(session, lrs.academy_id, by_id=None, at=datetime.now(UTC))
    print(f"The worker sends everything again; to send it at once: pme xapi deliver {given.academy}")
    return 0


def _lrs(session: Session, slug: str) -> Lrs:
    academy_id = session.scalar(select(Academy.id).where(Academy.slug == slug))
    if academy_id is None:
        known = ", ".join(session.scalars(select(Academy.slug).order_by(Academy.slug))) or "none yet"
        raise Invalid(f"There is no academy “{slug}”. Academies here: {known}.")
    lrs = find_lrs(session, academy_id)
    if lrs is None:
        raise Invalid(f"“{slug}” has no LRS. Its registrar or administrator connects one, at /academy/lrs.")
    return lrs


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "none yet"


@contextmanager
def _database() -> Iterator[tuple[Settings, Database]]:
    settings = Settings.from_environment()
    with opened(settings) as database:
        yield settings, database
