"""Erasing somebody at an academy: what may stay loses its name, the rest goes, and the journal says so.

All in the caller's transaction. What lies in the store is named in what `erase` gives back, and goes after the commit.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Conflict, NotFound
from pme.people.memberships import administrators_stay
from pme.people.models import Academy, Membership, Person, Personnel, Standing
from pme.privacy.classes import CLASSES, Kept
from pme.privacy.finding import count_of, known, of_account, table_of, theirs
from pme.privacy.holdings import NAMELESS, Holding
from pme.privacy.journal import START, Line, fingerprint, line_of
from pme.privacy.models import Erasure, ErasureProposal, Verdict
from pme.privacy.retention import Rule, stays_of
from pme.privacy.words_typed import forget_in_rosters, forget_words
from pme.reports.kept import outdate
from pme.scope import everywhere
from pme.stores.home import CERTIFICATES, JOBS, Away, Store
from pme.words.lazily import lazy

OF_NO_ACADEMY = ("letter", "account_link", "job", "browser_session")
"""Tables with rows of an account that belong to no academy."""
NOBODY = lazy("This person is not one of your academy, or was erased already.")
ONESELF = lazy("Nobody erases themselves. Another registrar or administrator of your academy can do it.")


@dataclass(frozen=True)
class Becomes:
    """What becomes of a class of a person's data. `until` is the last year of what stays for a while, else None."""

    rule: Rule
    rows: int
    stays: bool
    until: int | None


@dataclass(frozen=True)
class Erased:
    """Somebody was erased: the line for the journal file, and the files that go now."""

    line: Line
    files: tuple[str, ...]
    account_went: bool


def preview(
    session: Session, academy_id: int, person_id: int, rules: Mapping[Kept, Rule], *, at: datetime
) -> list[Becomes]:
    """What erasing somebody would do, class by class."""
    counts = dict.fromkeys(CLASSES, 0)
    for table, holding in known():
        counts[holding.kept] += count_of(session, table, person_id, academy_id)
    stays = stays_of(rules)
    return [
        Becomes(
            rules[kept],
            counts[kept],
            stays=kept in stays,
            until=at.year + rules[kept].years if kept in stays and not CLASSES[kept].always else None,
        )
        for kept in CLASSES
        if kept is not Kept.WORK
    ]


def account_goes(session: Session, academy_id: int, person_id: int) -> bool:
    """Whether no other academy knows the person, so that the account itself goes too."""
    with everywhere(session):
        others = select(Membership.id).where(
            Membership.person_id == person_id,
            Membership.academy_id != academy_id,
            Membership.standing != Standing.ERASED,
        )
        return session.scalar(others.limit(1)) is None


def erase(
    session: Session,
    academy_id: int,
    person_id: int,
    *,
    stays: frozenset[Kept],
    by: int | None,
    at: datetime,
    store: Store,
    before: Line | None = None,
) -> Erased:
    """Erase somebody. `before` is the line of the journal that says so already, when it is done again.

    Raises NotFound for who is not there or is erased already, Conflict for oneself and for the last
    administrator who counts.
    """
    person, academy = session.get(Person, person_id), session.get_one(Academy, academy_id)
    if (
        person is None
        or not is_known(session, academy_id, person_id)
        or is_erased(session, academy_id, person_id)
    ):
        raise NotFound(NOBODY)
    if by == person_id:
        raise Conflict(ONESELF)
    whole_account = account_goes(session, academy_id, person_id)
    files = _files(session, academy_id, person_id, store)
    audit.record(
        session,
        "person erased" if before is None else "person erased again",
        actor=f"person {by}" if by else "platform",
        subject=f"person {person_id}",
        at=at,
        academy_id=academy_id,
        detail={"stays without a name": sorted(stays), "account": whole_account},
    )
    line = before or _chained(
        session,
        line_of(
            academy=academy.slug,
            academy_id=academy_id,
            person_id=person_id,
            created_at=person.created_at,
            stays=stays,
            at=at,
        ),
    )
    session.flush()
    if before is None:
        with administrators_stay(session, academy_id):
            _forget(session, academy_id, person, stays, whole_account)
    else:
        _forget(session, academy_id, person, stays, whole_account)
    _close_proposals(session, academy_id, person_id, by=by, at=at)
    outdate(session, academy_id)
    session.add(
        Erasure(
            academy_id=academy_id,
            person_id=person_id,
            by_id=by,
            at=datetime.fromisoformat(line.at),
            fingerprint=line.fingerprint,
            stays=list(line.stays),
            sha256=line.sha256,
        )
    )
    session.flush()
    session.expire_all()
    return Erased(line, files, whole_account)


def is_known(session: Session, academy_id: int, person_id: int) -> bool:
    """Whether somebody is or was one of an academy."""
    found = select(Personnel.id).where(Personnel.academy_id == academy_id, Personnel.person_id == person_id)
    return session.scalar(found) is not None


def is_erased(session: Session, academy_id: int, person_id: int) -> bool:
    """Whether somebody was erased at an academy."""
    found = select(Erasure.id).where(Erasure.academy_id == academy_id, Erasure.person_id == person_id)
    return session.scalar(found) is not None


