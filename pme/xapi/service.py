"""Acts on an academy's LRS: connect it, try the connection, pause, go on, send again what was refused, begin anew."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.config import Settings
from pme.errors import Conflict, Invalid, Unavailable
from pme.keys.keyring import Keyring
from pme.keys.service import Resealed
from pme.people.models import Academy
from pme.words.lazily import lazy
from pme.words.speech import _
from pme.xapi.address import target_of
from pme.xapi.calling import VERSION, Answer, Line
from pme.xapi.delivering import SIGN_IN, TAKEN, about, in_words
from pme.xapi.models import Lrs, LrsState, LrsStatement, StatementState
from pme.xapi.queries import find_lrs
from pme.xapi.telling import begin_anew

LONGEST_USER, LONGEST_SECRET = 200, 500
NO_LRS = lazy("Your academy has no LRS yet. Give its address first.")
NO_USER = lazy("Give the user name that the administrator of the LRS gave you. It must not contain a colon.")
NO_PASSWORD = lazy("Give the password that the administrator of the LRS gave you.")
NOTHING_REFUSED = lazy("No statement is refused now.")


@dataclass(frozen=True)
class Wanted:
    """How an LRS is to be reached; an empty `secret` leaves the one that is kept."""

    address: str
    user: str
    secret: str
    names_certificates: bool


def connect(
    session: Session, academy: Academy, wanted: Wanted, settings: Settings, *, by_id: int, at: datetime
) -> Lrs:
    """Keep how the LRS of an academy is reached, and send from now on what waits and all that comes.

    At the first time all that was ever done is told, and again to another address.

    Raises Invalid at the field that is wrong, Unavailable where no password can be sealed.
    """
    target_of(wanted.address, development=settings.development)
    user = wanted.user.strip()
    if not user or len(user) > LONGEST_USER or ":" in user or not user.isprintable():
        raise Invalid(NO_USER, field="user")
    lrs = find_lrs(session, academy.id, for_update=True)
    is_elsewhere = lrs is None or (lrs.url, lrs.user) != (wanted.address.strip(), user)
    if (is_elsewhere and not wanted.secret) or len(wanted.secret) > LONGEST_SECRET:
        raise Invalid(NO_PASSWORD, field="secret")  # a kept password goes nowhere but where it was given for
    if lrs is None:
        lrs = Lrs(academy_id=academy.id, url="")
        session.add(lrs)
    if wanted.secret:
        keyring = Keyring.of(settings)
        lrs.secret_sealed = keyring.seal(
            wanted.secret.encode(), about=about(academy.id), is_demo=academy.is_demo
        )
    if lrs.url and lrs.url != wanted.address.strip():
        begin_anew(session, academy.id)
    lrs.url, lrs.user = wanted.address.strip(), user
    lrs.names_certificates = wanted.names_certificates
    lrs.state, lrs.failures, lrs.problem = LrsState.ON, 0, ""
    lrs.next_try_at = lrs.set_at = at
    lrs.set_by = by_id
    session.flush()
    _record(session, "LRS connected", lrs, by_id=by_id, at=at, detail={"address": lrs.url})
    return lrs


def pause(session: Session, academy_id: int, *, by_id: int, at: datetime) -> None:
    """Send nothing for now; what happens goes on being written into the outbox."""
    lrs = _lrs(session, academy_id)
    lrs.state, lrs.set_at = LrsState.PAUSED, at
    _record(session, "LRS paused", lrs, by_id=by_id, at=at)


def resume(session: Session, academy_id: int, *, by_id: int, at: datetime) -> None:
    """Send again, at once."""
    lrs = _lrs(session, academy_id)
    lrs.state, lrs.failures, lrs.problem = LrsState.ON, 0, ""
    lrs.next_try_at = lrs.set_at = at
    _record(session, "LRS resumed", lrs, by_id=by_id, at=at)


def send_refused_again(session: Session, academy_id: int, *, by_id: int, at: datetime) -> int:
    """Let what the LRS refused wait once more; tells how many. Raises Conflict where nothing is refused."""
    lrs = _lrs(session, academy_id)
    refused = (LrsStatement.academy_id == academy_id, LrsStatement.state == StatementState.REFUSED)
    count = session.scalar(select(func.count()).select_from(LrsStatement).where(*refused)) or 0
    if not count:
        raise Conflict(NOTHING_REFUSED)
    session.execute(update(LrsStatement).where(*refused).values(state=StatementState.WAITING, problem=""))
    act = "LRS statements sent again"  # not words
    _record(session, act, lrs, by_id=by_id, at=at, detail={"statements": count})
    return count


def replay(session: Session, academy_id: int, *, by_id: int | None, at: datetime) -> None:
    """Tell everything anew from the start: every statement is derived again, and sent again under its old id."""
    lrs = _lrs(session, academy_id)
    begin_anew(session, academy_id)
    lrs.next_try_at, lrs.failures = at, 0
    _record(session, "LRS replayed from the start", lrs, by_id=by_id, at=at)  # not words


def reseal_stores(session: Session, keyring: Keyring) -> Resealed:
    """Seal the password of every academy's LRS with the secret that is in force. For commands."""
    anew, fresh, unopened = 0, 0, []
    for lrs in session.scalars(select(Lrs).order_by(Lrs.id).with_for_update()):
        if keyring.is_fresh(lrs.secret_sealed):
            fresh += 1
            continue
        try:
            secret = keyring.open(lrs.secret_sealed, about=about(lrs.academy_id))
        except Unavailable:
            unopened.append(f"the password of the LRS of academy {lrs.academy_id}")  # not words
            continue
        lrs.secret_sealed = keyring.seal(secret, about=about(lrs.academy_id))
        anew += 1
    session.flush()
    return Resealed(anew, fresh, tuple(unopened))


