"""The audit trail: who did what to what, when and from where, append-only, each entry chained by its hash.

`entry.sha256 = SHA-256(previous sha256 + canonical JSON of the entry)`, per academy, so that a
changed or missing entry shows when the chain is verified. The database itself refuses to change or delete
entries. An entry names people by an alias that says nothing by itself; whose it is stands apart in
`audit_alias`, and is cut when somebody is erased, so that the chain still verifies afterwards.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from pme.db import Base, UtcDateTime, insert_into

START = "0" * 64
CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
SOURCE = "audit_source"
"""The key of `session.info` under which whoever opened the session says from where it is used."""
PERSON = re.compile(r"\bperson (\d+)\b")
ONE = frozenset(
    "person person_id by by_id holder marker moderator instructor student registrar author "  # not words
    "approved_by".split()
)
"""Under these names a whole number in a detail is a person's."""
SEVERAL = frozenset("persons person_ids people holders markers instructors students".split())  # not words
"""Under these names a list of whole numbers is of persons."""
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS_LONG = 12
AT_ONCE = 2000


class AuditChain(Base):
    """The end of one chain; locking this row puts writers in a line. `name` is "install" or an academy's."""

    __tablename__ = "audit_chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    length: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default=START)


class AuditEntry(Base):
    """One act. `position` counts from 1 within its chain. `source` is from where, as coarsely as it is kept;
    None in entries from before it was noted, whose hash is without it.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("chain_id", "position"),
        Index("ix_audit_entry_chain_id_act_position", "chain_id", "act", "position"),
        Index("ix_audit_entry_chain_id_actor_position", "chain_id", "actor", "position"),
        Index("ix_audit_entry_chain_id_subject_position", "chain_id", "subject", "position"),
        Index("ix_audit_entry_chain_id_at", "chain_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("audit_chain.id"))
    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(120))
    act: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str | None] = mapped_column(String(60), default=None)
    sha256: Mapped[str] = mapped_column(String(64))


class AuditAlias(Base):
    """Whom an alias of a chain stands for: the only link from the entries to a person."""

    __tablename__ = "audit_alias"
    __table_args__ = (UniqueConstraint("chain_id", "person_id"), UniqueConstraint("chain_id", "alias"))

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("audit_chain.id"))
    person_id: Mapped[int]
    alias: Mapped[str] = mapped_column(String(24))


# Built once, on tables: they run with almost every act, while others wait for the chain.
_chain, _alias, _entry = AuditChain.__table__.c, AuditAlias.__table__.c, AuditEntry.__table__.c
LINKS = select(
    _entry.position,
    _entry.at,
    _entry.actor,
    _entry.act,
    _entry.subject,
    _entry.detail,
    _entry.source,
    _entry.sha256,
).execution_options(yield_per=AT_ONCE)
END_OF = (
    select(_chain.id, _chain.length, _chain.sha256).where(_chain.name == bindparam("name")).with_for_update()
)
MOVE_ON = (
    update(cast("Table", AuditChain.__table__))
    .where(_chain.id == bindparam("chain"))
    .values(length=bindparam("length"), sha256=bindparam("sha256"))
)
ALIASES = select(_alias.person_id, _alias.alias).where(
    _alias.chain_id == bindparam("chain"), _alias.person_id.in_(bindparam("people", expanding=True))
)
ADD_ENTRY = insert(cast("Table", AuditEntry.__table__))
ADD_ALIAS = insert(cast("Table", AuditAlias.__table__))


@dataclass(frozen=True)
class Act:
    """What is to be put on record."""

    act: str
    actor: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """What was put on record."""

    position: int
    at: datetime
    actor: str
    act: str
    subject: str
    detail: dict[str, Any]
    source: str
    sha256: str


def chain_of(academy_id: int | None) -> str:
    """The name of the chain that an academy's acts go to; None is the whole install."""
    return "install" if academy_id is None else f"academy-{academy_id}"


