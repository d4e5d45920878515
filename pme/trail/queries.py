"""Reads of the audit trail of one academy: searched, told in words, with names where they are still known."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from pme.audit import START, AuditAlias, AuditChain, AuditEntry, chain_of
from pme.people.models import Person, Personnel
from pme.words.speech import _

AT_ONCE = 1000
HASH = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{20,52}\b")
"""A hash, of which a reader needs the beginning; the files have it whole."""
HEAD = re.compile(r"([0-9]{1,9})-([0-9a-f]{64})")
ALIAS = re.compile(r"person ([2-9a-z]{12})", re.IGNORECASE)
MOST_PEOPLE = 50
COLUMNS: Mapping[str, tuple[InstrumentedAttribute[Any], ...]] = {
    "number": (),
    "when": (AuditEntry.at,),
    "who": (AuditEntry.actor,),
    "what": (AuditEntry.act,),
    "to": (AuditEntry.subject,),
}
"""What the record can be sorted by, each with an index; entries that are alike stand in their order."""


@dataclass(frozen=True)
class Head:
    """The end of a chain: kept elsewhere, it proves later that nothing before it was changed or cut off."""

    length: int = 0
    sha256: str = START

    def __str__(self) -> str:
        return f"{self.length}-{self.sha256}"


@dataclass(frozen=True)
class Sought:
    """What is looked for. `aliases` are those of the people who did it or to whom it was done, None for anybody."""

    act: str = ""
    aliases: tuple[str, ...] | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One entry as it stands."""

    position: int
    at: datetime
    actor: str
    act: str
    subject: str
    detail: dict[str, Any]
    source: str | None
    sha256: str


@dataclass(frozen=True)
class Found:
    """A page of entries; `previous` and `following` are the positions to go on from, None at an end."""

    lines: tuple[Line, ...]
    previous: int | None
    following: int | None


def head_in(text: str) -> Head | None:
    """The head that somebody typed, or None where it is none."""
    found = HEAD.fullmatch(text.strip().lower())
    return Head(int(found[1]), found[2]) if found else None


def head_of(session: Session, academy_id: int | None) -> Head:
    """The end of an academy's chain."""
    row = session.execute(
        select(AuditChain.length, AuditChain.sha256).where(AuditChain.name == chain_of(academy_id))
    ).first()
    return Head(*row) if row else Head()


def holds(session: Session, academy_id: int | None, head: Head) -> bool:
    """Whether a head that was kept elsewhere is still in the chain: entry so and so with this very hash."""
    if not head.length:
        return head == Head()
    row = session.scalar(
        _of(academy_id).with_only_columns(AuditEntry.sha256).where(AuditEntry.position == head.length)
    )
    return row == head.sha256


def acts_of(session: Session, academy_id: int) -> list[str]:
    """Every kind of act on an academy's record, each found by a jump in the index, in order."""
    found: list[str] = []
    act: str | None = ""
    while act is not None:
        later = _of(academy_id).with_only_columns(func.min(AuditEntry.act)).where(AuditEntry.act > act)
        act = session.scalar(later)
        found += [act] if act else []
    return found


