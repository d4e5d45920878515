"""Returns that are made by themselves: what is due is asked for as if by hand, and once sealed goes its way.

A letter holds a link that needs signing in, and nothing of the return. A file goes into the folder of its academy
within the installation's export folder.
"""

import os
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.errors import Invalid
from pme.jobs.registry import Round, Work, periodic
from pme.outbox.service import queue
from pme.people.factors_seal import Seal
from pme.people.models import Person
from pme.people.queries import RUNNING, get_academy
from pme.reports.rhythm import Way
from pme.reports.scheduled import folder_of, holds_role, unwritten
from pme.returns import keeping, service
from pme.returns.models import ReturnSchedule, SealedReturn
from pme.returns.rhythm import next_turn, period_before
from pme.returns.schedules import find_schedule, fresh_secret
from pme.stores.chosen import store_of
from pme.words.lazily import lazy

NOT_ANY_MORE = lazy(
    "The person who asked for it may no longer seal returns of this academy. End it, and ask for it again."
)


@periodic("due returns", every=timedelta(minutes=5))
def ask_for_due(given: Round) -> None:
    """Ask for every return that is due; one that was missed is made once."""
    at = given.at()
    with given.database.session() as session:
        due = session.execute(
            select(ReturnSchedule.id, ReturnSchedule.academy_id).where(ReturnSchedule.next_at <= at)
        ).all()
    for schedule_id, academy_id in due:
        with given.database.writing() as session:
            _ask(session, academy_id, schedule_id, Seal(given.settings.secret_key), at=at)


def _ask(session: Session, academy_id: int, schedule_id: int, seal: Seal, *, at: datetime) -> None:
    made = find_schedule(session, academy_id, schedule_id, for_update=True)
    if made is None or made.next_at > at:
        return
    since, until = period_before(made.turn, at=at)
    made.next_at, made.last_at = next_turn(made.turn, after=at), at
    may_seal = holds_role(session, RUNNING, person_id=made.person_id, academy_id=academy_id, at=at)
    made.problem = "" if may_seal else NOT_ANY_MORE
    if may_seal:
        service.ask(
            session,
            academy_id,
            since=since,
            until=until,
            courses=made.courses,
            secret=fresh_secret(seal, academy_id) if made.names_nobody else "",
            hides_few=made.hides_few,
            marking=made.marking,
            by_id=made.person_id,
            at=at,
            schedule_id=made.id,
        )


def deliver(work: Work) -> None:
    """Let a sealed return go the way of its schedule; again after a crash, with the same effect.

    Raises Invalid where the export folder cannot be written.
    """
    academy_id = work.academy_id or 0
    with work.database.session() as session:
        made = find_schedule(session, academy_id, int(work.payload["schedule"]))
        one = service.find_return(session, academy_id, int(work.payload["return"]))
        slug = get_academy(session, academy_id).slug
    if made is None or one is None or not one.has_file:  # it was ended meanwhile
        return
    if made.way is Way.FOLDER:
        _into_folder(work, made, one, slug)
    else:
        _write_letter(work, one)


def _into_folder(work: Work, made: ReturnSchedule, one: SealedReturn, slug: str) -> None:
    try:
        target = folder_of(work.settings.export_dir, slug) / f"return-{slug}-{one.number:04d}.zip"
        part = target.with_name(f".{target.name}.part")
        try:
            store = store_of(work.settings)
            with part.open("wb") as file:
                file.writelines(store.open(keeping.whole(store, one)))
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, Invalid) as error:
        says, failure = unwritten(error)
        _note(work, made, says)
        raise failure from error
    if made.problem:
        _note(work, made, "")


def _note(work: Work, made: ReturnSchedule, problem: str) -> None:
    with work.database.writing() as session:
        session.execute(
            update(ReturnSchedule)
            .where(ReturnSchedule.id == made.id, ReturnSchedule.academy_id == work.academy_id)
            .values(problem=problem)
        )


def _write_letter(work: Work, one: SealedReturn) -> None:
    with work.writing() as session:
        person, academy = session.get(Person, one.by_id), get_academy(session, one.academy_id)
        if person is None:  # pragma: no cover  (a person who asked for a job is never deleted)
            return
        queue(
            session,
            academy_id=one.academy_id,
            person_id=person.id,
            to=person.email,
            template="return",
            values={
                "called": f"{person.rank} {person.name}".strip(),
                "number": one.number,
                "since": one.since.isoformat(),
                "until": one.until.isoformat(),
                "academy": academy.name,
                "link": f"{work.settings.public_url}/academy/returns/{one.id}",
            },
            language=None,
            at=work.at(),
            key=f"return {one.id}",
        )
