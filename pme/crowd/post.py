"""The letters of an invented academy: what its people were reminded of and invited by, as the log keeps them.

Whom the platform would remind now is asked of the rules of `pme.reminders`, and each letter bears the key under
which they would write it: nobody is told twice once the academy is at work.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from pme.content.catalogue import Catalogue
from pme.crowd import words
from pme.crowd.desk import INVITATION, Desk
from pme.enrolment.dates import SOON
from pme.outbox.models import Letter, LetterState
from pme.outbox.service import language_of
from pme.outbox.tries import DAYS
from pme.outbox.wording import worded
from pme.people.models import Role
from pme.reminders.facts import Told, addressees, told_at
from pme.reminders.rules import Arrangement, Reminder

REFUSED, WAITS = 0.02, 0.04
COLUMNS = (
    "academy_id", "person_id", "key", "template", "language", "address", "subject", "body", "secrets", "sent_id",
    "state", "tries", "problem", "created_at", "not_before", "not_after", "sent_at",
)  # fmt: skip


def post(session: Session, desk: Desk, catalogue: Catalogue, *, address: str) -> None:
    """Write the letters down, with links to the installation at `address`. All else is in the database."""
    academy = desk.academy
    for one in desk.invited:
        values = {
            "called": f"{one.soul.rank} {one.soul.name}".strip(),
            "academy": academy.name,
            "link": address,
            "until": one.at + INVITATION,
        }
        _keep(
            desk,
            one.person,
            one.soul.email,
            "invitation",
            values,
            one.soul.language,
            f"link {one.link}",
            one.at,
        )
    told = told_at(session, academy.id, Arrangement(), at=desk.now)
    to = addressees(
        session, academy.id, {each.person_id for each in told}, as_=Role.STUDENT, day=desk.now.date()
    )
    for each in told:
        course, known = catalogue.course(each.course), to.get(each.person_id)
        if course is None or known is None:
            continue
        language = language_of(session, each.person_id, academy.id)
        values = {
            "called": known.called,
            "academy": academy.name,
            "title": course.content.in_language(language).title,
            "day": each.day,
            "number": each.number,
            "link": f"{address}/learn/{each.course}",
        }
        at = _written_at(each, desk.now, desk.random)
        _keep(desk, each.person_id, known.email, each.template, values, language, each.key, at)


def _written_at(told: Told, now: datetime, random: Random) -> datetime:
    """When a reminder was due to be written: the first morning on which it was news."""
    day = told.day - timedelta(days=SOON) if told.kind is Reminder.DUE_SOON else told.day + timedelta(days=1)
    return min(
        datetime.combine(day, time(7, random.randrange(60)), UTC),
        now - timedelta(minutes=random.randrange(5, 90)),
    )


def _keep(
    desk: Desk,
    person: int,
    email: str,
    template: str,
    values: Mapping[str, object],
    language: str | None,
    key: str,
    at: datetime,
) -> None:
    """Most letters are sent, some were refused, some still wait."""
    wording, share = worded(template, values, language), desk.random.random()
    state, problem, tries = LetterState.SENT, "", 1
    if share < REFUSED:
        state, problem = LetterState.FAILED, words.REFUSED
    elif share < REFUSED + WAITS:
        state, tries, at = LetterState.WAITING, 0, desk.now - timedelta(minutes=desk.random.randrange(2, 50))
    sent_at = at + timedelta(seconds=desk.random.randrange(1, 40)) if state is LetterState.SENT else None
    secrets = wording.secrets if state is LetterState.WAITING else {}
    desk.ledger.of(Letter, *COLUMNS).add(
        desk.academy.id, person, f"{desk.academy.id} {key}", template, wording.language, email, wording.subject,
        wording.body, json.dumps(secrets), f"{desk.random.getrandbits(128):032x}", state, tries, problem, at, at,
        at + DAYS, sent_at,
    )  # fmt: skip
