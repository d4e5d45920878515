"""What is stored about reports: views that were saved, and when each is made by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.reports.files.form import Form
from pme.reports.rhythm import Covers, Rhythm, Way


class ReportView(Base):
    """A report as somebody narrowed and sorted it, under a name. `is_shared`: the academy's staff see it too."""

    __tablename__ = "report_view"
    __table_args__ = (
        UniqueConstraint("academy_id", "person_id", "dataset", "name"),
        Index("ix_report_view_academy_id", "academy_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    dataset: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    sort: Mapped[str] = mapped_column(String(60))
    is_shared: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportSchedule(Base):
    """A view that is made by itself, for the person who said so; `problem` is why the last time failed."""

    __tablename__ = "report_schedule"
    __table_args__ = (
        choice_check("rhythm", Rhythm),
        choice_check("covers", Covers),
        choice_check("form", Form),
        choice_check("way", Way),
        Index("ix_report_schedule_academy_id", "academy_id"),
        Index("ix_report_schedule_next_at", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    view_id: Mapped[int] = mapped_column(ForeignKey("report_view.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm, "rhythm"))
    covers: Mapped[Covers] = mapped_column(choice(Covers, "covers"))
    form: Mapped[Form] = mapped_column(choice(Form, "report_form"))
    way: Mapped[Way] = mapped_column(choice(Way, "way"))
    marking: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    problem: Mapped[str] = mapped_column(Text, default="")
