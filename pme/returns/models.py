"""What is stored of sealed returns, and of when they are made by themselves; their keys are in `pme.keys`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.reports.rhythm import Way
from pme.returns.rhythm import Turn


class SealedReturn(Base):
    """A return of an academy, counted from 1. `last_event` is the newest event of a completion that it knew of;
    `manifest_sha256` is "" until it is sealed. `pseudonyms` is the secret that its pseudonyms were made with,
    under the key of the installation, or "" where it names people. `file_sha256` is "" where no file was kept,
    and `file_gone_at` when its years were over.
    """

    __tablename__ = "sealed_return"
    __table_args__ = (
        UniqueConstraint("academy_id", "number"),
        CheckConstraint("since <= until", name="since_before_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    number: Mapped[int]
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    courses: Mapped[list[str]] = mapped_column(JSON)
    pseudonyms: Mapped[str] = mapped_column(String(200), default="")
    hides_few: Mapped[bool] = mapped_column(default=False)
    marking: Mapped[str] = mapped_column(String(60), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"), default=None)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_event: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    manifest_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_size: Mapped[int] = mapped_column(BigInteger, default=0)
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    key_id: Mapped[int | None] = mapped_column(ForeignKey("signing_key.id"), default=None)

    @property
    def has_file(self) -> bool:
        """Whether its file is kept still."""
        return bool(self.file_sha256) and self.file_gone_at is None


class ReturnSchedule(Base):
    """A return that is made by itself, for the person who said so; `problem` is why the last time failed."""

    __tablename__ = "return_schedule"
    __table_args__ = (
        choice_check("turn", Turn),
        choice_check("way", Way),
        Index("ix_return_schedule_academy_id", "academy_id"),
        Index("ix_return_schedule_next_at", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    turn: Mapped[Turn] = mapped_column(choice(Turn, "turn"))
    courses: Mapped[list[str]] = mapped_column(JSON)
    names_nobody: Mapped[bool]
    hides_few: Mapped[bool]
    marking: Mapped[str] = mapped_column(String(60))
    way: Mapped[Way] = mapped_column(choice(Way, "way"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    problem: Mapped[str] = mapped_column(Text, default="")
