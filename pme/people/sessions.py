"""Browser sessions of a person: listed, ended one by one or all others, moved to another academy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pme.lent import let_go
from pme.people.counting import counts_on
from pme.people.factors import end_halves
from pme.people.factors_models import HalfSignIn
from pme.people.models import Academy, BrowserSession, Membership, Person, Role
from pme.people.passwords import Hashing, check_quality


@dataclass(frozen=True)
class SignedInBrowser:
    """One browser that is signed in, as its person sees it."""

    id: int
    browser: str
    network: str
    second_step: str
    academy: str
    started_at: datetime
    renewed_at: datetime


def browsers_of(
    session: Session, person_id: int, *, at: datetime, idle: timedelta, longest: timedelta
) -> list[SignedInBrowser]:
    """The browsers that a person is signed in with now, the one used last first."""
    rows = session.execute(
        select(
            BrowserSession.id,
            BrowserSession.browser,
            BrowserSession.network,
            BrowserSession.second_step,
            Academy.name,
            BrowserSession.started_at,
            BrowserSession.renewed_at,
        )
        .join(Academy, Academy.id == BrowserSession.academy_id)
        .where(
            BrowserSession.person_id == person_id,
            BrowserSession.ended_at.is_(None),
            BrowserSession.renewed_at > at - idle,
            BrowserSession.started_at > at - longest,
        )
        .order_by(BrowserSession.renewed_at.desc(), BrowserSession.id.desc())
    )
    return [SignedInBrowser(*row) for row in rows]


def end_one(session: Session, person_id: int, session_id: int, *, at: datetime) -> bool:
    """Sign one browser of a person out; False when it is none of theirs or was out already."""
    ended = session.execute(
        update(BrowserSession)
        .where(
            BrowserSession.id == session_id,
            BrowserSession.person_id == person_id,
            BrowserSession.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def end_others(session: Session, person_id: int, *, but: int | None, at: datetime) -> int:
    """Sign every browser of a person out but one, and whoever stands between the two steps; says how many."""
    end_halves(session, person_id)
    others = update(BrowserSession).where(
        BrowserSession.person_id == person_id, BrowserSession.ended_at.is_(None)
    )
    if but is not None:
        others = others.where(BrowserSession.id != but)
    ended = session.execute(others.values(ended_at=at))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def end_all(session: Session, *, at: datetime) -> int:
    """Sign everybody out everywhere, and whoever stands between the two steps; says how many browsers."""
    session.execute(delete(HalfSignIn))
    ended = session.execute(
        update(BrowserSession).where(BrowserSession.ended_at.is_(None)).values(ended_at=at)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def new_hash(session: Session, hashing: Hashing, person_id: int, password: str) -> str:
    """What to keep of a person's new password, made before anybody writes, since that takes its time.

    Raises Invalid when it is easy to guess.
    """
    email, name = session.execute(select(Person.email, Person.name).where(Person.id == person_id)).one()
    check_quality(password, email=email, name=name)
    let_go(session)
    return hashing.hash(password)


def change_password(
    session: Session, person_id: int, new_hash: str, *, but: int | None, at: datetime
) -> None:
    """Give a person another password and sign all other browsers out."""
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    person.password_hash = new_hash
    session.flush()
    end_others(session, person_id, but=but, at=at)


def academies_of(session: Session, person_id: int, *, at: datetime) -> list[tuple[int, str, frozenset[Role]]]:
    """The academies where a person is active: id, name and roles, in the order of their names."""
    rows = session.execute(
        select(Academy.id, Academy.name, Membership.role)
        .join(Membership, Membership.academy_id == Academy.id)
        .where(Membership.person_id == person_id, counts_on(at.date()))
        .order_by(Academy.name, Academy.id)
    ).all()
    names = {academy_id: name for academy_id, name, _ in rows}
    return [(each, name, frozenset(r.role for r in rows if r[0] == each)) for each, name in names.items()]


def go_to_academy(
    session: Session, person_id: int, session_id: int, academy_id: int, *, at: datetime
) -> bool:
    """Go on at another academy in this browser; False where the person is not active there."""
    if academy_id not in {each for each, _, _ in academies_of(session, person_id, at=at)}:
        return False
    moved = session.execute(
        update(BrowserSession)
        .where(BrowserSession.id == session_id, BrowserSession.person_id == person_id)
        .values(academy_id=academy_id)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]
