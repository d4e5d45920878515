"""The quality of one version of a quiz or scenario, from the first finished attempts at it.

Pure. This file puts together what statistics_* compute: scores, reliability, decisions, questions,
outcomes, confidence, groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pme.assessment.statistics_data import NO_CONFIDENCE, SURE, Floats, Matrix, left_out
from pme.assessment.statistics_decisions import Decisions, decisions
from pme.assessment.statistics_figures import (
    LEAST_FOR_GROUP,
    LEAST_FOR_SHARE,
    POSITIVE,
    PROPORTION,
    Figure,
    TooFew,
    jackknifed,
    mean,
    share,
)
from pme.assessment.statistics_items import ItemFigures, Times, item_figures, times
from pme.assessment.statistics_reliability import Reliability, reliability

BINS = 10


@dataclass(frozen=True)
class Bin:
    """How many scores lie from `low` up to `high` percent; the last bin holds 100 too."""

    low: int
    high: int
    count: int


@dataclass(frozen=True)
class OutcomeFigures:
    """One outcome: mean score (0-100), and the share of students who reached the mastery line in it."""

    outcome: str
    items: int
    mean: Figure
    mastered: Figure


@dataclass(frozen=True)
class ConfidenceFigures:
    """Answers given with this confidence (1-3): how many, and the share that was wholly right."""

    level: int
    answers: int
    right: Figure


@dataclass(frozen=True)
class GroupFigures:
    """A group of students beside the others; every figure says “too few” when the group is too small."""

    label: str
    n: int
    mean: Figure
    passed: Figure
    facilities: tuple[Figure, ...]


@dataclass(frozen=True)
class GroupingFigures:
    """All groups of a kind. They can be compared when at least two are large enough."""

    groups: tuple[GroupFigures, ...]

    @property
    def large(self) -> tuple[GroupFigures, ...]:
        """The groups that are large enough to be shown beside each other."""
        return tuple(group for group in self.groups if group.n >= LEAST_FOR_GROUP)

    @property
    def is_comparable(self) -> bool:
        """Whether there are two groups to compare."""
        return len(self.large) > 1


@dataclass(frozen=True)
class Analysis:
    """Everything a page on the quality of a version shows. Scores are percentages (0-100)."""

    n: int
    cut: float
    mean: Figure
    deviation: Figure
    passed: Figure
    bins: tuple[Bin, ...]
    reliability: Reliability
    decisions: Decisions
    items: tuple[ItemFigures, ...]
    outcomes: tuple[OutcomeFigures, ...]
    confidence: tuple[ConfidenceFigures, ...]
    times: Times
    groupings: Mapping[str, GroupingFigures]

    def item(self, item_id: str) -> ItemFigures | None:
        """The figures of a question, or None."""
        return next((each for each in self.items if each.item.id == item_id), None)


def analyse(matrix: Matrix, mastery: Mapping[str, float]) -> Analysis:
    """All figures of a version. `mastery` holds the line (0-100) of each outcome."""
    percents = matrix.percents
    return Analysis(
        n=matrix.n,
        cut=matrix.cut,
        mean=mean(percents.tolist()),
        deviation=deviation(percents),
        passed=share(int(matrix.passed.sum()), matrix.n),
        bins=distribution(percents),
        reliability=reliability(matrix),
        decisions=decisions(matrix),
        items=item_figures(matrix),
        outcomes=tuple(_outcome(matrix, outcome, line) for outcome, line in mastery.items()),
        confidence=confidence(matrix),
        times=times(_whole_times(matrix)),
        groupings={name: _grouping(matrix, name) for name in matrix.groupings},
    )


def deviation(percents: Floats) -> Figure:
    """The standard deviation of scores, of the sample (n - 1), with the jackknife's interval."""
    n = len(percents)
    if n < LEAST_FOR_SHARE:
        return TooFew(n, LEAST_FOR_SHARE)
    without = [float(percents[rows].std(ddof=1)) for rows in left_out(n)]
    return jackknifed(float(percents.std(ddof=1)), without, n, POSITIVE)


def distribution(percents: Floats) -> tuple[Bin, ...]:
    """Scores in ten equal bins, each from its lower end up to but not including the upper one."""
    width = 100 // BINS
    number = np.clip((percents + 1e-9) // width, 0, BINS - 1).astype(int)
    counts = np.bincount(number, minlength=BINS)
    return tuple(Bin(width * each, width * (each + 1), int(counts[each])) for each in range(BINS))


def confidence(matrix: Matrix) -> tuple[ConfidenceFigures, ...]:
    """Confidence by correctness over all questions, highest last; empty where nobody was asked.

    The answers of one student hang together, so the interval is the jackknife's over students and not
    Wilson's over answers.
    """
    told = matrix.dealt & (matrix.confidence != NO_CONFIDENCE)
    if not told.any():
        return ()
    right = matrix.credits == 1
    found = []
    for level in range(1, SURE + 1):
        here = told & (matrix.confidence == level)
        answers, good = here.sum(axis=1), (here & right).sum(axis=1)
        students, total = int((answers > 0).sum()), int(answers.sum())
        if students < LEAST_FOR_SHARE:
            found.append(ConfidenceFigures(level, total, TooFew(students, LEAST_FOR_SHARE)))
            continue
        without = [float(good[rows].sum() / max(1, answers[rows].sum())) for rows in left_out(matrix.n)]
        figure = jackknifed(float(good.sum() / total), without, students, PROPORTION)
        found.append(ConfidenceFigures(level, total, figure))
    return tuple(found)


def _outcome(matrix: Matrix, outcome: str, line: float) -> OutcomeFigures:
    columns = [number for number, item in enumerate(matrix.items) if item.stratum == outcome]
    dealt = matrix.dealt[:, columns]
    rows = dealt.any(axis=1)
    met = np.where(dealt, matrix.marks[:, columns], 0.0)[rows].sum(axis=1) / dealt[rows].sum(axis=1)
    met = np.maximum(0.0, met)
    reached = int((100 * met >= line - 1e-9).sum())
    return OutcomeFigures(outcome, len(columns), mean((100 * met).tolist()), share(reached, int(rows.sum())))


def _whole_times(matrix: Matrix) -> Floats:
    """Seconds on all questions of those students whose every answered question was timed."""
    timed = ~np.isnan(matrix.seconds)
    is_whole = timed.any(axis=1) & (timed | (matrix.chosen < 0)).all(axis=1)
    return np.where(is_whole, np.nansum(matrix.seconds, axis=1), np.nan)


def _grouping(matrix: Matrix, name: str) -> GroupingFigures:
    grouping = matrix.groupings[name]
    groups = []
    for number, label in enumerate(grouping.labels):
        part = matrix.of(grouping.rows == number)
        dealt = part.dealt.sum(axis=0)
        earned = np.where(part.dealt, part.credits, 0.0).sum(axis=0)
        groups.append(
            GroupFigures(
                label=label,
                n=part.n,
                mean=mean(part.percents.tolist(), least=LEAST_FOR_GROUP),
                passed=share(int(part.passed.sum()), part.n, least=LEAST_FOR_GROUP),
                facilities=tuple(
                    share(float(e), int(d), least=LEAST_FOR_GROUP) for e, d in zip(earned, dealt, strict=True)
                ),
            )
        )
    return GroupingFigures(tuple(groups))
