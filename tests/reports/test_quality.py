"""What statistics read: the first marked attempts of one academy at one version, as they are stored."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from sqlalchemy import and_, func, inspect, select, update
from sqlalchemy.orm import Session

from pme.assessment.deciding import decide, take_back
from pme.assessment.levels import Level
from pme.assessment.models import Attempt, Decision, Response, Task
from pme.assessment.models_regrade import Revision
from pme.assessment.service import begin, finish_quiz, save_answer
from pme.assessment.statistics_figures import value_of
from pme.content.catalogue import Versioned, current
from pme.content.publish import publish
from pme.content.shapes import Quiz, Scenario
from pme.db import Base
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Academy
from pme.reports.quality import quiz_matrix, quiz_quality, scenario_quality
from pme.reports.quality_versions import taken_versions
from tests.support.attempts import Class, enrol_many, play_scenario, sit_quiz
from tests.support.cast import AWAY, HOME, START
from tests.support.library import library, quiz

EVERYONE = and_(Attempt.academy_id.in_(select(Academy.id)), Attempt.course == "core")
LATER = START + timedelta(minutes=5)
ALL_RIGHT = {
    "CANARY-single": ["CANARY-alpha-right"],
    "CANARY-truth": ["false"],
    "CANARY-many": ["CANARY-delta-right", "CANARY-echo-right"],
    "CANARY-match": ["CANARY-sun=CANARY-day", "CANARY-moon=CANARY-night"],
    "CANARY-order": ["CANARY-1", "CANARY-2", "CANARY-3"],
}
Classes = Callable[..., Class]


@pytest.fixture
def check(session: Session) -> Versioned[Quiz]:
    """The published quiz."""
    return current(session).quizzes_by_slug["check"]


@pytest.fixture
def a_class(session: Session) -> Classes:
    """A class of the core course, at home unless said otherwise."""

    def of(academy: str = HOME, cohorts: tuple[str, ...] = ()) -> Class:
        place = session.scalars(select(Academy).where(Academy.slug == academy)).one()
        named = [Cohort(academy_id=place.id, course="core", name=name, created_at=START) for name in cohorts]
        session.add_all(named)
        session.flush()
        return Class(place, "core", "basics", START, named)

    return of


def enrolment(session: Session, a_class: Classes) -> Enrolment:
    """A new student of the home academy."""
    return session.get_one(Enrolment, enrol_many(session, a_class(), 1, prefix="one")[0])


def sit(
    session: Session,
    check: Versioned[Quiz],
    who: Enrolment,
    answers: dict[str, list[str]],
    *,
    finish: bool = True,
) -> Attempt:
    attempt = begin(session, who, check, module="basics", at=START, random=Random(1))
    for item, answer in answers.items():
        save_answer(session, attempt, check.content, item_id=item, answer=answer, at=LATER)
    if finish:
        finish_quiz(session, attempt, check.content, at=LATER)
    return attempt


def test_answers_and_credits_are_read_as_they_are_stored(
    session: Session, check: Versioned[Quiz], a_class: Classes
):
    who = enrolment(session, a_class)
    answers = ALL_RIGHT | {"CANARY-single": ["CANARY-bravo-wrong"], "CANARY-truth": []}
    attempt = sit(session, check, who, answers)
    session.execute(
        update(Response)
        .where(Response.attempt_id == attempt.id, Response.item == "CANARY-single")
        .values(confidence=3, seconds=41.5)
    )
    found = quiz_matrix(session, EVERYONE, check.content, check.version_id)
    assert [item.id for item in found.items] == list(ALL_RIGHT)
    assert found.credits.tolist() == [[0, 0, 1, 1, 1]]
    assert (found.percents.tolist(), found.passed.tolist(), found.cut) == ([60], [False], 75)
    given = [found.answers[code] if code >= 0 else None for code in found.chosen[0]]
    assert given == [{"CANARY-bravo-wrong"}, None, *(set(ALL_RIGHT[item]) for item in list(ALL_RIGHT)[2:])]
    assert found.confidence.tolist() == [[3, 0, 0, 0, 0]]
    assert found.seconds[0, 0] == 41.5
    assert np.isnan(found.seconds[0, 1:]).all()


def test_where_certainty_is_marked_the_score_counts_the_marks_and_facility_what_was_known(
    session: Session, check: Versioned[Quiz], a_class: Classes
):
    attempt = sit(session, check, enrolment(session, a_class), ALL_RIGHT)
    attempt.result = dict(attempt.result or {}) | {"certain": {"CANARY-single": 1 / 3, "CANARY-gone": -2.0}}
    session.flush()
    found = quiz_matrix(session, EVERYONE, check.content, check.version_id)
    assert found.credits[0].tolist() == [1, 1, 1, 1, 1]
    assert found.marks[0].tolist() == [1 / 3, 1, 1, 1, 1]


def test_an_answer_to_a_question_that_the_version_does_not_have_is_left_out(
    session: Session, check: Versioned[Quiz], a_class: Classes
):
    sit(session, check, enrolment(session, a_class), ALL_RIGHT)
    shorter = check.content.model_copy(update={"items": check.content.items[:2]})
    found = quiz_matrix(session, EVERYONE, shorter, check.version_id)
    assert found.credits.tolist() == [[1, 1]]
    none = check.content.model_copy(update={"items": ()})
    assert quiz_matrix(session, EVERYONE, none, check.version_id).credits.shape == (1, 0)


def test_only_a_students_first_marked_attempt_at_the_version_counts(
    session: Session, check: Versioned[Quiz], a_class: Classes
):
    first, second, third = (enrolment_of(session, a_class, name) for name in ("a", "b", "c"))
    sit(session, check, first, {})
    sit(session, check, first, ALL_RIGHT)
    sit(session, check, second, ALL_RIGHT, finish=False)
    sit(session, check, third, ALL_RIGHT)
    assert quiz_matrix(session, EVERYONE, check.content, check.version_id).percents.tolist() == [0, 100]
    assert quiz_matrix(session, EVERYONE, check.content, check.version_id + 999).n == 0


def enrolment_of(session: Session, a_class: Classes, prefix: str) -> Enrolment:
    return session.get_one(Enrolment, enrol_many(session, a_class(), 1, prefix=prefix)[0])


def test_a_correction_counts_and_the_attempt_stays_as_it_was(
    session: Session, check: Versioned[Quiz], a_class: Classes
):
    attempt = sit(session, check, enrolment(session, a_class), {})
    kept = dict(attempt.result or {})
    session.add(
        Revision(
            attempt_id=attempt.id,
            number=1,
            percent=25,
            is_passed=False,
            level=Level.FAIL,
            result={"items": {"CANARY-truth": 1.0, "CANARY-many": 0, "CANARY-match": 0, "CANARY-order": 0}},
            regrades=[],
            is_current=True,
            at=LATER,
        )
    )
    session.flush()
    found = quiz_matrix(session, EVERYONE, check.content, check.version_id)
    assert found.percents.tolist() == [25]
    assert found.credits[0, 1:].tolist() == [1, 0, 0, 0]
    assert np.isnan(found.credits[0, 0])  # the question does not count any more
    session.refresh(attempt)
    assert attempt.result == kept


def test_students_of_another_academy_are_not_in_it(
    session: Session, check: Versioned[Quiz], a_class: Classes
):
    home, away = a_class(), a_class(AWAY)
    for together, number in ((home, 12), (away, 15)):
        sit_quiz(session, check, together, enrol_many(session, together, number), random=Random(1))
    for together, number in ((home, 12), (away, 15)):
        scope = Attempt.academy_id == together.academy.id
        assert quiz_quality(session, scope, check.content, check.version_id).n == number
        assert [version.attempts for version in taken_versions(session, scope)] == [number]


def test_a_class_is_analysed_from_what_is_stored(session: Session, check: Versioned[Quiz], a_class: Classes):
    together = a_class(cohorts=("Autumn", "Spring"))
    students = enrol_many(session, together, 80)
    sit_quiz(session, check, together, students, random=Random(4), confidence=True)
    found = quiz_quality(session, EVERYONE, check.content, check.version_id)
    stored = session.scalars(select(Attempt.percent)).all()
    assert found.n == 80
    assert value_of(found.mean) == pytest.approx(np.mean([float(each or 0) for each in stored]))
    single = found.item("CANARY-single")
    assert single is not None
    assert single.item.is_critical
    assert [part.part.id for part in single.parts] == [
        "CANARY-alpha-right",
        "CANARY-bravo-wrong",
        "CANARY-charlie-wrong",
    ]
    assert sum(part.count for part in single.parts) == 80
    match = found.item("CANARY-match")
    assert match is not None
    assert [part.part.is_key for part in match.parts] == [True, True]
    assert [group.n for group in found.groupings["cohort"].groups] == [40, 40]
    assert [level.answers for level in found.confidence] == [
        session.scalar(select(func.count()).where(Response.confidence == level)) for level in (1, 2, 3)
    ]
    assert [outcome.outcome for outcome in found.outcomes] == ["LO1", "LO2"]


def test_reading_statistics_changes_nothing(session: Session, check: Versioned[Quiz], a_class: Classes):
    together = a_class()
    sit_quiz(session, check, together, enrol_many(session, together, 20), random=Random(1))
    session.flush()

    def everything() -> list[object]:
        tables = inspect(session.connection()).get_table_names()
        return [
            session.execute(select(table).order_by(*table.primary_key.columns)).all()
            for name, table in sorted(Base.metadata.tables.items())
            if name in tables
        ]

    before = everything()
    quiz_quality(session, EVERYONE, check.content, check.version_id)
    assert not session.dirty
    assert everything() == before


def test_versions_are_told_apart_with_how_often_each_was_taken(
    session: Session, check: Versioned[Quiz], a_class: Classes
):
    together = a_class()
    students = enrol_many(session, together, 12)
    sit_quiz(session, check, together, students, random=Random(1))
    sit_quiz(session, check, together, students[:3], random=Random(2), number=2)
    publish(session, library(quiz(attempts=9)), by_id=None, at=LATER, note="another")
    newer = current(session).quizzes_by_slug["check"]
    later = Class(together.academy, "core", "basics", LATER)
    sit_quiz(session, newer, later, enrol_many(session, later, 5, prefix="new"), random=Random(3))
    found = taken_versions(session, EVERYONE)
    assert [(each.version_id, each.attempts, each.first_attempts) for each in found] == [
        (newer.version_id, 5, 5),
        (check.version_id, 15, 12),
    ]
    assert [each.published_at for each in found] == [LATER, START]


def test_a_scenario_tells_of_decisions_paths_endings_and_critical_failures(
    session: Session, a_class: Classes
):
    gate = current(session).scenarios_by_slug["checkpoint"]
    together = a_class()
    play_scenario(session, gate, together, enrol_many(session, together, 60), random=Random(2))
    found = scenario_quality(session, EVERYONE, gate.content, gate.version_id)
    counts = session.execute(select(Decision.choice, func.count()).group_by(Decision.choice)).all()
    taken = {row[0]: row[1] for row in counts}
    assert found.analysis.n == found.paths.n == 60
    edges: dict[str, int] = {}
    for edge in found.paths.edges:
        edges[edge.choice] = edges.get(edge.choice, 0) + edge.count
    assert edges == taken
    assert {each.id: each.count for each in found.paths.failures} == {
        "CA1": taken.get("CANARY-shout", 0),
        "CA2": taken.get("CANARY-nothing", 0),
    }
    assert sum(each.count for each in found.paths.endings) == 60
    first, second = found.analysis.items
    assert value_of(first.facility) == pytest.approx((taken["CANARY-listen"] + taken["CANARY-wait"] / 3) / 60)
    assert [part.count for part in second.parts] == [taken["CANARY-help"], taken["CANARY-nothing"]]
    assert value_of(first.times.median) == pytest.approx(30, abs=10)


def test_a_choice_that_was_taken_back_is_counted_apart(session: Session, a_class: Classes):
    practice: Versioned[Scenario] = current(session).scenarios_by_slug["practice"]
    attempt = begin(session, enrolment(session, a_class), practice, module="basics", at=START)

    def take(sequence: int, node: str, choice: str, seconds: int) -> None:
        position = list(attempt.draw["options"][node]).index(choice) + 1
        at = START + timedelta(seconds=seconds)
        decide(session, attempt, practice.content, sequence=sequence, position=position, at=at)

    take(1, "d1", "CANARY-shout", 10)
    take_back(session, attempt, practice.content, at=START)
    take(2, "d1", "CANARY-listen", 30)
    take(3, "d2", "CANARY-help", 75)
    assert scenario_quality(session, EVERYONE, practice.content, practice.version_id).analysis.n == 0
    attempt.status, attempt.percent, attempt.is_passed, attempt.result = "finished", 100, True, {}  # type: ignore[assignment]
    session.flush()
    found = scenario_quality(session, EVERYONE, practice.content, practice.version_id)
    assert found.taken_back == {("d1", "CANARY-shout"): 1}
    assert [(edge.choice, edge.leads_to) for edge in found.paths.edges] == [
        ("CANARY-listen", "d2"),
        ("CANARY-help", "sound"),
    ]
    assert [version.task for version in taken_versions(session, EVERYONE)] == [Task.SCENARIO]
