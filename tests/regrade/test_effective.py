"""The result in force is what every page, list and rule goes by; the attempt's row stays as it was."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pme.assessment.effective import AttemptLine, attempts_of, effective_result, effective_results
from pme.assessment.levels import Level
from pme.assessment.models import Attempt, Task
from pme.assessment.models_regrade import Revision
from pme.assessment.queries import standings
from pme.db import Database
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import START
from tests.support.student import BASICS, WRONG

RESULT = {
    "items": {"CANARY-single": 1.0},
    "outcomes": [{"outcome": "LO1", "percent": 91.0, "items": 1}],
    "missed_critical": [],
    "short_outcomes": [],
}


def revise(database: Database, *, number: int = 1, is_current: bool = True) -> Attempt:
    """Give the one attempt there is a revision that passes."""
    with database.writing() as session:
        attempt = session.scalars(select(Attempt)).one()
        session.add(
            Revision(
                attempt_id=attempt.id,
                number=number,
                percent=91.0,
                is_passed=True,
                level=Level.SUCCESS,
                result=RESULT,
                regrades=[],
                is_current=is_current,
                at=START,
            )
        )
    return attempt


def test_the_current_revision_is_what_everybody_sees(visit: Visits, database: Database):
    adams, clarke = visit("adams"), visit("clarke")
    failed = student.answer_all(adams, WRONG).press("Hand in")
    assert "Not passed yet" in failed.words
    attempt = revise(database)
    assert "You reached 91" in adams.get(failed.path).words
    assert "LO1" not in adams.get(failed.path).words
    assert "best mark 91" in adams.get(f"{BASICS}/").words
    assert "91 % (corrected) Passed" in adams.get(f"{BASICS}/quiz/check").words
    assert "91 %" in clarke.get("/teach/core").words
    assert "91 % (corrected) Passed" in clarke.get(f"/teach/core/students/{attempt.enrolment_id}").words
    assert "Passed 91 %" in clarke.get(f"/teach/attempts/{attempt.id}").words
    with database.session() as session:
        kept = session.get_one(Attempt, attempt.id)
        assert (kept.percent, kept.is_passed, kept.level) == (attempt.percent, False, Level.FAIL)
        standing = standings(session, attempt.academy_id, [attempt.enrolment_id])[attempt.enrolment_id][
            Task.QUIZ, "check"
        ]
        assert (standing.best_percent, standing.is_passed) == (91.0, True)


def test_a_revision_that_is_not_current_counts_for_nothing(visit: Visits, database: Database):
    failed = student.answer_all(visit("adams"), WRONG).press("Hand in")
    attempt = revise(database, is_current=False)
    assert "Not passed yet" in visit("adams").get(failed.path).words
    with database.session() as session:
        result = effective_result(session, attempt)
        assert result is not None
        assert (result.percent, result.is_revised) == (attempt.percent, False)


def test_results_are_read_in_one_pass_and_lists_in_one_query(visit: Visits, database: Database):
    student.answer_all(visit("adams"), WRONG).press("Hand in")
    attempt = revise(database)
    with database.session() as session:
        (result,) = effective_results(
            session, Attempt.academy_id == attempt.academy_id, Attempt.version_id == attempt.version_id
        )
        assert (result.percent, result.is_passed, result.level, result.result, result.is_revised) == (
            91.0,
            True,
            Level.SUCCESS,
            RESULT,
            True,
        )
        (line,) = attempts_of(session, attempt.enrolment_id, attempt.academy_id)
        assert isinstance(line, AttemptLine)
        assert (line.percent, line.is_revised) == (91.0, True)


def test_an_attempt_without_a_mark_has_no_result(visit: Visits, database: Database):
    visit("adams").get(f"{BASICS}/quiz/check").submit()
    with database.session() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert effective_result(session, attempt) is None
        (line,) = attempts_of(session, attempt.enrolment_id, attempt.academy_id)
        assert line.percent is None


def test_the_database_knows_one_current_revision_an_attempt(visit: Visits, database: Database):
    student.answer_all(visit("adams"), WRONG).press("Hand in")
    revise(database, is_current=False)
    revise(database, number=2)
    with pytest.raises(IntegrityError):
        revise(database, number=3)
    with pytest.raises(IntegrityError):
        revise(database, number=1, is_current=False)
