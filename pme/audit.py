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
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pme.db import Base, UtcDateTime, insert_into

START = "0" * 64
SOURCE = "audit_source"
"""The key of `session.info` under which whoever opened the session says from where it is used."""
PERSON = re.compile(r"\bperson (\d+)\b")
ONE = frozenset(
    "person person_id by by_id holder marker moderator instructor student registrar author approved_by".split()
)
"""Under these names a whole number in a detail is a person's."""
SEVERAL = frozenset("persons person_ids people holders markers instructors students".split())
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
) -> AuditEntry:
    """Append one act to a chain, inside the caller's transaction.

    "person 12" in the actor, the subject or the detail, and a number under a name of `ONE` or a list of them
    under one of `SEVERAL`, is kept as that person's alias. What changed is told as `{"before": {...}, "after": {...}}`, in ids and never in
    names, addresses or free text.
    """
    chain = _locked(session, chain_of(academy_id))
    given = dict(detail or {})
    aliases = _aliases(session, chain.id, _people_in([actor, subject, given]))
    entry = AuditEntry(
        chain_id=chain.id,
        position=chain.length + 1,
        at=at,
        actor=_hidden(actor, aliases),
        act=act,
        subject=_hidden(subject, aliases),
        detail=_hidden(given, aliases),
        source=str(session.info.get(SOURCE, ""))[:60],
    )
    entry.sha256 = _digest(chain.sha256, entry)
    chain.length, chain.sha256 = entry.position, entry.sha256
    session.add(entry)
    session.flush()
    return entry


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
    columns = [column for column in AuditEntry.__table__.c if column.name not in ("id", "chain_id")]
    entries = select(*columns).where(AuditEntry.chain_id == chain.id).order_by(AuditEntry.position)
    for entry in session.execute(entries.execution_options(yield_per=AT_ONCE)):
        if entry.position != expected or entry.sha256 != _digest(previous, entry):
            return expected
        previous, expected = entry.sha256, expected + 1
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
    session.execute(
        delete(AuditAlias).where(AuditAlias.chain_id == chain, AuditAlias.person_id == person_id)
    )


def _locked(session: Session, name: str) -> AuditChain:
    found = select(AuditChain).where(AuditChain.name == name).with_for_update()
    chain = session.scalar(found)
    if chain is None:
        session.execute(
            insert_into(session, AuditChain)
            .values(name=name, length=0, sha256=START)
            .on_conflict_do_nothing()
        )
        chain = session.scalars(found).one()
    return chain


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
    rows = session.execute(
        select(AuditAlias.person_id, AuditAlias.alias).where(
            AuditAlias.chain_id == chain_id, AuditAlias.person_id.in_(wanted)
        )
    )
    known = {person_id: alias for person_id, alias in rows}
    made = {person_id: _new_alias() for person_id in sorted(wanted - known.keys())}
    session.add_all(
        AuditAlias(chain_id=chain_id, person_id=person_id, alias=alias) for person_id, alias in made.items()
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


def _digest(previous: str, entry: Any) -> str:
    facts = {
        "position": entry.position,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "detail": entry.detail,
    }
    if entry.source is not None:
        facts["source"] = entry.source
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous + text).encode()).hexdigest()
