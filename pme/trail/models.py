"""What is stored about looking: who opened what of a student, and when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class Part(StrEnum):
    """What of an attempt was opened."""

    ATTEMPT = "attempt"
    REFLECTION = "reflection"
    SCRIPT = "script"


class Opened(Base):
    """Somebody who teaches opened something of a student whom the page named. For the student to see."""

    __tablename__ = "attempt_opened"
    __table_args__ = (
        choice_check("part", Part),
        Index("ix_attempt_opened_academy_id_person_id_at", "academy_id", "person_id", "at"),
        Index("ix_attempt_opened_attempt_id", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    part: Mapped[Part] = mapped_column(choice(Part, "opened_part"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
