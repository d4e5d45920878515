"""Keeping a completion up to date: an academy asks the holders of older editions for what changed, or a
holder renews one whose validity ends. Whoever did all that was asked has one more event: requalified.

Acts expect a writing transaction; those on one enrolment expect it locked. They flush, never commit.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.assessment.models import FurtherAttempt, Task
from pme.content.edition_content import EditionContent
from pme.content.editions import content_of, edition_by_id
from pme.content.models import CourseEdition
from pme.db import insert_into
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.errors import Conflict, Invalid
from pme.progress.completion import Place, StepKind, places
from pme.progress.delta import compare, whole
from pme.progress.in_force import InForce, completion_in_force, completions_in_force
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind
from pme.progress.models_requalify import EditionCall, Ending, Requalification, RequalifiedPart
from pme.progress.requalify_queries import done_in, open_requalification, parts_of
from pme.progress.validity import end_of, is_renewable
from pme.words.speech import _

LONGEST_NOTE = 1_000


@dataclass(frozen=True)
class Ask:
    """What an academy asks of holders: what changed up to `edition`, until `due_on`.

    `held` are the editions whose holders are asked; `chosen` the steps to be done anew, as far as they are
    among what changed for a holder.
    """

    edition: CourseEdition
    held: Collection[int | None]
    chosen: frozenset[Place]
    due_on: date
    note: str = ""


def holders(session: Session, academy_id: int, course: str) -> list[InForce]:
    """The completions of a course that are in force, of students who still take part."""
    active = select(Enrolment.id).where(
        Enrolment.academy_id == academy_id,
        Enrolment.course == course,
        Enrolment.status == EnrolmentStatus.ACTIVE,
    )
    found = completions_in_force(session, academy_id, CourseCompletion.enrolment_id.in_(active))
    return [standing for standing in found if not standing.is_revoked]


def holders_by_edition(session: Session, academy_id: int, course: str) -> Counter[int | None]:
    """How many hold which edition of a course."""
    return Counter(standing.edition_id for standing in holders(session, academy_id, course))


def call_holders(
    session: Session, academy_id: int, ask: Ask, *, by: int, at: datetime
) -> tuple[EditionCall, int]:
    """Ask holders for what changed; gives the call and how many it reaches.

    What a holder was asked before and has not finished is replaced. Raises Invalid for a day that is over or a
    note that is too long, Conflict where it would reach nobody.
    """
    if ask.due_on < at.date():
        raise Invalid(_("Give a day that is still to come."), field="due_on")
    if len(ask.note) > LONGEST_NOTE:
        raise Invalid(_("Keep the note under {most} characters.", most=LONGEST_NOTE), field="note")
    new = content_of(session, ask.edition)
    asked: dict[int | None, tuple[Place, ...]] = {}
    reached: list[tuple[int, tuple[Place, ...]]] = []
    for standing in holders(session, academy_id, ask.edition.course):
        held = standing.edition_id
        if held == ask.edition.id or held not in ask.held:
            continue
        if held not in asked:
            old = edition_by_id(session, held)
            delta = compare(content_of(session, old) if old else None, new)
            asked[held] = tuple(place for place in delta.asked if place in ask.chosen)
        if asked[held]:
            reached.append((standing.enrolment_id, asked[held]))
    if not reached:
        raise Conflict(_("Nobody was asked: choose at least one part that changed for somebody."))
    call = EditionCall(
        academy_id=academy_id,
        course=ask.edition.course,
        edition_id=ask.edition.id,
        due_on=ask.due_on,
        note=ask.note.strip(),
        by=by,
        at=at,
    )
    session.add(call)
    session.flush()
    _ask(session, academy_id, reached, ask.edition, new, call=call, by=by, at=at)
    return call, len(reached)


def renew(
    session: Session, enrolment: Enrolment, edition: CourseEdition, *, until: date | None = None, at: datetime
) -> None:
    """A holder begins to renew a completion: every task anew, and what changed since. Again changes nothing.

    `until` is its last valid day where a certificate says it; otherwise the academy's term does.

    Raises Conflict where nothing ends that could be renewed.
    """
    standing = completion_in_force(session, enrolment.academy_id, enrolment.id)
    until = until or end_of(session, standing)
    if standing is None or not is_renewable(standing, until, on=at.date()):
        raise Conflict(
            _("There is nothing to renew yet. This page says until when your completion is valid.")
        )
    if open_requalification(session, enrolment.academy_id, enrolment.id) is not None:
        return
    new, old = content_of(session, edition), edition_by_id(session, standing.edition_id)
    changed = set(compare(content_of(session, old) if old else None, new).asked) | set(whole(new))
    every = [
        place for slug in new.course.modules if slug in new.modules for place in places(new.modules[slug])
    ]
    parts = tuple(place for place in every if place in changed) or tuple(every)
    reached = [(enrolment.id, parts)]
    _ask(session, enrolment.academy_id, reached, edition, new, by=enrolment.person_id, at=at, until=until)


def withdraw_call(session: Session, call: EditionCall, *, by: int, at: datetime) -> int:
    """Take a call back: whoever has not finished is asked no more. Tells how many. Again changes nothing."""
    if call.withdrawn_at is not None:
        return 0
    call.withdrawn_by, call.withdrawn_at = by, at
    open_ones = select(Requalification).where(
        Requalification.academy_id == call.academy_id,
        Requalification.call_id == call.id,
        Requalification.closed_at.is_(None),
    )
    found = session.scalars(open_ones.with_for_update()).all()
    for one in found:
        one.closed_at, one.ending = at, Ending.WITHDRAWN
    session.flush()
    return len(found)


def note_part(session: Session, enrolment: Enrolment, place: Place, *, at: datetime) -> None:
    """A page was read, or something else was done that no attempt tells of: it counts where it is asked for."""
    asked = open_requalification(session, enrolment.academy_id, enrolment.id)
    if asked is None or place not in parts_of(asked):
        return
    session.execute(
        insert_into(session, RequalifiedPart)
        .values(
            academy_id=asked.academy_id,
            requalification_id=asked.id,
            kind=place.kind,
            module=place.module,
            slug=place.slug,
            done_at=at,
        )
        .on_conflict_do_nothing()
    )


def note_work(
    session: Session, enrolment: Enrolment, module: str, *, scenario: str = "", at: datetime
) -> None:
    """An instructor confirmed what was done for a module, or one scenario of it: the parts of it that are asked
    count as done.
    """
    asked = open_requalification(session, enrolment.academy_id, enrolment.id)
    for place in parts_of(asked) if asked else ():
        is_this = place.kind is StepKind.SCENARIO and place.slug == scenario
        if place.module == module and (is_this or not scenario):
            note_part(session, enrolment, place, at=at)


def requalify_if_done(session: Session, enrolment: Enrolment, *, at: datetime) -> CompletionEvent | None:
    """Record that all that was asked is done, pinned to the edition that asked for it; None while it is not."""
    asked = open_requalification(session, enrolment.academy_id, enrolment.id)
    if asked is None:
        return None
    done = done_in(session, [asked])[asked.id]
    standing = completion_in_force(session, enrolment.academy_id, enrolment.id)
    if standing is None or any(place not in done for place in parts_of(asked)):
        return None
    asked.closed_at, asked.ending = at, Ending.DONE
    event = CompletionEvent(
        academy_id=asked.academy_id,
        enrolment_id=enrolment.id,
        course=enrolment.course,
        kind=EventKind.REQUALIFIED,
        edition_id=asked.edition_id,
        percent=standing.percent,
        at=at,
    )
    session.add(event)
    session.flush()
    return event


def _ask(
    session: Session,
    academy_id: int,
    reached: Sequence[tuple[int, tuple[Place, ...]]],
    edition: CourseEdition,
    content: EditionContent,
    *,
    by: int,
    at: datetime,
    call: EditionCall | None = None,
    until: date | None = None,
) -> None:
    ids = [enrolment_id for enrolment_id, _ in reached]
    session.execute(
        update(Requalification)
        .where(
            Requalification.academy_id == academy_id,
            Requalification.enrolment_id.in_(ids),
            Requalification.closed_at.is_(None),
        )
        .values(closed_at=at, ending=Ending.REPLACED)
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        Requalification(
            academy_id=academy_id,
            enrolment_id=enrolment_id,
            call_id=call.id if call else None,
            edition_id=edition.id,
            parts=[[place.kind.value, place.module, place.slug] for place in parts],
            due_on=call.due_on if call else until,
            asked_at=at,
        )
        for enrolment_id, parts in reached
    )
    session.add_all(_further(reached, content, by=by, at=at))
    session.flush()


def _further(
    reached: Iterable[tuple[int, tuple[Place, ...]]], content: EditionContent, *, by: int, at: datetime
) -> Iterable[FurtherAttempt]:
    """Whoever used up the attempts at a task has as many again."""
    for enrolment_id, parts in reached:
        for place in parts:
            if place.kind is StepKind.PAGE:
                continue
            is_quiz = place.kind is StepKind.QUIZ
            quiz, scenario = content.quizzes.get(place.slug), content.scenarios.get(place.slug)
            limit = (
                (quiz.attempts if quiz else 0) if is_quiz else (scenario.retake.maximum if scenario else 0)
            )
            for _turn in range(limit or 0):
                yield FurtherAttempt(
                    enrolment_id=enrolment_id,
                    task=Task(place.kind.value),
                    slug=place.slug,
                    given_by=by,
                    given_at=at,
                )
