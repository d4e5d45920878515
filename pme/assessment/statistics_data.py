"""What statistics are computed from: a matrix of credits, and what each student chose, knew and took.

Pure. Rows are students, columns are items; a cell that was not dealt to a student (a quiz that draws
from banks) is missing, a question left unanswered is there with its credit of 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int32]
Truths = NDArray[np.bool_]

GROUPS_LEFT_OUT = 40
"""Groups of the jackknife: as many as give a stable standard error, few enough to be quick."""
UNANSWERED = -1
NO_CONFIDENCE = 0
SURE = 3


@dataclass(frozen=True)
class Part:
    """Something that can be chosen in an item, and whether choosing it is right."""

    id: str
    is_key: bool


@dataclass(frozen=True)
class Item:
    """What statistics know of an item. `stratum` is its outcome; `parts` is empty for what is not chosen.

    `has_distractors`: its wrong parts are options that should attract somebody. `is_typed`: students
    write a few words or a number. `pool` names what it is drawn from, "" for what everybody is asked.
    `lowest` is the least it can count: below 0 where certainty is marked.
    """

    id: str
    stratum: str
    parts: tuple[Part, ...] = ()
    is_critical: bool = False
    has_distractors: bool = False
    is_typed: bool = False
    lowest: float = 0.0
    pool: str = ""


@dataclass(frozen=True, eq=False)
class Grouping:
    """A way to tell students apart: each row's number in `labels`, -1 for none."""

    labels: tuple[str, ...]
    rows: Whole


@dataclass(frozen=True, eq=False)
class Matrix:
    """The answers of `n` students to `k` items of one version.

    `credits`: 0-1, nan where an item was not dealt; `marks`: the same as they count for the score, which
    differs, and may be below 0, where it is marked how sure students say they are. `chosen`: number in
    `answers` (the distinct answers, each a set of parts), -1 where nothing was answered. `confidence`: 1-3, 0 where
    not asked or told. `seconds`: nan where not measured. `percents` (0-100) and `passed` are the
    stored marks; `cut` is the percentage that passes.
    """

    items: tuple[Item, ...]
    credits: Floats
    marks: Floats
    percents: Floats
    passed: Truths
    cut: float
    chosen: Whole
    answers: tuple[frozenset[str], ...]
    confidence: NDArray[np.int8]
    seconds: Floats
    groupings: Mapping[str, Grouping] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """How many students."""
        return len(self.percents)

    @property
    def dealt(self) -> Truths:
        """Which items were dealt to whom."""
        return ~np.isnan(self.credits)

    @property
    def is_complete(self) -> bool:
        """Whether every student was dealt every item."""
        return bool(self.dealt.all())

    @property
    def lowest(self) -> float:
        """The least mean mark there can be, over what was dealt: 0 unless certainty is marked."""
        dealt = self.dealt.sum(axis=0)
        lows = np.array([item.lowest for item in self.items])
        return float((dealt * lows).sum() / max(1, dealt.sum()))

    def of(self, rows: Truths) -> "Matrix":
        """The same for some of the students only."""
        return replace(
            self,
            credits=self.credits[rows],
            marks=self.marks[rows],
            percents=self.percents[rows],
            passed=self.passed[rows],
            chosen=self.chosen[rows],
            confidence=self.confidence[rows],
            seconds=self.seconds[rows],
            groupings={
                name: replace(grouping, rows=grouping.rows[rows]) for name, grouping in self.groupings.items()
            },
        )


def left_out(n: int) -> Iterator[Truths]:
    """For each group of the jackknife, who is still there. Groups are dealt like cards: a cohort is spread over all."""
    groups = min(n, GROUPS_LEFT_OUT)
    number = np.arange(n) % max(1, groups)
    for group in range(groups):
        yield number != group
