"""What is stored about reminders: how an academy wants them, where it wants them otherwise than usual."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base


class ReminderSetting(Base):
    """How an academy wants reminders; `off` lists the kinds that it does not want. Hours are the academy's own."""

    __tablename__ = "reminder_setting"
    __table_args__ = (
        CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23", name="hours_of_a_day"),
        CheckConstraint("due_days BETWEEN 1 AND 60", name="due_days_in_range"),
        CheckConstraint("recertification_days BETWEEN 1 AND 180", name="recertification_days_in_range"),
        CheckConstraint("marking_days BETWEEN 1 AND 60", name="marking_days_in_range"),
    )

    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), primary_key=True)
    quiet_from: Mapped[int]
    quiet_to: Mapped[int]
    due_days: Mapped[int]
    recertification_days: Mapped[int]
    marking_days: Mapped[int]
    off: Mapped[list[str]] = mapped_column(JSON)
