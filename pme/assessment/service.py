"""Acts on attempts: begin, answer, mark, reflect. What is decided in scenarios is `deciding`.

Every act expects its attempt (or enrolment) locked in a writing transaction, flushes, never commits,
and may be repeated without harm: a second click finds the work done.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from random import Random, SystemRandom
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import set_committed_value

from pme.assessment import grading
from pme.assessment.allowances import allowance_of, attempts_allowed, check_open, find_window
from pme.assessment.draw import Draw, deal_quiz, deal_scenario
from pme.assessment.models import Attempt, AttemptStatus, Reflection, Response, Task, Window
from pme.assessment.queries import answers_of, confidence_of
from pme.assessment.regrades import revise_closed
from pme.assessment.sitting import FOREIGN, refusal_of, resume, settle
from pme.assessment.stamps import ELSEWHERE, AnsweredElsewhere, Stamp
from pme.assessment.timing import first_end, spell
from pme.content.catalogue import Versioned
from pme.content.shapes import Quiz, Scenario
from pme.db import Base
from pme.enrolment.models import Enrolment
from pme.errors import Conflict, Invalid
from pme.words.numbers import grouped
from pme.words.speech import _

LONGEST_REFLECTION = 5_000

# Built once: an exam sends little else. What is kept is in the tables before the transaction ends.
_tables = Base.metadata.tables
_attempt = _tables[Attempt.__tablename__]
NOTE_LATEST = (
    update(_attempt)
    .where(_attempt.c.id == bindparam("attempt_id"), _attempt.c.academy_id == bindparam("at_academy"))
    .values(latest_at=bindparam("moment"))
)


@cache
def kept_by(name: str) -> Any:
    """How an answer is kept in a database of this kind."""
    dialect = sqlite if name == "sqlite" else import_module(f"sqlalchemy.dialects.{name}")
    wanted = dialect.insert(_tables[Response.__tablename__])
    stored, new = wanted.table.c, wanted.excluded
    return wanted.on_conflict_do_update(
        index_elements=[stored.attempt_id, stored.item],
        set_={
            "answer": new.answer,
            "confidence": new.confidence,
            "seconds": stored.seconds + new.seconds,
            "saved_at": new.saved_at,
            "form": new.form,
            "turn": new.turn,
        },
        where=or_(  # not what is stored already, nor what the same page has changed since
            new.turn.is_(None), stored.form.is_(None), stored.form != new.form, stored.turn < new.turn
        ),
    )


_stored = _tables[Response.__tablename__].c
FROM = select(_stored.form, _stored.saved_at).where(
    _stored.attempt_id == bindparam("attempt_id"), _stored.item == bindparam("item")
)


def begin(
    session: Session,
    enrolment: Enrolment,
    task: Versioned[Quiz] | Versioned[Scenario],
    *,
    module: str,
    at: datetime,
    random: Random | None = None,
    language: str | None = None,
    is_asked: bool = False,
) -> Attempt:
    """Begin an attempt at a quiz or scenario, or give back the one that is still unfinished.

    Its end is settled now: the quiz's time limit by what the person needs, or else the closing of the
    cohort's window. It keeps to `language` where the task is translated into it. Raises Conflict outside the
    window, or when the attempts are used up. Whoever `is_asked` to take it anew is not bound by the window.
    """
    content, dice = task.content, random or SystemRandom()
    kind = Task.QUIZ if isinstance(content, Quiz) else Task.SCENARIO
    same = (
        Attempt.academy_id == enrolment.academy_id,
        Attempt.enrolment_id == enrolment.id,
        Attempt.task == kind,
        Attempt.slug == content.slug,
    )
    unfinished = session.scalar(select(Attempt).where(*same, Attempt.status != AttemptStatus.FINISHED))
    if unfinished is not None:
        return unfinished
    window = (
        None
        if is_asked
        else find_window(session, enrolment.academy_id, enrolment.cohort_id, kind, content.slug)
    )
    check_open(window, content.title, at=at)
    used = session.scalar(select(func.max(Attempt.number)).where(*same)) or 0
    limit = content.attempts if isinstance(content, Quiz) else content.retake.maximum
    allowed = attempts_allowed(session, enrolment.id, kind, content.slug, limit=limit)
    if allowed is not None and used >= allowed:
        raise Conflict(
            _(
                "You have used all {allowed} attempts at “{title}”. Your instructor can tell you what comes next.",
                allowed=allowed,
                title=content.title,
            )
        )
    draw = deal_quiz(content, dice) if isinstance(content, Quiz) else deal_scenario(content, dice)
    attempt = Attempt(
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        academy_id=enrolment.academy_id,
        task=kind,
        course=enrolment.course,
        module=module,
        slug=content.slug,
        version_id=task.version_id,
        number=used + 1,
        draw=draw.as_json(),
        started_at=at,
        ends_at=_first_end(session, enrolment, content, window, at=at),
        latest_at=at,
        language=language if language in content.translations else None,
    )
    session.add(attempt)
    session.flush()
    return attempt


def save_answer(
    session: Session,
    attempt: Attempt,
    quiz: Quiz,
    *,
    item_id: str,
    answer: Sequence[str],
    confidence: int | None = None,
    at: datetime,
) -> None:
    """Keep an answer, with how sure the student says they are (1-3); the last one saved counts.
    The time since the act before goes to this question.

    Raises Conflict when the attempt is closed, over or on a break, Invalid when the answer is not one of
    this attempt's questions or of this item.
    """
    refusal = refusal_of(session, attempt, item_id, at=at)
    if refusal is not None:
        raise refusal
    keep_answer(session, attempt, quiz, item_id=item_id, answer=answer, confidence=confidence, at=at)


def keep_answer(
    session: Session,
    attempt: Attempt,
    quiz: Quiz,
    *,
    item_id: str,
    answer: Sequence[str],
    confidence: int | None = None,
    stamp: Stamp | None = None,
    at: datetime,
) -> None:
    """Keep an answer that nothing refuses (`refusal_of`); sent twice, it is kept once.

    Raises Invalid when it is not one of this item, AnsweredElsewhere when it comes late (`stamp`) and another
    page saved one meanwhile.
    """
    item = quiz.item(item_id)
    if item is None:
        raise Invalid(FOREIGN)
    kept = list(grading.check_answer(item, answer))
    if stamp is not None and stamp.is_late:
        stored = session.execute(FROM, {"attempt_id": attempt.id, "item": item_id}).one_or_none()
        if stored is not None and stamp.is_behind(*stored):
            raise AnsweredElsewhere(ELSEWHERE)
    latest = attempt.latest_at or attempt.started_at
    moment = max(at, latest)
    spent = spell(latest, moment)
    session.execute(
        NOTE_LATEST, {"attempt_id": attempt.id, "at_academy": attempt.academy_id, "moment": moment}
    )
    set_committed_value(attempt, "latest_at", moment)
    session.execute(
        kept_by(session.get_bind().dialect.name),
        {
            "attempt_id": attempt.id,
            "item": item_id,
            "answer": kept,
            "confidence": confidence,
            "seconds": spent,
            "saved_at": moment,
            "form": stamp.form if stamp else None,
            "turn": stamp.turn or None if stamp else None,
        },
    )


def finish_quiz(session: Session, attempt: Attempt, quiz: Quiz, *, at: datetime) -> None:
    """Hand in a quiz attempt: it is marked from its last saved answers and closed, or waits for marks by hand.

    It is handed in now, or at its end where that has passed. Doing it again changes nothing.
    """
    if attempt.status is not AttemptStatus.OPEN:
        return
    resume(session, attempt, at=at)
    standing = settle(session, attempt, at=at)
    moment = standing.ends_at if standing.is_over and standing.ends_at else standing.now
    marks = grading.mark(
        quiz,
        Draw.from_json(attempt.draw).items,
        answers_of(session, attempt.id),
        confidence=confidence_of(session, attempt.id),
    )
    attempt.handed_in_at = attempt.latest_at = moment
    if marks.unmarked:
        attempt.status = AttemptStatus.MARKING
    else:
        close_marked(attempt, marks, at=moment)
    session.flush()


def close_marked(attempt: Attempt, marks: grading.QuizMark, *, at: datetime) -> None:
    """Close a quiz attempt with its marks, which are never changed afterwards.

    Where corrections of this version are in force, a revision beside them says what the attempt comes to.
    """
    attempt.status = AttemptStatus.FINISHED
    attempt.finished_at = at
    attempt.percent = marks.percent
    attempt.is_passed = marks.is_passed
    attempt.level = marks.level
    attempt.result = marks.as_result()
    session = object_session(attempt)
    if session is not None:
        revise_closed(session, attempt, at=at)


def reflect(
    session: Session,
    attempt: Attempt,
    scenario: Scenario,
    *,
    texts: Mapping[int, str],
    seen_at: datetime | None,
    at: datetime,
) -> None:
    """Keep a reflection, prompt by prompt; the last text saved counts.

    `seen_at` is when what the form showed was saved, None for a form that showed nothing: an older form
    that is empty where a text has been written since (a second tab) leaves that text alone.
    Raises Invalid when a text is too long.
    """
    if attempt.status is AttemptStatus.OPEN:
        raise Conflict(_("Take every decision first; the debrief comes after."))
    prompts = reflection_prompts(scenario)
    kept = {
        row.prompt: row
        for row in session.scalars(select(Reflection).where(Reflection.attempt_id == attempt.id))
    }
    for prompt, text in texts.items():
        if not 0 <= prompt < len(prompts):
            raise Invalid(_("This question is not part of the debrief."))
        if len(text) > LONGEST_REFLECTION:
            raise Invalid(
                _(
                    "Keep this under {most} characters.",
                    most=grouped(LONGEST_REFLECTION),
                ),
                field=f"prompt-{prompt}",
            )
        row = kept.get(prompt)
        is_older = row is not None and (seen_at is None or row.saved_at > seen_at)
        if row is None and text:
            session.add(Reflection(attempt_id=attempt.id, prompt=prompt, text=text, saved_at=at))
        elif row is not None and row.text != text and (text or not is_older):
            row.text, row.saved_at = text, at
    session.flush()


def finish_debrief(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """Close a scenario attempt after its debrief. Raises Invalid when nothing was written."""
    if attempt.status is AttemptStatus.FINISHED:
        return
    if attempt.status is AttemptStatus.OPEN:
        raise Conflict(_("Take every decision first; the debrief comes after."))
    texts = session.scalars(select(Reflection.text).where(Reflection.attempt_id == attempt.id))
    if not any(text.strip() for text in texts):
        raise Invalid(
            _(
                "Write at least one answer, in your own words. One sentence is enough; only you can read it, unless "
                "you share it."
            ),
            field="prompt-0",
        )
    attempt.status = AttemptStatus.FINISHED
    attempt.finished_at = at
    session.flush()


def share_reflection(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """Let the instructors of the course read what was written in a debrief. Again changes nothing.

    Raises Conflict while nothing is written.
    """
    if attempt.reflection_shared_at is not None:
        return
    texts = session.scalars(select(Reflection.text).where(Reflection.attempt_id == attempt.id))
    if not any(text.strip() for text in texts):
        raise Conflict(_("There is nothing to share yet: write an answer first."))
    attempt.reflection_shared_at = at
    session.flush()


def keep_reflection_private(session: Session, attempt: Attempt) -> None:
    """Take a reflection back: from now on nobody but the student can read it. Again changes nothing."""
    attempt.reflection_shared_at = None
    session.flush()


def reflection_prompts(scenario: Scenario) -> tuple[str, ...]:
    """The questions of the debrief, general ones first."""
    return (*scenario.debrief.structure, *scenario.debrief.prompts)


def _first_end(
    session: Session, enrolment: Enrolment, content: Quiz | Scenario, window: Window | None, *, at: datetime
) -> datetime | None:
    if isinstance(content, Scenario):
        return None  # no wall clock in scenarios: begun in time, they may be ended in peace
    allowance = allowance_of(session, enrolment.person_id, enrolment.academy_id)
    return first_end(at, content.time_limit_minutes, allowance, window.closes_at if window else None)
