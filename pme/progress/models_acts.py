"""What is counted of acts, day by day, so that nobody has to read every act of some years while somebody waits.

The database keeps these counts itself, by triggers of their migration, in the transaction of the act: whatever
writes, changes or erases a page read or an attempt leaves them true.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base


class ActsOfDay(Base):
    """What was done for an enrolment on a day, in UTC: pages marked as read, attempts begun and finished.

    There is no row for a day on which nothing was done.
    """

    __tablename__ = "acts_of_day"
    __table_args__ = (
        Index("ix_acts_of_day_academy_id_day", "academy_id", "day", "enrolment_id"),
        CheckConstraint("pages >= 0 AND begun >= 0 AND finished >= 0", name="counts_are_not_negative"),
        {"sqlite_with_rowid": False},
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    pages: Mapped[int]
    begun: Mapped[int]
    finished: Mapped[int]
