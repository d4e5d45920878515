"""The quality of one version at one academy: stored answers and marks, read once, and analysed.

Importing this file imports numpy (25 MB): do so where a quality page is asked for, and not before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from json import loads
from operator import attrgetter

import numpy as np
from sqlalchemy import ColumnElement, Row, Text, cast, select
from sqlalchemy.orm import Session

from pme.assessment.effective import IS_PASSED, MARKED, PERCENT, RESULT
from pme.assessment.models import Attempt, Decision, Response, Task
from pme.assessment.statistics import Analysis, analyse
from pme.assessment.statistics_content import (
    items_of,
    items_of_scenario,
    mastery_lines,
    mastery_lines_of_scenario,
    walk_of,
)
from pme.assessment.statistics_data import NO_CONFIDENCE, UNANSWERED, Floats, Grouping, Item, Matrix, Whole
from pme.assessment.statistics_paths import PathFigures, path_figures
from pme.assessment.statistics_words import decisions_in
from pme.content.shapes import Quiz, Scenario
from pme.enrolment.models import Cohort, Enrolment
from pme.reports.quality_versions import is_counted

BATCH = 5_000
COHORT = "cohort"
# Columns of tables, read through the session's connection: 200,000 rows come in half the time of models' columns.
_attempt, _response, _decision = Attempt.__table__.c, Response.__table__.c, Decision.__table__.c


@dataclass(frozen=True)
class ScenarioQuality:
    """A scenario's decisions analysed like questions, and the ways that were taken through it.

    `taken_back` counts choices of a formative scenario that were taken back, by (decision, choice).
    """

    analysis: Analysis
    paths: PathFigures
    taken_back: Mapping[tuple[str, str], int]


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks of the students that count, in order of their attempts' ids. `results` hold credits by item,
    `certain` what counts instead where it is marked how sure they were.
    """

    rows: Mapping[int, int]
    started: Sequence[datetime]
    percents: Floats
    passed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    results: Sequence[Mapping[str, float]]
    certain: Sequence[Mapping[str, float]]
    cohorts: Grouping


def quiz_quality(session: Session, scope: ColumnElement[bool], quiz: Quiz, version_id: int) -> Analysis:
    """Analyse the first attempts in scope at one version of a quiz, by the results in force."""
    return analyse(quiz_matrix(session, scope, quiz, version_id), mastery_lines(quiz))


def quiz_matrix(session: Session, scope: ColumnElement[bool], quiz: Quiz, version_id: int) -> Matrix:
    """The stored answers and credits of a version: two statements, columns not entities."""
    chosen_ones = _first_attempts(scope, Task.QUIZ, version_id)
    items = items_of(quiz)
    column = {item.id: number for number, item in enumerate(items)}
    marks = _marks(session, chosen_ones)
    credits_ = np.full((len(marks.percents), len(items)), np.nan)
    for row, earned in enumerate(marks.results):
        for item_id, credit in earned.items():
            if item_id in column:
                credits_[row, column[item_id]] = credit
    counted = credits_.copy()
    for row, sure in enumerate(marks.certain):
        for item_id, mark in sure.items():
            if item_id in column:
                counted[row, column[item_id]] = mark
    filled = _Cells(credits_.shape)
    answers = session.connection().execute(
        select(
            _response.attempt_id,
            _response.item,
            cast(_response.answer, Text),  # told apart as text; each distinct one is parsed once
            _response.confidence,
            _response.seconds,
        )
        .join(Attempt, Attempt.id == _response.attempt_id)
        .where(*chosen_ones)
        .execution_options(yield_per=BATCH)
    )
    for some in answers.partitions():
        filled.take(some, marks.rows, column)
    return _matrix(items, credits_, counted, marks, filled, cut=quiz.pass_rule.min_percent)


def scenario_quality(
    session: Session, scope: ColumnElement[bool], scenario: Scenario, version_id: int
) -> ScenarioQuality:
    """Analyse the first attempts in scope at one version of a scenario: its decisions and its paths."""
    chosen_ones = _first_attempts(scope, Task.SCENARIO, version_id)
    marks = _marks(session, chosen_ones)
    items = items_of_scenario(scenario)
    earned = {
        (node.id, choice.id): choice.key.credit for node in decisions_in(scenario) for choice in node.choices
    }
    column = {item.id: number for number, item in enumerate(items)}
    code = {choice: number for number, choice in enumerate(sorted({choice for _, choice in earned}))}
    credits_ = np.full((len(marks.percents), len(items)), np.nan)
    filled = _Cells(credits_.shape, [frozenset([choice]) for choice in code])
    ways: Counter[tuple[tuple[str, str], ...]] = Counter()
    taken_back: Counter[tuple[str, str]] = Counter()
    for attempt_id, steps in groupby(_decisions(session, chosen_ones), attrgetter("attempt_id")):
        row, path = marks.rows[attempt_id], []
        before = marks.started[row]
        for step in steps:
            taken, since = (step.node, step.choice), step.decided_at - before
            before = step.decided_at
            if step.taken_back_at is not None:
                taken_back[taken] += 1
                continue
            path.append(taken)
            credits_[row, column[step.node]] = earned[taken]
            filled.chosen[row, column[step.node]] = code[step.choice]
            filled.seconds[row, column[step.node]] = since.total_seconds()
        ways[tuple(path)] += 1
    return ScenarioQuality(
        analysis=analyse(
            _matrix(items, credits_, credits_, marks, filled, cut=scenario.min_percent),
            mastery_lines_of_scenario(scenario),
        ),
        paths=path_figures(
            {walk_of(scenario, path): count for path, count in ways.items()},
            endings=tuple(ending.id for ending in scenario.endings),
            critical=tuple(action.id for action in scenario.critical_actions),
        ),
        taken_back=taken_back,
    )


