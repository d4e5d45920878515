"""Reminders are written once an hour, as letters that wait for an hour at which nobody is disturbed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content import catalogue as published
from pme.content.catalogue import Catalogue
from pme.db import Database
from pme.jobs.registry import Round, periodic
from pme.outbox.service import known_keys, language_of, queue
from pme.people.models import Academy, Role
from pme.reminders.facts import Told, addressees, told_at
from pme.reminders.queries import arrangement_of
from pme.reminders.rules import Arrangement, Reminder, sent_from

AT_ONCE = 25
"""Letters written in one transaction, so that nobody waits long for their turn to write."""


@periodic("reminders", every=timedelta(hours=1))
def remind(given: Round) -> None:
    """Write every reminder that is due at every academy and was not written before."""
    with given.database.session() as session:
        academies = session.scalars(select(Academy.id).order_by(Academy.id)).all()
    for academy_id in academies:
        remind_at(
            given.database.seeing(str(academy_id)), given.settings.public_url, academy_id, at=given.at()
        )


def remind_at(database: Database, public_url: str, academy_id: int, *, at: datetime) -> int:
    """Write every reminder of one academy that is due and was not written before; tells how many."""
    with database.session() as session:
        arranged = arrangement_of(session, academy_id)
        found = told_at(session, academy_id, arranged, at=at)
        known = known_keys(session, academy_id, [each.key for each in found])
        catalogue = published.current(session)
    new = [each for each in found if each.key not in known]
    for start in range(0, len(new), AT_ONCE):
        with database.writing() as session:
            _write(session, catalogue, academy_id, arranged, new[start : start + AT_ONCE], public_url, at)
    return len(new)


def _write(
    session: Session,
    catalogue: Catalogue,
    academy_id: int,
    arranged: Arrangement,
    told: Sequence[Told],
    public_url: str,
    at: datetime,
) -> None:
    academy = session.get_one(Academy, academy_id).name
    today, people = arranged.today(at), {each.person_id for each in told}
    known = {
        role: addressees(session, academy_id, people, as_=role, day=today)
        for role in (Role.STUDENT, Role.INSTRUCTOR)
    }
    for each in told:
        is_marking = each.kind is Reminder.MARKING
        to = known[Role.INSTRUCTOR if is_marking else Role.STUDENT].get(each.person_id)
        course = catalogue.course(each.course)
        if to is None or course is None:
            continue
        language = language_of(session, each.person_id, academy_id)
        queue(
            session,
            academy_id=academy_id,
            person_id=each.person_id,
            to=to.email,
            template=each.template,
            values={
                "called": to.called,
                "academy": academy,
                "title": course.content.in_language(language).title,
                "day": each.day,
                "number": each.number,
                "link": public_url
                + (f"/teach/{each.course}/marking" if is_marking else f"/learn/{each.course}"),
            },
            language=language or "en",
            at=at,
            key=each.key,
            not_before=sent_from(at, arranged),
        )
