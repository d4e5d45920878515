"""What is stored about changes of a person's record: what it was, what it became, who changed it and why."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class Fact(StrEnum):
    """What of a person's record may change."""

    NAME = "name"
    RANK = "rank"
    NATION = "nation"
    SERVICE = "service"
    UNIT = "unit"
    EXTERNAL_ID = "external_id"
    LANGUAGE = "language"
    EMAIL = "email"
    ROLES = "roles"
    STANDING = "standing"
    ENDS = "ends"
    COURSES = "courses"


class PersonnelChange(Base):
    """One fact of one person's record changed; `by_id` is None where no person changed it."""

    __tablename__ = "personnel_change"
    __table_args__ = (
        choice_check("fact", Fact),
        Index("ix_personnel_change_academy_id_person_id", "academy_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    fact: Mapped[Fact] = mapped_column(choice(Fact, "fact"))
    was: Mapped[str] = mapped_column(Text)
    became: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