class _Codes(dict[str, int]):
    """Stored answers as numbers: each distinct one is parsed once, an emptied one is no answer."""

    def __init__(self, answers: list[frozenset[str]]) -> None:
        super().__init__()
        self.answers = answers

    def __missing__(self, text: str) -> int:
        parts = frozenset(loads(text))
        self[text] = len(self.answers) if parts else UNANSWERED
        if parts:
            self.answers.append(parts)
        return self[text]


class _Cells:
    """What students chose, how sure they were and how long they took, cell by cell."""

    def __init__(self, shape: tuple[int, ...], answers: Sequence[frozenset[str]] = ()) -> None:
        self.chosen: Whole = np.full(shape, UNANSWERED, dtype=np.int32)
        self.confidence = np.full(shape, NO_CONFIDENCE, dtype=np.int8)
        self.seconds: Floats = np.full(shape, np.nan)
        self.answers = list(answers)
        self._codes = _Codes(self.answers)

    def take(
        self,
        some: Sequence[Row[int, str, str, int | None, float]],
        row: Mapping[int, int],
        column: Mapping[str, int],
    ) -> None:
        """Fill in stored responses; no second spent is no time taken."""
        if not some:
            return
        attempts, items, texts, sure, seconds = zip(*some, strict=True)
        if not column.keys() >= set(items):
            self.take([each for each in some if each[1] in column], row, column)
            return
        rows, columns = map(row.__getitem__, attempts), map(column.__getitem__, items)
        cells = (np.fromiter(rows, np.int32), np.fromiter(columns, np.int32))
        self.chosen[cells] = np.fromiter(map(self._codes.__getitem__, texts), np.int32)
        self.confidence[cells] = [each or NO_CONFIDENCE for each in sure]
        spent = np.array(seconds)
        self.seconds[cells] = np.where(spent > 0, spent, np.nan)


def _first_attempts(
    scope: ColumnElement[bool], task: Task, version_id: int
) -> tuple[ColumnElement[bool], ...]:
    return (scope, is_counted(task), Attempt.version_id == version_id, Attempt.number == 1)


def _marks(session: Session, chosen_ones: Sequence[ColumnElement[bool]]) -> Marks:
    rows = session.connection().execute(
        select(_attempt.id, _attempt.started_at, PERCENT, IS_PASSED, RESULT, Cohort.id, Cohort.name)
        .select_from(MARKED)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(*chosen_ones)
        .order_by(Attempt.id)
        .execution_options(yield_per=BATCH)
    )
    ids, started, percents, passed, results, certain, cohorts = [], [], [], [], [], [], []
    for attempt_id, started_at, percent, is_passed, result, cohort_id, name in rows:
        ids.append(attempt_id)
        started.append(started_at)
        percents.append(percent)
        passed.append(is_passed)
        results.append(result.get("items", {}))
        certain.append(result.get("certain", {}))
        cohorts.append((name, cohort_id) if cohort_id is not None else None)
    labels = sorted({cohort for cohort in cohorts if cohort is not None})
    place: dict[tuple[str, int] | None, int] = {cohort: number for number, cohort in enumerate(labels)}
    return Marks(
        rows={attempt_id: row for row, attempt_id in enumerate(ids)},
        started=started,
        percents=np.array(percents, dtype=float),
        passed=np.array(passed, dtype=bool),
        results=results,
        certain=certain,
        cohorts=Grouping(
            tuple(name for name, _ in labels),
            np.array([place.get(cohort, -1) for cohort in cohorts], dtype=np.int32),
        ),
    )


def _decisions(
    session: Session, chosen_ones: Sequence[ColumnElement[bool]]
) -> Iterable[Row[int, str, str, datetime, datetime | None]]:
    return session.connection().execute(
        select(
            _decision.attempt_id,
            _decision.node,
            _decision.choice,
            _decision.decided_at,
            _decision.taken_back_at,
        )
        .join(Attempt, Attempt.id == _decision.attempt_id)
        .where(*chosen_ones)
        .order_by(_decision.attempt_id, _decision.sequence)
        .execution_options(yield_per=BATCH)
    )


def _matrix(
    items: tuple[Item, ...], earned: Floats, counted: Floats, marks: Marks, filled: _Cells, *, cut: float
) -> Matrix:
    return Matrix(
        items=items,
        credits=earned,
        marks=counted,
        percents=marks.percents,
        passed=marks.passed,
        cut=float(cut),
        chosen=filled.chosen,
        answers=tuple(filled.answers),
        confidence=filled.confidence,
        seconds=filled.seconds,
        groupings={COHORT: marks.cohorts} if marks.cohorts.labels else {},
    )
