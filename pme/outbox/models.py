"""What is stored about letters: each one as its person reads it, and how sending it went."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class LetterState(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    LATE = "late"
    """Its days were over before it could be sent."""
    CALLED_BACK = "called-back"
    """Who let it be written called it back before it was sent."""


class Letter(Base):
    """An e-mail to one address; `academy_id` None where it belongs to the whole install.

    `key` lets it be written once only. `body` is what the log shows; where a secret link stands in it, it has a
    mark instead, and `secrets` holds what the mark stands for until the letter is sent. `sent_id` is its
    Message-ID, the same at each try, so that a mail server may know a letter that comes twice after a crash.
    `unsure` is how often it was handed over and nobody knows whether it was taken. `awaits_server` says that
    nothing is wrong with this letter: the mail server could not be used.
    """

    __tablename__ = "letter"
    __table_args__ = (
        choice_check("state", LetterState),
        CheckConstraint("state <> 'failed' OR problem <> ''", name="problem_is_told"),
        Index("ix_letter_state_not_before", "state", "not_before"),
        Index("ix_letter_academy_id_id", "academy_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int | None] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(300), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[str] = mapped_column(Text)
    secrets: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    sent_id: Mapped[str] = mapped_column(String(120))
    state: Mapped[LetterState] = mapped_column(
        choice(LetterState, "letter_state"), default=LetterState.WAITING
    )
    tries: Mapped[int] = mapped_column(default=0)
    unsure: Mapped[int] = mapped_column(default=0, server_default="0")
    awaits_server: Mapped[bool] = mapped_column(default=False, server_default=false())
    problem: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
