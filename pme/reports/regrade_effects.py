"""What a regrade does to students: who crosses the pass line, what that completes, and what it leaves resting.

Everything is read in batches, so that ten thousand attempts cost a handful of statements a batch.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from pme.assessment.effective import BATCH, IS_PASSED, MARKED
from pme.assessment.levels import Level
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import standings
from pme.assessment.regrades import Scope, Sitting
from pme.certificates.models import Certificate
from pme.certificates.queries import IS_LATEST
from pme.content.catalogue import Catalogue
from pme.content.shapes import Module
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.people.models import Person
from pme.progress.completion import Facts, is_course_complete, module_progress
from pme.progress.models import CourseCompletion
from pme.progress.queries import facts_of


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt whose result changes. Percentages are 0-100."""

    attempt_id: int
    enrolment_id: int
    number: int
    percent_before: float
    percent_after: float
    level_before: Level
    level_after: Level
    was_passed: bool
    is_passed: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """One student whose result changes.

    `rises` or `falls` where the quiz as a whole, over all attempts, is passed or not passed now.
    `completes` are modules that this earns, `rests` those completed on it that stay though it no longer
    passes; `course` tells the same of the course: "completes", "rests" or "". `certificate` is the number
    of one that was issued already, whose printed result is that of its day.
    """

    enrolment_id: int
    lines: tuple[Line, ...]
    rises: bool = False
    falls: bool = False
    completes: tuple[str, ...] = ()
    rests: tuple[str, ...] = ()
    course: str = ""
    certificate: str = ""

    @property
    def order(self) -> tuple[bool, bool, int]:
        """Those who fall first, then those who rise, then the others."""
        return not self.falls, not self.rises, self.enrolment_id


@dataclass(frozen=True)
class Names:
    """Who an enrolment is, for a page; `now_passed` tells whether the quiz is passed by now."""

    rank: str
    name: str
    now_passed: bool
    certificate: str


def line_of(sitting: Sitting) -> Line:
    """What a page shows of a changed attempt."""
    before, after = sitting.before, sitting.after
    return Line(
        attempt_id=sitting.attempt_id,
        enrolment_id=sitting.enrolment_id,
        number=sitting.number,
        percent_before=before.percent,
        percent_after=after.percent,
        level_before=before.level,
        level_after=after.level,
        was_passed=before.is_passed,
        is_passed=after.is_passed,
    )


def effects_of(
    session: Session, catalogue: Catalogue, scope: Scope, lines: Iterable[Line]
) -> tuple[Effect, ...]:
    """What these changes mean for each student: those who fall first, then those who rise, then the others."""
    by_student = attrgetter("enrolment_id")
    grouped = [(key, tuple(group)) for key, group in groupby(sorted(lines, key=by_student), key=by_student)]
    course = catalogue.course(scope.course)
    modules = [
        m.content for slug in (course.content.modules if course else ()) if (m := catalogue.module(slug))
    ]
    optional = course.content.optional if course else frozenset()
    effects = (
        effect
        for start in range(0, len(grouped), BATCH)
        for effect in _batch(session, scope, modules, dict(grouped[start : start + BATCH]), optional)
    )
    return tuple(sorted(effects, key=attrgetter("order")))


def seal_of(effects: Iterable[Effect], *parts: object) -> str:
    """The name of exactly this outcome, for a form to carry: SHA-256 of what was shown."""
    sha = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode())
    for effect in effects:
        sha.update(repr(effect).encode())
    return sha.hexdigest()


def names_of(session: Session, scope: Scope, enrolment_ids: Sequence[int]) -> dict[int, Names]:
    """Name, present standing and certificate of some students, in three queries."""
    rows = session.execute(
        select(Enrolment.id, Person.rank, Person.name, Certificate.number)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Certificate, and_(Certificate.enrolment_id == Enrolment.id, IS_LATEST))
        .where(Enrolment.academy_id == scope.academy_id, Enrolment.id.in_(enrolment_ids))
    ).all()
    standing = standings(session, scope.academy_id, list(enrolment_ids))
    return {
        row.id: Names(
            rank=row.rank,
            name=row.name,
            now_passed=(now := standing[row.id].get((Task.QUIZ, scope.slug))) is not None and now.is_passed,
            certificate=row.number or "",
        )
        for row in rows
    }


