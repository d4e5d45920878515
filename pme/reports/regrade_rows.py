"""What an instructor sees before correcting a question: versions with attempts, questions, earlier corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.assessment.correction_words import correction_html, key_html
from pme.assessment.corrections import Correction, CorrectionKind, corrected, kinds_for
from pme.assessment.effective import effective_results
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import Scope, correction_of, in_force
from pme.content.catalogue import pinned
from pme.content.models import ContentVersion
from pme.content.shapes import AnyItem, Quiz
from pme.people.models import Person


@dataclass(frozen=True)
class VersionRow:
    """One version of a quiz with attempts at it in a course."""

    slug: str
    version_id: int
    title: str
    published_at: datetime
    attempts: int


@dataclass(frozen=True)
class QuestionRow:
    """One question: its key as it is in force, how it went so far, what was corrected, what can be.

    `facility` is the mean credit, 0-1, over the `asked` finished attempts; None where nobody was asked, or
    where it does not count.
    """

    number: int
    item: AnyItem
    key: tuple[str, ...]
    asked: int
    facility: float | None
    corrections: tuple[CorrectionKind, ...]
    kinds: tuple[CorrectionKind, ...]


@dataclass(frozen=True)
class RegradeRow:
    """One correction as it is listed; `key` is what it speaks of, `number` the place of its question."""

    regrade: Regrade
    number: int
    stem: str
    key: tuple[str, ...]
    by: str
    undone_by: str


def has_attempts(session: Session, scope: Scope) -> bool:
    """Whether anybody has begun this version of the quiz, in this course of the academy."""
    return session.scalar(select(Attempt.id).where(scope.attempts()).limit(1)) is not None


def versions_in(session: Session, academy_id: int, course: str) -> list[VersionRow]:
    """Every version of a quiz with attempts in a course of an academy, by quiz, the newest version first."""
    rows = session.execute(
        select(Attempt.slug, Attempt.version_id, ContentVersion.published_at, func.count(Attempt.id))
        .join(ContentVersion, ContentVersion.id == Attempt.version_id)
        .where(Attempt.academy_id == academy_id, Attempt.course == course, Attempt.task == Task.QUIZ)
        .group_by(Attempt.slug, Attempt.version_id, ContentVersion.published_at)
        .order_by(Attempt.slug, Attempt.version_id.desc())
    ).all()
    return [
        VersionRow(slug, version_id, pinned(session, version_id, Quiz).content.title, published_at, attempts)
        for slug, version_id, published_at, attempts in rows
    ]


def question_rows(session: Session, scope: Scope, quiz: Quiz) -> list[QuestionRow]:
    """The questions of a version, with their keys and how they went by the results in force."""
    regrades = in_force(session, scope)
    now = corrected(quiz, map(correction_of, regrades))
    earned: dict[str, list[float]] = {item.id: [0.0, 0.0] for item in quiz.items}
    for result in effective_results(session, scope.attempts(), Attempt.status == AttemptStatus.FINISHED):
        for item, credit in result.result["items"].items():
            if item in earned:
                earned[item][0] += 1
                earned[item][1] += credit
    rows = []
    for number, item in enumerate(now.quiz.items, start=1):
        asked, total = earned[item.id]
        done = tuple(regrade.kind for regrade in regrades if regrade.item == item.id)
        rows.append(
            QuestionRow(
                number=number,
                item=item,
                key=key_html(item)
                + tuple(line for key in now.accepted.get(item.id, ()) for line in key_html(key)),
                asked=int(asked),
                facility=total / asked if asked else None,
                corrections=done,
                kinds=_kinds(item, done),
            )
        )
    return rows


def history(session: Session, regrades: Sequence[Regrade]) -> list[RegradeRow]:
    """Corrections in words, with who made them; one more query for the names of all."""
    people = {regrade.by for regrade in regrades} | {r.undone_by for r in regrades if r.undone_by is not None}
    names = {
        person.id: f"{person.rank} {person.name}".strip()
        for person in session.execute(
            select(Person.id, Person.rank, Person.name).where(Person.id.in_(people))
        )
    }
    return [_row(session, regrade, names) for regrade in regrades]


def regrades_in(session: Session, academy_id: int, course: str, slug: str) -> Sequence[Regrade]:
    """Every correction of a quiz in a course of an academy, in all of its versions, latest first."""
    return session.scalars(
        select(Regrade)
        .where(Regrade.academy_id == academy_id, Regrade.course == course, Regrade.slug == slug)
        .order_by(Regrade.id.desc())
    ).all()


def _kinds(item: AnyItem, done: Sequence[CorrectionKind]) -> tuple[CorrectionKind, ...]:
    if CorrectionKind.VOID in done:
        return ()
    if CorrectionKind.FULL_CREDIT in done:
        return (CorrectionKind.VOID,)
    return kinds_for(item)


def _row(session: Session, regrade: Regrade, names: dict[int, str]) -> RegradeRow:
    quiz = pinned(session, regrade.version_id, Quiz).content
    number, item = next((n, i) for n, i in enumerate(quiz.items, start=1) if i.id == regrade.item)
    return RegradeRow(
        regrade=regrade,
        number=number,
        stem=item.stem_html,
        key=correction_html(item, Correction(regrade.item, regrade.kind, regrade.detail)),
        by=names.get(regrade.by, ""),
        undone_by=names.get(regrade.undone_by or 0, ""),
    )
