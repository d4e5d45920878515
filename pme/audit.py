"""The audit trail: who did what, append-only, each entry chained to the one before by its hash.

`entry.sha256 = SHA-256(previous sha256 + canonical JSON of the entry)`, per academy, so that a
changed or missing entry shows when the chain is verified.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pme.db import Base, UtcDateTime, insert_into

START = "0" * 64


class AuditChain(Base):
    """The end of one chain; locking this row puts writers in a line. `name` is "install" or an academy's."""

    __tablename__ = "audit_chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    length: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default=START)


class AuditEntry(Base):
    """One act. `position` counts from 1 within its chain."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("chain_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("audit_chain.id"))
    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(120))
    act: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))


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
    """Append one act to a chain, inside the caller's transaction."""
    chain = _locked(session, chain_of(academy_id))
    entry = AuditEntry(
        chain_id=chain.id,
        position=chain.length + 1,
        at=at,
        actor=actor,
        act=act,
        subject=subject,
        detail=dict(detail or {}),
    )
    entry.sha256 = _digest(chain.sha256, entry)
    chain.length, chain.sha256 = entry.position, entry.sha256
    session.add(entry)
    session.flush()
    return entry


def first_broken(session: Session, *, academy_id: int | None = None) -> int | None:
    """The position of the first entry that does not fit its chain, or None when all do."""
    chain = session.scalar(select(AuditChain).where(AuditChain.name == chain_of(academy_id)))
    if chain is None:
        return None
    previous, expected = START, 1
    entries = select(AuditEntry).where(AuditEntry.chain_id == chain.id).order_by(AuditEntry.position)
    for entry in session.scalars(entries):
        if entry.position != expected or entry.sha256 != _digest(previous, entry):
            return expected
        previous, expected = entry.sha256, expected + 1
    return None if (chain.length, chain.sha256) == (expected - 1, previous) else expected


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


def _digest(previous: str, entry: AuditEntry) -> str:
    facts = {
        "position": entry.position,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "detail": entry.detail,
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous + text).encode()).hexdigest()
