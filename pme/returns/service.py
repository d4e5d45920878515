"""Acts on sealed returns: ask for one, keep its seal; and what is read of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Invalid
from pme.jobs.service import enqueue
from pme.keys.public import PublicKey
from pme.keys.queries import owner_of
from pme.people.models import Academy
from pme.returns.models import SealedReturn
from pme.scope import everywhere
from pme.words.speech import _

JOB = "sealed-return"
SORTS = ("number", "period", "courses", "completions", "sealed")
"""What returns can be sorted by."""


def ask(
    session: Session,
    academy_id: int,
    *,
    since: date,
    until: date,
    courses: Sequence[str],
    secret: str,
    hides_few: bool,
    marking: str,
    by_id: int,
    at: datetime,
    schedule_id: int | None = None,
) -> SealedReturn:
    """Ask for a return of a period and courses; it is sealed in the background. `secret` is that of its
    pseudonyms, sealed, or ""; `schedule_id` is what asks for it, where nobody does by
    hand. Raises Invalid for no course, or a period that is the wrong way round.
    """
    if until < since:
        raise Invalid(_("The last day comes before the first. Swap them."), field="until")
    if not courses:
        raise Invalid(_("Choose at least one course."), field="courses")
    session.execute(select(Academy.id).where(Academy.id == academy_id).with_for_update())
    last = session.scalar(select(func.max(SealedReturn.number)).where(SealedReturn.academy_id == academy_id))
    one = SealedReturn(
        academy_id=academy_id,
        number=(last or 0) + 1,
        since=since,
        until=until,
        courses=sorted(courses),
        pseudonyms=secret,
        hides_few=hides_few,
        marking=marking.strip()[:60],
        by_id=by_id,
        asked_at=at,
        counts={},
    )
    session.add(one)
    session.flush()
    job = enqueue(
        session,
        JOB,
        academy_id=academy_id,
        person_id=by_id,
        payload={"return": one.id} | ({"schedule": schedule_id} if schedule_id else {}),
        at=at,
        key=str(one.id),
        title=f"Return {one.number}",  # not words
    )
    one.job_id = job.id
    _record(session, "return asked for", one, by_id, at)  # not words
    return one


def find_return(
    session: Session, academy_id: int, return_id: int, *, for_update: bool = False
) -> SealedReturn | None:
    """A return of an academy, or None."""
    wanted = select(SealedReturn).where(SealedReturn.id == return_id, SealedReturn.academy_id == academy_id)
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)


def returns_of(
    session: Session, academy_id: int, *, sort: str = "-number", offset: int = 0, at_most: int
) -> Sequence[SealedReturn]:
    """Returns of an academy by one of `SORTS` ("-": the last first); those that are not sealed yet stand last."""
    by: dict[str, ColumnElement[Any]] = {
        "number": SealedReturn.number.expression,
        "period": SealedReturn.since.expression,
        "sealed": SealedReturn.sealed_at.expression,
        "courses": func.json_array_length(SealedReturn.courses),
        "completions": SealedReturn.counts["completions"].as_integer(),
    }
    column = by[sort.removeprefix("-")]
    first = column.desc() if sort.startswith("-") else column.asc()
    return session.scalars(
        select(SealedReturn)
        .where(SealedReturn.academy_id == academy_id)
        .order_by(first.nulls_last(), SealedReturn.number.desc())
        .offset(offset)
        .limit(at_most)
    ).all()


def count_returns(session: Session, academy_id: int) -> int:
    """How many returns an academy has asked for."""
    return session.scalar(select(func.count()).where(SealedReturn.academy_id == academy_id)) or 0


def previous_of(session: Session, one: SealedReturn) -> SealedReturn | None:
    """The last sealed return before this one that was of all its courses, or None."""
    earlier = session.scalars(
        select(SealedReturn)
        .where(
            SealedReturn.academy_id == one.academy_id,
            SealedReturn.number < one.number,
            SealedReturn.sealed_at.is_not(None),
        )
        .order_by(SealedReturn.number.desc())
    )
    return next((each for each in earlier if set(one.courses) <= set(each.courses)), None)


def keep_seal(
    session: Session,
    one: SealedReturn,
    *,
    key_id: int,
    sha256: str,
    last_event: int,
    counts: dict[str, Any],
    file: tuple[int, str],
    at: datetime,
) -> None:
    """A return was sealed; `file` is the size and the SHA-256 of its file."""
    one.key_id, one.manifest_sha256, one.last_event = key_id, sha256, last_event
    one.counts, one.sealed_at = counts, at
    one.file_size, one.file_sha256 = file
    session.flush()
    _record(session, "return sealed", one, one.by_id, at)


@dataclass(frozen=True)
class Known:
    """What the platform that sealed a return says of it: whose the key is, and whether it sealed this very one."""

    academy: str
    is_sealed: bool
    key: PublicKey


def issued_here(session: Session, public: str, manifest_sha256: str) -> Known | None:
    """What is known here of a return, by its key in hexadecimal and its manifest; None for others' keys."""
    found = owner_of(session, bytes.fromhex(public))
    if found is None:
        return None
    name, academy_id, key = found
    with everywhere(session):
        sealed = session.scalar(
            select(SealedReturn.id).where(
                SealedReturn.academy_id == academy_id, SealedReturn.manifest_sha256 == manifest_sha256
            )
        )
    return Known(name, sealed is not None, key)


def note_taken(session: Session, one: SealedReturn, *, by_id: int, at: datetime) -> None:
    """Put on record that somebody took the file of a return."""
    _record(session, "return taken", one, by_id, at)


def _record(session: Session, act: str, one: SealedReturn, by_id: int, at: datetime) -> None:
    audit.record(
        session,
        act,
        actor=f"person {by_id}",
        subject=f"return {one.number}",
        at=at,
        academy_id=one.academy_id,
        detail={
            "since": one.since.isoformat(),
            "until": one.until.isoformat(),
            "courses": one.courses,
            "sha256": one.manifest_sha256,
        },
    )