def tried(line: Line) -> tuple[bool, str]:
    """Try a connection without sending anything of anybody: whether it is good, and what to say."""
    host = line.target.named
    told = line.get("/about")
    if told.status is None:
        return False, told.says
    versions = _versions(told)
    if told.status not in TAKEN or not versions:
        return False, (
            _(
                "{host} answers, but not as an LRS ({status}). Check the address: it ends before /about and"
                " /statements.",
                host=host,
                status=told.status,
            )
        )
    if not any(each.startswith("1.0") for each in versions):
        return False, _(
            "The LRS at {host} supports xAPI {versions}, and not {version}.",
            host=host,
            versions=", ".join(versions),
            version=VERSION,
        )
    asked = line.get("/statements?limit=1")
    if asked.status == SIGN_IN[1]:
        return True, (
            _(
                "The LRS at {host} answers and accepts the sign-in, but does not allow it to read. The "
                "first statement will show whether it may write.",
                host=host,
            )
        )
    if asked.status not in TAKEN:
        return False, in_words(asked, line)
    return True, _(
        "The LRS at {host} answers, supports xAPI {versions} and accepts the sign-in.",
        host=host,
        versions=", ".join(versions),
    )


def _versions(answer: Answer) -> list[str]:
    try:
        found = json.loads(answer.body).get("version")
    except (ValueError, AttributeError, RecursionError):
        return []
    return [str(each)[:20] for each in found if isinstance(each, str)][:10] if isinstance(found, list) else []


def _lrs(session: Session, academy_id: int) -> Lrs:
    lrs = find_lrs(session, academy_id, for_update=True)
    if lrs is None:
        raise Conflict(NO_LRS)
    return lrs


def _record(
    session: Session,
    act: str,
    lrs: Lrs,
    *,
    by_id: int | None,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    session.flush()
    audit.record(
        session,
        act,
        actor=f"person {by_id}" if by_id else "command line",
        subject="LRS",
        at=at,
        academy_id=lrs.academy_id,
        detail=detail,
    )
