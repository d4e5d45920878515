"""What is stored about jobs: each job with its lease and result, and when each duty is due again."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class JobStatus(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Base):
    """Something to be done for a person of an academy, or for the whole install where `academy_id` is None.

    `language` is that of who asked. `key` makes asking twice the same as asking once. `lease` names the run that
    works on it, until `leased_until`; `state` is what the last run that came so far has kept. `result_*` describe
    a file that lies in the instance folder until `result_expires_at`.
    """

    __tablename__ = "job"
    __table_args__ = (
        choice_check("status", JobStatus),
        CheckConstraint("status <> 'running' OR lease IS NOT NULL", name="running_is_leased"),
        CheckConstraint("status <> 'failed' OR failure <> ''", name="failure_is_told"),
        Index("ix_job_status_not_before", "status", "not_before"),
        Index("ix_job_academy_id_person_id", "academy_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int | None] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(2), default=None)
    key: Mapped[str | None] = mapped_column(String(300), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[JobStatus] = mapped_column(choice(JobStatus, "job_status"), default=JobStatus.WAITING)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    lease: Mapped[str | None] = mapped_column(String(32), default=None)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    result_name: Mapped[str | None] = mapped_column(String(200), default=None)
    result_type: Mapped[str | None] = mapped_column(String(100), default=None)
    result_file: Mapped[str | None] = mapped_column(String(80), default=None)
    result_size: Mapped[int | None] = mapped_column(BigInteger, default=None)
    result_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    result_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


class Duty(Base):
    """Something that comes due again and again, by its name; `problem` is what went wrong the last time."""

    __tablename__ = "duty"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ran_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    problem: Mapped[str] = mapped_column(Text, default="")
