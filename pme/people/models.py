"""What is stored about people: academies, persons, what academies know of them, roles, browser sessions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class Role(StrEnum):
    """What a person is in an academy."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"
    REVIEWER = "reviewer"
    REGISTRAR = "registrar"
    DIRECTOR = "director"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    INSTALL = "install"
    """Runs the installation: its academies, and no student's results."""


class Standing(StrEnum):
    """Whether a membership counts: only an active one does."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    ERASED = "erased"


class Academy(Base):
    """A defence academy; `nation` is its name as printed, `support` is plain local text, `time_zone` is where its
    days end, such as Europe/Helsinki; `language` is what it speaks to people who chose none, None for English.

    `asks_second_step` says that everybody who is more than a student there needs a second factor; `is_demo`, that
    it only shows how the platform works, so that whatever it signs is marked so.
    """

    __tablename__ = "academy"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    nation: Mapped[str] = mapped_column(String(80))
    support: Mapped[str] = mapped_column(Text, default="")
    signatory_name: Mapped[str] = mapped_column(String(120), default="")
    signatory_role: Mapped[str] = mapped_column(String(120), default="")
    second_signatory_name: Mapped[str] = mapped_column(String(120), default="")
    second_signatory_role: Mapped[str] = mapped_column(String(120), default="")
    asks_second_step: Mapped[bool] = mapped_column(default=False)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    language: Mapped[str | None] = mapped_column(String(2), default=None)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def signatories(self) -> tuple[tuple[str, str], ...]:
        """(name, role) of whoever signs certificates: nobody, one or two."""
        both = (
            (self.signatory_name, self.signatory_role),
            (self.second_signatory_name, self.second_signatory_role),
        )
        return tuple((name, role) for name, role in both if name)


class Person(Base):
    """Someone with an account. `email` is kept in lower case; `reading_language` is that in which content is
    read where it is translated, None for that of its source; `interface_language` is that of the pages around it,
    None until the person has chosen; `look` is how pages look to them (people/look.py); `tour_is_over` says that
    the tour is offered to them no more.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    rank: Mapped[str] = mapped_column(String(60), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    reading_language: Mapped[str | None] = mapped_column(String(2), default=None)
    interface_language: Mapped[str | None] = mapped_column(String(2), default=None)
    look: Mapped[str | None] = mapped_column(String(60), default=None)
    tour_is_over: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Personnel(Base):
    """What one academy knows of a person; no other academy sees it. `external_id` is the academy's own number,
    None where there is none; `language` is that of letters to the person, None for the academy's.
    """

    __tablename__ = "personnel"
    __table_args__ = (
        UniqueConstraint("person_id", "academy_id"),
        UniqueConstraint("academy_id", "external_id"),
        Index("ix_personnel_academy_id_name", "academy_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    name: Mapped[str] = mapped_column(String(120))
    rank: Mapped[str] = mapped_column(String(60), default="")
    nation: Mapped[str] = mapped_column(String(80), default="")
    service: Mapped[str] = mapped_column(String(80), default="")
    unit: Mapped[str] = mapped_column(String(120), default="")
    external_id: Mapped[str | None] = mapped_column(String(60), default=None)
    language: Mapped[str | None] = mapped_column(String(2), default=None)


class Membership(Base):
    """A role that a person holds in an academy; `valid_until` is its last day, None for no end."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "academy_id", "role"),
        choice_check("role", Role),
        choice_check("standing", Standing),
        Index("ix_membership_academy_id", "academy_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing"), default=Standing.ACTIVE)
    valid_until: Mapped[date | None] = mapped_column(Date, default=None)


class Teaching(Base):
    """An instructor is appointed to a course at an academy; `course` is its slug."""

    __tablename__ = "teaching"
    __table_args__ = (
        UniqueConstraint("person_id", "academy_id", "course"),
        Index("ix_teaching_academy_id_course", "academy_id", "course"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))


class BrowserSession(Base):
    """One signed-in browser. The cookie holds a secret of which only the hash is kept here.

    `browser` and `network` say coarsely which it is, for its person; `second_step` is the way that the
    second step was taken, empty without one.
    """

    __tablename__ = "browser_session"
    __table_args__ = (Index("ix_browser_session_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    renewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    browser: Mapped[str] = mapped_column(String(60), default="")
    network: Mapped[str] = mapped_column(String(60), default="")
    second_step: Mapped[str] = mapped_column(String(24), default="")


class FailedSignIn(Base):
    """A sign-in that failed, counted by what was tried (a hash of the address, or the network)."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
