"""The plan of a group at work: essays are taken in, samples drawn, scripts settled by their marks."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.assessment import grading
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.queries import answers_of, confidence_of
from pme.content.shapes import EssayItem, Quiz
from pme.db import insert_into
from pme.errors import NotFound
from pme.marking.models import Mark, MarkingPlan, Script
from pme.marking.plan import Plan, Second, check
from pme.marking.queries import Group, group_of, plan_of, plan_row, scripts_in, scripts_of
from pme.marking.sampling import drawn, is_borderline
from pme.marking.standing import FIRST, MarkStatus, Moderation, ScriptState, standing
from pme.words.speech import _

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORTEST_CODE = 4


def receive(session: Session, attempt: Attempt, quiz: Quiz) -> None:
    """Take in the answered essays of an attempt that was handed in; doing it again changes nothing."""
    if attempt.status is not AttemptStatus.MARKING:
        return
    for item in mark_attempt(session, attempt, quiz, {}).unmarked:
        _take_in(session, attempt, item)
    scripts = scripts_of(session, attempt.id, attempt.academy_id)
    if scripts:
        group = group_of(session, scripts[0])
        _draw(session, group, plan_of(session, group))


def set_plan(session: Session, group: Group, plan: Plan, *, by: int, at: datetime) -> None:
    """Set how a group is marked, for every script that is not released. Raises Invalid for bad numbers."""
    check(plan)
    row = plan_row(session, group, for_update=True)
    rules = asdict(plan) | {"seed": row.seed if row else secrets.token_hex(8)}
    if row is None:
        session.execute(
            insert_into(session, MarkingPlan)
            .values(**asdict(group), **rules, set_by=by, set_at=at)
            .on_conflict_do_nothing()
        )
        row = plan_row(session, group, for_update=True)
    if row is None:
        raise NotFound(_("There is no such plan."))
    for name, value in (rules | {"seed": row.seed, "set_by": by, "set_at": at}).items():
        setattr(row, name, value)
    session.flush()
    _draw(session, group, row.rules)
    scripts = session.scalars(
        scripts_in(group).where(Script.state != ScriptState.RELEASED).with_for_update(of=Script)
    ).all()
    settle(session, scripts, row.rules)
    audit.record(
        session,
        "marking plan set",
        actor=f"person {by}",
        subject=group.name,
        at=at,
        academy_id=group.academy_id,
        detail=asdict(plan) | {"seed": row.seed},
    )


def settle(session: Session, scripts: Sequence[Script], plan: Plan) -> None:
    """Let each of these scripts stand where its finished marks put it."""
    rows = session.execute(
        select(Mark.script_id, Mark.place, Mark.points).where(
            Mark.script_id.in_([script.id for script in scripts]), Mark.status == MarkStatus.FINISHED
        )
    ).all()
    finished: dict[int, dict[int, int]] = {}
    for script_id, place, points in rows:
        finished.setdefault(script_id, {})[place or 0] = points or 0
    for script in scripts:
        now = standing(
            plan, finished.get(script.id, {}), is_sampled=script.is_sampled, moderation=script.moderation
        )
        script.state, script.rule = now.state, now.rule
        script.points = None if now.points is None else float(now.points)
    session.flush()


def sample_if_borderline(session: Session, script: Script, quiz: Quiz, plan: Plan) -> None:
    """Once every essay of an attempt has a first mark: near the pass mark, all of them are read twice."""
    if plan.second is not Second.SAMPLE:
        return
    scripts = scripts_of(session, script.attempt_id, script.academy_id)
    first = {
        script_id: points or 0
        for script_id, points in session.execute(
            select(Mark.script_id, Mark.points).where(
                Mark.script_id.in_([one.id for one in scripts]),
                Mark.place == FIRST,
                Mark.status == MarkStatus.FINISHED,
            )
        )
    }
    if len(first) < len(scripts):
        return
    attempt = session.scalars(
        select(Attempt).where(Attempt.id == script.attempt_id, Attempt.academy_id == script.academy_id)
    ).one()
    by_hand = {one.item: Fraction(first[one.id], essay_of(quiz, one.item).most_points) for one in scripts}
    marks = mark_attempt(session, attempt, quiz, by_hand)
    if is_borderline(marks.percent, cut=quiz.pass_rule.min_percent, border=plan.border):
        for one in scripts:
            one.is_sampled = True
        session.flush()


def mark_attempt(
    session: Session, attempt: Attempt, quiz: Quiz, by_hand: Mapping[str, Fraction]
) -> grading.QuizMark:
    """The marks of a whole attempt, with the credit (0-1) of the essays that have one."""
    return grading.mark(
        quiz,
        Draw.from_json(attempt.draw).items,
        answers_of(session, attempt.id),
        confidence=confidence_of(session, attempt.id),
        by_hand=by_hand,
    )


def essay_of(quiz: Quiz, item_id: str) -> EssayItem:
    """The essay of this id, which the quiz that an attempt is pinned to is known to have."""
    item = quiz.item(item_id)
    if not isinstance(item, EssayItem):
        raise NotFound(_("This version of the quiz has no such essay."))
    return item


def _take_in(session: Session, attempt: Attempt, item: str) -> None:
    known = select(Script.id).where(
        Script.academy_id == attempt.academy_id, Script.attempt_id == attempt.id, Script.item == item
    )
    tries = 0
    while session.scalar(known) is None:
        length = SHORTEST_CODE + tries // 8
        session.execute(
            insert_into(session, Script)
            .values(
                attempt_id=attempt.id,
                person_id=attempt.person_id,
                academy_id=attempt.academy_id,
                course=attempt.course,
                slug=attempt.slug,
                item=item,
                code="".join(secrets.choice(LETTERS) for _ in range(length)),
                state=ScriptState.WAITING,
                is_sampled=False,
                moderation=Moderation.NONE,
                moderation_note="",
            )
            .on_conflict_do_nothing()
        )
        tries += 1


def _draw(session: Session, group: Group, plan: Plan) -> None:
    """Draw who is read twice and who is moderated among all of a group; what was drawn before stays drawn."""
    codes = session.scalars(scripts_in(group).with_only_columns(Script.code)).all()
    share = plan.sample_percent if plan.second is Second.SAMPLE else 0
    twice = drawn(codes, seed=plan.seed, purpose="second", percent=share)
    checked = drawn(codes, seed=plan.seed, purpose="moderation", percent=plan.moderation_percent)
    new = (Script.code.in_(twice) & Script.is_sampled.is_(False)) | (
        Script.code.in_(checked) & (Script.moderation == Moderation.NONE)
    )
    scripts = session.scalars(
        scripts_in(group).where(new, Script.state != ScriptState.RELEASED).with_for_update(of=Script)
    ).all()
    for script in scripts:
        script.is_sampled = script.is_sampled or script.code in twice
        if script.code in checked and script.moderation is Moderation.NONE:
            script.moderation = Moderation.WANTED
    session.flush()
    settle(session, scripts, plan)
