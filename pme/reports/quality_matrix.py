"""Stored answers, decisions and marks become what statistics are computed from.

Importing this file imports numpy (25 MB): do so where figures of quality are asked for, and not before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from json import loads
from typing import Any

import numpy as np
from sqlalchemy import Row

from pme.assessment.statistics_content import items_of, items_of_scenario
from pme.assessment.statistics_data import NO_CONFIDENCE, UNANSWERED, Floats, Grouping, Item, Matrix, Whole
from pme.assessment.statistics_words import decisions_in
from pme.content.shapes import Quiz, Scenario
from pme.reports.quality_rows import Stream

COHORT = "cohort"
Way = tuple[tuple[str, str], ...]
"""(decision, choice) in the order in which they were taken."""
Rows = Iterable[Sequence[Row[*tuple[Any, ...]]]]


@dataclass(frozen=True, eq=False)
class Walked:
    """A scenario's decisions as if they were questions, how many took which way, and what was taken back."""

    matrix: Matrix
    ways: Counter[Way]
    taken_back: Counter[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks of the students that count, in order of their attempts' ids. `credits` are by item, nan where it
    was not dealt; `counted` holds what counts instead where it is marked how sure they were.
    """

    rows: Mapping[int, int]
    started: Sequence[datetime]
    percents: Floats
    passed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    credits: Floats
    counted: Floats
    cohorts: Grouping


def of_quiz(quiz: Quiz, marks: Rows, answers: Stream) -> Matrix:
    """The matrix of an edition of a quiz."""
    items = items_of(quiz)
    column = {item.id: number for number, item in enumerate(items)}
    found = _marks(marks, column)
    filled = _Cells(found.credits.shape)
    for some in answers.of(found.rows):
        filled.take(some, found.rows, column)
    return _matrix(items, found.credits, found.counted, found, filled, cut=quiz.pass_rule.min_percent)


def of_scenario(scenario: Scenario, marks: Rows, decisions: Stream) -> Walked:
    """The matrix of an edition of a scenario, and the ways through it."""
    found = _marks(marks, {})
    items = items_of_scenario(scenario)
    earned = {
        (node.id, choice.id): choice.key.credit for node in decisions_in(scenario) for choice in node.choices
    }
    column = {item.id: number for number, item in enumerate(items)}
    code = {choice: number for number, choice in enumerate(sorted({choice for _, choice in earned}))}
    credits_ = np.full((len(found.percents), len(items)), np.nan)
    filled = _Cells(credits_.shape, [frozenset([choice]) for choice in code])
    ways: Counter[Way] = Counter()
    taken_back: Counter[tuple[str, str]] = Counter()
    taken = chain.from_iterable(decisions.of(found.rows))
    for attempt_id, steps in groupby(taken, lambda step: step[0]):
        row, path = found.rows[attempt_id], []
        before = found.started[row]
        for _, node, choice, decided_at, taken_back_at in steps:
            since, before = decided_at - before, decided_at
            if taken_back_at is not None:
                taken_back[node, choice] += 1
                continue
            path.append((node, choice))
            cell = row, column[node]
            credits_[cell] = earned[node, choice]
            filled.chosen[cell] = code[choice]
            filled.seconds[cell] = since.total_seconds()
        ways[tuple(path)] += 1
    matrix = _matrix(items, credits_, credits_, found, filled, cut=scenario.min_percent)
    return Walked(matrix, ways, taken_back)


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
        self, some: Sequence[Row[*tuple[Any, ...]]], row: Mapping[int, int], column: Mapping[str, int]
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


def _marks(batches: Rows, column: Mapping[str, int]) -> Marks:
    """The marks of one edition. What was stored of each is let go batch by batch, so that only numbers stay."""
    ids: list[int] = []
    started: list[datetime] = []
    percents: list[float] = []
    passed: list[bool] = []
    cohorts: list[tuple[str, int] | None] = []
    parts: list[Floats] = [np.empty((0, len(column)))]
    sures: list[Floats] = [np.empty((0, len(column)))]
    for batch in batches:
        earned, counted = [], []
        for attempt_id, started_at, percent, is_passed, result, cohort_id, name, *_ in batch:
            ids.append(attempt_id)
            started.append(started_at)
            percents.append(percent)
            passed.append(is_passed)
            cohorts.append((name, cohort_id) if cohort_id is not None else None)
            earned.append(result.get("items", {}))
            counted.append(result.get("certain", {}))
        parts.append(_filled(np.full((len(batch), len(column)), np.nan), earned, column))
        sures.append(_filled(parts[-1].copy(), counted, column))
    labels = sorted({cohort for cohort in cohorts if cohort is not None})
    place: dict[tuple[str, int] | None, int] = {cohort: number for number, cohort in enumerate(labels)}
    return Marks(
        rows={attempt_id: row for row, attempt_id in enumerate(ids)},
        started=started,
        percents=np.array(percents, dtype=float),
        passed=np.array(passed, dtype=bool),
        credits=np.concatenate(parts),
        counted=np.concatenate(sures),
        cohorts=Grouping(
            tuple(name for name, _ in labels),
            np.array([place.get(cohort, -1) for cohort in cohorts], dtype=np.int32),
        ),
    )


def _filled(cells: Floats, found: Sequence[Mapping[str, float]], column: Mapping[str, int]) -> Floats:
    for row, by_item in enumerate(found):
        for item_id, value in by_item.items():
            if item_id in column:
                cells[row, column[item_id]] = value
    return cells


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
