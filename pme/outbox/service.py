"""Acts on letters: queue one, try one again; and what the worker does to their rows."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from pme.db import Database, insert_into
from pme.errors import Conflict, Invalid
from pme.outbox.models import Letter, LetterState
from pme.outbox.tries import DAYS, MOST_UNSURE, TEXT_KEPT, WAITS, WAITS_AWAY, next_try
from pme.outbox.wording import worded
from pme.people.models import Academy, Person, Personnel
from pme.words.speech import _

ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+@[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+")
LONGEST_ADDRESS = 254
LEASE = SLACK = timedelta(minutes=5)
KEYS_AT_ONCE = 500
UNSURE = (  # not words
    "The mail server was given this letter {times} times, and each time the connection or the worker broke before the "
    "server said that it took it. It may have arrived. Ask its person, and try again only if it did not."
)
TOO_LATE = "It could not be sent in time, and would say nothing useful any more."  # not words


def queue(
    session: Session,
    *,
    academy_id: int | None,
    person_id: int | None,
    to: str,
    template: str,
    values: Mapping[str, object],
    language: str | None,
    at: datetime,
    key: str,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> bool:
    """Write a letter in the caller's transaction, once for each key of an academy; tells whether it is new.

    Without a language it is written in that of the person. Raises Invalid where `to` is no single address.
    """
    if len(to) > LONGEST_ADDRESS or not ADDRESS.fullmatch(to):
        raise Invalid(_("No letter can be sent to this e-mail address."), field="email")
    wording = worded(template, values, language or language_of(session, person_id, academy_id))
    new = insert_into(session, Letter).values(
        academy_id=academy_id,
        person_id=person_id,
        key=f"{academy_id or 0} {key}",
        template=template,
        language=wording.language,
        address=to,
        subject=wording.subject,
        body=wording.body,
        secrets=wording.secrets,
        sent_id=uuid4().hex,
        state=LetterState.WAITING,
        tries=0,
        unsure=0,
        awaits_server=False,
        problem="",
        created_at=at,
        not_before=not_before or at,
        not_after=not_after or (not_before or at) + DAYS,
    )
    added = new.on_conflict_do_nothing(index_elements=[Letter.key]).returning(Letter.id)
    return session.scalar(added) is not None


def known_keys(session: Session, academy_id: int, keys: Collection[str]) -> set[str]:
    """Which of these keys of an academy a letter was written for."""
    found: set[str] = set()
    wanted = [f"{academy_id} {key}" for key in keys]
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        some = Letter.key.in_(wanted[start : start + KEYS_AT_ONCE])
        found |= set(session.scalars(select(Letter.key).where(Letter.academy_id == academy_id, some)))
    return {key.partition(" ")[2] for key in found}


def language_of(session: Session, person_id: int | None, academy_id: int | None) -> str | None:
    """The language of letters to a person: as the academy says of them, as they chose,
    or as the academy speaks to everybody.
    """
    known = (Personnel.person_id == Person.id) & (Personnel.academy_id == academy_id)
    found = session.execute(
        select(Personnel.language, Person.interface_language, Person.reading_language, Academy.language)
        .select_from(Person)
        .outerjoin(Personnel, known)
        .outerjoin(Academy, Academy.id == academy_id)
        .where(Person.id == person_id)
    ).one_or_none()
    return next(filter(None, found or ()), None)


@dataclass(frozen=True)
class Posted:
    """A letter on its way: everything that the postman needs."""

    id: int
    address: str
    subject: str
    body: str
    secrets: dict[str, str]
    language: str
    sender_name: str
    sent_id: str
    written_at: datetime
    tries: int = 1


def is_any_due(database: Database, *, at: datetime) -> bool:
    """Whether the postman would find a letter: a read, so that looking costs nobody anything."""
    with database.session() as session:
        return bool(session.scalar(select(exists().where(_due(at)))))


def claim(session: Session, *, at: datetime, at_most: int) -> list[Posted]:
    """Lease letters that are due, the oldest first. One that may have arrived too often already is given up."""
    found = select(Letter).where(_due(at)).order_by(Letter.not_before, Letter.id).limit(at_most)
    letters = session.scalars(found.with_for_update(skip_locked=True)).all()
    academies = {each.academy_id for each in letters}
    names = dict(session.execute(select(Academy.id, Academy.name).where(Academy.id.in_(academies))).all())
    for letter in letters:
        if letter.unsure >= MOST_UNSURE:
            _give_up_unsure(letter)
        else:
            letter.state, letter.leased_until, letter.tries = (
                LetterState.SENDING,
                at + LEASE,
                letter.tries + 1,
            )
    session.flush()
    return [
        Posted(
            id=each.id,
            address=each.address,
            subject=each.subject,
            body=each.body,
            secrets=dict(each.secrets),
            language=each.language,
            sender_name=names.get(each.academy_id or 0, "PME"),
            sent_id=each.sent_id,
            written_at=each.created_at,
            tries=each.tries,
        )
        for each in letters
        if each.state is LetterState.SENDING
    ]


def hand_over(session: Session, letter: Posted, *, at: datetime) -> bool:
    """Say that a letter is being handed over, before it is: should nobody say how that ended, it may have arrived.

    False where it is not ours any more: this run was silent for too long and another has it, or it is gone.
    """
    ours = update(Letter).where(
        Letter.id == letter.id, Letter.state == LetterState.SENDING, Letter.tries == letter.tries
    )
    begun = ours.values(unsure=Letter.unsure + 1, leased_until=at + LEASE).returning(Letter.id)
    return session.scalar(begun) is not None


def note_sent(session: Session, letter_id: int, *, at: datetime) -> None:
    """The mail server has taken it; what was secret in it is forgotten."""
    letter = session.get(Letter, letter_id, with_for_update=True, populate_existing=True)
    if letter is None:
        return  # its person was erased meanwhile
    letter.state, letter.sent_at, letter.problem = LetterState.SENT, at, ""
    letter.secrets, letter.leased_until, letter.awaits_server = {}, None, False


def note_problem(
    session: Session,
    letter_id: int,
    problem: str,
    *,
    at: datetime,
    is_final: bool = False,
    is_unsure: bool = False,
    is_of_server: bool = False,
) -> None:
    """It was begun and not taken, or nobody knows: it waits for its next try, or is given up.

    Where the fault is the server's, it waits for that, as all others do.
    """
    letter = session.get(Letter, letter_id, with_for_update=True, populate_existing=True)
    if letter is None:
        return
    if not is_unsure:
        letter.unsure = max(0, letter.unsure - 1)
    waits = WAITS_AWAY if is_of_server else WAITS
    then = None if is_final else next_try(letter.tries, at=at, not_after=letter.not_after, waits=waits)
    letter.problem, letter.leased_until, letter.awaits_server = problem, None, is_of_server
    if letter.unsure >= MOST_UNSURE:
        _give_up_unsure(letter)
    elif then is None:
        letter.state = LetterState.FAILED
    else:
        letter.state, letter.not_before = LetterState.WAITING, then


def note_away(session: Session, letters: Sequence[Posted], problem: str, *, at: datetime) -> None:
    """The mail server could not be used, so these wait until it can; so do all others that are due."""
    for posted in letters:
        letter = session.get(Letter, posted.id, with_for_update=True, populate_existing=True)
        if letter is None or letter.state is not LetterState.SENDING or letter.tries != posted.tries:
            continue
        then = next_try(letter.tries, at=at, not_after=letter.not_after, waits=WAITS_AWAY)
        letter.problem, letter.leased_until, letter.awaits_server = problem, None, then is not None
        letter.state = LetterState.FAILED if then is None else LetterState.WAITING
        letter.not_before = then or letter.not_before
    session.flush()
    others = update(Letter).where(Letter.state == LetterState.WAITING, Letter.not_before <= at)
    session.execute(others.values(not_before=at + WAITS_AWAY[0], problem=problem, awaits_server=True))


def hurry(session: Session, *, at: datetime) -> None:
    """The mail server takes letters again: whatever waits for nothing else is due now."""
    held = update(Letter).where(Letter.state == LetterState.WAITING, Letter.awaits_server)
    session.execute(held.values(not_before=at, awaits_server=False))


def try_again(session: Session, letter: Letter, *, at: datetime) -> None:
    """Send a letter that was given up once more. Raises Conflict where it was not."""
    if letter.state not in (LetterState.FAILED, LetterState.LATE):
        raise Conflict(_("Only a letter that could not be sent can be tried again."))
    if not letter.body:
        raise Conflict(_("What it said is not kept any more. Ask for a new letter where it was asked for."))
    if "[[" in letter.body and not letter.secrets:
        raise Conflict(
            _("The link in this letter is no longer kept. Ask for a new letter where it was asked for.")
        )
    letter.state, letter.not_before, letter.not_after = LetterState.WAITING, at, at + DAYS
    letter.unsure, letter.awaits_server = 0, False
    session.flush()


def given_up(session: Session, academy_id: int, *also: ColumnElement[bool]) -> list[int]:
    """The letters of an academy that failed for certain and can be tried again as they were, the oldest first.

    What may have arrived is left to whoever asks its person; what came too late would say nothing useful.
    """
    rows = session.execute(
        select(Letter.id, Letter.body, Letter.secrets)
        .where(
            Letter.academy_id == academy_id,
            Letter.state == LetterState.FAILED,
            Letter.unsure == 0,
            Letter.body != "",
            *also,
        )
        .order_by(Letter.id)
    )
    return [row.id for row in rows if row.secrets or "[[" not in row.body]


def try_all_again(session: Session, academy_id: int, ids: Sequence[int], *, at: datetime) -> None:
    """Send those of these letters that failed once more, from `at` on."""
    for begin in range(0, len(ids), KEYS_AT_ONCE):
        session.execute(
            update(Letter)
            .where(
                Letter.academy_id == academy_id,
                Letter.id.in_(ids[begin : begin + KEYS_AT_ONCE]),
                Letter.state == LetterState.FAILED,
            )
            .values(state=LetterState.WAITING, not_before=at, not_after=at + DAYS, awaits_server=False)
            .execution_options(synchronize_session="fetch")
        )


def close_late(session: Session, *, at: datetime) -> None:
    """Letters that wait although their days are over are not sent any more."""
    late = update(Letter).where(Letter.state == LetterState.WAITING, Letter.not_after < at)
    session.execute(late.values(state=LetterState.LATE, problem=TOO_LATE, secrets={}))


def forget(session: Session, *, at: datetime) -> None:
    """What old letters said is deleted; that they were written is kept, so that none is written twice."""
    old = update(Letter).where(Letter.created_at < at - TEXT_KEPT, Letter.body != "")
    closed = old.where(Letter.state.not_in((LetterState.WAITING, LetterState.SENDING)))
    session.execute(closed.values(body="", subject="", address="", secrets={}))


def _give_up_unsure(letter: Letter) -> None:
    letter.state, letter.leased_until = LetterState.FAILED, None
    letter.problem = UNSURE.format(times=letter.unsure)


def _due(at: datetime) -> ColumnElement[bool]:
    """What is to be sent, and what was begun and left. The second in each: before a clock was put back."""
    waits = and_(Letter.not_before <= at, Letter.not_after >= at)
    was_due = and_(Letter.created_at > at + SLACK, Letter.not_before == Letter.created_at)
    is_left = or_(Letter.leased_until < at, Letter.leased_until > at + LEASE + SLACK)
    return or_(
        and_(Letter.state == LetterState.WAITING, or_(waits, was_due)),
        and_(Letter.state == LetterState.SENDING, is_left),
    )
