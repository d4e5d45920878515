"""What is told of attempts: that one was begun, how it ended with each question of it, and that it was marked again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus, Response, Task
from pme.assessment.models_regrade import Revision
from pme.content.shapes import Scenario
from pme.xapi.asking import AT_ONCE, Ask, Contents, Found
from pme.xapi.models import LrsStatement
from pme.xapi.statements import Activity, Outcome, Told
from pme.xapi.vocabulary import Extension, Kind, Verb

BEGUN, ENDED, MARKED_AGAIN = "attempt", "result", "revision"
FORMATIVE, SUMMATIVE = "formative", "summative"


def begun(session: Session, ask: Ask, after: int) -> list[Found]:
    """Attempts that were begun."""
    found = session.scalars(
        select(Attempt)
        .where(
            Attempt.academy_id == ask.academy_id,
            Attempt.id > after,
            ask.is_new(BEGUN, Attempt.id, Attempt.person_id),
        )
        .order_by(Attempt.id)
        .limit(AT_ONCE)
    ).all()
    contents = Contents(session)
    return [
        Found(
            each.id,
            each.person_id,
            (_of(each, ask, contents, name=f"attempt/{each.id}/launched", verb=Verb.LAUNCHED),),
            is_open=True,
        )
        for each in found
    ]


def ended(session: Session, ask: Ask, after: int) -> list[Found]:
    """Attempts whose beginning is told, that have ended since: the answers that counted, then the result."""
    is_open = exists().where(
        LrsStatement.academy_id == ask.academy_id,
        LrsStatement.source == BEGUN,
        LrsStatement.source_id == Attempt.id,
        LrsStatement.is_open,
    )
    found = session.scalars(
        select(Attempt)
        .where(
            Attempt.academy_id == ask.academy_id,
            Attempt.id > after,
            Attempt.status == AttemptStatus.FINISHED,
            is_open,
            ask.is_new(ENDED, Attempt.id, Attempt.person_id),
        )
        .order_by(Attempt.id)
        .limit(AT_ONCE)
    ).all()
    contents, answers = Contents(session), _answers(session, ask, found)
    return [
        Found(
            each.id,
            each.person_id,
            (*_answered(each, ask, contents, answers[each.id]), _result(each, ask, contents)),
        )
        for each in found
    ]


def marked_again(session: Session, ask: Ask, after: int) -> list[Found]:
    """Results that a correction of questions changed."""
    found = session.execute(
        select(Revision, Attempt)
        .join(Attempt, Attempt.id == Revision.attempt_id)
        .where(
            Attempt.academy_id == ask.academy_id,
            Revision.id > after,
            ask.is_new(MARKED_AGAIN, Revision.id, Attempt.person_id),
        )
        .order_by(Revision.id)
        .limit(AT_ONCE)
    ).all()
    contents = Contents(session)
    return [
        Found(
            revision.id,
            attempt.person_id,
            (
                _of(
                    attempt,
                    ask,
                    contents,
                    name=f"revision/{revision.id}",
                    verb=Verb.PASSED if revision.is_passed else Verb.FAILED,
                    at=revision.at,
                    outcome=Outcome(revision.percent, revision.is_passed, completion=True),
                    event="marked-again",
                ),
            ),
        )
        for revision, attempt in found
    ]


def _answers(session: Session, ask: Ask, attempts: Sequence[Attempt]) -> dict[int, list[Response]]:
    found = session.scalars(
        select(Response)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(Attempt.academy_id == ask.academy_id, Attempt.id.in_([each.id for each in attempts]))
        .order_by(Response.id)
    )
    by_attempt: dict[int, list[Response]] = defaultdict(list)
    for each in found:
        by_attempt[each.attempt_id].append(each)
    return by_attempt


def _answered(attempt: Attempt, ask: Ask, contents: Contents, answers: Iterable[Response]) -> list[Told]:
    """Whether each answer was right, and never which it was: that would give the key to whoever reads the LRS."""
    earned = (attempt.result or {}).get("items", {})
    task = _task(attempt, ask, contents)
    return [
        _of(
            attempt,
            ask,
            contents,
            name=f"attempt/{attempt.id}/answered/{each.item}",
            verb=Verb.ANSWERED,
            activity=Activity(f"{task.id}#question-{each.item}", Kind.QUESTION),
            at=each.saved_at,
            outcome=Outcome(
                100 * earned[each.item],
                success=earned[each.item] == 1.0,
                completion=True,
                seconds=each.seconds,
            ),
        )
        for each in answers
        if each.answer and each.item in earned
    ]


def _result(attempt: Attempt, ask: Ask, contents: Contents) -> Told:
    over = attempt.handed_in_at or attempt.finished_at or attempt.started_at
    return _of(
        attempt,
        ask,
        contents,
        name=f"attempt/{attempt.id}/result",
        verb=Verb.PASSED if attempt.is_passed else Verb.FAILED,
        at=attempt.finished_at,
        outcome=Outcome(
            attempt.percent,
            attempt.is_passed,
            completion=True,
            seconds=(over - attempt.started_at).total_seconds(),
        ),
    )


def _task(attempt: Attempt, ask: Ask, contents: Contents) -> Activity:
    content = contents(attempt.version_id).content
    language = attempt.language or content.language
    kind = Kind.QUIZ if attempt.task is Task.QUIZ else Kind.SCENARIO
    title = content.in_language(attempt.language).title
    return ask.task((attempt.course, attempt.module), kind, attempt.slug, title, language)


def _of(
    attempt: Attempt,
    ask: Ask,
    contents: Contents,
    *,
    name: str,
    verb: Verb,
    activity: Activity | None = None,
    at: datetime | None = None,
    outcome: Outcome | None = None,
    event: str = "",
) -> Told:
    task, version = _task(attempt, ask, contents), contents(attempt.version_id)
    is_formative = isinstance(version.content, Scenario) and version.content.mode == FORMATIVE
    module, course = ask.module(attempt.course, attempt.module), ask.course(attempt.course)
    return Told(
        name=name,
        actor="",
        verb=verb,
        activity=activity or task,
        at=at or attempt.started_at,
        registration=str(attempt.enrolment_id),
        outcome=outcome or Outcome(),
        parents=(task,) if activity else (module,),
        grouping=(module, course) if activity else (course,),
        language=task.language,
        revision=version.sha256,
        extensions={
            Extension.ASSESSMENT: FORMATIVE if is_formative else SUMMATIVE,
            Extension.ATTEMPT: attempt.number,
            **({Extension.EVENT: event} if event else {}),
            **ask.marks,
        },
    )
