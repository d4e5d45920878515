"""What is stored about keeping and erasing: an academy's retention rules, erasures done, and erasures proposed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.privacy.classes import Kept


class RetentionRule(Base):
    """How long an academy keeps a class of data, and on what basis, where it differs from the default.

    `is_kept` is whether its rows stay after an erasure, without a name, until the years are over.
    """

    __tablename__ = "retention_rule"
    __table_args__ = (
        UniqueConstraint("academy_id", "kept"),
        choice_check("kept", Kept),
        CheckConstraint("years BETWEEN 0 AND 60", name="years_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    kept: Mapped[Kept] = mapped_column(choice(Kept, "kept"))
    years: Mapped[int]
    basis: Mapped[str] = mapped_column(Text)
    is_kept: Mapped[bool]
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Erasure(Base):
    """Somebody was erased at an academy. The same stands as a line of the journal file, whose hash is `sha256`.

    `fingerprint` tells this person from another who may one day have the same number in another database.
    `stays` names the classes of which rows stay without a name.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        UniqueConstraint("academy_id", "person_id"),
        CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str] = mapped_column(String(16))
    stays: Mapped[list[Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))


class Verdict(StrEnum):
    """What staff said of a proposed erasure."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


class ErasureProposal(Base):
    """Retention of who somebody is has run out; staff approve that they are erased, or keep them for a year more."""

    __tablename__ = "erasure_proposal"
    __table_args__ = (
        choice_check("verdict", Verdict),
        Index(
            "uq_erasure_proposal_one_waiting",
            "academy_id",
            "person_id",
            unique=True,
            sqlite_where=text("verdict = 'waiting'"),
            postgresql_where=text("verdict = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    last_active_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict, "verdict"), default=Verdict.WAITING)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