def record(
    session: Session,
    act: str,
    *,
    actor: str,
    subject: str,
    at: datetime,
    academy_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Append one act to a chain, inside the caller's transaction.

    "person 12" in the actor, the subject or the detail, and a number under a name of `ONE` or a list of them
    under one of `SEVERAL`, is kept as that person's alias. What changed is told as
    `{"before": {...}, "after": {...}}`, in ids and never in names, addresses or free text.
    """
    act_of = Act(act, actor=actor, subject=subject, detail=detail or {})
    return record_all(session, [act_of], at=at, academy_id=academy_id)[0]


def record_all(
    session: Session, acts: Sequence[Act], *, at: datetime, academy_id: int | None = None
) -> list[Entry]:
    """Append many acts to a chain at once, in this order: what a spreadsheet of thousands does."""
    session.flush()
    chain_id, length, sha256 = _locked(session, chain_of(academy_id))
    named = [[each.actor, each.subject, each.detail] for each in acts]
    aliases = _aliases(session, chain_id, _people_in(named))
    source, entries = str(session.info.get(SOURCE, ""))[:60], []
    for position, each in enumerate(acts, start=length + 1):
        facts: dict[str, Any] = {
            "position": position,
            "at": at.astimezone(UTC),
            "actor": _hidden(each.actor, aliases),
            "act": each.act,
            "subject": _hidden(each.subject, aliases),
            "detail": json.loads(json.dumps(_hidden(each.detail, aliases))),
            "source": source,
        }
        sha256 = _digest(sha256, **facts)
        entries.append(Entry(**facts, sha256=sha256))
    session.execute(ADD_ENTRY, [vars(entry) | {"chain_id": chain_id} for entry in entries])
    session.execute(MOVE_ON, {"chain": chain_id, "length": length + len(entries), "sha256": sha256})
    return entries


def first_broken(session: Session, *, academy_id: int | None = None) -> int | None:
    """The position of the first entry that does not fit its chain, or None when all do."""
    chain = session.execute(
        select(AuditChain.id, AuditChain.length, AuditChain.sha256).where(
            AuditChain.name == chain_of(academy_id)
        )
    ).first()
    if chain is None:
        return None
    previous, expected = START, 1
    entries = LINKS.where(_entry.chain_id == chain.id).order_by(_entry.position)
    with session.execute(entries) as links:
        for position, at, actor, act, subject, detail, source, sha256 in links:
            digest = _digest(
                previous,
                position=position,
                at=at,
                actor=actor,
                act=act,
                subject=subject,
                detail=detail,
                source=source,
            )
            if position != expected or sha256 != digest:
                return expected
            previous, expected = sha256, expected + 1
    return None if (chain.length, chain.sha256) == (expected - 1, previous) else expected


def alias_of(session: Session, person_id: int, *, academy_id: int | None = None) -> str | None:
    """How the entries of a chain name a person, or None where no entry names them, or no longer."""
    return session.scalar(
        select(AuditAlias.alias)
        .join(AuditChain, AuditChain.id == AuditAlias.chain_id)
        .where(AuditChain.name == chain_of(academy_id), AuditAlias.person_id == person_id)
    )


def cut(session: Session, person_id: int, *, academy_id: int | None = None) -> None:
    """Forget whom a chain's entries mean by a person's alias, for good. The entries stay as they are."""
    chain = select(AuditChain.id).where(AuditChain.name == chain_of(academy_id)).scalar_subquery()
    session.execute(delete(AuditAlias).where(AuditAlias.chain_id == chain, AuditAlias.person_id == person_id))


def forget_aliases(session: Session, people: Collection[int]) -> None:
    """Forget whom all chains mean by the aliases of people who are gone: no later person takes their place."""
    session.execute(delete(AuditAlias).where(AuditAlias.person_id.in_(people)))


def _locked(session: Session, name: str) -> tuple[int, int, str]:
    """The id, length and last hash of a chain, which nobody else moves on until the transaction ends."""
    found = session.execute(END_OF, {"name": name}).first()
    if found is None:
        start = insert_into(session, AuditChain).values(name=name, length=0, sha256=START)
        session.execute(start.on_conflict_do_nothing())
        found = session.execute(END_OF, {"name": name}).one()
    return found[0], found[1], found[2]


def _people_in(found: Any) -> set[int]:
    """The ids of the people whom these texts, lists and tables name."""
    if isinstance(found, str):
        return {int(number) for number in PERSON.findall(found)}
    if isinstance(found, Mapping):
        named = {each for key, value in found.items() for each in _numbers_under(key, value)}
        return named.union(*map(_people_in, found.values()))
    if isinstance(found, list | tuple):
        return set().union(*map(_people_in, found))
    return set()


def _numbers_under(key: str, value: Any) -> list[int]:
    if key in ONE:
        return [value] if _is_number(value) else []
    is_list = key in SEVERAL and isinstance(value, list | tuple)
    return [each for each in value if _is_number(each)] if is_list else []


def _aliases(session: Session, chain_id: int, people: Iterable[int]) -> dict[int, str]:
    """The alias of each, made where there is none. Nobody else does so meanwhile: the chain is locked."""
    wanted = set(people)
    if not wanted:
        return {}
    rows = session.execute(ALIASES, {"chain": chain_id, "people": sorted(wanted)})
    known = {row.person_id: row.alias for row in rows}
    made = {person_id: _new_alias() for person_id in sorted(wanted - known.keys())}
    if made:
        session.execute(
            ADD_ALIAS,
            [{"chain_id": chain_id, "person_id": each, "alias": alias} for each, alias in made.items()],
        )
    return known | made


def _new_alias() -> str:
    return "person " + "".join(secrets.choice(SIGNS) for _ in range(SIGNS_LONG))


def _hidden(found: Any, aliases: Mapping[int, str]) -> Any:
    """The same with aliases for people."""
    if isinstance(found, str):
        return PERSON.sub(lambda match: aliases[int(match[1])], found)
    if isinstance(found, Mapping):
        return {key: _hidden_under(key, value, aliases) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_hidden(each, aliases) for each in found]
    return found


def _hidden_under(key: str, value: Any, aliases: Mapping[int, str]) -> Any:
    if not _numbers_under(key, value):
        return _hidden(value, aliases)
    if _is_number(value):
        return aliases[value]
    return [aliases[each] if _is_number(each) else _hidden(each, aliases) for each in value]


def _is_number(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool)


def _digest(previous: str, *, at: datetime, source: str | None, **facts: Any) -> str:
    facts["at"] = at.isoformat()
    if source is not None:
        facts["source"] = source
    return hashlib.sha256((previous + CANONICAL(facts)).encode()).hexdigest()
