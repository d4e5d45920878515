"""What is stored of rosters: a table as it was sent, what it would do, and whether it was carried out."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class RosterStatus(StrEnum):
    """How far a roster has come."""

    LOOKED_THROUGH = "looked-through"
    UNDER_WAY = "under-way"
    DONE = "done"
    REFUSED = "refused"


class Roster(Base):
    """A spreadsheet of people. `table_rows` are its cells, forgotten once it is carried out or some days old.

    `changes` and `problems` are what it would do and what is wrong with it, in the shapes of `plan` and `rows`;
    `digest` is of the changes that its sender saw; `says` is why it was refused, or "".
    `change_id` is what it can be undone by, as long as that is kept.
    """

    __tablename__ = "roster"
    __table_args__ = (
        choice_check("status", RosterStatus),
        CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),
        Index("ix_roster_academy_id_sent_at", "academy_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    encoding: Mapped[str] = mapped_column(String(20))
    separator: Mapped[str] = mapped_column(String(1))
    ignored: Mapped[list[str]] = mapped_column(JSON)
    table_rows: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    changes: Mapped[list[Any]] = mapped_column(JSON)
    problems: Mapped[list[Any]] = mapped_column(JSON)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[RosterStatus] = mapped_column(choice(RosterStatus, "status"))
    says: Mapped[str] = mapped_column(String(500), default="")
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id", ondelete="SET NULL"), default=None)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"), default=None)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
