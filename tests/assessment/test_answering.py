"""An answer that was weighed before the turn to write is kept only if nothing has changed since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.assessment.answering import Answered, keep_if_unchanged, weigh_answer
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, Break, Response
from pme.assessment.queries import saved_in
from pme.assessment.service import begin, save_answer
from pme.assessment.stamps import Stamp
from pme.assessment.waiting import Waiting, find_waiting
from pme.content.catalogue import current
from pme.content.shapes import AnyItem, Quiz
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.quick import Quick

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(seconds=40)
Begun = tuple[Attempt, Quiz, AnyItem]
pytestmark = pytest.mark.database(
    "sqlite"
)  # where one writes at a time; PostgreSQL holds the attempt instead


@pytest.fixture
def begun(session: Session) -> Begun:
    """An attempt at a quiz that ends in an hour, and its first question."""
    task = current(session).quizzes_by_slug["check"]
    own = select(Enrolment).where(Enrolment.course == "core").order_by(Enrolment.id)
    enrolment = session.scalars(own).first()
    assert enrolment is not None
    attempt = begin(session, enrolment, task, module="basics", at=AT, random=Random(1))
    attempt.ends_at = AT + timedelta(hours=1)
    session.flush()
    item = task.content.item(Draw.from_json(attempt.draw).items[0])
    assert item is not None
    return attempt, task.content, item


def within(session: Session) -> Quick:
    """The short way on the connection of the test, whose transaction is never committed."""
    session.flush()
    return Quick(session.get_bind().engine, session.connection().connection)


def read(session: Session, begun: Begun) -> Waiting:
    found = find_waiting(within(session), begun[0].id, begun[0].academy_id)
    assert found is not None
    return found


def weighed(session: Session, begun: Begun) -> Answered:
    answer = [begun[2].options[0].id]  # type: ignore[union-attr]
    found = weigh_answer(read(session, begun), begun[2], answer, stamp=Stamp("a" * 32, 1), at=LATER)
    assert found is not None
    return found


def test_it_is_kept_as_it_was_weighed_with_its_time(session: Session, begun: Begun):
    assert keep_if_unchanged(within(session), weighed(session, begun))
    session.expire_all()
    kept = session.scalars(select(Response).where(Response.attempt_id == begun[0].id)).one()
    assert (kept.item, kept.seconds, kept.saved_at, kept.turn) == (begun[2].id, 40, LATER, 1)
    assert begun[0].latest_at == LATER


def another_tab_answers(session: Session, begun: Begun) -> None:
    attempt, quiz, item = begun
    other = [item.options[1].id]  # type: ignore[union-attr]
    save_answer(session, attempt, quiz, item_id=item.id, answer=other, at=AT + timedelta(seconds=20))


def the_attempt_ends(session: Session, begun: Begun) -> None:
    gone = {"status": "finished", "percent": 1, "is_passed": False}
    session.connection().execute(update(Attempt).where(Attempt.id == begun[0].id).values(gone))


def its_end_moves(session: Session, begun: Begun) -> None:
    begun[0].ends_at = LATER


def a_break_begins(session: Session, begun: Begun) -> None:
    session.add(Break(attempt_id=begun[0].id, began_at=AT, until=LATER))


def the_enrolment_ends(session: Session, begun: Begun) -> None:
    own = Enrolment.id == begun[0].enrolment_id
    ended = next(each for each in EnrolmentStatus if each is not EnrolmentStatus.ACTIVE)
    session.connection().execute(update(Enrolment).where(own).values(status=ended))


@pytest.mark.parametrize(
    "change", [another_tab_answers, the_attempt_ends, its_end_moves, a_break_begins, the_enrolment_ends]
)
def test_it_is_not_kept_once_something_has_changed(
    session: Session, begun: Begun, change: Callable[[Session, Begun], None]
):
    what = weighed(session, begun)
    change(session, begun)
    before = saved_in(session, begun[0].id)
    assert not keep_if_unchanged(within(session), what)
    assert saved_in(session, begun[0].id) == before


def test_it_is_not_kept_at_another_academy(session: Session, begun: Begun):
    what = weighed(session, begun)
    elsewhere = replace(what, attempt=replace(what.attempt, academy_id=what.attempt.academy_id + 1))
    assert not keep_if_unchanged(within(session), elsewhere)
    assert find_waiting(within(session), begun[0].id, begun[0].academy_id + 1) is None


def test_what_is_out_of_the_ordinary_is_left_to_who_decides_in_the_turn(session: Session, begun: Begun):
    waiting, item = read(session, begun), begun[2]
    answer = [item.options[0].id]  # type: ignore[union-attr]
    late = Stamp("a" * 32, 1, is_late=True)
    assert weigh_answer(waiting, item, answer, stamp=late, at=LATER) is None
    assert weigh_answer(waiting, item, answer, at=AT + timedelta(hours=1)) is None
    assert weigh_answer(replace(waiting, has_breaks=True), item, answer, at=LATER) is None