def lines_of(session: Session, academy: Academy) -> Sequence[Line]:
    """The erasures of an academy as the journal file has them, oldest first."""
    rows = session.scalars(select(Erasure).where(Erasure.academy_id == academy.id).order_by(Erasure.id)).all()
    return [
        Line(
            academy=academy.slug,
            academy_id=academy.id,
            person_id=row.person_id,
            fingerprint=row.fingerprint,
            stays=tuple(row.stays),
            at=row.at.isoformat(),
            sha256=row.sha256,
        )
        for row in rows
    ]


def remove(store: Store, files: Sequence[str]) -> None:
    """Take away the files of what was erased. Where the store is away, the worker does it within a day."""
    try:
        for name in files:
            store.delete(name)
    except Away as error:
        structlog.get_logger().error("files of an erased person stay for now", exc_info=error)


def is_same(person: Person, line: Line) -> bool:
    """Whether a line of the journal means this very person."""
    return fingerprint(person.id, person.created_at) == line.fingerprint


def _chained(session: Session, line: Line) -> Line:
    """The line after the last one of its academy. The academy's audit chain is held: nobody else adds one now."""
    latest = select(Erasure.sha256).where(Erasure.academy_id == line.academy_id).order_by(Erasure.id.desc())
    return replace(line, sha256=line.digest(session.scalar(latest.limit(1)) or START))


def _forget(
    session: Session, academy_id: int, person: Person, stays: frozenset[Kept], whole_account: bool
) -> None:
    record = session.scalars(
        select(Personnel).where(Personnel.academy_id == academy_id, Personnel.person_id == person.id)
    ).one()
    _forget_address(session, academy_id, person.email)
    forget_in_rosters(session, academy_id, [person.email, record.name, record.external_id or ""])
    forget_words(session, academy_id, person.id)
    for table, holding in known():  # what goes loses the name first: the database keeps what bears one
        if holding.blanks and not _stays(holding, stays):
            session.execute(
                update(table).where(theirs(table, person.id, academy_id)).values(**holding.blanks)
            )
    for table, holding in known():
        where = theirs(table, person.id, academy_id)
        if not _stays(holding, stays):
            session.execute(delete(table).where(where))
            continue
        if holding.goes:
            going = (table.c[column] == value for column, value in holding.goes.items())
            session.execute(delete(table).where(where, *going))
        if holding.blanks:
            session.execute(update(table).where(where).values(**holding.blanks))
    if whole_account:
        _forget_account(session, academy_id, person)


def _stays(holding: Holding, stays: frozenset[Kept]) -> bool:
    """Whether rows stay, emptied."""
    return holding.blanks is not None and (holding.kept is Kept.IDENTITY or holding.kept in stays)


def _forget_account(session: Session, academy_id: int, person: Person) -> None:
    with everywhere(session):
        for table, _ in of_account():
            if table.name != "person":
                session.execute(delete(table).where(theirs(table, person.id, academy_id)))
        failed = table_of("failed_sign_in")
        hashed = hashlib.sha256(person.email.strip().lower().encode()).hexdigest()
        session.execute(delete(failed).where(failed.c.subject == hashed))
        for table, _ in known():
            if table.name in OF_NO_ACADEMY:
                session.execute(delete(table).where(theirs(table, person.id, academy_id, whole=True)))
        audit.cut(session, person.id)
        values: dict[str, Any] = {
            "email": f"erased-{secrets.token_hex(8)}@erased.invalid",
            "name": NAMELESS,
            "rank": "",
            "password_hash": "",
            "reading_language": None,
            "interface_language": None,
            "look": None,
            "tour_is_over": True,
        }
        session.execute(update(Person).where(Person.id == person.id).values(**values))


def _forget_address(session: Session, academy_id: int, email: str) -> None:
    """What names the person by their address alone: letters, and a panel that they sat on as a guest."""
    letter, panellist, panel = (table_of(name) for name in ("letter", "panellist", "panel"))
    session.execute(
        delete(letter).where(
            and_(letter.c.academy_id == academy_id, func.lower(letter.c.address) == email.lower())
        )
    )
    panels = select(panel.c.id).where(panel.c.academy_id == academy_id)
    found = select(panellist.c.id).where(
        panellist.c.panel_id.in_(panels), func.lower(panellist.c.email) == email.lower()
    )
    for number in session.scalars(found).all():
        address = f"erased-{number}@erased.invalid"
        session.execute(
            update(panellist).where(panellist.c.id == number).values(name=NAMELESS, email=address)
        )


def _files(session: Session, academy_id: int, person_id: int, store: Store) -> tuple[str, ...]:
    certificate, job = table_of("certificate"), table_of("job")
    codes = session.scalars(
        select(certificate.c.code).where(theirs(certificate, person_id, academy_id))
    ).all()
    results = session.scalars(
        select(job.c.result_file).where(theirs(job, person_id, academy_id), job.c.result_file.is_not(None))
    ).all()
    printed = [file.name for code in codes for file in store.list(CERTIFICATES + code)]
    return (*printed, *(JOBS + str(name) for name in results))


def _close_proposals(
    session: Session, academy_id: int, person_id: int, *, by: int | None, at: datetime
) -> None:
    session.execute(
        update(ErasureProposal)
        .where(
            ErasureProposal.academy_id == academy_id,
            ErasureProposal.person_id == person_id,
            ErasureProposal.verdict == Verdict.WAITING,
        )
        .values(verdict=Verdict.APPROVED, decided_by=by, decided_at=at)
    )