def _batch(
    session: Session,
    scope: Scope,
    modules: Sequence[Module],
    changed: dict[int, tuple[Line, ...]],
    optional: frozenset[str],
) -> Iterator[Effect]:
    ids = list(changed)
    passed = _passed_attempts(session, scope, ids)
    crossing = [each for each in ids if _crosses(passed.get(each, set()), changed[each])]
    facts = facts_of(session, scope.academy_id, standings(session, scope.academy_id, crossing))
    completed = set(
        session.scalars(
            select(CourseCompletion.enrolment_id).where(
                CourseCompletion.academy_id == scope.academy_id, CourseCompletion.enrolment_id.in_(ids)
            )
        )
    )
    certified = dict(
        session.execute(
            select(Certificate.enrolment_id, Certificate.number).where(
                Certificate.academy_id == scope.academy_id, Certificate.enrolment_id.in_(ids), IS_LATEST
            )
        ).all()
    )
    active = set(
        session.scalars(
            select(Enrolment.id).where(
                Enrolment.academy_id == scope.academy_id,
                Enrolment.id.in_(ids),
                Enrolment.status == EnrolmentStatus.ACTIVE,
            )
        )
    )
    for enrolment_id, lines in changed.items():
        before = passed.get(enrolment_id, set())
        after = _after(before, lines)
        effect = Effect(
            enrolment_id, lines, rises=not before and bool(after), falls=bool(before) and not after,
            certificate=certified.get(enrolment_id, ""),
        )  # fmt: skip
        is_complete = enrolment_id in completed
        if effect.rises and enrolment_id in active:
            of = facts[enrolment_id]
            effect = _risen(effect, scope, modules, of, is_complete=is_complete, optional=optional)
        elif effect.falls:
            effect = _fallen(effect, scope, modules, facts[enrolment_id], is_complete=is_complete)
        yield effect


def _after(before: set[int], lines: Sequence[Line]) -> set[int]:
    """The passed attempts of a student once these changes are made."""
    return (before | {x.attempt_id for x in lines if x.is_passed}) - {
        x.attempt_id for x in lines if not x.is_passed
    }


def _crosses(before: set[int], lines: Sequence[Line]) -> bool:
    """Whether the quiz as a whole is passed or not passed now: only then does it matter what else is done."""
    return bool(before) != bool(_after(before, lines))


def _passed_attempts(session: Session, scope: Scope, ids: Sequence[int]) -> dict[int, set[int]]:
    """The passed attempts of each student at the quiz, in any version, by the results in force."""
    rows = session.execute(
        select(Attempt.enrolment_id, Attempt.id)
        .select_from(MARKED)
        .where(
            Attempt.academy_id == scope.academy_id,
            Attempt.enrolment_id.in_(ids),
            Attempt.task == Task.QUIZ,
            Attempt.slug == scope.slug,
            Attempt.status == AttemptStatus.FINISHED,
            IS_PASSED,
        )
    )
    found: dict[int, set[int]] = {}
    for enrolment_id, attempt_id in rows:
        found.setdefault(enrolment_id, set()).add(attempt_id)
    return found


def _risen(
    effect: Effect,
    scope: Scope,
    modules: Sequence[Module],
    facts: Facts,
    *,
    is_complete: bool,
    optional: frozenset[str],
) -> Effect:
    facts = replace(facts, quizzes_passed=facts.quizzes_passed | {scope.slug})
    completes = tuple(
        module.slug
        for module in modules
        if module.slug not in facts.modules and module_progress(module, facts).is_complete
    )
    facts = facts.with_modules(frozenset(completes))
    ends = not is_complete and is_course_complete(modules, facts, optional=optional)
    return replace(effect, completes=completes, course="completes" if ends else "")


def _fallen(
    effect: Effect, scope: Scope, modules: Sequence[Module], facts: Facts, *, is_complete: bool
) -> Effect:
    rests = tuple(
        module.slug
        for module in modules
        if module.slug in facts.modules and scope.slug in module.completion.quizzes
    )
    return replace(effect, rests=rests, course="rests" if is_complete else "")
