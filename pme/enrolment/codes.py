"""Codes with which students come into a cohort by themselves: made, closed, looked up, and not guessed.

A code has 12 signs of 30, about 59 bits. Whoever enters wrong ones is stopped for a while.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.enrolment.models import Cohort
from pme.enrolment.models_admission import EnrolmentCode
from pme.enrolment.noting import note
from pme.errors import Conflict, Invalid
from pme.people import tries
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _, _n

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS, PART = 12, 4
WINDOW, TRIES = timedelta(minutes=15), 8
MOST = 100_000
LONGEST = timedelta(days=400)
UNKNOWN = lazy("There is no such code at your academy. Check each character, or ask who gave it to you.")


def shown(code: str) -> str:
    """A code as people read and write it, such as 7KQM-2VXD-H9TR."""
    return "-".join(code[at : at + PART] for at in range(0, len(code), PART))


def as_kept(text: str) -> str:
    """A code as it is kept, however it was typed; "" where it can be none."""
    signs = re.sub(r"[\s\u2010-\u2015-]", "", text).upper()
    return signs if len(signs) == SIGNS and set(signs) <= set(ALPHABET) else ""


def make_code(
    session: Session, cohort: Cohort, *, capacity: int | None, expires_at: datetime, by: int, at: datetime
) -> EnrolmentCode:
    """Give a cohort a code; the one before it is closed. Raises Invalid for an end that is past or far away."""
    if not at < expires_at <= at + LONGEST:
        raise Invalid(_("Give a day from today on, at most a year ahead."), field="until")
    if capacity is not None and not 1 <= capacity <= MOST:
        raise Invalid(
            _("Give a whole number from 1 to {most}, or leave this empty.", most=grouped(MOST)),
            field="capacity",
        )
    before = close_codes(session, cohort, at=at)
    code = EnrolmentCode(
        academy_id=cohort.academy_id,
        cohort_id=cohort.id,
        code="".join(secrets.choice(ALPHABET) for _unused in range(SIGNS)),
        capacity=capacity,
        expires_at=expires_at,
        by_id=by,
        at=at,
    )
    session.add(code)
    session.flush()
    _note(session, cohort, "enrolment code made", by, at, before, [code.id])  # not words
    return code


def end_codes(session: Session, cohort: Cohort, *, by: int, at: datetime) -> bool:
    """Close the code of a cohort; tells whether one was open."""
    closed = close_codes(session, cohort, at=at)
    if closed:
        _note(session, cohort, "enrolment code closed", by, at, closed, [])  # not words
    return bool(closed)


def close_codes(session: Session, cohort: Cohort, *, at: datetime) -> list[int]:
    """Close every open code of a cohort, without a record of its own; gives their ids."""
    return list(
        session.scalars(
            update(EnrolmentCode)
            .where(
                EnrolmentCode.academy_id == cohort.academy_id,
                EnrolmentCode.cohort_id == cohort.id,
                EnrolmentCode.closed_at.is_(None),
            )
            .values(closed_at=at)
            .returning(EnrolmentCode.id)
        )
    )


def open_codes(session: Session, academy_id: int, cohort_ids: Collection[int]) -> dict[int, EnrolmentCode]:
    """The code of each cohort that has one which nobody closed; it may have run out."""
    rows = session.scalars(
        select(EnrolmentCode)
        .where(
            EnrolmentCode.academy_id == academy_id,
            EnrolmentCode.cohort_id.in_(cohort_ids),
            EnrolmentCode.closed_at.is_(None),
        )
        .order_by(EnrolmentCode.id)
    )
    return {row.cohort_id: row for row in rows}


def usable_code(session: Session, academy_id: int, text: str, *, at: datetime) -> EnrolmentCode:
    """The code that somebody entered, held until the transaction ends. Raises Invalid where it opens nothing."""
    code = session.scalar(
        select(EnrolmentCode)
        .where(EnrolmentCode.academy_id == academy_id, EnrolmentCode.code == as_kept(text))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if code is None:
        raise Invalid(UNKNOWN, field="code")
    if code.closed_at is not None:
        raise Invalid(_("This code is closed. Ask your academy for the one in use."), field="code")
    if at >= code.expires_at:
        raise Invalid(_("This code is no longer valid. Ask your academy for another one."), field="code")
    return code


def require_place(code: EnrolmentCode) -> None:
    """Raises Invalid when every place of a code is taken."""
    if code.capacity is not None and code.used >= code.capacity:
        raise Invalid(_("Every place of this code is taken. Ask your academy for a place."), field="code")


def check_tries(session: Session, person_id: int, *, at: datetime) -> None:
    """Raises Conflict when a person entered too many wrong codes of late."""
    seen = tries.seen(session, _subject(person_id), at=at)
    if seen.count >= TRIES:
        minutes = tries.minutes_left(seen, at=at)
        raise Conflict(
            _n(
                "There were too many codes that do not exist. Try again in {n} minute, or ask your academy.",
                "There were too many codes that do not exist. Try again in {n} minutes, or ask your academy.",
                minutes,
            )
        )


def note_try(session: Session, person_id: int, *, at: datetime) -> None:
    """Count a wrong code against the person, and forget old ones."""
    tries.note(session, [_subject(person_id)], at=at)


def _subject(person_id: int) -> str:
    return hashlib.sha256(f"enrolment code of person {person_id}".encode()).hexdigest()  # not words


def _note(
    session: Session, cohort: Cohort, act: str, by: int, at: datetime, before: list[int], after: list[int]
) -> None:
    note(
        session,
        act,
        academy_id=cohort.academy_id,
        by=by,
        subject=f"cohort {cohort.id}",
        at=at,
        before={"codes": before},
        after={"codes": after},
    )
