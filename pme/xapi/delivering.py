"""Delivering: statements out of the outbox to the LRS, in batches, each answer kept as soon as it is there.

At least once: whoever dies between the answer and its keeping sends the same statements again, which the LRS knows
by their ids. A batch that is refused is halved until the statement is alone that the LRS does not take.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.config import Settings
from pme.db import Database
from pme.errors import Invalid, Unavailable
from pme.keys.keyring import Keyring
from pme.words.speech import _
from pme.xapi.address import target_of
from pme.xapi.calling import Answer, Line, SignIn
from pme.xapi.models import Lrs, LrsState, LrsStatement, StatementState
from pme.xapi.tries import next_try

AT_ONCE, LARGEST = 50, 512 * 1024
"""Statements in a batch, and its size in bytes."""
TAKEN = (200, 204)
HALVED = (400, 409, 413, 422)
"""What may be about one statement of many, or about how many they are."""
SIGN_IN = (401, 403)
PATIENCE = 429
FAILED = 500
MOVED = range(300, 400)
CONFLICT = 409
TOO_LARGE = 413


@dataclass(frozen=True)
class Sent:
    """A statement that waits."""

    id: int
    body: str


@dataclass
class Delivery:
    """How a delivery went; `problem` is why it ended early, else empty."""

    delivered: int = 0
    refused: int = 0
    problem: str = ""


def about(academy_id: int) -> str:
    """What the secret of an LRS is sealed about."""
    return f"lrs of academy {academy_id}"  # not words


def line_to(lrs: Lrs, settings: Settings) -> Line:
    """The line to an LRS. Raises Unavailable or Invalid where it cannot be used as it is kept."""
    secret = Keyring.of(settings).open(lrs.secret_sealed, about=about(lrs.academy_id)).decode()
    target = target_of(lrs.url, development=settings.development)
    return Line(target, SignIn(lrs.user, secret), settings.development, settings.lrs_hosts)


def deliver(
    database: Database,
    settings: Settings,
    academy_id: int,
    *,
    at: datetime,
    seconds: float = 30.0,
    is_asked: bool = False,
) -> Delivery:
    """Send what waits at an academy, for so many seconds at most, as long as the LRS takes it. Whoever `is_asked`
    to do so does not wait until its time has come.
    """
    here, until, done = database.seeing(str(academy_id)), time.monotonic() + seconds, Delivery()
    while not done.problem and time.monotonic() < until:
        with here.session() as session:
            lrs = session.scalar(select(Lrs).where(Lrs.academy_id == academy_id))
            if lrs is None or lrs.state is not LrsState.ON or (lrs.next_try_at > at and not is_asked):
                break
            batch = _waiting(session, academy_id)
        if not batch:
            break
        try:
            line = line_to(lrs, settings)
        except (Invalid, Unavailable) as error:
            _stumble(here, lrs, Answer(None, error.says), at=at)
            done.problem = error.says
            break
        _send(here, lrs, line, batch, done, at=at)
    return done


def _waiting(session: Session, academy_id: int) -> list[Sent]:
    """The next batch, the oldest first."""
    found = session.execute(
        select(LrsStatement.id, LrsStatement.body)
        .where(LrsStatement.academy_id == academy_id, LrsStatement.state == StatementState.WAITING)
        .order_by(LrsStatement.id)
        .limit(AT_ONCE)
    )
    batch: list[Sent] = []
    size = 0
    for number, body in found:
        size += len(body.encode()) + 1
        if batch and size > LARGEST:
            break
        batch.append(Sent(number, body))
    return batch


def _send(
    database: Database, lrs: Lrs, line: Line, batch: Sequence[Sent], done: Delivery, *, at: datetime
) -> None:
    answer = line.post(("[" + ",".join(each.body for each in batch) + "]").encode())
    if answer.status in TAKEN:
        _keep(database, lrs, batch, StatementState.DELIVERED, at=at)
        done.delivered += len(batch)
    elif answer.status in HALVED and len(batch) > 1:
        half = len(batch) // 2
        for part in (batch[:half], batch[half:]):
            if not done.problem:
                _send(database, lrs, line, part, done, at=at)
    elif answer.status in HALVED:
        _keep(database, lrs, batch, StatementState.REFUSED, at=at, problem=why_refused(answer))
        done.refused += 1
    else:
        done.problem = in_words(answer, line)
        _stumble(database, lrs, answer, at=at, says=done.problem)


def why_refused(answer: Answer) -> str:
    """Why an LRS did not take a statement, in its own words."""
    if answer.status == CONFLICT:
        says = "The LRS has another statement under this id (409)"  # not words
    elif answer.status == TOO_LARGE:
        says = "The LRS finds this statement too large (413)"  # not words
    else:
        says = f"The LRS does not take this statement ({answer.status})"  # not words
    return f"{says}: {answer.says}" if answer.says else f"{says}, and says no more."  # not words


def in_words(answer: Answer, line: Line) -> str:
    """What keeps an LRS from taking anything, in a sentence that says what to do."""
    host = line.target.named
    words = " " + _("It says: {says}", says=answer.says) if answer.says else ""
    status = answer.status
    if status is None:
        return answer.says
    if status in SIGN_IN:
        return _(
            "The LRS at {host} refuses the sign-in ({status}). Nothing is sent until the user name and "
            "password are corrected, or its administrator allows them to write.{words}",
            host=host,
            status=status,
            words=words,
        )
    if status in MOVED:
        return _(
            "The LRS at {host} redirects to another address ({status}), which the platform does not follow."
            " Give its present address.",
            host=host,
            status=status,
        )
    if status == PATIENCE:
        return _(
            "The LRS at {host} asks to try again later ({status}).{words}",
            host=host,
            status=status,
            words=words,
        )
    if status >= FAILED:
        return _(
            "The LRS at {host} reports an error of its own ({status}).{words}",
            host=host,
            status=status,
            words=words,
        )
    return _(
        "The LRS at {host} does not understand what was sent ({status}). Check that the address is that of "
        "an LRS.{words}",
        host=host,
        status=status,
        words=words,
    )


def _keep(
    database: Database,
    lrs: Lrs,
    batch: Sequence[Sent],
    state: StatementState,
    *,
    at: datetime,
    problem: str = "",
) -> None:
    """Note what became of statements, and that the LRS answers."""
    is_delivered = state is StatementState.DELIVERED
    with database.writing() as session:
        session.execute(
            update(LrsStatement)
            .where(
                LrsStatement.academy_id == lrs.academy_id,
                LrsStatement.id.in_([each.id for each in batch]),
                LrsStatement.state == StatementState.WAITING,
            )
            .values(state=state, problem=problem, delivered_at=at if is_delivered else None)
        )
        session.execute(
            update(Lrs)
            .where(Lrs.academy_id == lrs.academy_id, Lrs.id == lrs.id, Lrs.set_at == lrs.set_at)
            .values(failures=0, problem="", tried_at=at, **({"succeeded_at": at} if is_delivered else {}))
        )


def _stumble(database: Database, lrs: Lrs, answer: Answer, *, at: datetime, says: str = "") -> None:
    """Note why nothing was taken: it is tried again later, or waits for somebody where the sign-in is refused.

    Whoever corrected the connection meanwhile is right.
    """
    die = random.random()  # noqa: S311  (spreads academies, and hides nothing)
    changed = {
        "failures": Lrs.failures + 1,
        "problem": says or answer.says,
        "tried_at": at,
        "next_try_at": next_try(lrs.failures + 1, at=at, die=die, asked=answer.retry_after),
    }
    if answer.status in SIGN_IN:
        changed["state"] = LrsState.STOPPED
    with database.writing() as session:
        session.execute(
            update(Lrs)
            .where(
                Lrs.academy_id == lrs.academy_id,
                Lrs.id == lrs.id,
                Lrs.set_at == lrs.set_at,
                Lrs.state == LrsState.ON,
            )
            .values(**changed)
        )
