"""What each question did: how many got it right, whether it tells students apart, what they chose, how long
they took, how sure they were; and what about it deserves a second look.

Pure.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pme.assessment.statistics_data import NO_CONFIDENCE, SURE, UNANSWERED, Floats, Item, Matrix, Part
from pme.assessment.statistics_figures import (
    LEAST_FOR_CORRELATION,
    LEAST_FOR_OPTION,
    LEAST_FOR_SHARE,
    Estimate,
    Figure,
    TooFew,
    Undefined,
    correlation,
    mean_of,
    median,
    quantile,
    share,
)
from pme.words.lazily import lazy

TOO_HARD, TOO_EASY, TOO_WEAK, IDLE = 0.30, 0.95, 0.15, 0.05
TEXTS_SHOWN, LEAST_FOR_TEXT = 8, 3
SAME_CREDIT = lazy("Everyone earned the same here, so it cannot distinguish students.")
ALONE = lazy("There is no other question to compare it with.")
SAME_REST = lazy("Everyone scored the same on the other questions, so there is nothing to compare with.")


class Flag(StrEnum):
    """Why a question deserves a second look (Haladyna & Rodriguez 2013, chapter 17; the lines are the house's)."""

    HARD = "hard"
    """Facility below .30."""
    EASY = "easy"
    """Facility above .95."""
    WEAK = "weak"
    """Corrected item-total correlation below .15."""
    BACKWARDS = "backwards"
    """The same below 0: those who know more get it wrong more often."""
    IDLE = "idle"
    """A wrong option chosen by fewer than 5 % (Haladyna & Downing 1993; Tarrant, Ware & Mohammed 2009)."""


@dataclass(frozen=True)
class Remark:
    """A flag, for an option where it is about one. `is_certain`: the whole interval lies beyond the line."""

    flag: Flag
    part: str | None
    is_certain: bool


@dataclass(frozen=True)
class PartFigures:
    """One option: how many chose it, their share, and their mean score (0-100) on the other questions."""

    part: Part
    count: int
    share: Figure
    score: Figure
    is_idle: bool


@dataclass(frozen=True)
class GivenText:
    """A typed answer that several students gave, and whether it earned full credit."""

    text: str
    count: int
    is_right: bool


@dataclass(frozen=True)
class Times:
    """Seconds on a question: the median, and the quartiles around it where the median is shown."""

    median: Figure
    quartiles: tuple[float, float] | None


@dataclass(frozen=True)
class Sureness:
    """How many told their confidence, were sure, and were sure but not wholly right; `share`: the last of the first."""

    told: int
    sure: int
    sure_and_wrong: int
    share: Figure


@dataclass(frozen=True)
class ItemFigures:
    """One question. `n` were dealt it, `unanswered` of them left it empty."""

    item: Item
    n: int
    unanswered: int
    facility: Figure
    discrimination: Figure
    parts: tuple[PartFigures, ...]
    texts: tuple[GivenText, ...]
    times: Times
    sureness: Sureness
    remarks: tuple[Remark, ...]


def item_figures(matrix: Matrix) -> tuple[ItemFigures, ...]:
    """Every question of the version, in its order."""
    rest = rest_scores(matrix)
    apart = rest_deviations(matrix)
    return tuple(
        _item(matrix, column, rest[:, column], apart[:, column]) for column in range(len(matrix.items))
    )


def rest_scores(matrix: Matrix) -> Floats:
    """For each cell the student's mean credit (0-1) on the other questions; nan where there is none."""
    return _of_the_others(matrix, matrix.credits)


def rest_deviations(matrix: Matrix) -> Floats:
    """The same as deviations from each question's mean, so that an easy draw is not taken for knowledge.

    Where all meet all questions this moves the score by a constant and changes no correlation.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        dealt = matrix.dealt
        means = np.where(dealt, matrix.credits, 0).sum(axis=0) / dealt.sum(axis=0)
    return _of_the_others(matrix, matrix.credits - means)


def discrimination(earned: Floats, rest: Floats) -> Figure:
    """Corrected item-total correlation: credit on a question with the score on the others (Henrysson 1963)."""
    seen = ~(np.isnan(earned) | np.isnan(rest))
    here, others, n = earned[seen], rest[seen], int(seen.sum())
    dealt = int((~np.isnan(earned)).sum())
    if n == 0 and dealt >= LEAST_FOR_CORRELATION:
        return Undefined(ALONE, dealt)
    if n < LEAST_FOR_CORRELATION:
        return TooFew(n, LEAST_FOR_CORRELATION)
    here, others = here - here.mean(), others - others.mean()
    own, theirs = float(here @ here), float(others @ others)
    if own <= 1e-12 * n:
        return Undefined(SAME_CREDIT, n)
    if theirs <= 1e-12 * n:
        return Undefined(SAME_REST, n)
    return correlation(float(here @ others) / (own * theirs) ** 0.5, n)


def times(seconds: Floats) -> Times:
    """Median and quartiles of the seconds that were measured."""
    ordered = [float(each) for each in np.sort(seconds[~np.isnan(seconds)])]
    middle = median(ordered)
    if isinstance(middle, TooFew):
        return Times(middle, None)
    return Times(middle, (quantile(ordered, 0.25), quantile(ordered, 0.75)))


def _of_the_others(matrix: Matrix, values: Floats) -> Floats:
    dealt = matrix.dealt
    filled = np.where(dealt, values, 0.0)
    others = dealt.sum(axis=1, keepdims=True) - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = (filled.sum(axis=1, keepdims=True) - filled) / others
    return np.where(dealt & (others > 0), rest, np.nan)


def _item(matrix: Matrix, column: int, rest: Floats, apart: Floats) -> ItemFigures:
    item, dealt = matrix.items[column], matrix.dealt[:, column]
    earned = matrix.credits[:, column]
    n = int(dealt.sum())
    facility = share(float(earned[dealt].sum()), n)
    tells_apart = discrimination(earned, apart)
    parts = _parts(matrix, column, rest)
    return ItemFigures(
        item=item,
        n=n,
        unanswered=int((matrix.chosen[dealt, column] == UNANSWERED).sum()),
        facility=facility,
        discrimination=tells_apart,
        parts=parts,
        texts=_texts(matrix, column),
        times=times(matrix.seconds[:, column]),
        sureness=_sureness(matrix, column),
        remarks=(*_of_facility(facility), *_of_discrimination(tells_apart), *_of_parts(parts)),
    )


def _parts(matrix: Matrix, column: int, rest: Floats) -> tuple[PartFigures, ...]:
    item, chosen = matrix.items[column], matrix.chosen[:, column]
    if not item.parts:
        return ()
    n = int(matrix.dealt[:, column].sum())
    given = [code for code in np.unique(chosen) if code != UNANSWERED]
    wrong = sum(not part.is_key for part in item.parts) if item.has_distractors else 0
    found = []
    for part in item.parts:
        who = np.isin(chosen, [code for code in given if part.id in matrix.answers[code]])
        count = int(who.sum())
        figure = share(count, n, least=LEAST_FOR_OPTION)
        scores = rest[who & ~np.isnan(rest)]
        is_idle = not part.is_key and wrong > 1 and isinstance(figure, Estimate) and figure.value < IDLE
        found.append(PartFigures(part, count, figure, _mean_percent(scores), is_idle))
    return tuple(found)


def _mean_percent(scores: Floats) -> Figure:
    n = len(scores)
    if n < LEAST_FOR_SHARE:
        return TooFew(n, LEAST_FOR_SHARE)
    return mean_of(100 * float(scores.mean()), 100 * float(scores.std(ddof=1)), n)


def _texts(matrix: Matrix, column: int) -> tuple[GivenText, ...]:
    """The commonest typed answers, each given by at least three students, so that none is one student's own."""
    if not matrix.items[column].is_typed:
        return ()
    chosen, earned = matrix.chosen[:, column], matrix.credits[:, column]
    codes, counts = np.unique(chosen[chosen != UNANSWERED], return_counts=True)
    often = sorted(zip(-counts, codes, strict=True))[:TEXTS_SHOWN]
    return tuple(
        GivenText(
            text=" ".join(matrix.answers[code]),
            count=int(-count),
            is_right=bool(earned[chosen == code].max() == 1),
        )
        for count, code in often
        if -count >= LEAST_FOR_TEXT
    )


def _sureness(matrix: Matrix, column: int) -> Sureness:
    told = matrix.dealt[:, column] & (matrix.confidence[:, column] != NO_CONFIDENCE)
    sure = told & (matrix.confidence[:, column] == SURE)
    wrong = int((sure & (matrix.credits[:, column] < 1)).sum())
    return Sureness(
        int(told.sum()), int(sure.sum()), wrong, share(wrong, int(told.sum()), least=LEAST_FOR_SHARE)
    )


def _of_facility(figure: Figure) -> tuple[Remark, ...]:
    if not isinstance(figure, Estimate):
        return ()
    if figure.value < TOO_HARD:
        return (Remark(Flag.HARD, None, figure.high is not None and figure.high < TOO_HARD),)
    if figure.value > TOO_EASY:
        return (Remark(Flag.EASY, None, figure.low is not None and figure.low > TOO_EASY),)
    return ()


def _of_discrimination(figure: Figure) -> tuple[Remark, ...]:
    if not isinstance(figure, Estimate) or figure.value >= TOO_WEAK:
        return ()
    flag, line = (Flag.BACKWARDS, 0.0) if figure.value < 0 else (Flag.WEAK, TOO_WEAK)
    return (Remark(flag, None, figure.high is not None and figure.high < line),)


def _of_parts(parts: tuple[PartFigures, ...]) -> tuple[Remark, ...]:
    return tuple(
        Remark(Flag.IDLE, each.part.id, each.share.high is not None and each.share.high < IDLE)
        for each in parts
        if each.is_idle and isinstance(each.share, Estimate)
    )
