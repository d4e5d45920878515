"""What is stored about work of equal value that a student did instead. It is shown in no report and no export."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime


class EqualWork(Base):
    """An instructor confirmed work of equal value for a module, or for one scenario of it (`scenario` not "")."""

    __tablename__ = "equal_work"
    __table_args__ = (UniqueConstraint("enrolment_id", "module", "scenario"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    module: Mapped[str] = mapped_column(String(80))
    scenario: Mapped[str] = mapped_column(String(80), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
