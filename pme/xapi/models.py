"""What is stored about an academy's LRS: how it is reached, how far its history is told, and the outbox."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class LrsState(StrEnum):
    """Whether statements go out."""

    ON = "on"
    PAUSED = "paused"
    """Somebody of the academy stopped it."""
    STOPPED = "stopped"
    """The LRS refuses the sign-in: somebody has to correct it."""


class Lrs(Base):
    """The LRS of an academy. `secret_sealed` is the password of its sign-in, under the keyring.

    `names_certificates` says that statements on certificates give the address at which they are verified, where
    anybody reads the holder's name. `failures` counts tries in a row that came to nothing, `problem` says why the
    last did, and `next_try_at` is when it is tried again.
    """

    __tablename__ = "lrs"
    __table_args__ = (
        UniqueConstraint("academy_id"),
        choice_check("state", LrsState),
        CheckConstraint("state <> 'stopped' OR problem <> ''", name="stop_is_told"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    url: Mapped[str] = mapped_column(String(500))
    user: Mapped[str] = mapped_column(String(200))
    secret_sealed: Mapped[str] = mapped_column(Text)
    names_certificates: Mapped[bool] = mapped_column(default=True)
    state: Mapped[LrsState] = mapped_column(choice(LrsState, "lrs_state"), default=LrsState.ON)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LrsActor(Base):
    """The name by which an academy's statements mean a person. This row alone tells whose it is."""

    __tablename__ = "lrs_actor"
    __table_args__ = (UniqueConstraint("academy_id", "person_id"), UniqueConstraint("academy_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))


class LrsCursor(Base):
    """How far one kind of rows of an academy is told: every row up to `after_id` for good.

    `seen_id` is the highest that was there at `seen_at`. A row may become visible after one with a higher id, so
    rows count as told for good only when those after them have been there for a while.
    """

    __tablename__ = "lrs_cursor"
    __table_args__ = (UniqueConstraint("academy_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    source: Mapped[str] = mapped_column(String(40))
    after_id: Mapped[int] = mapped_column(default=0)
    seen_id: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StatementState(StrEnum):
    """Where a statement stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    """The LRS takes it in no form: `problem` says why, in its words."""


class LrsStatement(Base):
    """A statement, frozen: `body` is sent as it is, and emptied some time after its delivery.

    It tells of the row `source_id` of `source`. `is_open` marks the beginning of an attempt whose end is not told.
    """

    __tablename__ = "lrs_statement"
    __table_args__ = (
        UniqueConstraint("academy_id", "statement_id"),
        choice_check("state", StatementState),
        CheckConstraint("state <> 'refused' OR problem <> ''", name="refusal_is_told"),
        CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivery_has_date"),
        Index("ix_lrs_statement_academy_id_state_id", "academy_id", "state", "id"),
        Index("ix_lrs_statement_academy_id_source_source_id", "academy_id", "source", "source_id"),
        Index("ix_lrs_statement_person_id", "person_id"),
        Index(
            "ix_lrs_statement_open",
            "academy_id",
            "source_id",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    statement_id: Mapped[str] = mapped_column(String(36))
    source: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[int]
    verb: Mapped[str] = mapped_column(String(24))
    body: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[StatementState] = mapped_column(
        choice(StatementState, "lrs_statement_state"), default=StatementState.WAITING
    )
    problem: Mapped[str] = mapped_column(Text, default="")
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    is_open: Mapped[bool] = mapped_column(default=False)
