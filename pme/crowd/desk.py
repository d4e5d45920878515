"""What those who run an invented academy did in two years: classes, codes, requests, more time, exceptions.

Rows go to the ledger as they come about; what was done goes on record at the end, in the order of time.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from pme import audit
from pme.audit import Act
from pme.crowd import words
from pme.crowd.roll import Soul
from pme.crowd.rows import Ledger
from pme.crowd.terms import Term
from pme.enrolment.codes import ALPHABET, SIGNS
from pme.enrolment.models import Cohort, CohortInstructor, Extension
from pme.enrolment.models_admission import (
    EnrolmentCode,
    EnrolmentRequest,
    Prerequisite,
    RequestStatus,
    Waiver,
)
from pme.people.models import Academy
from pme.people.models_links import AccountLink, Purpose

LINK = ("purpose", "person_id", "academy_id", "email", "token_sha256", "made_by", "made_at", "expires_at")
CODE = ("academy_id", "cohort_id", "code", "capacity", "used", "expires_at", "closed_at", "by_id", "at")
REQUEST = (
    "academy_id", "person_id", "course", "words", "status", "answer", "asked_at", "settled_at", "settled_by",
)  # fmt: skip
CLASS = 60
CODE_ENDS, CODE_CLOSED = timedelta(days=21), timedelta(days=10)
INVITATION = timedelta(days=14)
EXTENDED, WAIVED = 0.08, 0.2
OUT_AFTER, OUT = timedelta(days=120), 0.85
"""So long after the end of a class, most of those who did not complete are taken out of the course."""


@dataclass
class Group:
    """A class while it is filled."""

    id: int
    term: Term
    teachers: list[int]
    enrolled: dict[datetime, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def size(self) -> int:
        """How many are in it."""
        return sum(map(len, self.enrolled.values()))


@dataclass(frozen=True)
class Invited:
    """Somebody who was invited; `link` is the row of their invitation."""

    soul: Soul
    person: int
    link: int
    at: datetime


@dataclass
class Desk:
    """The staff of one academy at work. `registrars` and `teachers` are persons."""

    academy: Academy
    ledger: Ledger
    random: Random
    now: datetime
    registrars: list[int] = field(default_factory=list)
    teachers: list[int] = field(default_factory=list)
    classes: dict[tuple[str, str], list[Group]] = field(default_factory=lambda: defaultdict(list))
    """(course, term) -> its classes; the last one is being filled."""
    fit: list[int] = field(default_factory=list)
    """Who may take the next course and does not."""
    unfit: list[int] = field(default_factory=list)
    invited: list["Invited"] = field(default_factory=list)
    acts: list[tuple[datetime, Act]] = field(default_factory=list)

    def build_on(self, course: str, first: str) -> None:
        """A course builds on the first one."""
        self.ledger.of(Prerequisite, "academy_id", "course", "needs").add(self.academy.id, course, first)

    def group(self, course: str, term: Term) -> Group:
        """The class of a term that has room."""
        groups = self.classes[course, term.name]
        if not groups or groups[-1].size >= CLASS:
            groups.append(self._make_group(course, term, number=len(groups) + 1))
        return groups[-1]

    def extend(self, group: Group, enrolment: int, completed_at: datetime | None) -> None:
        """Now and then somebody who needs it gets more time."""
        due, day = group.term.due_on, (completed_at or self.now).date()
        needs_it = day >= due - timedelta(days=7)
        if not needs_it or self.random.random() > (0.5 if completed_at and day > due else EXTENDED):
            return
        asked = _noon(due) - timedelta(days=self.random.randrange(1, 9))
        at = min(asked, self.now - timedelta(hours=self.random.randrange(1, 60)))
        until = due + timedelta(days=self.random.choice((14, 21, 28, 42)))
        by, why = self.random.choice(group.teachers), self.random.choice(words.EXTENDED)
        number = self.ledger.of(
            Extension, "academy_id", "enrolment_id", "due_on", "reason", "by_id", "at"
        ).add(self.academy.id, enrolment, until, why, by, at)
        after = {"extension": number, "due": until.isoformat()}
        self._did(at, "due date extended", by, f"enrolment {enrolment}", after)

    def waive(self, person: int, course: str, at: datetime) -> None:
        """Let somebody in without what a course builds on."""
        by, why = self.random.choice(self.registrars), self.random.choice(words.WAIVED)
        number = self.ledger.of(Waiver, "academy_id", "person_id", "course", "reason", "by_id", "at").add(
            self.academy.id, person, course, why, by, at
        )
        self._did(at, "prerequisite waived", by, f"person {person}", {"waiver": number, "course": course})

    def grant(self, person: int, course: str, at: datetime) -> None:
        """Approve a request that came some days before."""
        asked = at - timedelta(hours=self.random.randrange(8, 150))
        self._ask(person, course, asked, RequestStatus.APPROVED, self.random.choice(words.GRANTED), at)

    def invite(self, soul: Soul, person: int) -> None:
        """Most who have not accepted were invited in the last days, some whose link is over."""
        at = self.now - timedelta(minutes=self.random.randrange(100, 30_000))
        digest = f"{self.random.getrandbits(256):064x}"  # the hash of no secret that anybody has
        by = self.random.choice(self.registrars)
        link = self.ledger.of(
            AccountLink, *LINK
        ).add(Purpose.INVITATION, person, self.academy.id, soul.email, digest, by, at, at + INVITATION)  # fmt: skip
        self.invited.append(Invited(soul, person, link, at))
        self._did(at, "invitation sent", by, f"person {person}", {"link": link})

    def settle_requests(self, course: str, people: int) -> None:
        """Some have just asked for the next course; some were told no."""
        waiting, declined = max(3, people // 250), max(2, people // 400)
        fit = self._some(self.fit, waiting)
        unfit = self._some(self.unfit, declined + waiting // 4)
        for person in fit + unfit[declined:]:
            asked = self.now - timedelta(minutes=self.random.randrange(40, 12_000))
            self._ask(person, course, asked, RequestStatus.WAITING)
        for person in unfit[:declined]:
            asked = self.now - timedelta(days=self.random.randrange(20, 300))
            answer, at = words.DECLINED[0], asked + timedelta(hours=self.random.randrange(5, 90))
            self._ask(person, course, asked, RequestStatus.DECLINED, answer, at)

    def hand_out_codes(self) -> None:
        """Classes that run or will begin have a code; that of some others is closed."""
        for groups in self.classes.values():
            for group in groups:
                is_open = group.term.begins + CODE_ENDS * 2 > self.now
                if is_open or self.random.random() < 0.25:  # noqa: PLR2004
                    self._make_code(group, is_open=is_open)

    def put_on_record(self, session: Session) -> None:
        """Write what was done into the audit trail."""
        for (course, _), groups in self.classes.items():
            for group in groups:
                self._tell_of(course, group)
        done: dict[datetime, list[Act]] = defaultdict(list)
        for at, act in self.acts:
            done[at].append(act)
        for at in sorted(done):
            audit.record_all(session, done[at], at=at, academy_id=self.academy.id)

    def _make_group(self, course: str, term: Term, *, number: int) -> Group:
        made_at = term.begins - timedelta(days=30)
        row = self.ledger.of(
            Cohort, "academy_id", "course", "name", "created_at", "starts_on", "due_on", "changed_at"
        ).add(
            self.academy.id,
            course,
            f"{term.name}, class {number}",
            made_at,
            term.starts_on,
            term.due_on,
            made_at,
        )
        taught = sorted(self.random.sample(self.teachers, min(2, len(self.teachers))))
        for person in taught:
            self.ledger.of(CohortInstructor, "academy_id", "cohort_id", "person_id").add(
                self.academy.id, row, person
            )
        return Group(row, term, taught)

    def _make_code(self, group: Group, *, is_open: bool) -> None:
        begins, random = group.term.begins, self.random
        made_at = min(begins - timedelta(days=12), self.now - timedelta(days=2))
        code = "".join(random.choice(ALPHABET) for _ in range(SIGNS))
        by = random.choice(self.registrars)
        number = self.ledger.of(
            EnrolmentCode, *CODE
        ).add(
            self.academy.id, group.id, code, CLASS, random.randrange(1 + group.size // 3), begins + CODE_ENDS * 2,
            None if is_open else begins + CODE_CLOSED, by, made_at,
        )  # fmt: skip
        self._did(made_at, "enrolment code made", by, f"cohort {group.id}", {"codes": [number]})

    def _ask(
        self,
        person: int,
        course: str,
        asked: datetime,
        status: RequestStatus,
        answer: str = "",
        at: datetime | None = None,
    ) -> None:
        by = self.random.choice(self.registrars) if at else None
        number = self.ledger.of(
            EnrolmentRequest, *REQUEST
        ).add(
            self.academy.id, person, course, self.random.choice(words.ASKS), status, answer, asked, at, by
        )  # fmt: skip
        self._did(
            asked, "course asked for", person, f"request {number}", {"status": "waiting", "course": course}
        )
        if at and by:
            after = {"status": status.value, "course": course}
            self._did(at, f"request {status.value}", by, f"request {number}", after)

    def _tell_of(self, course: str, group: Group) -> None:
        by, subject = self.random.choice(self.registrars), f"cohort {group.id}"
        made_at = group.term.begins - timedelta(days=30)
        self._did(made_at, "cohort made", by, subject, {"cohort": group.id, "course": course})
        dates = {"starts": group.term.starts_on.isoformat(), "due": group.term.due_on.isoformat()}
        self._did(made_at, "cohort dates set", by, subject, dates)
        self._did(made_at, "cohort instructors set", by, subject, {"instructors": group.teachers})
        for at, enrolments in group.enrolled.items():
            after = {"enrolled": enrolments, "course": course, "through": "staff"}
            self._did(at, "people enrolled", by, subject, after)

    def _did(self, at: datetime, act: str, by: int, subject: str, after: dict[str, Any]) -> None:
        detail = {"before": {}, "after": after}
        self.acts.append((at, Act(act, actor=f"person {by}", subject=subject, detail=detail)))

    def _some(self, people: list[int], count: int) -> list[int]:
        return self.random.sample(people, min(count, len(people)))


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