def search(
    session: Session,
    academy_id: int,
    sought: Sought,
    *,
    sort: str = "-number",
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Found:
    """The first entries by one of `COLUMNS` ("-": the last first), or those that follow one, or come before one.

    `before` is the position of the entry to go on from, `after` of the one to go back from: by whatever is sorted,
    a page is found by a jump in an index, however long the record is.
    """
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    columns = [*COLUMNS[key], AuditEntry.position]
    is_back, start = after is not None, after if after is not None else before
    runs_down = is_down != is_back
    statement = _sought(academy_id, sought)
    if start is not None:
        at = session.execute(
            _of(academy_id).with_only_columns(*columns).where(AuditEntry.position == start)
        ).one_or_none()
        here, there = tuple_(*columns), tuple_(*at) if at else None
        if there is None:
            return Found((), None, None)
        statement = statement.where(here < there if runs_down else here > there)
    statement = statement.order_by(*((each.desc() if runs_down else each) for each in columns))
    lines = [Line(*row) for row in session.execute(statement.limit(limit + 1))]
    is_more, lines = len(lines) > limit, lines[:limit]
    if is_back:
        lines.reverse()
    has_previous = is_more if is_back else start is not None
    has_following = bool(is_back or is_more)
    return Found(
        tuple(lines),
        lines[0].position if lines and has_previous else None,
        lines[-1].position if lines and has_following else None,
    )


def every(session: Session, academy_id: int, sought: Sought) -> Iterator[Line]:
    """Every entry that is sought, the oldest first, a few at a time in memory."""
    statement = _sought(academy_id, sought).order_by(AuditEntry.position)
    with session.execute(statement.execution_options(yield_per=AT_ONCE)) as rows:
        for row in rows:
            yield Line(*row)


def aliases_meant(session: Session, academy_id: int, words: str) -> tuple[str, ...] | None:
    """The aliases of the people whom some words mean: a code, an address, an academy's number, part of a name.

    None when they mean more people than can be looked for at once.
    """
    wanted = words.strip()
    if code := ALIAS.fullmatch(wanted):
        return (f"person {code[1].upper()}",)
    people = session.execute(
        select(Personnel.person_id, AuditAlias.alias)
        .join(Person, Person.id == Personnel.person_id)
        .outerjoin(AuditChain, AuditChain.name == chain_of(academy_id))
        .outerjoin(
            AuditAlias, (AuditAlias.chain_id == AuditChain.id) & (AuditAlias.person_id == Personnel.person_id)
        )
        .where(
            Personnel.academy_id == academy_id,
            or_(
                Person.email == wanted.lower(),
                Personnel.external_id == wanted,
                Personnel.name.icontains(wanted, autoescape=True),
            ),
        )
        .limit(MOST_PEOPLE + 1)
    ).all()
    if len(people) > MOST_PEOPLE:
        return None
    # Entries from before there were aliases name people by their number.
    return tuple(name for number, alias in people for name in (alias, f"person {number}") if name)


def names_in(session: Session, academy_id: int, lines: Iterable[Line]) -> Mapping[str, str]:
    """Alias -> rank and name, for those who did these acts or to whom they were done and who are still known."""
    aliases = {name for line in lines for name in (line.actor, line.subject)}
    rows = session.execute(
        select(AuditAlias.alias, Personnel.rank, Personnel.name)
        .join(AuditChain, AuditChain.id == AuditAlias.chain_id)
        .join(Personnel, Personnel.person_id == AuditAlias.person_id)
        .where(
            AuditChain.name == chain_of(academy_id),
            Personnel.academy_id == academy_id,
            AuditAlias.alias.in_(aliases),
        )
    )
    return {alias: f"{rank} {name}".strip() for alias, rank, name in rows}


def told(detail: Mapping[str, Any]) -> Sequence[str]:
    """What a detail says, a line for each fact; what changed as “before → after”."""
    before, after = detail.get("before"), detail.get("after")
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return [f"{key}: {_words(value)}" for key, value in detail.items()]
    rest = {key: value for key, value in detail.items() if key not in ("before", "after")}
    changed = [f"{key}: {_words(before.get(key))} → {_words(after.get(key))}" for key in {**before, **after}]
    return [*told(rest), *changed]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_words(each)}" for key, each in value.items()) or _("nothing")
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or _("nothing")
    if value is None or isinstance(value, bool):
        return {None: _("nothing"), True: _("yes"), False: _("no")}[value]
    return HASH.sub(lambda found: f"{found[1]}…", str(value))


def _of(academy_id: int | None) -> Select[Any]:
    chain = select(AuditChain.id).where(AuditChain.name == chain_of(academy_id)).scalar_subquery()
    return select(
        AuditEntry.position,
        AuditEntry.at,
        AuditEntry.actor,
        AuditEntry.act,
        AuditEntry.subject,
        AuditEntry.detail,
        AuditEntry.source,
        AuditEntry.sha256,
    ).where(AuditEntry.chain_id == chain)


def _sought(academy_id: int, sought: Sought) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if sought.act:
        conditions.append(AuditEntry.act == sought.act)
    if sought.aliases is not None:
        conditions.append(or_(AuditEntry.actor.in_(sought.aliases), AuditEntry.subject.in_(sought.aliases)))
    if sought.subject:
        conditions.append(AuditEntry.subject == sought.subject)
    if sought.since is not None:
        conditions.append(AuditEntry.at >= sought.since)
    if sought.until is not None:
        conditions.append(AuditEntry.at < sought.until)
    return _of(academy_id).where(*conditions)
