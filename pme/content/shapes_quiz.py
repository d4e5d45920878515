"""The shapes of quizzes and their items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from pme.content.shapes_shared import Citation, Key, Outcome, PanelRecord, Shape, Standard, Translatable

Difficulty = Literal["easy", "medium", "hard"]
Scoring = Literal["all-or-nothing", "per-option", "right-minus-wrong"]
Confidence = Literal["none", "asked", "marked"]
"""Whether the student says how sure they are: not at all, for the record only, or for the mark too."""
Folding = Literal["case", "accents", "spaces", "punctuation"]
"""A difference that does not matter when a short text is compared with what is accepted."""


class Option(Shape):
    """One answer that may be chosen."""

    id: str
    text_html: str
    correct: bool = False
    feedback_html: str


class Item(Shape):
    """What every question has."""

    id: str
    outcome: str
    difficulty: Difficulty
    stem_html: str
    refs: tuple[Citation, ...] = ()
    confidence: Confidence = "none"


class SingleItem(Item):
    """Exactly one option is right. True-false items are single items with options true and false."""

    type: Literal["single", "true-false"]
    options: tuple[Option, ...]


class MultipleItem(Item):
    """One or more options are right."""

    type: Literal["multiple"]
    scoring: Scoring
    options: tuple[Option, ...]


class Pair(Shape):
    """A left side and the right side that belongs to it; `right_id` is opaque, for forms."""

    id: str
    left_html: str
    right_html: str
    right_id: str
    feedback_html: str


class Distractor(Shape):
    """A right side that belongs to no left side."""

    right_id: str
    right_html: str


class MatchingItem(Item):
    """Match each left side with its right side."""

    type: Literal["matching"]
    scoring: Literal["all-or-nothing", "per-option"]
    pairs: tuple[Pair, ...]
    distractors: tuple[Distractor, ...] = ()


class SequenceStep(Shape):
    """One step of an ordering item."""

    id: str
    text_html: str
    feedback_html: str


class OrderingItem(Item):
    """Put the steps into order; `sequence` is the right order."""

    type: Literal["ordering"]
    scoring: Literal["all-or-nothing", "per-option"]
    sequence: tuple[SequenceStep, ...]


class NumericItem(Item):
    """A number. `answer` and `tolerance` are decimals as text, so that 0.1 stays 0.1; a percentage
    tolerance is of the answer. `unit` stands beside the field; `accepted_units` may be typed after the number.
    """

    type: Literal["numeric"]
    answer: str
    tolerance: str = "0"
    tolerance_is_percent: bool = False
    unit: str = ""
    accepted_units: tuple[str, ...] = ()
    right_feedback_html: str
    wrong_feedback_html: str


class ShortTextItem(Item):
    """A word or a few. An answer is right when it equals an accepted one, but for the foldings named."""

    type: Literal["short-text"]
    accepted: tuple[str, ...]
    folding: tuple[Folding, ...] = ("case", "spaces", "punctuation")
    right_feedback_html: str
    wrong_feedback_html: str


class RatedOption(Shape):
    """One way to act, with the key rating that its author or a panel gave it."""

    id: str
    text_html: str
    key: Key
    feedback_html: str


class RatingItem(Item):
    """Situational judgement: rate how well each option serves, from 1 (harmful) to 4 (best)."""

    type: Literal["rating"]
    options: tuple[RatedOption, ...]


class RubricLevel(Shape):
    """One level of a criterion, with what it earns."""

    points: int
    text: str


class Criterion(Shape):
    """What a marker judges in an essay, from the lowest level to the highest."""

    id: str
    title: str
    levels: tuple[RubricLevel, ...]


class EssayItem(Item):
    """A longer text, marked by hand along a rubric. `model_html` is for markers, and shown on release."""

    type: Literal["essay"]
    rubric: tuple[Criterion, ...]
    most_words: int
    model_html: str

    @property
    def most_points(self) -> int:
        """The points that the highest level of every criterion earns."""
        return sum(max(level.points for level in criterion.levels) for criterion in self.rubric)


AnyItem = Annotated[
    SingleItem
    | MultipleItem
    | MatchingItem
    | OrderingItem
    | NumericItem
    | ShortTextItem
    | RatingItem
    | EssayItem,
    Field(discriminator="type"),
]


class BlueprintLine(Shape):
    """“`count` items from this bank for this outcome”; `items` are the ids it draws from."""

    bank: str
    outcome: str | None = None
    count: int
    items: tuple[str, ...]


class QuizPass(Shape):
    """The pass rule: percentage, a least percentage by outcome, and items that must be right whatever
    the total. Where `success_percent` is given, a pass below it is acceptable, from it on a success.
    """

    min_percent: int
    critical: tuple[str, ...] = ()
    min_by_outcome: Mapping[str, int] = {}
    success_percent: int | None = None
    standard: Standard | None = None


class Quiz(Translatable):
    """A question set; `attempts` and `time_limit_minutes` are None for unlimited.

    `items` are all that may be asked. Without a blueprint each is asked; with one, those that no
    line draws from are always asked, and each line adds its number of others.
    """

    kind: Literal["quiz"] = "quiz"
    slug: str
    title: str
    summary: str
    module: str
    minutes: int
    pass_rule: QuizPass
    attempts: int | None = None
    time_limit_minutes: int | None = None
    blueprint: tuple[BlueprintLine, ...] = ()
    shuffle_items: bool = True
    shuffle_options: bool = True
    keyed_by: Literal["author", "panel"] = "author"
    panel: PanelRecord | None = None
    outcomes: tuple[Outcome, ...]
    items: tuple[AnyItem, ...]

    def item(self, item_id: str) -> AnyItem | None:
        """The item of this id, or None."""
        return next((item for item in self.items if item.id == item_id), None)
