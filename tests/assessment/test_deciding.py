"""A decision that was weighed before the turn to write is taken only if nothing has changed since."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.assessment.deciding import Weighed, decide, take_back, take_if_unchanged, weigh
from pme.assessment.models import Attempt, Decision
from pme.assessment.queries import decisions_of
from pme.assessment.service import begin
from pme.content.catalogue import current
from pme.content.shapes import Scenario
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.quick import Quick

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Played = tuple[Attempt, Scenario]
pytestmark = pytest.mark.database(
    "sqlite"
)  # where one writes at a time; PostgreSQL holds the attempt instead


@pytest.fixture
def played(session: Session) -> Played:
    """An attempt at the scenario for practice, with one decision taken."""
    task = current(session).scenarios_by_slug["practice"]
    enrolment = session.scalars(
        select(Enrolment).where(Enrolment.course == "core").order_by(Enrolment.id)
    ).first()
    assert enrolment is not None
    attempt = begin(session, enrolment, task, module="basics", at=AT, random=Random(1))
    decide(session, attempt, task.content, sequence=1, position=1, at=AT)
    return attempt, task.content


def within(session: Session) -> Quick:
    """The short way on the connection of the test, whose transaction is never committed."""
    session.flush()
    return Quick(session.get_bind().engine, session.connection().connection)


def weighed(session: Session, played: Played, sequence: int = 2) -> Weighed:
    attempt, scenario = played
    return weigh(session, attempt, scenario, sequence=sequence, position=1)


def test_it_is_taken_as_it_was_weighed(session: Session, played: Played):
    what = weighed(session, played)
    assert take_if_unchanged(within(session), what, at=AT)
    last = decisions_of(session, played[0].id)[-1]
    assert (last.sequence, last.node, last.choice) == (2, what.node, what.choice)
    kept = session.scalars(select(Decision).where(Decision.attempt_id == played[0].id)).all()
    assert [each.decided_at for each in kept] == [AT, AT]


def another_tab_decides(session: Session, played: Played) -> None:
    decide(session, *played, sequence=2, position=1, at=AT)


def another_tab_takes_back(session: Session, played: Played) -> None:
    take_back(session, *played, at=AT)


def the_attempt_ends(session: Session, played: Played) -> None:
    gone = {"status": "debrief", "percent": 1, "is_passed": False}
    session.connection().execute(update(Attempt).where(Attempt.id == played[0].id).values(gone))


def the_enrolment_ends(session: Session, played: Played) -> None:
    own = Enrolment.id == played[0].enrolment_id
    ended = next(each for each in EnrolmentStatus if each is not EnrolmentStatus.ACTIVE)
    session.connection().execute(update(Enrolment).where(own).values(status=ended))


@pytest.mark.parametrize(
    "change", [another_tab_decides, another_tab_takes_back, the_attempt_ends, the_enrolment_ends]
)
def test_it_is_not_taken_once_something_has_changed(
    session: Session, played: Played, change: Callable[[Session, Played], None]
):
    what = weighed(session, played)
    change(session, played)
    before = len(decisions_of(session, played[0].id))
    assert not take_if_unchanged(within(session), what, at=AT)
    assert len(decisions_of(session, played[0].id)) == before


def test_it_is_not_taken_at_another_academy(session: Session, played: Played):
    what = weighed(session, played)
    elsewhere = Weighed(**{**vars(what), "academy_id": what.academy_id + 1})
    assert not take_if_unchanged(within(session), elsewhere, at=AT)
